//! The simulator as a program.

use std::net::SocketAddr;

use anyhow::Context as _;
use clap::Parser;
use telegram_simulator::{Limits, Options, Simulator};
use tokio::{net::TcpListener, signal::unix::SignalKind};
use tracing_subscriber::{filter::Targets, layer::SubscriberExt as _, util::SubscriberInitExt as _};

const ABOUT: &str = "A Telegram for tests and trials: Bot API, chat page and control API on one port";

const AFTER_HELP: &str = "\
Bot API      http://<address>/bot<token>/<method>   set TELEGRAM_API_URL=http://<address> for a bot
Chat page    http://<address>/
Control API  http://<address>/control/…             see README.md
Probes       http://<address>/livez, /readyz

State is in memory and gone at the end.";

#[derive(Debug, Parser)]
#[command(version, about = ABOUT, after_help = AFTER_HELP)]
struct Config {
    /// Where to listen, for bots, browsers and tests alike
    #[arg(long = "listen", env = "LISTEN_ADDRESS", default_value = "0.0.0.0:8081")]
    listen_address: SocketAddr,

    /// Token of a bot that Telegram knows; may be given several times, or separated by commas
    #[arg(long = "token", env = "TELEGRAM_BOT_TOKEN", value_delimiter = ',', hide_env_values = true)]
    tokens: Vec<String>,

    /// Know every well-formed token: digits, a colon, at least 30 letters, digits, _ or -
    #[arg(long, env = "ACCEPT_ANY_TOKEN")]
    accept_any_token: bool,

    /// Token that is answered with 401 all the same; may be given several times
    #[arg(long = "revoked-token", env = "REVOKED_TOKENS", value_delimiter = ',', hide_env_values = true)]
    revoked_tokens: Vec<String>,

    /// Answer no call with 429 for its rate
    #[arg(long, env = "NO_LIMITS")]
    no_limits: bool,

    /// Start without the sample people Anna and Мария
    #[arg(long, env = "NO_SAMPLE_PEOPLE")]
    no_sample_people: bool,

    /// Seed of faults that strike by chance
    #[arg(long, env = "SEED", default_value_t = 1)]
    seed: u64,

    /// Log lines for machines (json) or people (text)
    #[arg(long, env = "LOG_FORMAT", default_value = "text", value_parser = ["json", "text"])]
    log_format: String,

    /// What is logged: a level, or levels by module
    #[arg(long, env = "RUST_LOG", default_value = "info")]
    log_filter: Targets,
}

impl Config {
    fn options(&self) -> Options {
        Options {
            tokens: self.tokens.clone(),
            accept_any_token: self.accept_any_token,
            revoked_tokens: self.revoked_tokens.clone(),
            limits: if self.no_limits { Limits::off() } else { Limits::default() },
            sample_people: !self.no_sample_people,
            seed: self.seed,
            ..Options::default()
        }
    }
}

#[tokio::main]
async fn main() -> anyhow::Result<()> {
    let config = Config::parse();
    start_log(&config.log_format, config.log_filter.clone());
    anyhow::ensure!(
        config.accept_any_token || !config.tokens.is_empty(),
        "no bot could call: give --token (or TELEGRAM_BOT_TOKEN), or --accept-any-token"
    );
    let listener = TcpListener::bind(config.listen_address)
        .await
        .with_context(|| format!("cannot listen on {}", config.listen_address))?;
    let simulator = Simulator::serve(config.options(), listener)?;
    tracing::info!(address = %simulator.address(), "the chat page is at /");
    let mut terminate = tokio::signal::unix::signal(SignalKind::terminate())?;
    tokio::select! {
        _ = terminate.recv() => {}
        interrupt = tokio::signal::ctrl_c() => interrupt?,
    }
    simulator.stop().await;
    Ok(())
}

fn start_log(format: &str, filter: Targets) {
    let log = tracing_subscriber::fmt().with_max_level(tracing::Level::TRACE);
    if format == "json" {
        log.json().finish().with(filter).init();
    } else {
        log.finish().with(filter).init();
    }
}
