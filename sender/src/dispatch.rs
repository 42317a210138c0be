//! Reads the stream and starts sends, in order and at Telegram's pace.

use std::{collections::BTreeMap, sync::Arc, time::Duration};

use anyhow::Context as _;
use chrono::TimeDelta;
use outbound::{Consumer, Delivery, Pace, Permit, consumer::Entry};
use process::{Readiness, Shutdown};
use store::delivery::{self, Key, Waiting};
use tokio::{
    sync::{OwnedSemaphorePermit, Semaphore},
    task::JoinSet,
    time::Instant,
};

use crate::send::Sender;

/// Sends under way at once: the pace times how long Telegram takes to answer, with room.
const IN_FLIGHT: usize = 32;
const BLOCK: Duration = Duration::from_secs(1);
const WHILE_AWAY: Duration = Duration::from_millis(500);
/// Longest time that the pace is waited for without a look at what else happens.
const PACE_STEP: Duration = Duration::from_millis(500);
/// How long Redis may be away before what was read is left to its leases.
const REDIS_AWAY: Duration = Duration::from_secs(20);
/// A delivery that its sender has held for so long is another's: its leases are over.
const TAKE_OVER_IDLE: Duration = Duration::from_secs(40);
const TAKE_OVER_EVERY: Duration = Duration::from_secs(10);

/// What the pace came to say of a delivery.
enum Turn {
    /// It goes now.
    Go,
    /// Its chat has to wait longer than the others; it is due again later.
    PutOff,
    /// The sender leaves first.
    Leaving,
}

/// The loop of a sender. See the module.
pub(crate) struct Dispatcher {
    consumer: Consumer,
    pace: Pace,
    sender: Sender,
    readiness: Readiness,
    permits: Arc<Semaphore>,
    sends: JoinSet<anyhow::Result<()>>,
}

impl Dispatcher {
    pub(crate) fn new(consumer: Consumer, pace: Pace, sender: Sender, readiness: Readiness) -> Self {
        let permits = Arc::new(Semaphore::new(IN_FLIGHT));
        Self { consumer, pace, sender, readiness, permits, sends: JoinSet::new() }
    }

    /// Runs until shutdown, then finishes what is under way and gives the rest back.
    ///
    /// # Errors
    ///
    /// Fatal when Telegram rejects the token; a bug that ended a send.
    pub(crate) async fn run(mut self, shutdown: Shutdown) -> anyhow::Result<()> {
        let mut took_over_at: Option<Instant> = None;
        while !shutdown.is_stopped() {
            self.reap()?;
            // Nothing is taken from the stream that could not be sent.
            if !self.readiness.missing().is_empty() {
                rest(WHILE_AWAY, &shutdown).await;
                continue;
            }
            let take_over = took_over_at.is_none_or(|at| at.elapsed() >= TAKE_OVER_EVERY);
            if take_over {
                took_over_at = Some(Instant::now());
            }
            if let Err(error) = self.step(take_over, &shutdown).await {
                tracing::warn!(error = format!("{error:#}"), "failed to read deliveries, will retry");
                rest(WHILE_AWAY, &shutdown).await;
            }
        }
        while let Some(ended) = self.sends.join_next().await {
            ended.context("a send panicked")??;
        }
        if let Err(error) = self.consumer.leave().await {
            tracing::info!(error = &error as &dyn std::error::Error, "left without a word to Redis");
        }
        Ok(())
    }

    fn reap(&mut self) -> anyhow::Result<()> {
        while let Some(ended) = self.sends.try_join_next() {
            ended.context("a send panicked")??;
        }
        Ok(())
    }

    /// Takes what comes next and starts to send it. A failure leaves the rest to its leases.
    async fn step(&mut self, take_over: bool, shutdown: &Shutdown) -> anyhow::Result<()> {
        let free = self.permits.available_permits();
        if free == 0 {
            // The next send to end makes room.
            let _permit = tokio::time::timeout(BLOCK, self.permits.acquire()).await;
            return Ok(());
        }
        let mut entries = if take_over { self.consumer.take_over(free, TAKE_OVER_IDLE).await? } else { Vec::new() };
        if entries.is_empty() {
            entries = self.consumer.read(free, BLOCK).await?;
        }
        if entries.is_empty() {
            self.pace.prepare().await?;
            return Ok(());
        }
        let mut left = Vec::new();
        for (entry_id, waiting) in self.still_waiting(entries).await? {
            let Some(permit) = self.permit(shutdown).await else {
                left.push((entry_id, waiting.key));
                continue;
            };
            match self.turn(&entry_id, waiting, shutdown).await? {
                Turn::Go => self.start(entry_id, waiting, permit),
                Turn::PutOff => {}
                Turn::Leaving => left.push((entry_id, waiting.key)),
            }
        }
        self.give_back(&left).await.context("failed to give deliveries back, they are left to their leases")
    }

    fn start(&mut self, entry_id: String, waiting: Waiting, permit: OwnedSemaphorePermit) {
        let sender = self.sender.clone();
        let mut acknowledger = self.consumer.acknowledger();
        self.sends.spawn(async move {
            sender.send(waiting).await?;
            if let Err(error) = acknowledger.acknowledge(&[&entry_id]).await {
                // It comes again and is found to be sent.
                tracing::info!(error = &error as &dyn std::error::Error, "failed to acknowledge a delivery");
            }
            drop(permit);
            Ok(())
        });
    }

    /// Lets another sender have what was read, at once. First in Postgres: what the stream alone forgot would be late.
    async fn give_back(&self, left: &[(String, Key)]) -> anyhow::Result<()> {
        if left.is_empty() {
            return Ok(());
        }
        let (entry_ids, keys): (Vec<&str>, Vec<Key>) = left.iter().map(|(id, key)| (id.as_str(), *key)).unzip();
        self.sender.give_back(&keys).await?;
        self.consumer.acknowledger().acknowledge(&entry_ids).await?;
        tracing::info!(delivery.count = left.len(), "gave back what was read but not begun");
        Ok(())
    }

    /// Those that are to be sent, in the stream's order. What is sent already, or due again, leaves the stream.
    async fn still_waiting(&self, entries: Vec<Entry>) -> anyhow::Result<Vec<(String, Waiting)>> {
        let keys: Vec<Key> = entries.iter().filter_map(|entry| entry.delivery).map(key).collect();
        let waiting: BTreeMap<Key, Waiting> =
            self.sender.waiting(&keys).await?.into_iter().map(|waiting| (waiting.key, waiting)).collect();
        let mut still = Vec::with_capacity(waiting.len());
        let mut over = Vec::new();
        for entry in entries {
            match entry.delivery.and_then(|delivery| waiting.get(&key(delivery))) {
                Some(waiting) => still.push((entry.id, *waiting)),
                None => over.push(entry.id),
            }
        }
        let over: Vec<&str> = over.iter().map(String::as_str).collect();
        self.consumer.acknowledger().acknowledge(&over).await?;
        Ok(still)
    }

    async fn permit(&self, shutdown: &Shutdown) -> Option<OwnedSemaphorePermit> {
        tokio::select! {
            biased;
            () = shutdown.stopped() => None,
            permit = Arc::clone(&self.permits).acquire_owned() => permit.ok(),
        }
    }

    /// Waits for the pace.
    async fn turn(&mut self, entry_id: &str, waiting: Waiting, shutdown: &Shutdown) -> anyhow::Result<Turn> {
        let since = Instant::now();
        while !shutdown.is_stopped() {
            match self.pace.take(waiting.chat_id).await {
                Ok(Permit::Go) => return Ok(Turn::Go),
                Ok(Permit::TokenWaits(wait)) => rest(wait.min(PACE_STEP), shutdown).await,
                // Without Redis nobody knows how fast the others send.
                Err(_) if since.elapsed() < REDIS_AWAY => rest(WHILE_AWAY, shutdown).await,
                Err(error) => return Err(error.into()),
                Ok(Permit::ChatWaits(wait)) => {
                    let wait = TimeDelta::from_std(wait).unwrap_or(TimeDelta::MAX);
                    self.sender.postpone(waiting.key, wait).await?;
                    self.consumer.acknowledger().acknowledge(&[entry_id]).await?;
                    return Ok(Turn::PutOff);
                }
            }
        }
        Ok(Turn::Leaving)
    }
}

fn key(delivery: Delivery) -> Key {
    delivery::Key { scheduled_at: delivery.scheduled_at, id: delivery.id }
}

async fn rest(pause: Duration, shutdown: &Shutdown) {
    tokio::select! {
        () = shutdown.stopped() => {}
        () = tokio::time::sleep(pause) => {}
    }
}
