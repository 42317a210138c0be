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

/// Leaves the message of a container that ends, where the kubelet gives it a file for that.
pub fn leave_message(message: &str) {
    if Path::new(TERMINATION_LOG).exists()
        && let Err(error) = std::fs::write(TERMINATION_LOG, message)
    {
        tracing::warn!(%error, "failed to leave the termination message");
    }
}
