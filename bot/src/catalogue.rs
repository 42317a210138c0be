//! The habits to start from, kept for a while: they change once in a blue moon, and a tap must not wait for them.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, PoisonError},
};

use chrono::{DateTime, TimeDelta, Utc};
use process::Clock;
use screens::Locale;
use wire::{ClientError, client::Person, template::Template};

/// A new template of an admin's is offered after so long.
const KEEP_MINUTES: i64 = 5;

/// The catalogue of each language.
#[derive(Debug)]
pub struct Catalogue {
    clock: Clock,
    known: Mutex<HashMap<&'static str, Known>>,
}

#[derive(Debug)]
struct Known {
    templates: Arc<[Template]>,
    until: DateTime<Utc>,
}

impl Catalogue {
    pub fn new(clock: Clock) -> Self {
        Self { clock, known: Mutex::default() }
    }

    /// The templates in this language, which is the one of whoever asks.
    pub async fn templates(&self, locale: Locale, api: Person<'_>) -> Result<Arc<[Template]>, ClientError> {
        let now = self.clock.now();
        if let Some(templates) = self.known(locale, now) {
            return Ok(templates);
        }
        let templates: Arc<[Template]> = api.templates().await?.into();
        let until = now + TimeDelta::minutes(KEEP_MINUTES);
        let known = Known { templates: Arc::clone(&templates), until };
        self.known.lock().unwrap_or_else(PoisonError::into_inner).insert(locale.code(), known);
        Ok(templates)
    }

    fn known(&self, locale: Locale, now: DateTime<Utc>) -> Option<Arc<[Template]>> {
        let known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        let known = known.get(locale.code()).filter(|known| known.until > now)?;
        Some(Arc::clone(&known.templates))
    }
}
