//! The program: its tasks from start to end.

use std::sync::Arc;

use process::{Clock, Probes, Readiness, Shutdown, Tasks};
use prometheus::Registry;
use secrecy::SecretString;
use url::Url;

use crate::{
    Config,
    handler::Handler,
    introduction,
    metrics::Metrics,
    people::People,
    poll, readiness,
    telegram::{self, Telegram},
    turn::Turns,
    webhook::{self, Webhook},
};

/// What a bot needs to know.
#[derive(Debug)]
pub struct Settings {
    pub token: SecretString,
    pub telegram_url: Url,
    pub api_url: Url,
    pub api_key: SecretString,
    pub clock: Clock,
    pub updates: Updates,
}

/// How updates come in.
#[derive(Debug)]
pub enum Updates {
    /// The bot asks for them. No other process may do so.
    Polling,
    /// Telegram brings them, to any of several replicas.
    Webhook(Webhook),
}

/// Runs the bot until it is told to end.
///
/// # Errors
///
/// Fails when the probes' address is taken, on a configuration that can never work, or when a task of it dies.
pub async fn run(config: Config) -> anyhow::Result<()> {
    process::telemetry::start(&config.log)?;
    let settings = Settings {
        token: config.token()?,
        telegram_url: config.telegram_api_url.clone(),
        api_url: config.api_url.clone(),
        api_key: config.api_key()?,
        clock: Clock::system(),
        updates: config.updates.open().await?,
    };
    let shutdown = Shutdown::new();
    let registry = Registry::new();
    let metrics = Metrics::register(&registry)?;
    let readiness = match &settings.updates {
        Updates::Polling => Readiness::of(&[readiness::TELEGRAM, readiness::API]),
        Updates::Webhook(_) => Readiness::of(&[readiness::TELEGRAM, readiness::API, readiness::REDIS]),
    };
    let probes = Probes::bind(&config.probes, readiness.clone(), registry, shutdown.clone()).await?;

    let mut tasks = Tasks::new(shutdown.clone());
    tasks.spawn("signals", shutdown.clone().on_signal());
    tasks.spawn("probes", probes.serve(shutdown.clone()));
    tasks.spawn("api", readiness::watch_api(settings.api_url.clone(), readiness.clone(), shutdown.clone()));
    tasks.spawn("updates", serve(settings, readiness, metrics, shutdown));
    tasks.join().await
}

/// Takes updates from Telegram and answers them, until shutdown.
///
/// # Errors
///
/// Fatal when Telegram does not know the token.
pub async fn serve(
    settings: Settings,
    readiness: Readiness,
    metrics: Metrics,
    shutdown: Shutdown,
) -> anyhow::Result<()> {
    let telegram = Telegram::new(&settings.token, &settings.telegram_url)?;
    let api = wire::Client::new(settings.api_url)?;
    let is_alone = matches!(settings.updates, Updates::Polling);
    let people = People::new(api, settings.api_key, settings.clock.clone(), is_alone);
    let handler = Arc::new(Handler::new(telegram.clone(), people, settings.clock, metrics, shutdown.clone()));
    let introduced = async {
        introduction::introduce(&telegram, &shutdown).await;
        std::future::pending().await
    };
    let updates = async {
        match settings.updates {
            Updates::Polling => poll::run(telegram.clone(), handler, &readiness, &shutdown).await,
            Updates::Webhook(webhook) => {
                let bot_id = telegram::bot_id(&settings.token).to_owned();
                let turns = Turns::new(webhook.redis.clone(), webhook.keys.clone(), bot_id);
                webhook::run(webhook, telegram.clone(), handler, turns, readiness, shutdown.clone()).await
            }
        }
    };
    tokio::select! {
        ended = updates => ended,
        never = introduced => never,
    }
}
