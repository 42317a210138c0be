//! How fast the api and its queries are, on a Postgres of the benchmarks' own.

#![expect(clippy::print_stdout, clippy::print_stderr, reason = "a program for people at a terminal")]

use std::{path::PathBuf, process::ExitCode};

use clap::Parser as _;

mod api;
mod case;
mod http;
mod load;
mod measure;
mod postgres;
mod report;
mod statements;
mod usage;

/// How fast the api and its queries are, on a Postgres of the benchmarks' own
#[derive(Debug, clap::Parser)]
#[command(name = "bench", version)]
enum Command {
    /// Requests a second of the api, beside pgbench with the very same statements
    Api(ApiOptions),
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

fn main() -> ExitCode {
    let done = match Command::parse() {
        Command::Api(options) => measure::api(&options),
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error:#}");
            ExitCode::FAILURE
        }
    }
}
