//! How much one person may ask of this process.

use std::num::NonZeroU32;

use governor::{
    DefaultKeyedRateLimiter, Quota, RateLimiter,
    clock::{Clock as _, DefaultClock},
};

use crate::error::ApiError;

const REQUESTS_PER_SECOND: NonZeroU32 = NonZeroU32::new(500).unwrap();

/// Requests a second of each person, counted in memory; each process of the api counts for itself.
#[derive(Debug)]
pub struct PersonLimit {
    limiter: DefaultKeyedRateLimiter<i64>,
    clock: DefaultClock,
}

impl Default for PersonLimit {
    fn default() -> Self {
        Self::per_second(REQUESTS_PER_SECOND)
    }
}

impl PersonLimit {
    /// As many requests a second, and as many at once.
    pub fn per_second(requests: NonZeroU32) -> Self {
        Self { limiter: RateLimiter::keyed(Quota::per_second(requests)), clock: DefaultClock::default() }
    }

    /// Counts a request of this person.
    ///
    /// # Errors
    ///
    /// Refuses it when there were too many, and says how long to wait.
    pub fn take(&self, user_id: i64) -> Result<(), ApiError> {
        self.limiter.check_key(&user_id).map_err(|until| {
            let wait = until.wait_time_from(self.clock.now());
            // Whole seconds, rounded up: an early retry would be refused again.
            ApiError::RateLimited { retry_after_s: wait.as_secs() + 1 }
        })
    }

    /// Frees what is kept of people who are quiet.
    pub fn forget_quiet(&self) {
        self.limiter.retain_recent();
        self.limiter.shrink_to_fit();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_person_over_the_limit_does_not_slow_another() {
        let limit = PersonLimit::per_second(NonZeroU32::new(1).unwrap());
        assert!(limit.take(7).is_ok());
        let refused = limit.take(7).unwrap_err();
        assert!(matches!(refused, ApiError::RateLimited { retry_after_s } if retry_after_s >= 1));
        assert!(limit.take(8).is_ok());
    }
}
