//! The program: its tasks from start to end.

use std::time::Duration;

use anyhow::Context as _;
use process::{Clock, Probes, Readiness, Shutdown, Tasks};
use prometheus::Registry;
use secrecy::ExposeSecret as _;
use sqlx::PgPool;
use store::pool::{self, Plans};
use tokio::net::TcpListener;

use crate::{App, Config, webhooks};

mod database;
mod keys;
mod server;

pub use server::serve;

/// More than the two cores of a small server can use, and few enough for several replicas on one Postgres.
const CONNECTIONS: u32 = 10;
const FORGET_EVERY: Duration = Duration::from_mins(1);

/// Runs the service until it is told to end.
///
/// # Errors
///
/// Fails when an address is taken, on a configuration that can never work, or when a task of it dies.
pub async fn run(config: Config) -> anyhow::Result<()> {
    process::telemetry::start(&config.log)?;
    let keys = config.keys.read()?;
    let pool = pool(&config)?;
    let registry = Registry::new();
    let app = App::with_metrics(pool.clone(), Clock::system(), keys, &registry)?
        .with_defaults(config.defaults())
        .with_private_webhooks(config.webhooks_allow_private)
        .with_in_flight(config.max_requests_in_flight)
        .with_connections_per_address(config.max_connections_per_address)
        .with_limits(config.limits());
    let deliverer = webhooks::Deliverer::new(&app, webhooks::Metrics::register(&registry)?, webhooks::Pace::default())?;

    let shutdown = Shutdown::new();
    let readiness = Readiness::of(&[database::NAME]);
    let probes = Probes::bind(&config.probes, readiness.clone(), registry, shutdown.clone()).await?;
    let address = config.listen_address;
    let listener = TcpListener::bind(address).await.with_context(|| format!("failed to listen on {address}"))?;
    tracing::info!(address = %listener.local_addr()?, "serving");

    let mut tasks = Tasks::new(shutdown.clone());
    tasks.spawn("signals", shutdown.clone().on_signal());
    tasks.spawn("probes", probes.serve(shutdown.clone()));
    tasks.spawn("database", database::watch(pool, readiness, shutdown.clone()));
    tasks.spawn("keys", keys::follow(config.keys, app.keys.clone(), shutdown.clone()));
    tasks.spawn("limits", forget_quiet(app.clone(), shutdown.clone()));
    tasks.spawn("webhooks", deliverer.run(shutdown.clone()));
    tasks.spawn("server", serve(app, listener, shutdown));
    tasks.join().await
}

fn pool(config: &Config) -> anyhow::Result<PgPool> {
    pool::lazy(config.database.url()?.expose_secret(), "api", CONNECTIONS, Plans::Once).map_err(|error| {
        process::fatal("DatabaseUrlInvalid", format!("DATABASE_URL is no Postgres URL: {error}; correct it"))
    })
}

async fn forget_quiet(app: App, shutdown: Shutdown) -> anyhow::Result<()> {
    while !shutdown.is_stopped() {
        app.limits.forget_quiet();
        tokio::select! {
            () = shutdown.stopped() => {}
            () = tokio::time::sleep(FORGET_EVERY) => {}
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use clap::Parser as _;
    use process::Fatal;

    use super::*;

    #[test]
    fn an_address_that_is_no_postgres_url_has_its_reason() {
        let config = Config::try_parse_from(["api", "--database-url", "habits"]).unwrap();
        let error = pool(&config).unwrap_err();
        assert_eq!(error.downcast_ref::<Fatal>().map(|fatal| fatal.reason), Some("DatabaseUrlInvalid"));
    }
}
