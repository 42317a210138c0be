//! The pool of connections that a program holds.

use std::time::Duration;

use sqlx::{
    PgPool,
    postgres::{PgConnectOptions, PgPoolOptions},
};

/// How long a caller waits for a connection before it gets an error in place of one.
const ACQUIRE_TIMEOUT: Duration = Duration::from_secs(5);

/// A pool of at most `max_connections` that connects when first used, so that a program starts without its database.
///
/// Every statement ends after 10 s and every idle transaction after 5 s: what a suspended program locks is freed.
///
/// # Errors
///
/// Fails when `url` is no Postgres URL; an unreachable server is not noticed here.
pub fn lazy(url: &str, application: &str, max_connections: u32) -> sqlx::Result<PgPool> {
    let options: PgConnectOptions = url.parse()?;
    let options = options
        .application_name(application)
        .options([("statement_timeout", "10s"), ("idle_in_transaction_session_timeout", "5s")]);
    Ok(PgPoolOptions::new()
        .max_connections(max_connections)
        .acquire_timeout(ACQUIRE_TIMEOUT)
        .test_before_acquire(false)
        .connect_lazy_with(options))
}
