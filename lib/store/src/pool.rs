//! The pool of connections that a program holds.

use std::time::Duration;

use chrono::{DateTime, Utc};
use sqlx::{
    PgConnection, PgPool,
    postgres::{PgConnectOptions, PgPoolOptions},
};

mod direct;

pub use direct::{DirectConnection, DirectPool, DirectTransaction};

/// How long a caller waits for a connection before it gets an error in place of one: a request of the api that waits for
/// two of them still answers within its 10 s.
const ACQUIRE_TIMEOUT: Duration = Duration::from_secs(3);

/// How Postgres plans the statements of a program.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Plans {
    /// As it sees fit: a statement whose cost depends on its arguments is planned anew for each call.
    Auto,
    /// Once for a connection: for a program whose statements all read a few rows by their keys. Planning would cost it more
    /// than they do.
    Once,
}

impl Plans {
    fn cache_mode(self) -> &'static str {
        match self {
            Self::Auto => "auto",
            Self::Once => "force_generic_plan",
        }
    }
}

/// A pool of at most `max_connections` that connects when first used, so that a program starts without its database.
///
/// Every statement ends after 10 s and every idle transaction after 5 s: what a suspended program locks is freed.
///
/// # Errors
///
/// Fails when `url` is no Postgres URL; an unreachable server is not noticed here.
pub fn lazy(url: &str, application: &str, max_connections: u32, plans: Plans) -> sqlx::Result<PgPool> {
    let options: PgConnectOptions = url.parse()?;
    let options = options.application_name(application).options([
        ("statement_timeout", "10s"),
        ("idle_in_transaction_session_timeout", "5s"),
        ("plan_cache_mode", plans.cache_mode()),
    ]);
    Ok(PgPoolOptions::new()
        .max_connections(max_connections)
        .acquire_timeout(ACQUIRE_TIMEOUT)
        .test_before_acquire(false)
        .connect_lazy_with(options))
}

/// The database's own time, which every program goes by that shares its leases.
///
/// # Errors
///
/// Fails when the database does.
pub async fn now(conn: &mut PgConnection) -> sqlx::Result<DateTime<Utc>> {
    sqlx::query_scalar!(r#"select clock_timestamp() as "now!""#).fetch_one(conn).await
}

/// Whether Postgres refuses the user, the password or the database's name: no waiting mends that.
pub fn is_refused(error: &sqlx::Error) -> bool {
    let code = error.as_database_error().and_then(sqlx::error::DatabaseError::code);
    // Class 28 is invalid authorization; 3D000 is a database that does not exist.
    code.is_some_and(|code| code.starts_with("28") || code == "3D000")
}

#[cfg(test)]
mod tests {
    use sqlx::ConnectOptions as _;

    use super::*;

    #[sqlx::test]
    async fn a_program_may_have_its_statements_planned_once(pool: PgPool) {
        let url = pool.connect_options().to_url_lossy();
        for (plans, mode) in [(Plans::Auto, "auto"), (Plans::Once, "force_generic_plan")] {
            let pool = lazy(url.as_str(), "test", 1, plans).unwrap();
            let told: String = sqlx::query_scalar("show plan_cache_mode").fetch_one(&pool).await.unwrap();
            assert_eq!(told, mode);
        }
    }
}
