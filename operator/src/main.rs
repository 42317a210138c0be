//! The `operator` binary: control plane, loops and migration, one subcommand each.
use std::process::ExitCode;

use clap::Parser as _;
use process::{
    Shutdown, Tasks,
    fatal::{exit_code, exit_code_of_arguments},
    telemetry,
};

/// Runs HabitTracker on Kubernetes.
#[derive(Debug, clap::Parser)]
#[command(name = "operator", version)]
struct Arguments {
    #[command(subcommand)]
    command: Command,

    #[command(flatten)]
    log: telemetry::LogConfig,
}

#[derive(Debug, clap::Subcommand)]
enum Command {
    /// Turn custom resources into pods (in a cluster)
    Run(operator::run::Config),
    /// Find due reminders, queue them, end broken streaks, apply Habits (one deployment)
    Loops(operator::loops::Config),
    /// Bring the database to this release's schema, then end
    Migrate(operator::migrate::Config),
}

#[tokio::main]
async fn main() -> ExitCode {
    match Arguments::try_parse() {
        Ok(arguments) => exit_code(start(arguments).await),
        Err(error) => exit_code_of_arguments("operator", &error),
    }
}

async fn start(arguments: Arguments) -> anyhow::Result<()> {
    telemetry::start(&arguments.log)?;
    let shutdown = Shutdown::new();
    let mut tasks = Tasks::new(shutdown.clone());
    match arguments.command {
        Command::Run(config) => tasks.spawn("run", operator::run::run(config, shutdown.clone())),
        Command::Loops(config) => tasks.spawn("loops", operator::loops::run(config, shutdown.clone())),
        Command::Migrate(config) => return migrate(config, shutdown).await,
    }
    tasks.spawn("signals", shutdown.on_signal());
    tasks.join().await
}

/// A migration is over when it is done, or when it is told to stop: an open transaction is rolled back.
async fn migrate(config: operator::migrate::Config, shutdown: Shutdown) -> anyhow::Result<()> {
    tokio::select! {
        result = operator::migrate::run(config) => result,
        result = shutdown.on_signal() => result.and_then(|()| anyhow::bail!("stopped before the migration was done")),
    }
}
