//! Ends the streaks whose day was missed.

use std::time::Instant;

use sqlx::PgPool;
use store::{leader::Epoch, pool};

use super::{
    Context, LoopMetrics,
    tick::{Loop, Rest, TickError, begin_fenced},
};

const BATCH_ROWS: i64 = 1_000;
/// Rest between full batches, in percent of the time that the last one took: people's requests go on meanwhile.
const REST_PERCENT: u32 = 75;

pub(super) struct Streaks {
    db: PgPool,
    metrics: LoopMetrics,
}

impl Streaks {
    pub(super) fn new(context: &Context) -> Self {
        Self { db: context.db.clone(), metrics: context.metrics.clone() }
    }
}

impl Loop for Streaks {
    const NAME: &'static str = "streaks";

    async fn tick(&mut self, epoch: Epoch) -> Result<Rest, TickError> {
        let begun = Instant::now();
        let mut tx = begin_fenced(&self.db, epoch).await?;
        let now = pool::now(&mut tx).await?;
        let ended = store::streak::end_missed(&mut tx, now, BATCH_ROWS).await?;
        tx.commit().await?;
        self.metrics.streaks_ended.inc_by(ended);
        let is_full = i64::try_from(ended).is_ok_and(|ended| ended >= BATCH_ROWS);
        Ok(if is_full { Rest::For(begun.elapsed() * REST_PERCENT / 100) } else { Rest::UntilNextSecond(now) })
    }
}
