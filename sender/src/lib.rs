//! Gives queued deliveries to Telegram.
//!
//! ```text
//! stream (Redis) --read--> still waiting? --pace--> claim, re-check --> Telegram --> note the outcome --> acknowledge
//! ```
//!
//! At least once: a duplicate only when nobody can know whether Telegram took a message, because the sender was killed
//! or the connection broke. Whatever else fails, the row in Postgres says that the delivery is still to be made.

use std::{num::NonZeroU32, path::PathBuf};

use outbound::{Consumer, Keys, Pace, connection};
use process::{DatabaseConfig, Probes, Readiness, RedisConfig, Shutdown, Tasks, fatal, probes::ProbesConfig, secret};
use prometheus::Registry;
use secrecy::{ExposeSecret as _, SecretString};
use sqlx::PgPool;
use store::pool::{self, Plans};
use url::Url;

mod dependencies;
mod dispatch;
mod metrics;
mod send;
mod telegram;

use dispatch::Dispatcher;
use metrics::SenderMetrics;
use send::Sender;
use telegram::Telegram;

/// Connections to the database. Each send holds one for a moment only.
const CONNECTIONS: u32 = 4;

/// Everything `sender` reads from its environment, probes and logs aside.
#[derive(Debug, Clone, clap::Args)]
pub struct Config {
    #[command(flatten)]
    pub database: DatabaseConfig,

    #[command(flatten)]
    pub redis: RedisConfig,

    /// Token of the bot that sends
    #[arg(long, env = "TELEGRAM_BOT_TOKEN", hide_env_values = true)]
    pub telegram_bot_token: Option<SecretString>,

    /// File that holds the token
    #[arg(long, env = "TELEGRAM_BOT_TOKEN_FILE")]
    pub telegram_bot_token_file: Option<PathBuf>,

    /// Bot API server
    #[arg(long, env = "TELEGRAM_API_URL", default_value = "https://api.telegram.org")]
    pub telegram_api_url: Url,

    /// Messages a second that Telegram takes from this bot; reminders run at 5/6 of it
    #[arg(long, env = "TELEGRAM_MESSAGES_PER_SECOND", default_value = "30")]
    pub messages_per_second: NonZeroU32,

    /// Who this sender is, among those that read the same stream; the name of the pod
    #[arg(long, env = "HOSTNAME", default_value = "sender")]
    pub consumer: String,
}

/// What a sender works with.
struct Parts {
    db: PgPool,
    redis: redis::Client,
    telegram: Telegram,
    keys: Keys,
    messages_per_second: NonZeroU32,
    consumer: String,
}

/// Sends and serves the probes until shutdown.
///
/// # Errors
///
/// A configuration that can never work, or the death of a task.
pub async fn run(config: Config, probes: ProbesConfig, shutdown: Shutdown) -> anyhow::Result<()> {
    let parts = parts(&config)?;
    let registry = Registry::new();
    let metrics = SenderMetrics::register(&registry)?;
    let readiness = Readiness::of(&dependencies::ALL);
    let probes = Probes::bind(&probes, readiness.clone(), registry, shutdown.clone()).await?;
    let mut tasks = Tasks::new(shutdown.clone());
    tasks.spawn("probes", probes.serve(shutdown.clone()));
    spawn(&mut tasks, parts, metrics, &readiness, &shutdown)?;
    tasks.join().await
}

fn spawn(
    tasks: &mut Tasks,
    parts: Parts,
    metrics: SenderMetrics,
    readiness: &Readiness,
    shutdown: &Shutdown,
) -> anyhow::Result<()> {
    let Parts { db, redis, telegram, keys, messages_per_second, consumer } = parts;
    let commands = connection::lazy(redis.clone())?;
    let pace = Pace::of_reminders(commands.clone(), keys.clone(), messages_per_second);
    // A name is never used again: what its bearer held is another's to take over.
    let name = format!("{consumer}-{:08x}", rand::random::<u32>());
    let consumer = Consumer::new(redis, keys, name)?;
    let sender = Sender::new(db.clone(), telegram.clone(), pace.clone(), metrics);
    let dispatcher = Dispatcher::new(consumer, pace, sender, readiness.clone());
    let ready = readiness.clone();
    tasks.spawn("stores", dependencies::watch_stores(db, commands, ready.clone(), shutdown.clone()));
    tasks.spawn("telegram", dependencies::watch_telegram(telegram, ready, shutdown.clone()));
    tasks.spawn("dispatch", dispatcher.run(shutdown.clone()));
    Ok(())
}

fn parts(config: &Config) -> anyhow::Result<Parts> {
    let database = config.database.url()?;
    let redis = config.redis.url()?;
    let token = secret::read(
        "TELEGRAM_BOT_TOKEN",
        config.telegram_bot_token.as_ref(),
        config.telegram_bot_token_file.as_ref(),
    )?;
    let db = pool::lazy(database.expose_secret(), "habit-sender", CONNECTIONS, Plans::Auto).map_err(|error| {
        fatal("DatabaseUrlInvalid", format!("DATABASE_URL is no Postgres URL: {error}; correct it"))
    })?;
    let redis = connection::client(redis.expose_secret())
        .map_err(|error| fatal("RedisUrlInvalid", format!("REDIS_URL is no Redis URL: {error}; correct it")))?;
    Ok(Parts {
        db,
        redis,
        telegram: Telegram::new(&token, &config.telegram_api_url)?,
        keys: Keys::default(),
        messages_per_second: config.messages_per_second,
        consumer: config.consumer.clone(),
    })
}

#[cfg(test)]
mod tests;
