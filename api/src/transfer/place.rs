//! Places for work that takes memory and time.

use std::{
    collections::BTreeSet,
    sync::{Mutex, PoisonError},
};

use tokio::sync::{Semaphore, SemaphorePermit};

use crate::error::ApiError;

/// So many at once in this process, and one a person: nobody keeps all the others out.
#[derive(Debug)]
pub(super) struct Places {
    free: Semaphore,
    /// Who has one.
    people: Mutex<BTreeSet<i64>>,
}

/// The place of a person, free again once this is dropped.
#[derive(Debug)]
pub(super) struct Place {
    places: &'static Places,
    user_id: i64,
    _permit: SemaphorePermit<'static>,
}

impl Places {
    pub(super) const fn new(count: usize) -> Self {
        Self { free: Semaphore::const_new(count), people: Mutex::new(BTreeSet::new()) }
    }

    /// A place for this person.
    ///
    /// # Errors
    ///
    /// Refused when he has one already, or when all are taken.
    pub(super) fn take(&'static self, user_id: i64) -> Result<Place, ApiError> {
        let mut people = self.people.lock().unwrap_or_else(PoisonError::into_inner);
        if people.contains(&user_id) {
            return Err(ApiError::RateLimited { retry_after_s: 1 });
        }
        let permit = self.free.try_acquire().map_err(|_| ApiError::Overloaded)?;
        people.insert(user_id);
        Ok(Place { places: self, user_id, _permit: permit })
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        self.places.people.lock().unwrap_or_else(PoisonError::into_inner).remove(&self.user_id);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_person_has_one_place_and_leaves_the_others() {
        static PLACES: Places = Places::new(2);
        let (ada, ben, eve) = (7, 8, 9);
        let first = PLACES.take(ada).unwrap();
        assert!(matches!(PLACES.take(ada), Err(ApiError::RateLimited { .. })));
        let _second = PLACES.take(ben).unwrap();
        assert!(matches!(PLACES.take(eve), Err(ApiError::Overloaded)));
        drop(first);
        PLACES.take(ada).unwrap();
    }
}
