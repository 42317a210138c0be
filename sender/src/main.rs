//! The `sender` binary: gives queued deliveries to Telegram.
use std::process::ExitCode;

use clap::Parser as _;
use process::{
    Shutdown, Tasks,
    fatal::{exit_code, exit_code_of_arguments},
    probes::ProbesConfig,
    telemetry,
};

/// Delivers what is queued to Telegram, within Telegram's limits.
#[derive(Debug, clap::Parser)]
#[command(name = "sender", version)]
struct Arguments {
    #[command(flatten)]
    sender: sender::Config,

    #[command(flatten)]
    probes: ProbesConfig,

    #[command(flatten)]
    log: telemetry::LogConfig,
}

#[tokio::main]
async fn main() -> ExitCode {
    match Arguments::try_parse() {
        Ok(arguments) => exit_code(start(arguments).await),
        Err(error) => exit_code_of_arguments("sender", &error),
    }
}

async fn start(arguments: Arguments) -> anyhow::Result<()> {
    telemetry::start(&arguments.log)?;
    let shutdown = Shutdown::new();
    let mut tasks = Tasks::new(shutdown.clone());
    tasks.spawn("sender", sender::run(arguments.sender, arguments.probes, shutdown.clone()));
    tasks.spawn("signals", shutdown.on_signal());
    tasks.join().await
}
