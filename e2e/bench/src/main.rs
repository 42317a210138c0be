//! How fast the api, its queries and the bot are, on a Postgres of the benchmarks' own.

#![expect(clippy::print_stdout, clippy::print_stderr, reason = "a program for people at a terminal")]

use std::{path::PathBuf, process::ExitCode, time::Duration};

use clap::Parser as _;

mod api;
mod bot;
mod case;
mod http;
mod load;
mod measure;
mod measured;
mod page;
mod plans;
mod postgres;
mod program;
mod report;
mod scale;
mod statements;
mod usage;

/// How fast the api, its queries and the bot are, on a Postgres of the benchmarks' own
#[derive(Debug, clap::Parser)]
#[command(name = "bench", version)]
enum Command {
    /// Requests a second of the api, beside pgbench with the very same statements
    Api(ApiOptions),
    /// The bot's memory with 10,000 dialogues open, and 100 taps a second, also while it is restarted
    Bot(BotOptions),
    /// 1,000,000 habits: plans of the hot statements, and the end of 144,000 streaks
    Scale(ScaleOptions),
}

#[derive(Debug, Clone, clap::Args)]
struct ScaleOptions {
    /// The api's program, built with --release
    #[arg(long, default_value = "target/release/api")]
    api: PathBuf,

    /// Look at the plans alone
    #[arg(long)]
    only_plans: bool,

    /// Streaks that are ended in one transaction
    #[arg(long, default_value_t = 1_000)]
    batch_rows: i64,

    /// Rest after a batch, in percent of the time that it took
    #[arg(long, default_value_t = 75)]
    rest_percent: u32,
}

#[derive(Debug, clap::Args)]
struct ApiOptions {
    /// The api's program, built with --release
    #[arg(long, default_value = "target/release/api")]
    api: PathBuf,

    /// Short runs, a look rather than a measurement
    #[arg(long)]
    quick: bool,

    /// Seconds of each run [default: 5, quick: 1]
    #[arg(long)]
    seconds: Option<u32>,

    /// Pairs of api and pgbench, one after the other [default: 5, quick: 1]
    #[arg(long)]
    pairs: Option<usize>,

    /// Only these cases
    #[arg(long, value_delimiter = ',')]
    only: Vec<case::Case>,

    /// Only at 16 connections
    #[arg(long)]
    only_16: bool,

    /// Page whose table, between its markers, is written anew
    #[arg(long)]
    write: Option<PathBuf>,

    /// Keep the statements that were found for pgbench in this folder
    #[arg(long)]
    keep_statements: Option<PathBuf>,
}

impl ApiOptions {
    fn seconds(&self) -> u32 {
        self.seconds.unwrap_or(if self.quick { 1 } else { 5 })
    }

    fn pairs(&self) -> usize {
        self.pairs.unwrap_or(if self.quick { 1 } else { 5 }).max(1)
    }
}

#[derive(Debug, clap::Args)]
struct BotOptions {
    /// The api's program, built with --release
    #[arg(long, default_value = "target/release/api")]
    api: PathBuf,

    /// The bot's program, built with --release
    #[arg(long, default_value = "target/release/bot")]
    bot: PathBuf,

    /// Fewer people and short runs, a look rather than a measurement
    #[arg(long)]
    quick: bool,

    /// Taps a second, of whoever did not tap for longest
    #[arg(long, default_value_t = 100)]
    taps_per_second: u32,

    /// Page whose table, between its markers, is written anew
    #[arg(long)]
    write: Option<PathBuf>,
}

impl BotOptions {
    /// At most as many as there are people in `dialogues.sql`.
    fn dialogues(&self) -> usize {
        if self.quick { 1_000 } else { 10_000 }
    }

    fn tappers(&self) -> usize {
        if self.quick { 500 } else { 2_000 }
    }

    fn runs(&self) -> u32 {
        if self.quick { 1 } else { 5 }
    }

    fn run_time(&self) -> Duration {
        Duration::from_secs(if self.quick { 3 } else { 20 })
    }

    fn restarts(&self) -> u32 {
        if self.quick { 3 } else { 50 }
    }
}

fn main() -> ExitCode {
    let done = match Command::parse() {
        Command::Api(options) => measure::api(&options),
        Command::Bot(options) => bot::bot(&options),
        Command::Scale(options) => scale::scale(&options),
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error:#}");
            ExitCode::FAILURE
        }
    }
}
