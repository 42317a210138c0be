//! The work on updates that were brought. It goes on when whoever brought one hangs up: half an update helps nobody.

use std::sync::Arc;

use anyhow::Context as _;
use process::Shutdown;
use teloxide::types::Update;
use tokio::{
    sync::{OwnedSemaphorePermit, mpsc, oneshot},
    task::JoinSet,
};

use crate::{
    handler::Handler,
    hurry::Hurry,
    metrics::Outcome,
    turn::{Taken, Turns},
};

/// One update to handle.
#[derive(Debug)]
pub(super) struct Job {
    pub(super) update: Update,
    /// Hears whether the update is handled; if not, it has to be brought again.
    pub(super) ended: oneshot::Sender<bool>,
    /// Its place among those in hand.
    pub(super) place: OwnedSemaphorePermit,
}

/// Cheap to clone.
#[derive(Clone)]
pub(super) struct Work {
    handler: Arc<Handler>,
    turns: Turns,
    shutdown: Shutdown,
}

impl Work {
    pub(super) fn new(handler: Arc<Handler>, turns: Turns, shutdown: Shutdown) -> Self {
        Self { handler, turns, shutdown }
    }

    /// Handles what comes through the queue, each update beside the others, until nobody is left who could bring one and
    /// all are handled.
    ///
    /// # Errors
    ///
    /// Fails when a worker died.
    pub(super) async fn run(self, mut queue: mpsc::Receiver<Job>) -> anyhow::Result<()> {
        let mut workers = JoinSet::new();
        loop {
            tokio::select! {
                job = queue.recv() => {
                    let Some(job) = job else { break };
                    workers.spawn(self.clone().work(job));
                }
                Some(ended) = workers.join_next() => ended.context("a worker died")?,
            }
        }
        while let Some(ended) = workers.join_next().await {
            ended.context("a worker died")?;
        }
        Ok(())
    }

    async fn work(self, job: Job) {
        let is_handled = self.handle(job.update).await;
        drop(job.place);
        // Whoever brought it may be gone; when it comes again, it is known.
        let _ = job.ended.send(is_handled);
    }

    /// Handles an update when it is its turn; tells whether it is handled.
    async fn handle(&self, update: Update) -> bool {
        // Nothing that the bot does hangs on an update of nobody's.
        let Some(person) = update.from().map(|user| user.id.0) else {
            return Box::pin(self.handler.handle(update, &Hurry::never())).await != Outcome::Left;
        };
        let id = update.id;
        let turn = match self.turns.take(person, id, &self.shutdown).await {
            Taken::Mine(turn) => turn,
            Taken::Seen => return true,
            Taken::Late(reason) => {
                tracing::warn!(update_id = id.0, reason, "an update has to come again");
                return false;
            }
        };
        let outcome = turn.hold(Box::pin(self.handler.handle(update, &Hurry::never()))).await;
        let is_handled = outcome.is_some_and(|outcome| outcome != Outcome::Left);
        let ended = if is_handled { turn.done().await } else { turn.leave().await };
        if let Err(error) = ended {
            // What is handled is handled: it does not have to come again.
            tracing::warn!(update_id = id.0, %error, "a turn stays taken until its lease ends");
        }
        is_handled
    }
}
