//! What the bot needs before it is of use.

use std::time::Duration;

use outbound::connection;
use process::{Readiness, Shutdown, fatal};
use redis::aio::ConnectionManager;
use url::Url;

/// Telegram answers, and knows the token.
pub const TELEGRAM: &str = "telegram";

/// The api answers, and reaches its database.
pub const API: &str = "api";

/// Redis answers. Needed for a webhook alone.
pub const REDIS: &str = "redis";

const LOOK_EVERY: Duration = Duration::from_secs(5);
const LOOK_EVERY_WHILE_AWAY: Duration = Duration::from_secs(1);
const ANSWER_WITHIN: Duration = Duration::from_secs(3);

/// Notes whether the api is there, until shutdown.
///
/// # Errors
///
/// Fails when the address makes no URL of a health check.
pub async fn watch_api(api: Url, readiness: Readiness, shutdown: Shutdown) -> anyhow::Result<()> {
    let http = reqwest::Client::builder().timeout(ANSWER_WITHIN).build()?;
    let healthcheck = api.join("/healthcheck")?;
    while !shutdown.is_stopped() {
        readiness.set(API, look(&http, &healthcheck).await);
        rest(LOOK_EVERY, &shutdown).await;
    }
    Ok(())
}

/// Notes whether Redis is there, until shutdown.
///
/// # Errors
///
/// Fatal when it refuses the login before it ever let us in.
pub async fn watch_redis(mut redis: ConnectionManager, readiness: Readiness, shutdown: Shutdown) -> anyhow::Result<()> {
    let mut was_there = false;
    while !shutdown.is_stopped() {
        let answer = connection::ping(&mut redis).await;
        if let Err(error) = &answer
            && !was_there
            && connection::is_refused(error)
        {
            let message = format!("Redis refuses the login: {error}; mend the user or password in REDIS_URL");
            return Err(fatal("RedisRefusesLogin", message));
        }
        was_there |= answer.is_ok();
        let pause = if answer.is_ok() { LOOK_EVERY } else { LOOK_EVERY_WHILE_AWAY };
        readiness.set(REDIS, answer.map_err(|error| format!("Redis does not answer: {error}")));
        rest(pause, &shutdown).await;
    }
    Ok(())
}

async fn rest(pause: Duration, shutdown: &Shutdown) {
    tokio::select! {
        () = shutdown.stopped() => {}
        () = tokio::time::sleep(pause) => {}
    }
}

async fn look(http: &reqwest::Client, healthcheck: &Url) -> Result<(), String> {
    match http.get(healthcheck.clone()).send().await {
        Ok(response) if response.status().is_success() => Ok(()),
        Ok(response) => Err(format!("the api says {}", response.status())),
        Err(error) if error.is_timeout() => Err("the api does not answer in time".to_owned()),
        Err(_) => Err("the api cannot be reached".to_owned()),
    }
}
