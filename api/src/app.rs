//! What every handler can reach.

use std::{ops::Deref, sync::Arc};

use ::habits::Tz;
use process::Clock;
use prometheus::Registry;
use sqlx::PgPool;
use store::pool::DirectPool;
use tokio::sync::Semaphore;
use wire::user::Language;

use crate::{
    auth::Lookup,
    health::Pulse,
    keys::{KeyRing, Keys},
    limit::Limits,
    metrics::Metrics,
};

/// Requests in hand at once unless configured. Ten connections serve them within milliseconds; more would only wait.
pub const MAX_IN_FLIGHT: usize = 512;

/// Connections of one address at once unless configured: a quarter of all.
pub const CONNECTIONS_PER_ADDRESS: usize = 512;

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

/// The state of the service. Cheap to clone: every layer around a handler holds one for each request.
#[derive(Debug, Clone)]
pub struct App(Arc<Parts>);

/// What an [`App`] shares among all its clones.
#[derive(Debug, Clone)]
pub struct Parts {
    pub pool: DirectPool,
    pub clock: Clock,
    pub keys: Arc<KeyRing>,
    pub limits: Arc<Limits>,
    pub metrics: Metrics,
    pub pulse: Arc<Pulse>,
    pub lookup: Arc<Lookup>,
    /// Places for requests in hand.
    pub in_flight: Arc<Semaphore>,
    /// Connections of one address at once; 0: no bound of its own.
    pub connections_per_address: usize,
    pub defaults: Defaults,
    /// Whether webhooks may lead to private addresses, and over plain HTTP.
    pub allow_private_webhooks: bool,
}

impl Deref for App {
    type Target = Parts;

    fn deref(&self) -> &Parts {
        &self.0
    }
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
        Ok(Self(Arc::new(Parts {
            pool: DirectPool::new(pool),
            clock,
            keys: Arc::new(KeyRing::new(keys)),
            limits: Arc::new(Limits::default()),
            metrics: Metrics::register(registry)?,
            pulse: Arc::default(),
            lookup: Arc::default(),
            in_flight: Arc::new(Semaphore::new(MAX_IN_FLIGHT)),
            connections_per_address: CONNECTIONS_PER_ADDRESS,
            defaults: Defaults::default(),
            allow_private_webhooks: false,
        })))
    }

    /// The same with other defaults for new people.
    #[must_use]
    pub fn with_defaults(self, defaults: Defaults) -> Self {
        self.with(|parts| parts.defaults = defaults)
    }

    /// The same with webhooks to private addresses allowed or not.
    #[must_use]
    pub fn with_private_webhooks(self, allow_private_webhooks: bool) -> Self {
        self.with(|parts| parts.allow_private_webhooks = allow_private_webhooks)
    }

    /// The same with other limits on what callers may ask.
    #[must_use]
    pub fn with_limits(self, limits: Limits) -> Self {
        self.with(|parts| parts.limits = Arc::new(limits))
    }

    /// The same with as many places for requests in hand.
    #[must_use]
    pub fn with_in_flight(self, requests: usize) -> Self {
        self.with(|parts| parts.in_flight = Arc::new(Semaphore::new(requests)))
    }

    /// The same with as many connections of one address at once; 0: no bound of its own.
    #[must_use]
    pub fn with_connections_per_address(self, connections: usize) -> Self {
        self.with(|parts| parts.connections_per_address = connections)
    }

    fn with(self, change: impl FnOnce(&mut Parts)) -> Self {
        let mut parts = Arc::unwrap_or_clone(self.0);
        change(&mut parts);
        Self(Arc::new(parts))
    }
}
