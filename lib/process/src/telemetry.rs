//! Logs.

use std::io::IsTerminal as _;

use tracing_subscriber::{filter::Targets, layer::SubscriberExt as _, util::SubscriberInitExt as _};

/// How log lines look.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
pub enum LogFormat {
    /// One JSON object a line, for machines.
    Json,
    /// For people.
    Text,
}

/// Flags and variables about logs that every program has.
#[derive(Debug, Clone, clap::Args)]
pub struct LogConfig {
    /// Format of the log; text on a terminal and JSON elsewhere, unless given
    #[arg(long, env = "LOG_FORMAT")]
    pub log_format: Option<LogFormat>,

    /// What is logged: a level, or levels by module, such as `info,api=debug,sqlx=warn`
    #[arg(long, env = "RUST_LOG", default_value = "info")]
    pub log_filter: Targets,
}

/// Starts logging to standard error. To be called once, first thing.
///
/// # Errors
///
/// Fails when logging was started before.
pub fn start(config: &LogConfig) -> anyhow::Result<()> {
    let format =
        config.log_format.unwrap_or(if std::io::stderr().is_terminal() { LogFormat::Text } else { LogFormat::Json });
    // Not an `EnvFilter`: that one takes a lock each time a span is entered, for directives about spans.
    let registry = tracing_subscriber::registry().with(config.log_filter.clone());
    match format {
        LogFormat::Json => registry
            .with(tracing_subscriber::fmt::layer().json().flatten_event(true).with_writer(std::io::stderr))
            .try_init()?,
        LogFormat::Text => registry.with(tracing_subscriber::fmt::layer().with_writer(std::io::stderr)).try_init()?,
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use clap::Parser;
    use rstest::rstest;

    use super::*;

    #[derive(Debug, Parser)]
    struct Program {
        #[command(flatten)]
        log: LogConfig,
    }

    #[rstest]
    #[case::a_level("warn", true)]
    #[case::levels_by_module("info,api=debug,sqlx=off", true)]
    #[case::no_level("api=loud", false)]
    fn what_is_logged_is_checked_at_the_start(#[case] filter: &str, #[case] is_good: bool) {
        let parsed = Program::try_parse_from(["program", "--log-filter", filter]);
        assert_eq!(parsed.is_ok_and(|program| program.log.log_filter == filter.parse().unwrap()), is_good);
    }
}
