//! The REST service.

use std::process::ExitCode;

use api::Config;
use clap::Parser as _;

#[tokio::main]
async fn main() -> ExitCode {
    match Config::try_parse() {
        Ok(config) => process::fatal::exit_code(api::run(config).await),
        Err(error) if error.use_stderr() => {
            let text = error.to_string();
            let summary = text.lines().next().unwrap_or_default().trim_start_matches("error: ");
            process::fatal::leave_message(&format!("ConfigurationInvalid: {summary}; see api --help"));
            // Nothing is left to be done when the terminal is gone.
            let _ = error.print();
            ExitCode::FAILURE
        }
        Err(help) => help.exit(),
    }
}
