//! The end of the stream that the loops write.

use redis::{AsyncCommands as _, RedisResult, aio::ConnectionManager};

use crate::{Delivery, Keys};

pub(crate) const SCHEDULED_AT: &str = "scheduled_at";
pub(crate) const ID: &str = "id";

/// Writes deliveries to the stream.
#[derive(Clone)]
pub struct Queue {
    redis: ConnectionManager,
    keys: Keys,
}

impl Queue {
    pub fn new(redis: ConnectionManager, keys: Keys) -> Self {
        Self { redis, keys }
    }

    /// Whether Redis lost everything since [`Self::mark`]: then nothing of what Postgres calls queued is queued.
    ///
    /// # Errors
    ///
    /// Fails when Redis does.
    pub async fn is_wiped(&mut self) -> RedisResult<bool> {
        let marked: bool = self.redis.exists(self.keys.marker()).await?;
        Ok(!marked)
    }

    /// Leaves the marker whose absence says that Redis was wiped.
    ///
    /// # Errors
    ///
    /// Fails when Redis does.
    pub async fn mark(&mut self) -> RedisResult<()> {
        self.redis.set(self.keys.marker(), 1).await
    }

    /// How many deliveries are in the stream, those in a sender's hands included.
    ///
    /// # Errors
    ///
    /// Fails when Redis does.
    pub async fn len(&mut self) -> RedisResult<usize> {
        self.redis.xlen(self.keys.stream()).await
    }

    /// Adds deliveries in this order, in one round trip.
    ///
    /// To be called once Postgres has committed that they are queued: a quick sender must find them so.
    ///
    /// # Errors
    ///
    /// After an error some of them may be in the stream.
    pub async fn push(&mut self, deliveries: &[Delivery]) -> RedisResult<()> {
        if deliveries.is_empty() {
            return Ok(());
        }
        let stream = self.keys.stream();
        let mut pipeline = redis::pipe();
        for delivery in deliveries {
            let fields = [(SCHEDULED_AT, delivery.scheduled_at.timestamp_micros()), (ID, delivery.id)];
            pipeline.xadd(&stream, "*", &fields).ignore();
        }
        pipeline.query_async(&mut self.redis).await
    }
}
