//! Being told that others wait.

use std::time::Duration;

use tokio::{sync::watch, time::sleep};

/// What is left to somebody's update once others wait for it; a healthy one takes a tenth of it.
pub const HURRIED: Duration = Duration::from_secs(1);

/// Whether everybody waits for the update that is handled. Cheap to clone.
#[derive(Debug, Clone)]
pub struct Hurry(watch::Receiver<bool>);

impl Hurry {
    /// A hurry, and how to begin and end it.
    pub fn new() -> (watch::Sender<bool>, Self) {
        let (asked, hurry) = watch::channel(false);
        (asked, Self(hurry))
    }

    /// For an update that nobody waits for.
    pub fn never() -> Self {
        Self::new().1
    }

    pub fn is_on(&self) -> bool {
        *self.0.borrow()
    }

    /// Completes [`HURRIED`] after the hurry began.
    pub async fn over(&self) {
        let mut asked = self.0.clone();
        if asked.wait_for(|is_on| *is_on).await.is_err() {
            // Nobody is left who could ask.
            std::future::pending::<()>().await;
        }
        sleep(HURRIED).await;
    }

    /// What `work` comes to, unless the hurry ends it before.
    pub async fn cut<T>(&self, work: impl Future<Output = T>) -> Option<T> {
        tokio::select! {
            biased;
            done = work => Some(done),
            () = self.over() => None,
        }
    }
}
