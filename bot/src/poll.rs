//! The one poller: takes updates from Telegram, and confirms them once they are handled (docs/adr/0001).

use std::{pin::pin, sync::Arc, time::Duration};

use process::{Readiness, Shutdown};
use teloxide::{
    ApiError, RequestError,
    types::{Update, UpdateId},
};
use tokio::time::{sleep, timeout};

use crate::{
    backoff::Backoff,
    handler::Handler,
    metrics::Outcome,
    readiness::TELEGRAM,
    start::{self, Delivery},
    telegram::{self, BATCH_UPDATES, POLL_SECONDS, Telegram},
};

mod queues;
mod window;

use queues::Queues;
use window::Window;

/// Between two questions while something is in hand: Telegram answers those at once, with what is not confirmed.
const SHORTEST_PAUSE: Duration = Duration::from_millis(50);
/// With nothing new for a while. This is the most that a slow person delays others.
const LONGEST_PAUSE: Duration = Duration::from_millis(250);

/// People who hold up all others when nobody else's update fits into what Telegram shows. When it is more, something that
/// all need is away, and hurry would only fail their updates sooner.
const FEW_PEOPLE: usize = 10;

/// For what is in hand at shutdown, a little more than one update may take, and to confirm it: together below the time
/// for an orderly end.
const IN_HAND: Duration = Duration::from_secs(18);
const CONFIRM_WITHIN: Duration = Duration::from_secs(4);

/// Polls until shutdown, then finishes what is in hand and confirms it.
///
/// # Errors
///
/// Fatal when Telegram does not know the token; fails when a worker died.
pub async fn run(
    telegram: Telegram,
    handler: Arc<Handler>,
    readiness: &Readiness,
    shutdown: &Shutdown,
) -> anyhow::Result<()> {
    start::meet(&telegram, Delivery::Polling, readiness, shutdown).await?;
    let mut poller = Poller {
        telegram,
        readiness,
        shutdown,
        backoff: Backoff::default(),
        wait_seconds: 0,
        pause: SHORTEST_PAUSE,
        work: Work { queues: Queues::new(handler), window: Window::default(), asked: 0 },
    };
    loop {
        tokio::select! {
            biased;
            () = shutdown.stopped() => break,
            round = poller.round() => round?,
        }
    }
    poller.finish().await
}

struct Poller<'a> {
    telegram: Telegram,
    readiness: &'a Readiness,
    shutdown: &'a Shutdown,
    backoff: Backoff,
    /// Zero at the start and after a failure, so that readiness does not lag behind by a long poll.
    wait_seconds: u32,
    pause: Duration,
    work: Work,
}

impl Poller<'_> {
    /// Asks Telegram once, and hands out what is new, while people's workers go on. May be given up at any moment.
    async fn round(&mut self) -> anyhow::Result<()> {
        self.work.rest(self.pause).await?;
        let offset = self.work.window.offset();
        match self.work.meanwhile(self.telegram.updates(offset, self.wait_seconds)).await? {
            Ok(updates) => {
                self.readiness.set(TELEGRAM, Ok(()));
                self.backoff = Backoff::default();
                self.wait_seconds = POLL_SECONDS;
                let has_new = self.work.take(offset, updates);
                self.pause = if has_new { SHORTEST_PAUSE } else { (self.pause * 2).min(LONGEST_PAUSE) };
            }
            Err(RequestError::Api(ApiError::InvalidToken)) => return Err(start::token_rejected()),
            Err(error) => {
                // With another poller on the same token, 409, too: whoever is left takes over.
                self.readiness.set(TELEGRAM, Err(telegram::reason(&error)));
                self.wait_seconds = 0;
                self.work.meanwhile(self.backoff.wait(self.shutdown, &error)).await?;
            }
        }
        Ok(())
    }

    async fn finish(mut self) -> anyhow::Result<()> {
        if let Ok(finished) = timeout(IN_HAND, self.work.finish()).await {
            finished?;
        } else {
            tracing::warn!("what was still in hand comes again");
        }
        let offset = self.work.window.offset();
        if offset == 0 {
            return Ok(());
        }
        let confirmed = timeout(CONFIRM_WITHIN, self.telegram.confirm(offset)).await;
        let problem = match confirmed {
            Ok(Ok(())) => return Ok(()),
            Ok(Err(error)) => telegram::reason(&error),
            Err(_) => "no answer in time".to_owned(),
        };
        tracing::warn!(error = problem, "the last updates stay unconfirmed and will come again");
        Ok(())
    }
}

/// What is in hand, and how that stands to what Telegram shows.
struct Work {
    queues: Queues,
    window: Window,
    /// Where the last question began.
    asked: i32,
}

impl Work {
    /// Hands out what is new of what Telegram gave from `offset` on; tells whether there was anything.
    fn take(&mut self, offset: i32, updates: Vec<Update>) -> bool {
        self.window.note(offset, updates.iter().map(|update| update.id));
        let is_stuck = updates.len() >= usize::from(BATCH_UPDATES) && offset == self.asked;
        self.asked = offset;
        let mut has_new = false;
        for update in updates {
            let id = update.id;
            if self.window.is_waiting(id) && self.queues.take(update) {
                self.window.begin(id);
                has_new = true;
            }
        }
        self.queues.hurry(is_stuck && !has_new && self.queues.people() <= FEW_PEOPLE);
        has_new
    }

    /// Waits for `future` while people's workers go on.
    async fn meanwhile<T>(&mut self, future: impl Future<Output = T>) -> anyhow::Result<T> {
        let mut future = pin!(future);
        loop {
            tokio::select! {
                done = &mut future => return Ok(done),
                ended = self.queues.next() => self.note(ended?),
            }
        }
    }

    /// Pauses while something is in hand.
    async fn rest(&mut self, pause: Duration) -> anyhow::Result<()> {
        let mut over = pin!(sleep(pause));
        while self.queues.people() > 0 {
            tokio::select! {
                () = &mut over => break,
                ended = self.queues.next() => self.note(ended?),
            }
        }
        Ok(())
    }

    /// Finishes what is in hand, and leaves what waits.
    async fn finish(&mut self) -> anyhow::Result<()> {
        self.queues.leave_waiting();
        while self.queues.people() > 0 {
            let ended = self.queues.next().await?;
            self.note(ended);
        }
        Ok(())
    }

    fn note(&mut self, (id, outcome): (UpdateId, Outcome)) {
        if outcome != Outcome::Left {
            self.window.handled(id);
        }
    }
}
