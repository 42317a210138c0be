//! How long to wait after failures in a row, for each object by itself.
use std::{
    collections::HashMap,
    sync::{Mutex, PoisonError},
    time::Duration,
};

use rand::RngExt as _;

const FIRST: Duration = Duration::from_secs(1);
const LONGEST: Duration = Duration::from_mins(5);

/// Counts failures by object.
#[derive(Debug, Default)]
pub struct Backoff(Mutex<HashMap<String, u32>>);

impl Backoff {
    /// Notes a failure and says how long to wait: 1 s, 2 s, 4 s … 5 min, less up to a half, so that many objects that
    /// failed together do not come back together.
    pub fn failed(&self, object: &str) -> Duration {
        let mut failures = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let count = failures.entry(object.to_owned()).or_default();
        let longest = longest(*count);
        *count = count.saturating_add(1);
        longest.mul_f64(rand::rng().random_range(0.5..=1.0))
    }

    /// Forgets all objects but these.
    pub fn keep(&self, is_there: impl Fn(&str) -> bool) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).retain(|object, _| is_there(object));
    }

    /// Forgets the failures of an object.
    pub fn succeeded(&self, object: &str) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).remove(object);
    }
}

fn longest(failures_before: u32) -> Duration {
    FIRST.saturating_mul(2_u32.saturating_pow(failures_before.min(16))).min(LONGEST)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn waits_double_up_to_five_minutes() {
        assert_eq!([0, 1, 2, 8, 9, 1000].map(|n| longest(n).as_secs()), [1, 2, 4, 256, 300, 300]);
    }

    #[test]
    fn a_success_begins_anew() {
        let backoff = Backoff::default();
        for _ in 0..10 {
            backoff.failed("habits/family");
        }
        backoff.succeeded("habits/family");
        assert!(backoff.failed("habits/family") <= FIRST);
    }

    #[test]
    fn an_object_that_is_gone_is_forgotten() {
        let backoff = Backoff::default();
        for object in ["habits/family", "habits/gone"] {
            backoff.failed(object);
        }
        backoff.keep(|object| object == "habits/family");
        let left: Vec<_> = backoff.0.into_inner().unwrap().into_keys().collect();
        assert_eq!(left, ["habits/family"]);
    }
}
