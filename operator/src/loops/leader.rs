//! Becoming the leader of a deployment's loops, and staying it.

use std::time::{Duration, Instant};

use process::Shutdown;
use store::leader::{self, Epoch};
use tokio::sync::watch;

use super::Context;

/// How long others wait for a leader that is gone.
const LEASE: Duration = Duration::from_secs(10);
const RENEW_EVERY: Duration = Duration::from_secs(3);
const CAMPAIGN_EVERY: Duration = Duration::from_secs(2);
const ATTEMPT_TIMEOUT: Duration = Duration::from_secs(6);

/// Under which epoch this process leads, if it does. Cheap to clone: all clones know the same.
///
/// What it says may be out of date; each transaction finds out by [`leader::fence`].
#[derive(Debug, Clone)]
pub(super) struct Leadership(watch::Sender<Option<Epoch>>);

impl Default for Leadership {
    fn default() -> Self {
        Self(watch::Sender::new(None))
    }
}

impl Leadership {
    pub(super) fn epoch(&self) -> Option<Epoch> {
        *self.0.borrow()
    }

    /// Completes while this process leads.
    pub(super) async fn gained(&self) {
        let mut epoch = self.0.subscribe();
        // Cannot fail: the sender is this very value.
        drop(epoch.wait_for(Option::is_some).await);
    }

    /// Notes that another leads since.
    pub(super) fn lost(&self, epoch: Epoch) {
        self.0.send_if_modified(|current| {
            let is_lost = *current == Some(epoch);
            if is_lost {
                *current = None;
            }
            is_lost
        });
    }

    pub(super) fn begin(&self, epoch: Epoch) {
        self.0.send_replace(Some(epoch));
    }
}

/// Campaigns and renews until shutdown, then lets another begin at once.
pub(super) async fn run(context: Context, holder: String, shutdown: Shutdown) -> anyhow::Result<()> {
    let mut renewed_at = Instant::now();
    let mut led = false;
    while !shutdown.is_stopped() {
        let begun_at = Instant::now();
        let attempt = tokio::time::timeout(ATTEMPT_TIMEOUT, attempt(&context, &holder));
        match attempt.await.unwrap_or(Err(sqlx::Error::PoolTimedOut)) {
            Ok(()) => renewed_at = begun_at,
            Err(error) => tracing::warn!(error = &error as &dyn std::error::Error, "failed to lead the loops"),
        }
        if renewed_at.elapsed() >= LEASE
            && let Some(epoch) = context.leadership.epoch()
        {
            tracing::warn!(epoch = epoch.0, "leads no longer: the lease could not be renewed");
            context.leadership.lost(epoch);
        }
        let leads = context.leadership.epoch().is_some();
        // Several deployments may count into the same gauge.
        context.metrics.leading.add(i64::from(leads) - i64::from(std::mem::replace(&mut led, leads)));
        tokio::select! {
            () = shutdown.stopped() => {}
            () = tokio::time::sleep(if leads { RENEW_EVERY } else { CAMPAIGN_EVERY }) => {}
        }
    }
    context.metrics.leading.sub(i64::from(led));
    release(&context).await;
    Ok(())
}

async fn attempt(context: &Context, holder: &str) -> sqlx::Result<()> {
    let mut conn = context.db.acquire().await?;
    if let Some(epoch) = context.leadership.epoch() {
        if !leader::renew(&mut conn, epoch, LEASE).await? {
            tracing::warn!(epoch = epoch.0, "leads no longer: another does");
            context.leadership.lost(epoch);
        }
        return Ok(());
    }
    // Only who can work with the schema leads.
    if store::schema::check(&mut conn).await.is_err() {
        return Ok(());
    }
    if let Some(epoch) = leader::acquire(&mut conn, holder, LEASE).await? {
        tracing::info!(epoch = epoch.0, holder, "leads the loops");
        context.leadership.begin(epoch);
    }
    Ok(())
}

async fn release(context: &Context) {
    let Some(epoch) = context.leadership.epoch() else { return };
    context.leadership.lost(epoch);
    let release = async { leader::release(&mut *context.db.acquire().await?, epoch).await };
    if !matches!(tokio::time::timeout(ATTEMPT_TIMEOUT, release).await, Ok(Ok(()))) {
        tracing::warn!("failed to hand the leadership over; another begins when its lease is over");
    }
}
