//! The simulator's time: the machine's clock, and what a test has added to it.

use std::time::{SystemTime, UNIX_EPOCH};

/// Time that tests may move forward, so that nobody waits 150 seconds for a button to die.
#[derive(Debug, Default)]
pub(crate) struct Clock {
    ahead_ms: i64,
}

/// 2026-01-01.
const IDS_SINCE_MS: i64 = 1_767_225_600_000;
/// More than all people together do in a second, for days on end; 32 bits last until 2048.
const IDS_PER_S: i64 = 3;
/// Leaves this run some ids whatever the machine's clock says.
const LAST_FIRST_ID: i64 = 2_000_000_000;

/// Where the ids of updates and messages begin in a run that starts at this Unix time in milliseconds: above those of all
/// earlier runs, which live on in bots and their databases, and within Telegram's 32 bits.
pub(crate) fn first_id(now_ms: i64) -> i64 {
    ((now_ms - IDS_SINCE_MS) * IDS_PER_S / 1_000).clamp(1, LAST_FIRST_ID)
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

#[cfg(test)]
mod tests {
    use super::*;

    const NOW_MS: i64 = 1_795_377_600_000;
    const TEN_YEARS_MS: i64 = 10 * 365 * 86_400 * 1_000;

    #[test]
    fn a_later_run_begins_above_what_an_earlier_one_has_reached() {
        let acts_in_an_hour = 2 * 3_600;
        assert!(first_id(NOW_MS + 3_600_000) > first_id(NOW_MS) + acts_in_an_hour);
    }

    #[test]
    fn ids_fit_into_32_bits_for_decades() {
        let first = first_id(NOW_MS + 2 * TEN_YEARS_MS);
        assert!(first < LAST_FIRST_ID && first < i64::from(i32::MAX), "{first}");
    }

    #[test]
    fn a_clock_that_is_wrong_gives_ids_all_the_same() {
        assert_eq!((first_id(0), first_id(100 * TEN_YEARS_MS)), (1, LAST_FIRST_ID));
    }
}
