//! The loops of one deployment: find due reminders, keep the stream full, end missed streaks, apply declared Habits.
//!
//! ```text
//! habits.next_reminder_at --due--> deliveries --relay--> stream (Redis) --sender--> Telegram
//! ```
//!
//! Every replica runs this, one of them leads and works. Which one, the database says: see [`store::leader`]. Loops need
//! no Kubernetes, except to apply Habits.

use std::num::NonZeroU32;

use chrono::TimeDelta;
use outbound::{Keys, Queue};
use process::{DatabaseConfig, Probes, Readiness, RedisConfig, Shutdown, Tasks, fatal, probes::ProbesConfig};
use prometheus::Registry;
use secrecy::ExposeSecret as _;
use sqlx::PgPool;
use store::pool::{self, Plans};

mod dependencies;
mod habit_resource;
mod leader;
mod metrics;
mod reminders;
mod retention;
mod streaks;
mod tick;

use leader::Leadership;
pub use metrics::LoopMetrics;
use reminders::Reminders;
use retention::Retention;
use streaks::Streaks;

/// Everything `operator loops` reads from its environment.
#[derive(Debug, Clone, clap::Args)]
pub struct Config {
    #[command(flatten)]
    pub tenant: TenantConfig,

    #[command(flatten)]
    pub probes: ProbesConfig,
}

/// One deployment whose loops run here.
#[derive(Debug, Clone, clap::Args)]
pub struct TenantConfig {
    #[command(flatten)]
    pub database: DatabaseConfig,

    #[command(flatten)]
    pub redis: RedisConfig,

    /// How many seconds late a reminder may still be sent
    #[arg(long, env = "REMINDERS_EXPIRE_AFTER_SECONDS", default_value_t = 7_200)]
    pub expire_after_seconds: u32,

    /// Messages a second that Telegram takes from this bot; bounds how much is queued
    #[arg(long, env = "TELEGRAM_MESSAGES_PER_SECOND", default_value = "30")]
    pub messages_per_second: NonZeroU32,

    /// Namespace whose Habits are applied
    #[arg(long, env = "HABIT_NAMESPACE", requires = "habit_deployment")]
    pub habit_namespace: Option<String>,

    /// HabitTrackerDeployment whose Habits are applied; without it no Kubernetes is needed
    #[arg(long, env = "HABIT_DEPLOYMENT", requires = "habit_namespace")]
    pub habit_deployment: Option<String>,

    /// Who these loops are, where several want to lead; the name of the pod
    #[arg(long, env = "HOSTNAME", default_value = "loops")]
    pub holder: String,
}

/// What the loops have to reach before they are ready.
pub const DEPENDENCIES: [&str; 2] = [POSTGRES, REDIS];
const POSTGRES: &str = "postgres";
const REDIS: &str = "redis";

/// Connections to the database: one for each loop, the leader's own, and one to spare.
const CONNECTIONS: u32 = 6;

/// What every loop works with. Cheap to clone.
#[derive(Clone)]
struct Context {
    db: PgPool,
    queue: Queue,
    expire_after: TimeDelta,
    messages_per_second: NonZeroU32,
    leadership: Leadership,
    readiness: Readiness,
    metrics: LoopMetrics,
}

/// Runs the loops of one deployment and serves their probes, until shutdown.
///
/// # Errors
///
/// A configuration that can never work, or the death of a loop.
pub async fn run(config: Config, shutdown: Shutdown) -> anyhow::Result<()> {
    let registry = Registry::new();
    let metrics = LoopMetrics::register(&registry)?;
    let readiness = Readiness::of(&DEPENDENCIES);
    let probes = Probes::bind(&config.probes, readiness.clone(), registry, shutdown.clone()).await?;
    let mut tasks = Tasks::new(shutdown.clone());
    tasks.spawn("probes", probes.serve(shutdown.clone()));
    tasks.spawn("tenant", run_tenant(config.tenant, metrics, readiness, shutdown));
    tasks.join().await
}

/// Runs the loops of one deployment without probes of their own, until shutdown.
///
/// # Errors
///
/// A configuration that can never work, or the death of a loop.
pub async fn run_tenant(
    config: TenantConfig,
    metrics: LoopMetrics,
    readiness: Readiness,
    shutdown: Shutdown,
) -> anyhow::Result<()> {
    let context = context(&config, metrics, readiness)?;
    let mut tasks = Tasks::new(shutdown.clone());
    start(&mut tasks, &context, config.holder, &shutdown);
    if let (Some(namespace), Some(deployment)) = (config.habit_namespace, config.habit_deployment) {
        tasks.spawn("habits", habit_resource::run(context, namespace, deployment, shutdown));
    }
    tasks.join().await
}

/// Starts everything that needs no Kubernetes.
fn start(tasks: &mut Tasks, context: &Context, holder: String, shutdown: &Shutdown) {
    tasks.spawn("dependencies", dependencies::watch(context.clone(), shutdown.clone()));
    tasks.spawn("leader", leader::run(context.clone(), holder, shutdown.clone()));
    tasks.spawn("reminders", tick::repeat(Reminders::new(context), context.clone(), shutdown.clone()));
    tasks.spawn("streaks", tick::repeat(Streaks::new(context), context.clone(), shutdown.clone()));
    tasks.spawn("retention", tick::repeat(Retention::new(context), context.clone(), shutdown.clone()));
}

fn context(config: &TenantConfig, metrics: LoopMetrics, readiness: Readiness) -> anyhow::Result<Context> {
    let database = config.database.url()?;
    let redis = config.redis.url()?;
    let db = pool::lazy(database.expose_secret(), "habit-loops", CONNECTIONS, Plans::Auto).map_err(|error| {
        fatal("DatabaseUrlInvalid", format!("DATABASE_URL is no Postgres URL: {error}; correct it"))
    })?;
    let redis = outbound::connection::client(redis.expose_secret())
        .and_then(outbound::connection::lazy)
        .map_err(|error| fatal("RedisUrlInvalid", format!("REDIS_URL is no Redis URL: {error}; correct it")))?;
    Ok(Context {
        db,
        queue: Queue::new(redis, Keys::default()),
        expire_after: TimeDelta::seconds(i64::from(config.expire_after_seconds)),
        messages_per_second: config.messages_per_second,
        leadership: Leadership::default(),
        readiness,
        metrics,
    })
}

#[cfg(test)]
mod tests;
