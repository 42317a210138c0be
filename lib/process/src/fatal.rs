//! Ending on a configuration that can never work, with the reason where the operator finds it.

use std::{fmt, path::Path, process::ExitCode};

/// What the kubelet reads when a container ends (Kubernetes' `terminationMessagePath`).
const TERMINATION_LOG: &str = "/dev/termination-log";

/// A reason to end that no waiting mends. Shown as `Reason: message; next step`.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub struct Fatal {
    /// CamelCase, as in a Kubernetes condition, such as `TokenRejected`.
    pub reason: &'static str,
    /// What is wrong, and what to do next, for an admin. Never holds a secret.
    pub message: String,
}

impl fmt::Display for Fatal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.reason, self.message)
    }
}

/// An error that ends the program and becomes a condition of its workload.
pub fn fatal(reason: &'static str, message: impl Into<String>) -> anyhow::Error {
    anyhow::Error::new(Fatal { reason, message: message.into() })
}

/// The exit code of a program whose `main` came to `result`. An error is logged once, here, and left for the kubelet.
pub fn exit_code(result: anyhow::Result<()>) -> ExitCode {
    let Err(error) = result else {
        return ExitCode::SUCCESS;
    };
    tracing::error!(error = format!("{error:#}"), "ended");
    leave_message(&match error.downcast_ref::<Fatal>() {
        Some(fatal) => fatal.to_string(),
        None => format!("Failed: {error:#}"),
    });
    ExitCode::FAILURE
}

/// The exit code of a program whose flags and variables clap refused, or that was asked for its help or version.
///
/// What clap says is printed, and the heart of a refusal is left for the kubelet.
pub fn exit_code_of_arguments(program: &str, error: &clap::Error) -> ExitCode {
    if error.use_stderr() {
        leave_message(&refusal(program, &error.to_string()));
    }
    // Nothing is left to be done when the terminal is gone.
    let _ = error.print();
    if error.use_stderr() { ExitCode::FAILURE } else { ExitCode::SUCCESS }
}

/// The first paragraph of what clap says: names of flags and variables, and values that are no secrets.
fn refusal(program: &str, text: &str) -> String {
    let summary: Vec<&str> = text.lines().take_while(|line| !line.is_empty()).map(str::trim).collect();
    let summary = summary.join(" ");
    format!("ConfigurationInvalid: {}; see {program} --help", summary.trim_start_matches("error: "))
}

/// Leaves the message of a container that ends, where the kubelet gives it a file for that.
pub fn leave_message(message: &str) {
    if Path::new(TERMINATION_LOG).exists()
        && let Err(error) = std::fs::write(TERMINATION_LOG, message)
    {
        tracing::warn!(%error, "failed to leave the termination message");
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_refused_flag_is_named_in_one_line() {
        let text = "error: the following required arguments were not provided:\n  --token <TOKEN>\n\nUsage: sender";
        assert_eq!(
            refusal("sender", text),
            "ConfigurationInvalid: the following required arguments were not provided: --token <TOKEN>; \
             see sender --help"
        );
    }
}
