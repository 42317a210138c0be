//! The simulator's time: the machine's clock, and what a test has added to it.

use std::time::{SystemTime, UNIX_EPOCH};

/// Time that tests may move forward, so that nobody waits 150 seconds for a button to die.
#[derive(Debug, Default)]
pub(crate) struct Clock {
    ahead_ms: i64,
}

impl Clock {
    /// Unix time in milliseconds.
    pub(crate) fn now_ms(&self) -> i64 {
        let since_epoch = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
        i64::try_from(since_epoch.as_millis()).unwrap_or(i64::MAX).saturating_add(self.ahead_ms)
    }

    pub(crate) fn advance(&mut self, by_ms: i64) {
        self.ahead_ms = self.ahead_ms.saturating_add(by_ms.max(0));
    }
}
