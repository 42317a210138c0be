//! How long to wait after a call to Telegram failed.

use std::time::Duration;

use backon::{BackoffBuilder as _, ExponentialBuilder};
use process::Shutdown;
use teloxide::RequestError;

use crate::telegram;

const SHORTEST_WAIT: Duration = Duration::from_secs(1);
const LONGEST_WAIT: Duration = Duration::from_secs(30);

/// Growing waits between failures.
#[derive(Debug)]
pub struct Backoff(backon::ExponentialBackoff);

impl Default for Backoff {
    fn default() -> Self {
        let waits = ExponentialBuilder::default().with_min_delay(SHORTEST_WAIT).with_max_delay(LONGEST_WAIT);
        Self(waits.with_jitter().without_max_times().build())
    }
}

impl Backoff {
    /// Waits, for as long as Telegram asks for if it does; ends early at shutdown.
    pub async fn wait(&mut self, shutdown: &Shutdown, error: &RequestError) {
        let own = self.0.next().unwrap_or(LONGEST_WAIT);
        let wait = match error {
            RequestError::RetryAfter(seconds) => seconds.duration().max(own),
            _ => own,
        };
        tracing::warn!(error = telegram::reason(error), wait_ms = wait.as_millis(), "a call to Telegram failed");
        tokio::select! {
            () = shutdown.stopped() => {}
            () = tokio::time::sleep(wait) => {}
        }
    }
}
