//! Due reminders become deliveries, and due deliveries go to the stream.
//!
//! Invariant: a delivery is marked queued, and that is committed, before the stream takes it: a sender that is quick must
//! not find a row that does not look queued yet. A crash between the two costs one lease, after which the row is due
//! again; so `sender` skips a delivery that is already sent.

use std::num::NonZeroU32;

use chrono::{DateTime, TimeDelta, Utc};
use outbound::{Delivery, Queue, pace};
use sqlx::PgPool;
use store::{delivery, leader::Epoch, pool};

use super::{
    Context, LoopMetrics,
    tick::{Loop, Rest, TickError, begin_fenced},
};

/// Habits of one batch.
const BATCH_ROWS: i64 = 1_000;
/// Batches of one step.
const BATCHES: u32 = 10;
/// How long a queued delivery may stay in the stream before it counts as lost. The stream holds less than that.
const QUEUED_LEASE: TimeDelta = TimeDelta::seconds(30);
/// How many seconds of sending the stream holds at the most: what is most urgent is decided in Postgres.
const STREAM_SECONDS: f64 = 10.0;

/// See the module.
pub(super) struct Reminders {
    db: PgPool,
    queue: Queue,
    expire_after: TimeDelta,
    stream_bound: i64,
    metrics: LoopMetrics,
}

impl Reminders {
    pub(super) fn new(context: &Context) -> Self {
        Self {
            db: context.db.clone(),
            queue: context.queue.clone(),
            expire_after: context.expire_after,
            stream_bound: stream_bound(context.messages_per_second),
            metrics: context.metrics.clone(),
        }
    }

    /// Makes what is due at `now`. Returns whether there is more.
    pub(super) async fn make_due(&mut self, epoch: Epoch, now: DateTime<Utc>) -> Result<bool, TickError> {
        for _ in 0..BATCHES {
            let mut tx = begin_fenced(&self.db, epoch).await?;
            let made = delivery::make_due(&mut tx, now, self.expire_after, BATCH_ROWS).await?;
            tx.commit().await?;
            self.metrics.made.inc_by(made.reminders as u64);
            self.metrics.expired.inc_by(made.expired as u64);
            if made.unknown_zones > 0 {
                tracing::warn!(habit.count = made.unknown_zones, "time zones that are none count as UTC");
            }
            if made.habits > 0 {
                tracing::info!(reminder.count = made.reminders, expired = made.expired, "made due reminders");
            }
            if !made.is_full {
                return Ok(false);
            }
        }
        Ok(true)
    }

    /// Gives the stream what is due at `now`, as far as it has room.
    pub(super) async fn relay(&mut self, epoch: Epoch, now: DateTime<Utc>) -> Result<(), TickError> {
        if self.queue.is_wiped().await? {
            let mut tx = begin_fenced(&self.db, epoch).await?;
            let lost = delivery::requeue_all_queued(&mut tx).await?;
            tx.commit().await?;
            self.metrics.requeued.with_label_values(&["redis_wiped"]).inc_by(lost);
            tracing::info!(delivery.count = lost, "Redis is empty: what was queued is due again");
            self.queue.mark().await?;
        }
        let length = i64::try_from(self.queue.len().await?).unwrap_or(i64::MAX);
        self.metrics.stream_length.set(length);

        let mut tx = begin_fenced(&self.db, epoch).await?;
        let lost = delivery::requeue_expired_leases(&mut tx, now, BATCH_ROWS).await?;
        let room = (self.stream_bound - length).max(0);
        let queued = delivery::queue_due(&mut tx, now, QUEUED_LEASE, room).await?;
        tx.commit().await?;
        self.metrics.requeued.with_label_values(&["lease"]).inc_by(lost);
        self.metrics.expired.inc_by(queued.expired as u64);

        let deliveries: Vec<Delivery> =
            queued.keys.iter().map(|key| Delivery { scheduled_at: key.scheduled_at, id: key.id }).collect();
        self.queue.push(&deliveries).await?;
        self.metrics.queued.inc_by(deliveries.len() as u64);
        if !deliveries.is_empty() {
            tracing::info!(delivery.count = deliveries.len(), "queued due deliveries");
        }
        Ok(())
    }
}

impl Loop for Reminders {
    const NAME: &'static str = "reminders";

    /// First what is due, then what leaves: so a reminder leaves in the step that makes it. Without Redis reminders are
    /// made all the same.
    async fn tick(&mut self, epoch: Epoch) -> Result<Rest, TickError> {
        let now = pool::now(&mut *self.db.acquire().await?).await?;
        let made = self.make_due(epoch, now).await;
        self.relay(epoch, now).await?;
        Ok(if made? { Rest::None } else { Rest::UntilNextSecond(now) })
    }
}

#[expect(clippy::cast_possible_truncation, reason = "ten times a u32 fits an i64")]
fn stream_bound(messages_per_second: NonZeroU32) -> i64 {
    (pace::reminders_per_second(messages_per_second) * STREAM_SECONDS).ceil() as i64
}

#[cfg(test)]
mod tests;
