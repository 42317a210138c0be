//! What the bot needs before it is of use.

use std::time::Duration;

use process::{Readiness, Shutdown};
use url::Url;

/// Telegram answers, and knows the token.
pub const TELEGRAM: &str = "telegram";

/// The api answers, and reaches its database.
pub const API: &str = "api";

const LOOK_EVERY: Duration = Duration::from_secs(5);
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
        tokio::select! {
            () = shutdown.stopped() => {}
            () = tokio::time::sleep(LOOK_EVERY) => {}
        }
    }
    Ok(())
}

async fn look(http: &reqwest::Client, healthcheck: &Url) -> Result<(), String> {
    match http.get(healthcheck.clone()).send().await {
        Ok(response) if response.status().is_success() => Ok(()),
        Ok(response) => Err(format!("the api says {}", response.status())),
        Err(error) if error.is_timeout() => Err("the api does not answer in time".to_owned()),
        Err(_) => Err("the api cannot be reached".to_owned()),
    }
}
