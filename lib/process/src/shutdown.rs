//! Ending in order.

use std::time::Duration;

use tokio::signal::unix::{SignalKind, signal};
use tokio_util::sync::CancellationToken;

/// How long a server goes on accepting after it became unready: endpoints of a Service lag behind.
const ENDPOINTS_LAG: Duration = Duration::from_secs(2);

/// Two tokens: `leaving` turns the program unready, `stop` ends its loops.
///
/// The wait of a loop can be cancelled, its step cannot: whoever sees `stop` finishes what is in hand.
#[derive(Debug, Clone, Default)]
pub struct Shutdown {
    leaving: CancellationToken,
    stop: CancellationToken,
}

impl Shutdown {
    pub fn new() -> Self {
        Self::default()
    }

    /// Whether the program is on its way out and should look unready.
    pub fn is_leaving(&self) -> bool {
        self.leaving.is_cancelled()
    }

    /// Completes when loops shall end.
    pub async fn stopped(&self) {
        self.stop.cancelled().await;
    }

    pub fn is_stopped(&self) -> bool {
        self.stop.is_cancelled()
    }

    /// The token behind [`Self::stopped`], for libraries that take one.
    pub fn token(&self) -> CancellationToken {
        self.stop.clone()
    }

    /// A shutdown that ends with this one, or alone.
    #[must_use]
    pub fn child(&self) -> Self {
        Self { leaving: self.leaving.child_token(), stop: self.stop.child_token() }
    }

    /// Ends everything now.
    pub fn stop_now(&self) {
        self.leaving.cancel();
        self.stop.cancel();
    }

    /// Waits for SIGTERM or SIGINT, then leaves in order: unready first, stopped a moment later.
    ///
    /// # Errors
    ///
    /// Fails when the handlers cannot be installed.
    pub async fn on_signal(self) -> anyhow::Result<()> {
        let mut terminate = signal(SignalKind::terminate())?;
        let mut interrupt = signal(SignalKind::interrupt())?;
        tokio::select! {
            _ = terminate.recv() => {
                tracing::info!("leaving: unready, still serving");
                self.leaving.cancel();
                tokio::select! {
                    () = tokio::time::sleep(ENDPOINTS_LAG) => {}
                    _ = interrupt.recv() => {}
                    () = self.stop.cancelled() => {}
                }
            }
            // Ctrl-C comes from a person who waits.
            _ = interrupt.recv() => {}
            () = self.stop.cancelled() => {}
        }
        tracing::info!("stopping");
        self.stop_now();
        Ok(())
    }
}
