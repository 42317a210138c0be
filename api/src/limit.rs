//! How much callers may ask of this process. Each process of the api counts for itself, in memory.

use std::{
    collections::hash_map::RandomState,
    hash::{BuildHasher as _, Hash},
    net::{IpAddr, Ipv6Addr},
    num::NonZeroU32,
};

use governor::{
    DefaultKeyedRateLimiter, Quota, RateLimiter,
    clock::{Clock as _, DefaultClock},
};

use crate::error::ApiError;

/// Requests a second of a person, and of each of his tokens, unless the configuration says otherwise.
pub const REQUESTS_PER_SECOND: NonZeroU32 = NonZeroU32::new(500).unwrap();

/// Wrong tokens and keys of one address. A right one passes whatever else came from there.
const GUESSES_PER_SECOND: NonZeroU32 = NonZeroU32::new(10).unwrap();
const GUESSES_AT_ONCE: NonZeroU32 = NonZeroU32::new(50).unwrap();

/// The limits of all callers. People and tokens are kept while they call; addresses share 65,536 places, so that nobody
/// fills the memory by calling from many.
#[derive(Debug)]
pub struct Limits {
    people: DefaultKeyedRateLimiter<i64>,
    tokens: DefaultKeyedRateLimiter<i64>,
    guesses: DefaultKeyedRateLimiter<u16>,
    /// Of this process alone: nobody can choose an address that shares its place with another's.
    places: RandomState,
    clock: DefaultClock,
}

impl Default for Limits {
    fn default() -> Self {
        Self::per_second(REQUESTS_PER_SECOND, REQUESTS_PER_SECOND)
    }
}

impl Limits {
    /// As many requests a second, and as many at once, of a person and of each token.
    pub fn per_second(person: NonZeroU32, token: NonZeroU32) -> Self {
        Self {
            people: RateLimiter::keyed(Quota::per_second(person)),
            tokens: RateLimiter::keyed(Quota::per_second(token)),
            guesses: RateLimiter::keyed(Quota::per_second(GUESSES_PER_SECOND).allow_burst(GUESSES_AT_ONCE)),
            places: RandomState::new(),
            clock: DefaultClock::default(),
        }
    }

    /// Counts a request of this person, by whatever token.
    ///
    /// # Errors
    ///
    /// Refuses it when there were too many, and says how long to wait.
    pub fn take_of_person(&self, user_id: i64) -> Result<(), ApiError> {
        self.take(&self.people, &user_id)
    }

    /// Counts a request with this personal token.
    ///
    /// # Errors
    ///
    /// As [`Self::take_of_person`].
    pub fn take_of_token(&self, token_id: i64) -> Result<(), ApiError> {
        self.take(&self.tokens, &token_id)
    }

    /// Counts a wrong token or key from this address.
    ///
    /// # Errors
    ///
    /// As [`Self::take_of_person`].
    pub fn take_of_guesses(&self, address: IpAddr) -> Result<(), ApiError> {
        let [.., high, low] = self.places.hash_one(subscriber(address)).to_be_bytes();
        self.take(&self.guesses, &u16::from_be_bytes([high, low]))
    }

    fn take<K: Hash + Eq + Clone>(&self, limiter: &DefaultKeyedRateLimiter<K>, key: &K) -> Result<(), ApiError> {
        limiter.check_key(key).map_err(|until| {
            let wait = until.wait_time_from(self.clock.now());
            // Whole seconds, rounded up: an early retry would be refused again.
            ApiError::RateLimited { retry_after_s: wait.as_secs() + 1 }
        })
    }

    /// Frees what is kept of callers who are quiet.
    pub fn forget_quiet(&self) {
        self.people.retain_recent();
        self.people.shrink_to_fit();
        self.tokens.retain_recent();
        self.tokens.shrink_to_fit();
        self.guesses.retain_recent();
        self.guesses.shrink_to_fit();
    }
}

/// What one subscriber has: an IPv4 address, or all of an IPv6 network of 64 bits (RFC 6177).
pub(crate) fn subscriber(address: IpAddr) -> IpAddr {
    match address.to_canonical() {
        IpAddr::V6(address) => IpAddr::V6(Ipv6Addr::from_bits(address.to_bits() & (u128::MAX << 64))),
        v4 @ IpAddr::V4(_) => v4,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn one_a_second() -> Limits {
        let one = NonZeroU32::new(1).unwrap();
        Limits::per_second(one, one)
    }

    #[test]
    fn one_person_over_the_limit_does_not_slow_another() {
        let limits = one_a_second();
        assert!(limits.take_of_person(7).is_ok());
        let refused = limits.take_of_person(7).unwrap_err();
        assert!(matches!(refused, ApiError::RateLimited { retry_after_s } if retry_after_s >= 1));
        assert!(limits.take_of_person(8).is_ok());
    }

    #[test]
    fn a_token_over_the_limit_does_not_slow_the_person() {
        let limits = one_a_second();
        assert!(limits.take_of_token(7).is_ok());
        assert!(limits.take_of_token(7).is_err());
        assert!(limits.take_of_person(7).is_ok());
    }

    #[test]
    fn guesses_are_counted_by_what_one_subscriber_has() {
        let limits = one_a_second();
        let guess = |address: &str| limits.take_of_guesses(address.parse().unwrap());
        while guess("2001:db8::1").is_ok() {}
        assert!(guess("2001:db8::2").is_err());
        assert!(guess("2001:db8:0:1::1").is_ok());
        while guess("192.0.2.1").is_ok() {}
        assert!(guess("::ffff:192.0.2.1").is_err());
    }

    #[test]
    fn guesses_from_everywhere_take_a_bounded_place() {
        let limits = one_a_second();
        for address in 0..200_000_u32 {
            let _ = limits.take_of_guesses(IpAddr::V4(address.into()));
        }
        assert!(limits.guesses.len() <= 1 << 16);
    }
}
