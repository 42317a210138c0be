//! The rhythm of a loop: its steps, its rests, and what an error means for it.

use std::time::Duration;

use chrono::{DateTime, Utc};
use process::Shutdown;
use redis::RedisError;
use sqlx::PgPool;
use store::{
    delivery::MergeError,
    leader::{Epoch, FenceError},
};

use super::Context;

const BACKOFF_BASE: Duration = Duration::from_millis(500);
const BACKOFF_MAX: Duration = Duration::from_secs(2);

/// A loop that works while its process leads.
pub(super) trait Loop: Send + 'static {
    /// Label of its metrics and logs.
    const NAME: &'static str;

    /// One bounded step. A step that has begun is never cut short, so each of its waits has to have an end.
    fn tick(&mut self, epoch: Epoch) -> impl Future<Output = Result<Rest, TickError>> + Send;
}

/// How long a loop may rest after a step.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Rest {
    /// Not at all: there is more to do.
    None,
    /// Until the next full second of the database's clock, which showed this: reminders are due on full minutes.
    UntilNextSecond(DateTime<Utc>),
    /// For so long.
    For(Duration),
}

impl Rest {
    fn duration(self) -> Duration {
        match self {
            Self::None => Duration::ZERO,
            Self::UntilNextSecond(now) => {
                Duration::from_micros(u64::from(1_000_000 - now.timestamp_subsec_micros().min(999_999)))
            }
            Self::For(duration) => duration,
        }
    }
}

/// Why a step failed. Nothing of its last transaction is left.
#[derive(Debug, thiserror::Error)]
pub(super) enum TickError {
    #[error(transparent)]
    Fence(#[from] FenceError),
    #[error(transparent)]
    Merge(#[from] MergeError),
    #[error("Postgres failed")]
    Postgres(#[from] sqlx::Error),
    #[error("Redis failed")]
    Redis(#[from] RedisError),
}

/// Steps and rests until shutdown, and waits while another leads.
pub(super) async fn repeat<L: Loop>(mut steps: L, context: Context, shutdown: Shutdown) -> anyhow::Result<()> {
    let mut failures = 0;
    loop {
        tokio::select! {
            biased;
            () = shutdown.stopped() => return Ok(()),
            () = context.leadership.gained() => {}
        }
        let Some(epoch) = context.leadership.epoch() else { continue };
        let rest = match steps.tick(epoch).await {
            Ok(rest) => {
                failures = 0;
                rest.duration()
            }
            Err(error) => {
                note::<L>(&context, epoch, error);
                failures += 1;
                backoff(failures)
            }
        };
        tokio::select! {
            biased;
            () = shutdown.stopped() => return Ok(()),
            () = tokio::time::sleep(rest) => {}
        }
    }
}

fn note<L: Loop>(context: &Context, epoch: Epoch, error: TickError) {
    context.metrics.failures.with_label_values(&[L::NAME]).inc();
    if matches!(error, TickError::Fence(FenceError::Superseded(_))) {
        context.leadership.lost(epoch);
    }
    let error = anyhow::Error::new(error);
    tracing::warn!(error = format!("{error:#}"), r#loop = L::NAME, "a step failed and changed nothing, will retry");
}

fn backoff(failures: u32) -> Duration {
    let ceiling = BACKOFF_BASE.saturating_mul(1 << failures.min(6)).min(BACKOFF_MAX);
    ceiling.mul_f64(rand::random_range(0.5..=1.0))
}

/// A transaction that nobody but the leader of `epoch` can commit.
///
/// # Errors
///
/// Fails when another leads.
pub(super) async fn begin_fenced(
    db: &PgPool,
    epoch: Epoch,
) -> Result<sqlx::Transaction<'static, sqlx::Postgres>, TickError> {
    let mut tx = db.begin().await?;
    store::leader::fence(&mut tx, epoch).await?;
    Ok(tx)
}
