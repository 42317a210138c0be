//! Logs.

use std::io::IsTerminal as _;

use tracing_subscriber::{EnvFilter, layer::SubscriberExt as _, util::SubscriberInitExt as _};

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

    /// What is logged, in the syntax of tracing's `EnvFilter`
    #[arg(long, env = "RUST_LOG", default_value = "info", value_parser = filter)]
    pub log_filter: String,
}

/// Refuses a filter that does not parse while there is still somebody to tell.
fn filter(text: &str) -> Result<String, tracing_subscriber::filter::ParseError> {
    EnvFilter::try_new(text).map(|_| text.to_owned())
}

/// Starts logging to standard error. To be called once, first thing.
///
/// # Errors
///
/// Fails on a filter that does not parse, or when logging was started before.
pub fn start(config: &LogConfig) -> anyhow::Result<()> {
    let format =
        config.log_format.unwrap_or(if std::io::stderr().is_terminal() { LogFormat::Text } else { LogFormat::Json });
    let filter = EnvFilter::try_new(&config.log_filter)?;
    let registry = tracing_subscriber::registry().with(filter);
    match format {
        LogFormat::Json => registry
            .with(tracing_subscriber::fmt::layer().json().flatten_event(true).with_writer(std::io::stderr))
            .try_init()?,
        LogFormat::Text => registry.with(tracing_subscriber::fmt::layer().with_writer(std::io::stderr)).try_init()?,
    }
    Ok(())
}
