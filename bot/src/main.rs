//! The Telegram front end of the habit tracker.

use std::process::ExitCode;

use bot::Config;
use clap::Parser as _;
use process::fatal::{exit_code, exit_code_of_arguments};

#[tokio::main]
async fn main() -> ExitCode {
    match Config::try_parse() {
        Ok(config) => exit_code(bot::run(config).await),
        Err(error) => exit_code_of_arguments("bot", &error),
    }
}
