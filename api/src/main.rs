//! The REST service.

use std::process::ExitCode;

use api::Config;
use clap::Parser as _;
use process::fatal::{exit_code, exit_code_of_arguments};

#[tokio::main]
async fn main() -> ExitCode {
    match Config::try_parse() {
        Ok(config) => exit_code(api::run(config).await),
        Err(error) => exit_code_of_arguments("api", &error),
    }
}
