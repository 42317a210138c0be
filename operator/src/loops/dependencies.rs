//! Whether the loops could work: Postgres with a schema they know, and Redis.

use std::time::Duration;

use outbound::connection;
use process::{Shutdown, fatal};
use store::{pool, schema};

use super::{Context, POSTGRES, REDIS};

const CHECK_EVERY: Duration = Duration::from_secs(3);
const CHECK_TIMEOUT: Duration = Duration::from_secs(6);

/// What is wrong with a dependency that is merely away.
type State = Result<(), String>;

/// Checks until shutdown.
///
/// # Errors
///
/// Fatal when a store refuses the login before it ever let us in.
pub(super) async fn watch(mut context: Context, shutdown: Shutdown) -> anyhow::Result<()> {
    let mut was_there = (false, false);
    while !shutdown.is_stopped() {
        let postgres = within(check_postgres(&context, was_there.0)).await?;
        let redis = within(check_redis(&mut context, was_there.1)).await?;
        was_there = (was_there.0 || postgres.is_ok(), was_there.1 || redis.is_ok());
        context.readiness.set(POSTGRES, postgres);
        context.readiness.set(REDIS, redis);
        tokio::select! {
            () = shutdown.stopped() => {}
            () = tokio::time::sleep(CHECK_EVERY) => {}
        }
    }
    Ok(())
}

async fn check_postgres(context: &Context, was_there: bool) -> anyhow::Result<State> {
    let checked = async { schema::check(&mut *context.db.acquire().await?).await };
    match checked.await {
        Err(schema::SchemaError::Database(error)) if !was_there && pool::is_refused(&error) => Err(fatal(
            "DatabaseRefusesLogin",
            format!("Postgres refuses the login: {error}; mend the user, password or database in DATABASE_URL"),
        )),
        other => Ok(other.map_err(|error| error.to_string())),
    }
}

async fn check_redis(context: &mut Context, was_there: bool) -> anyhow::Result<State> {
    match context.queue.is_wiped().await {
        Err(error) if !was_there && connection::is_refused(&error) => Err(fatal(
            "RedisRefusesLogin",
            format!("Redis refuses the login: {error}; mend the user or password in REDIS_URL"),
        )),
        other => Ok(other.map(drop).map_err(|error| format!("Redis does not answer: {error}"))),
    }
}

async fn within(check: impl Future<Output = anyhow::Result<State>>) -> anyhow::Result<State> {
    tokio::time::timeout(CHECK_TIMEOUT, check).await.unwrap_or_else(|_| Ok(Err("no answer in time".to_owned())))
}
