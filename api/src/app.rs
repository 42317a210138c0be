//! What every handler can reach.

use std::sync::Arc;

use ::habits::Tz;
use process::Clock;
use prometheus::Registry;
use sqlx::PgPool;
use store::pool::DirectPool;
use wire::user::Language;

use crate::{
    keys::{KeyRing, Keys},
    limit::Limits,
    metrics::Metrics,
};

/// What a new person starts with who tells nothing else.
#[derive(Debug, Clone, Copy)]
pub struct Defaults {
    pub zone: Tz,
    pub language: Language,
}

impl Default for Defaults {
    fn default() -> Self {
        Self { zone: Tz::UTC, language: Language::En }
    }
}

/// The state of the service. Cheap to clone.
#[derive(Debug, Clone)]
pub struct App {
    pub pool: DirectPool,
    pub clock: Clock,
    pub keys: Arc<KeyRing>,
    pub limits: Arc<Limits>,
    pub metrics: Metrics,
    pub defaults: Defaults,
}

impl App {
    /// A service on this database, with the usual limits and metrics of its own.
    ///
    /// # Errors
    ///
    /// Fails when the metrics do not fit each other.
    pub fn new(pool: PgPool, clock: Clock, keys: Keys) -> anyhow::Result<Self> {
        Self::with_metrics(pool, clock, keys, &Registry::new())
    }

    /// The same with its metrics in `registry`.
    ///
    /// # Errors
    ///
    /// Fails when `registry` has metrics of these names.
    pub fn with_metrics(pool: PgPool, clock: Clock, keys: Keys, registry: &Registry) -> anyhow::Result<Self> {
        Ok(Self {
            pool: DirectPool::new(pool),
            clock,
            keys: Arc::new(KeyRing::new(keys)),
            limits: Arc::new(Limits::default()),
            metrics: Metrics::register(registry)?,
            defaults: Defaults::default(),
        })
    }

    /// The same with other defaults for new people.
    #[must_use]
    pub fn with_defaults(self, defaults: Defaults) -> Self {
        Self { defaults, ..self }
    }

    /// The same with other limits on what callers may ask.
    #[must_use]
    pub fn with_limits(self, limits: Limits) -> Self {
        Self { limits: Arc::new(limits), ..self }
    }
}
