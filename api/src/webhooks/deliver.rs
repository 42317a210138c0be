//! The task that delivers what was noted for webhooks.
//!
//! Each replica runs one. A delivery is claimed in a transaction of its own before anything is sent: see
//! `store::webhook`. At least once: the id of a message is the same at each attempt.

use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};
use process::{Clock, Shutdown};
use reqwest::Client;
use store::pool::DirectPool;
use store::webhook::{self, Claimed, Finished, Outcome, Places};
use tokio::task::JoinSet;

use super::{
    Metrics,
    message::Message,
    send::{self, SendError},
};
use crate::App;

const IN_HAND: usize = 16;
const IN_HAND_PER_WEBHOOK: i64 = 2;
const IN_HAND_PER_PERSON: i64 = 4;
/// Longer than an attempt with all that is around it.
const LEASE: TimeDelta = TimeDelta::minutes(1);
/// At shutdown there is one look, one attempt and one note to wait for: together less than the grace of tasks.
const DATABASE_TIME: Duration = Duration::from_secs(5);

/// The time from an attempt that failed to the next one: 8 attempts within a day.
const RETRY_AFTER: [Duration; 7] = [
    Duration::from_secs(5),
    Duration::from_secs(30),
    Duration::from_mins(2),
    Duration::from_mins(10),
    Duration::from_hours(1),
    Duration::from_hours(6),
    Duration::from_hours(16),
];

/// How often the outbox is looked at, and how long a receiver may take.
#[derive(Debug, Clone, Copy)]
pub struct Pace {
    pub look_every: Duration,
    pub answer_within: Duration,
}

impl Default for Pace {
    fn default() -> Self {
        Self { look_every: Duration::from_secs(1), answer_within: Duration::from_secs(10) }
    }
}

/// Delivers what is due to webhooks. Cheap to clone.
#[derive(Debug, Clone)]
pub struct Deliverer {
    pool: DirectPool,
    clock: Clock,
    client: Client,
    allow_private: bool,
    metrics: Metrics,
    pace: Pace,
}

impl Deliverer {
    /// # Errors
    ///
    /// Fails when TLS cannot be set up.
    pub fn new(app: &App, metrics: Metrics, pace: Pace) -> anyhow::Result<Self> {
        Ok(Self {
            pool: app.pool.clone(),
            clock: app.clock.clone(),
            client: send::client(pace.answer_within, app.allow_private_webhooks)?,
            allow_private: app.allow_private_webhooks,
            metrics,
            pace,
        })
    }

    /// Delivers until shutdown, then ends what is in hand. An absent database is waited for.
    ///
    /// # Errors
    ///
    /// None: it is a task of the program.
    pub async fn run(self, shutdown: Shutdown) -> anyhow::Result<()> {
        let mut in_hand = JoinSet::new();
        while !shutdown.is_stopped() {
            for claimed in self.claim(IN_HAND - in_hand.len()).await {
                let this = self.clone();
                in_hand.spawn(async move { this.deliver(claimed).await });
            }
            tokio::select! {
                () = shutdown.stopped() => {}
                Some(ended) = in_hand.join_next() => log_panic(ended),
                () = tokio::time::sleep(self.pace.look_every), if in_hand.len() < IN_HAND => {}
            }
        }
        while let Some(ended) = in_hand.join_next().await {
            log_panic(ended);
        }
        Ok(())
    }

    /// What is due, at most `free` of it; nothing while the database is away.
    async fn claim(&self, free: usize) -> Vec<Claimed> {
        match tokio::time::timeout(DATABASE_TIME, self.try_claim(free)).await {
            Ok(Ok(claimed)) => claimed,
            Ok(Err(error)) => {
                tracing::warn!(%error, "cannot look for deliveries to webhooks");
                Vec::new()
            }
            Err(_) => {
                tracing::warn!("looking for deliveries to webhooks took too long");
                Vec::new()
            }
        }
    }

    async fn try_claim(&self, free: usize) -> sqlx::Result<Vec<Claimed>> {
        let now = self.clock.now();
        let mut conn = self.pool.acquire().await?;
        let since = webhook::due_since(&mut conn, now).await?;
        let age = since.and_then(|since| (now - since).to_std().ok()).unwrap_or_default();
        self.metrics.oldest_is_due_for(age.as_secs_f64());
        if since.is_none() || free == 0 {
            return Ok(Vec::new());
        }
        // A statement of its own is a transaction of its own: it is committed before anything is sent.
        let places = Places {
            free: i64::try_from(free).unwrap_or(0),
            per_webhook: IN_HAND_PER_WEBHOOK,
            per_person: IN_HAND_PER_PERSON,
        };
        webhook::claim(&mut conn, now, LEASE, places).await
    }

    #[tracing::instrument(skip_all, fields(webhook_id = claimed.webhook_id, event_id = %claimed.event_id))]
    async fn deliver(&self, claimed: Claimed) {
        let sent = match Message::of(&claimed, self.clock.now()) {
            Ok(message) => send::send(&self.client, &claimed, message, self.allow_private).await,
            Err(error) => Err(SendError::Internal(error)),
        };
        self.metrics.attempted(sent.as_ref().map_or_else(SendError::label, |_| "delivered"));
        match &sent {
            Ok(status) => tracing::debug!(status, "delivered"),
            Err(SendError::Internal(error)) => tracing::error!(error = format!("{error:#}"), "not sent"),
            Err(error) => tracing::debug!(%error, attempts = claimed.attempts, "not delivered"),
        }
        // Without this note the lease ends, and it is sent again: at least once.
        match tokio::time::timeout(DATABASE_TIME, self.note(&claimed, &sent)).await {
            Ok(Ok(())) => {}
            Ok(Err(error)) => tracing::warn!(%error, "cannot note what became of a delivery"),
            Err(_) => tracing::warn!("noting what became of a delivery took too long"),
        }
    }

    async fn note(&self, claimed: &Claimed, sent: &Result<u16, SendError>) -> sqlx::Result<()> {
        let now = self.clock.now();
        let outcome = match sent {
            Ok(_) => Outcome::Delivered,
            Err(SendError::Gone) => Outcome::Gone,
            Err(_) => next_attempt(claimed.attempts, now).map_or(Outcome::GiveUp, Outcome::Retry),
        };
        let status = sent.as_ref().map_or_else(SendError::status, |status| Some(*status));
        let error = sent.as_ref().err().map(ToString::to_string);
        let finished =
            Finished { outcome, status: status.and_then(|status| i16::try_from(status).ok()), error: error.as_deref() };
        let mut tx = self.pool.begin().await?;
        webhook::finish(&mut tx, claimed, finished, now).await?;
        tx.commit().await
    }
}

/// When to try again after so many attempts; up to a tenth sooner or later, so that what failed together does not come
/// back together. `None` when there were enough.
fn next_attempt(attempts: i32, now: DateTime<Utc>) -> Option<DateTime<Utc>> {
    let made = usize::try_from(attempts).ok()?;
    let pause = RETRY_AFTER.get(made.checked_sub(1)?)?.mul_f64(rand::random_range(0.9..=1.1));
    Some(now + TimeDelta::from_std(pause).ok()?)
}

fn log_panic(ended: Result<(), tokio::task::JoinError>) {
    if let Err(error) = ended {
        tracing::error!(%error, "a delivery to a webhook ended by a panic");
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn attempts_go_on_for_a_day() {
        let start = DateTime::UNIX_EPOCH;
        let (mut now, mut attempts) = (start, 1);
        while let Some(next) = next_attempt(attempts, now) {
            assert!(next > now);
            (now, attempts) = (next, attempts + 1);
        }
        assert_eq!(attempts, 8);
        assert!((20..=26).contains(&(now - start).num_hours()), "{}", now - start);
    }
}
