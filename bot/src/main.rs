//! The Telegram front end of the habit tracker.

use std::process::ExitCode;

use bot::Config;
use clap::Parser as _;

#[tokio::main]
async fn main() -> ExitCode {
    match Config::try_parse() {
        Ok(config) => process::fatal::exit_code(bot::run(config).await),
        Err(error) if error.use_stderr() => {
            let text = error.to_string();
            let summary: Vec<&str> = text.lines().take_while(|line| !line.is_empty()).map(str::trim).collect();
            let summary = summary.join(" ");
            let summary = summary.trim_start_matches("error: ");
            process::fatal::leave_message(&format!("ConfigurationInvalid: {summary}; see bot --help"));
            // Nothing is left to be done when the terminal is gone.
            let _ = error.print();
            ExitCode::FAILURE
        }
        Err(help) => help.exit(),
    }
}
