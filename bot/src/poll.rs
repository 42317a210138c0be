//! The one poller: takes updates from Telegram, and confirms them once they are handled (docs/adr/0001).

use std::collections::HashMap;

use futures::StreamExt as _;
use process::{Readiness, Shutdown};
use teloxide::{
    ApiError, RequestError,
    types::{Update, UpdateId},
};

use crate::{
    backoff::Backoff,
    handler::Handler,
    metrics::Outcome,
    readiness::TELEGRAM,
    start,
    telegram::{self, POLL_SECONDS, Telegram},
};

/// People whose updates are handled at the same time.
const PEOPLE_AT_ONCE: usize = 64;

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
                offset = handle_all(handler, updates).await.unwrap_or(offset);
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

/// Handles a batch: one person's updates in order, people beside each other. Gives the offset up to which all is handled,
/// or nothing for an empty batch.
async fn handle_all(handler: &Handler, updates: Vec<Update>) -> Option<i32> {
    let end = updates.iter().map(|update| offset_after(update.id)).max()?;
    let left = futures::stream::iter(by_person(updates))
        .map(|updates| first_left(handler, updates))
        .buffer_unordered(PEOPLE_AT_ONCE)
        .filter_map(async |left| left)
        .collect::<Vec<UpdateId>>()
        .await;
    let first_left = left.into_iter().map(|id| i32::try_from(id.0).unwrap_or(i32::MAX)).min();
    Some(first_left.unwrap_or(end))
}

/// Handles one person's updates; gives the first that was left for later, after which no other is touched.
async fn first_left(handler: &Handler, updates: Vec<Update>) -> Option<UpdateId> {
    for update in updates {
        let id = update.id;
        if handler.handle(update).await == Outcome::Left {
            return Some(id);
        }
    }
    None
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
