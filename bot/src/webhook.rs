//! Telegram brings updates here, to any of several replicas (docs/adr/0001, <https://core.telegram.org/bots/api#setwebhook>).
//!
//! An update is answered with 200 once it is handled; whatever else is answered, Telegram brings it again.

use std::sync::Arc;

use outbound::Keys;
use process::{Readiness, Shutdown, Tasks};
use redis::aio::ConnectionManager;
use secrecy::SecretString;
use tokio::{net::TcpListener, sync::mpsc};
use url::Url;

use crate::{
    handler::Handler,
    readiness,
    start::{self, Delivery},
    telegram::Telegram,
    turn::Turns,
};

mod door;
mod server;
mod work;

use door::Door;
use work::Work;

/// Where updates come in, and what keeps replicas in step.
#[derive(Debug)]
pub struct Webhook {
    /// The address that Telegram is told.
    pub url: Url,
    /// What it shows with every update.
    pub secret: SecretString,
    pub listener: TcpListener,
    pub redis: ConnectionManager,
    pub keys: Keys,
}

/// Updates in hand at once; further ones are brought again.
const MOST_IN_HAND: usize = 1_000;

/// Serves the webhook until shutdown, then finishes what is in hand.
///
/// # Errors
///
/// Fatal when Telegram does not know the token or Redis refuses the login; fails when a task died.
pub async fn run(
    webhook: Webhook,
    telegram: Telegram,
    handler: Arc<Handler>,
    turns: Turns,
    readiness: Readiness,
    shutdown: Shutdown,
) -> anyhow::Result<()> {
    let Webhook { url, secret, listener, redis, .. } = webhook;
    // Of its own: the end of one of these tasks ends all of them, and what runs beside them hears of it by the result.
    let shutdown = shutdown.child();
    let (jobs, queue) = mpsc::channel(MOST_IN_HAND);
    let door = Door::new(secret.clone(), jobs, MOST_IN_HAND);
    let work = Work::new(handler, turns, shutdown.clone());
    let mut tasks = Tasks::new(shutdown.clone());
    tasks.spawn("redis", readiness::watch_redis(redis, readiness.clone(), shutdown.clone()));
    tasks.spawn("handlers", work.run(queue));
    tasks.spawn("webhook", server::serve(door::router(door), listener, shutdown.clone()));
    tasks.spawn("registration", async move {
        let delivery = Delivery::Webhook { url: &url, secret: &secret };
        start::meet(&telegram, delivery, &readiness, &shutdown).await?;
        shutdown.stopped().await;
        Ok(())
    });
    tasks.join().await
}
