//! The end of the stream that the senders read, as one consumer group.

use std::time::Duration;

use chrono::DateTime;
use redis::{
    AsyncCommands as _, Client, ErrorKind, RedisError, RedisResult,
    aio::{ConnectionManager, MultiplexedConnection},
    streams::{StreamAutoClaimOptions, StreamAutoClaimReply, StreamId, StreamReadOptions, StreamReadReply},
};

use crate::{
    Delivery, Keys, connection,
    queue::{ID, SCHEDULED_AT},
};

const GROUP: &str = "senders";

/// How much longer than its block a read may take before the connection counts as dead.
const READ_SLACK: Duration = Duration::from_secs(3);

/// A delivery in this consumer's hands, until it is acknowledged.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// Redis' name of the entry.
    pub id: String,
    /// `None` for an entry that this build cannot read.
    pub delivery: Option<Delivery>,
}

/// One sender's hand on the stream.
pub struct Consumer {
    client: Client,
    /// Reads block, so they have a connection of their own; `None` while there is none.
    reader: Option<MultiplexedConnection>,
    redis: ConnectionManager,
    keys: Keys,
    name: String,
}

impl Consumer {
    /// `name` tells this consumer from all others of the group, those of the past included.
    ///
    /// # Errors
    ///
    /// Fails on a client that cannot work; an unreachable server is not noticed here.
    pub fn new(client: Client, keys: Keys, name: String) -> RedisResult<Self> {
        let redis = connection::lazy(client.clone())?;
        Ok(Self { client, reader: None, redis, keys, name })
    }

    /// The next `count` deliveries at the most; none when nothing came for the time of `block`.
    ///
    /// Dropping this before its end leaves what it took to [`Self::take_over`].
    ///
    /// # Errors
    ///
    /// Fails when Redis does. The next call begins with a new connection.
    pub async fn read(&mut self, count: usize, block: Duration) -> RedisResult<Vec<Entry>> {
        let mut reader = match self.reader.take() {
            Some(reader) => reader,
            None => connection::patient(&self.client).await?,
        };
        let block_ms = usize::try_from(block.as_millis()).unwrap_or(usize::MAX);
        let options = StreamReadOptions::default().group(GROUP, &self.name).count(count).block(block_ms);
        let stream = [self.keys.stream()];
        let read = reader.xread_options(&stream, &[">"], &options);
        let reply: RedisResult<Option<StreamReadReply>> = tokio::time::timeout(block + READ_SLACK, read)
            .await
            .unwrap_or_else(|_| Err(RedisError::from((ErrorKind::Io, "Redis does not answer a blocking read"))));
        match reply {
            Ok(reply) => {
                self.reader = Some(reader);
                let ids = reply.into_iter().flat_map(|reply| reply.keys).flat_map(|key| key.ids);
                Ok(ids.map(entry).collect())
            }
            Err(error) if is_group_missing(&error) => {
                self.reader = Some(reader);
                self.create_group().await?;
                Ok(Vec::new())
            }
            Err(error) => Err(error),
        }
    }

    /// Takes over at most `count` deliveries that another consumer took at least `idle` ago and never acknowledged.
    ///
    /// # Errors
    ///
    /// Fails when Redis does.
    pub async fn take_over(&mut self, count: usize, idle: Duration) -> RedisResult<Vec<Entry>> {
        let idle_ms = usize::try_from(idle.as_millis()).unwrap_or(usize::MAX);
        let options = StreamAutoClaimOptions::default().count(count);
        let reply: RedisResult<StreamAutoClaimReply> =
            self.redis.xautoclaim_options(self.keys.stream(), GROUP, &self.name, idle_ms, "0-0", options).await;
        match reply {
            Ok(reply) => Ok(reply.claimed.into_iter().map(entry).collect()),
            Err(error) if is_group_missing(&error) => Ok(Vec::new()),
            Err(error) => Err(error),
        }
    }

    /// A handle that acknowledges deliveries while this consumer reads on.
    pub fn acknowledger(&self) -> Acknowledger {
        Acknowledger { redis: self.redis.clone(), keys: self.keys.clone() }
    }

    /// Removes this consumer from the group, if nothing is in its hands.
    ///
    /// With something in its hands it stays, so that another can take that over.
    ///
    /// # Errors
    ///
    /// Fails when Redis does.
    pub async fn leave(mut self) -> RedisResult<()> {
        let stream = self.keys.stream();
        let held: redis::streams::StreamPendingCountReply =
            self.redis.xpending_consumer_count(&stream, GROUP, "-", "+", 1, &self.name).await?;
        if held.ids.is_empty() {
            let _: usize = self.redis.xgroup_delconsumer(&stream, GROUP, &self.name).await?;
        }
        Ok(())
    }

    /// From the stream's beginning: what was added before there was a group is to be sent too.
    async fn create_group(&mut self) -> RedisResult<()> {
        let created: RedisResult<()> = self.redis.xgroup_create_mkstream(self.keys.stream(), GROUP, "0").await;
        match created {
            Err(error) if error.code() == Some("BUSYGROUP") => Ok(()),
            other => other,
        }
    }
}

/// Acknowledges deliveries. Cheap to clone.
#[derive(Clone)]
pub struct Acknowledger {
    redis: ConnectionManager,
    keys: Keys,
}

impl Acknowledger {
    /// Takes entries out of the stream for good, all or none.
    ///
    /// # Errors
    ///
    /// Fails when Redis does; the entries come again then, and their deliveries are found to be sent or due.
    pub async fn acknowledge(&mut self, entry_ids: &[&str]) -> RedisResult<()> {
        if entry_ids.is_empty() {
            return Ok(());
        }
        let stream = self.keys.stream();
        redis::pipe()
            .atomic()
            .xack(&stream, GROUP, entry_ids)
            .ignore()
            .xdel(&stream, entry_ids)
            .ignore()
            .query_async(&mut self.redis)
            .await
    }
}

fn entry(raw: StreamId) -> Entry {
    let scheduled_at = raw.get::<i64>(SCHEDULED_AT).and_then(DateTime::from_timestamp_micros);
    let delivery = scheduled_at.zip(raw.get::<i64>(ID)).map(|(scheduled_at, id)| Delivery { scheduled_at, id });
    Entry { id: raw.id, delivery }
}

fn is_group_missing(error: &RedisError) -> bool {
    error.code() == Some("NOGROUP")
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;
    use crate::{Queue, testing};

    const BLOCK: Duration = Duration::from_millis(700);

    fn consumer(keys: &Keys, name: &str) -> Consumer {
        Consumer::new(testing::client(), keys.clone(), name.to_owned()).unwrap()
    }

    fn deliveries(count: i64) -> Vec<Delivery> {
        let scheduled_at = "2026-11-22T12:00:00.000001Z".parse().unwrap();
        (1..=count).map(|id| Delivery { scheduled_at, id }).collect()
    }

    /// Reads until something comes: the first call may have to create the group.
    async fn next(consumer: &mut Consumer, count: usize) -> Vec<Entry> {
        for _ in 0..2 {
            let entries = consumer.read(count, BLOCK).await.unwrap();
            if !entries.is_empty() {
                return entries;
            }
        }
        Vec::new()
    }

    fn named(entries: &[Entry]) -> Vec<Delivery> {
        entries.iter().map(|entry| entry.delivery.unwrap()).collect()
    }

    #[tokio::test]
    async fn what_was_queued_before_the_first_sender_came_is_read_in_order() {
        let keys = testing::keys();
        let mut queue = Queue::new(testing::redis(), keys.clone());
        queue.push(&deliveries(3)).await.unwrap();
        let entries = next(&mut consumer(&keys, "first"), 10).await;
        assert_eq!(named(&entries), deliveries(3));
    }

    /// With its default response timeout of 500 ms, redis-rs turns a longer block into an error.
    #[tokio::test]
    async fn a_read_of_nothing_blocks_and_is_no_error() {
        let keys = testing::keys();
        let mut consumer = consumer(&keys, "first");
        for _ in 0..2 {
            assert_eq!(consumer.read(1, BLOCK).await.unwrap(), []);
        }
    }

    #[tokio::test]
    async fn each_delivery_goes_to_one_consumer() {
        let keys = testing::keys();
        Queue::new(testing::redis(), keys.clone()).push(&deliveries(2)).await.unwrap();
        let first = next(&mut consumer(&keys, "first"), 1).await;
        let second = next(&mut consumer(&keys, "second"), 2).await;
        let all: BTreeSet<_> = named(&first).into_iter().chain(named(&second)).collect();
        assert_eq!(all, deliveries(2).into_iter().collect());
    }

    #[tokio::test]
    async fn what_is_acknowledged_leaves_the_stream() {
        let keys = testing::keys();
        let mut queue = Queue::new(testing::redis(), keys.clone());
        queue.push(&deliveries(2)).await.unwrap();
        let mut consumer = consumer(&keys, "first");
        let entries = next(&mut consumer, 2).await;
        consumer.acknowledger().acknowledge(&[&entries[0].id]).await.unwrap();
        assert_eq!(queue.len().await.unwrap(), 1);
        let rest = consumer.take_over(10, Duration::ZERO).await.unwrap();
        assert_eq!(named(&rest), deliveries(2)[1..]);
    }

    #[tokio::test]
    async fn what_a_dead_consumer_held_is_taken_over() {
        let keys = testing::keys();
        Queue::new(testing::redis(), keys.clone()).push(&deliveries(1)).await.unwrap();
        let mut dead = consumer(&keys, "dead");
        assert_eq!(next(&mut dead, 1).await.len(), 1);
        dead.leave().await.unwrap();
        let mut heir = consumer(&keys, "heir");
        assert_eq!(heir.take_over(1, Duration::from_mins(1)).await.unwrap(), []);
        assert_eq!(named(&heir.take_over(1, Duration::ZERO).await.unwrap()), deliveries(1));
    }

    #[tokio::test]
    async fn a_wiped_redis_is_noticed_and_read_on() {
        let keys = testing::keys();
        let mut queue = Queue::new(testing::redis(), keys.clone());
        assert!(queue.is_wiped().await.unwrap());
        queue.mark().await.unwrap();
        assert!(!queue.is_wiped().await.unwrap());
        let mut consumer = consumer(&keys, "first");
        consumer.read(1, BLOCK).await.unwrap();

        testing::wipe(&keys).await;
        assert!(queue.is_wiped().await.unwrap());
        queue.push(&deliveries(2)).await.unwrap();
        assert_eq!(named(&next(&mut consumer, 10).await), deliveries(2));
    }
}
