//! The REST service.

use std::process::ExitCode;

use api::Config;
use clap::Parser as _;
use process::fatal::{exit_code, exit_code_of_arguments};

/// Many small allocations of many requests at once: cheaper than with the system's allocator, and memory stays flat.
#[global_allocator]
static ALLOCATOR: tikv_jemallocator::Jemalloc = tikv_jemallocator::Jemalloc;

#[tokio::main]
async fn main() -> ExitCode {
    match Config::try_parse() {
        Ok(config) => exit_code(api::run(config).await),
        Err(error) => exit_code_of_arguments("api", &error),
    }
}
