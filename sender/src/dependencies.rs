//! Whether a sender can work: Postgres with a schema it knows, Redis, and a Telegram that knows its token.

use std::time::Duration;

use outbound::connection;
use process::{Readiness, Shutdown, fatal};
use redis::aio::ConnectionManager;
use sqlx::PgPool;
use store::{pool, schema};

use crate::telegram::{Answer, Telegram};

const POSTGRES: &str = "postgres";
const REDIS: &str = "redis";
const TELEGRAM: &str = "telegram";
pub(crate) const ALL: [&str; 3] = [POSTGRES, REDIS, TELEGRAM];

const WHILE_AWAY: Duration = Duration::from_secs(1);
const WHILE_THERE: Duration = Duration::from_secs(5);
const TELEGRAM_WHILE_AWAY: Duration = Duration::from_secs(2);
const TELEGRAM_WHILE_THERE: Duration = Duration::from_secs(15);
const CHECK_TIMEOUT: Duration = Duration::from_secs(6);

/// Looks after Postgres and Redis until shutdown.
///
/// # Errors
///
/// Fatal when one of them refuses the login before it ever let us in.
pub(crate) async fn watch_stores(
    db: PgPool,
    mut redis: ConnectionManager,
    readiness: Readiness,
    shutdown: Shutdown,
) -> anyhow::Result<()> {
    let mut was_there = (false, false);
    while !shutdown.is_stopped() {
        let postgres = tokio::time::timeout(CHECK_TIMEOUT, check_postgres(&db, was_there.0)).await;
        let postgres = postgres.unwrap_or_else(|_| Ok(Err("no answer in time".to_owned())))?;
        let answer = tokio::time::timeout(CHECK_TIMEOUT, check_redis(&mut redis, was_there.1)).await;
        let answer = answer.unwrap_or_else(|_| Ok(Err("no answer in time".to_owned())))?;
        was_there = (was_there.0 || postgres.is_ok(), was_there.1 || answer.is_ok());
        let pause = if postgres.is_ok() && answer.is_ok() { WHILE_THERE } else { WHILE_AWAY };
        readiness.set(POSTGRES, postgres);
        readiness.set(REDIS, answer);
        rest(pause, &shutdown).await;
    }
    Ok(())
}

/// What is wrong with a dependency that is merely away.
type State = Result<(), String>;

async fn check_postgres(db: &PgPool, was_there: bool) -> anyhow::Result<State> {
    let checked = async { schema::check(&mut *db.acquire().await?).await };
    match checked.await {
        Err(schema::SchemaError::Database(error)) if !was_there && pool::is_refused(&error) => Err(fatal(
            "DatabaseRefusesLogin",
            format!("Postgres refuses the login: {error}; mend the user, password or database in DATABASE_URL"),
        )),
        other => Ok(other.map_err(|error| error.to_string())),
    }
}

async fn check_redis(redis: &mut ConnectionManager, was_there: bool) -> anyhow::Result<State> {
    match connection::ping(redis).await {
        Err(error) if !was_there && connection::is_refused(&error) => Err(fatal(
            "RedisRefusesLogin",
            format!("Redis refuses the login: {error}; mend the user or password in REDIS_URL"),
        )),
        other => Ok(other.map_err(|error| format!("Redis does not answer: {error}"))),
    }
}

/// Looks after Telegram until shutdown.
///
/// # Errors
///
/// Fatal when Telegram does not know the token.
pub(crate) async fn watch_telegram(telegram: Telegram, readiness: Readiness, shutdown: Shutdown) -> anyhow::Result<()> {
    let mut was_there = false;
    while !shutdown.is_stopped() {
        let pause = match telegram.check().await {
            Ok(username) => {
                if !std::mem::replace(&mut was_there, true) {
                    tracing::info!(username, "sends as this bot");
                }
                readiness.set(TELEGRAM, Ok(()));
                TELEGRAM_WHILE_THERE
            }
            Err(Answer::TokenRejected) => return Err(token_rejected()),
            // Whoever throttles or refuses, answers.
            Err(Answer::Throttled(wait)) => {
                readiness.set(TELEGRAM, Err("too many requests".to_owned()));
                wait.min(TELEGRAM_WHILE_THERE)
            }
            Err(Answer::None(why)) => {
                readiness.set(TELEGRAM, Err(format!("Telegram does not answer: {why}")));
                TELEGRAM_WHILE_AWAY
            }
            Err(_) => {
                readiness.set(TELEGRAM, Err("Telegram does not answer as it should".to_owned()));
                TELEGRAM_WHILE_AWAY
            }
        };
        rest(pause, &shutdown).await;
    }
    Ok(())
}

/// The end of a sender whose token is none.
pub(crate) fn token_rejected() -> anyhow::Error {
    fatal("TokenRejected", "Telegram does not know the bot's token; put the one from @BotFather in the Secret")
}

async fn rest(pause: Duration, shutdown: &Shutdown) {
    tokio::select! {
        () = shutdown.stopped() => {}
        () = tokio::time::sleep(pause) => {}
    }
}
