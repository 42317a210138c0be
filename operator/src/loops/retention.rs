//! Forgets what nobody needs any more.

use std::time::Duration;

use chrono::TimeDelta;
use sqlx::PgPool;
use store::{idempotency_key, leader::Epoch, pool, seen_update, webhook};

use super::{
    Context,
    tick::{Loop, Rest, TickError, begin_fenced},
};

const EVERY: Duration = Duration::from_hours(1);
const BATCH_ROWS: i64 = 1_000;
/// Telegram keeps an update for 24 hours.
const KEEP_UPDATES: TimeDelta = TimeDelta::hours(48);
/// For people to see what became of them.
const KEEP_WEBHOOK_DELIVERIES: TimeDelta = TimeDelta::days(7);
/// What the api promises its clients.
const KEEP_IDEMPOTENCY_KEYS: TimeDelta = TimeDelta::hours(48);

pub(super) struct Retention {
    db: PgPool,
}

impl Retention {
    pub(super) fn new(context: &Context) -> Self {
        Self { db: context.db.clone() }
    }
}

impl Loop for Retention {
    const NAME: &'static str = "retention";

    async fn tick(&mut self, epoch: Epoch) -> Result<Rest, TickError> {
        let mut tx = begin_fenced(&self.db, epoch).await?;
        let now = pool::now(&mut tx).await?;
        let updates = seen_update::forget(&mut tx, now - KEEP_UPDATES, BATCH_ROWS).await?;
        let deliveries = webhook::forget(&mut tx, now - KEEP_WEBHOOK_DELIVERIES, BATCH_ROWS).await?;
        let keys = idempotency_key::forget(&mut tx, now - KEEP_IDEMPOTENCY_KEYS, BATCH_ROWS).await?;
        tx.commit().await?;
        let is_full =
            [updates, deliveries, keys].iter().any(|rows| i64::try_from(*rows).is_ok_and(|rows| rows >= BATCH_ROWS));
        Ok(if is_full { Rest::None } else { Rest::For(EVERY) })
    }
}
