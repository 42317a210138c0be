//! The one poller: takes updates from Telegram, and confirms them once they are handled (docs/adr/0001).

use std::{
    collections::{HashMap, HashSet, VecDeque},
    time::Duration,
};

use futures::StreamExt as _;
use process::{Readiness, Shutdown};
use teloxide::{
    ApiError, RequestError,
    types::{Update, UpdateId},
};
use tokio::time::Instant;

use crate::{
    backoff::Backoff,
    handler::Handler,
    metrics::Outcome,
    readiness::TELEGRAM,
    start,
    telegram::{self, BATCH_UPDATES, POLL_SECONDS, Telegram},
};

/// People whose updates are handled at the same time: all of a batch, so that nobody waits for others.
const PEOPLE_AT_ONCE: usize = BATCH_UPDATES as usize;

/// How long the updates of a batch are begun; what one person has left then comes with the next batch. With the time that
/// the last of them may take, this is below the time for an orderly end.
const BEGIN_WITHIN: Duration = Duration::from_secs(5);

/// Polls until shutdown, then finishes the batch in hand and confirms it.
///
/// # Errors
///
/// Fatal when Telegram does not know the token.
pub async fn run(
    telegram: &Telegram,
    handler: &Handler,
    readiness: &Readiness,
    shutdown: &Shutdown,
) -> anyhow::Result<()> {
    start::meet(telegram, readiness, shutdown).await?;
    let mut backoff = Backoff::default();
    // Zero asks for the first update that is not confirmed.
    let mut offset = 0;
    let mut done = Done::default();
    // The first request after a failure comes back at once, so that readiness does not lag behind by a long poll.
    let mut wait_seconds = 0;
    while !shutdown.is_stopped() {
        let taken = tokio::select! {
            () = shutdown.stopped() => break,
            taken = telegram.updates(offset, wait_seconds) => taken,
        };
        match taken {
            Ok(updates) => {
                readiness.set(TELEGRAM, Ok(()));
                backoff = Backoff::default();
                wait_seconds = POLL_SECONDS;
                offset = handle_all(handler, updates, &mut done).await.unwrap_or(offset);
            }
            Err(RequestError::Api(ApiError::InvalidToken)) => return Err(start::token_rejected()),
            Err(error) => {
                // With another poller on the same token, 409, too: whoever is left takes over.
                readiness.set(TELEGRAM, Err(telegram::reason(&error)));
                wait_seconds = 0;
                backoff.wait(shutdown, &error).await;
            }
        }
    }
    if offset > 0
        && let Err(error) = telegram.confirm(offset).await
    {
        tracing::warn!(error = telegram::reason(&error), "the last updates stay unconfirmed and will come again");
    }
    Ok(())
}

/// Updates that are handled although an earlier one of somebody else is not, so that the offset stays below them.
type Done = HashSet<UpdateId>;

/// Handles a batch: one person's updates in order, people beside each other. Gives the offset up to which all is handled,
/// or nothing for an empty batch.
async fn handle_all(handler: &Handler, mut updates: Vec<Update>, done: &mut Done) -> Option<i32> {
    let end = updates.iter().map(|update| offset_after(update.id)).max()?;
    updates.retain(|update| !done.contains(&update.id));
    done.extend(updates.iter().map(|update| update.id));
    let begin_until = Instant::now() + BEGIN_WITHIN;
    let left = futures::stream::iter(by_person(updates))
        .map(|updates| handle_person(handler, updates, begin_until))
        .buffer_unordered(PEOPLE_AT_ONCE)
        .flat_map(futures::stream::iter)
        .collect::<Vec<UpdateId>>()
        .await;
    let first_left = left.iter().min().map(|id| offset_after(*id) - 1);
    done.retain(|id| !left.contains(id) && first_left.is_some_and(|first| offset_after(*id) > first));
    Some(first_left.unwrap_or(end))
}

/// Handles one person's updates; gives those that are left for later: once one is, no other is touched. The first is begun
/// in any case.
async fn handle_person(handler: &Handler, updates: Vec<Update>, begin_until: Instant) -> VecDeque<UpdateId> {
    let mut left: VecDeque<UpdateId> = updates.iter().map(|update| update.id).collect();
    for update in updates {
        if handler.handle(update).await == Outcome::Left {
            break;
        }
        left.pop_front();
        if Instant::now() >= begin_until {
            break;
        }
    }
    left
}

fn offset_after(id: UpdateId) -> i32 {
    i32::try_from(id.0).unwrap_or(i32::MAX).saturating_add(1)
}

/// Updates of nobody in particular count as one person's.
fn by_person(updates: Vec<Update>) -> Vec<Vec<Update>> {
    let mut places: HashMap<Option<u64>, usize> = HashMap::new();
    let mut people: Vec<Vec<Update>> = Vec::new();
    for update in updates {
        let place = *places.entry(update.from().map(|user| user.id.0)).or_insert_with(|| {
            people.push(Vec::new());
            people.len() - 1
        });
        people[place].push(update);
    }
    people
}
