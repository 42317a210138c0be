//! The program: its tasks from start to end.

use process::{Clock, Probes, Readiness, Shutdown, Tasks};
use prometheus::Registry;
use secrecy::SecretString;
use url::Url;

use crate::{Config, handler::Handler, metrics::Metrics, people::People, poll, readiness, telegram::Telegram};

/// What a bot needs to know.
#[derive(Debug, Clone)]
pub struct Settings {
    pub token: SecretString,
    pub telegram_url: Url,
    pub api_url: Url,
    pub api_key: SecretString,
    pub clock: Clock,
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
    };
    let shutdown = Shutdown::new();
    let registry = Registry::new();
    let metrics = Metrics::register(&registry)?;
    let readiness = Readiness::of(&[readiness::TELEGRAM, readiness::API]);
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
    let people = People::new(api, settings.api_key, settings.clock.clone());
    let handler = Handler::new(telegram.clone(), people, settings.clock, metrics, shutdown.clone());
    poll::run(&telegram, &handler, &readiness, &shutdown).await
}
