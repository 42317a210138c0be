//! Long polling: <https://core.telegram.org/bots/api#getupdates>.

use std::time::Duration;

use serde_json::{Value, json};

use super::{error::ApiError, request::Params};
use crate::{shared::Shared, world::World};

/// Telegram waits no longer than this.
const MAX_WAIT_S: u64 = 50;
const MAX_UPDATES: usize = 100;

/// Gives waiting updates at once, or waits for the first one.
pub(crate) async fn get_updates(shared: &Shared, bot_id: i64, params: &Params) -> Result<Value, ApiError> {
    let poll = shared.write(|world| begin(world, bot_id, params))?;
    let limit =
        params.integer("limit").and_then(|limit| usize::try_from(limit).ok()).unwrap_or(MAX_UPDATES).min(MAX_UPDATES);
    let seconds =
        params.integer("timeout").and_then(|timeout| u64::try_from(timeout).ok()).unwrap_or(0).min(MAX_WAIT_S);
    let found = shared.wait_for(Duration::from_secs(seconds), |world| look(world, bot_id, poll, limit)).await;
    found.unwrap_or_else(|| Ok(json!([])))
}

/// Confirms updates and ends an earlier poll; gives the number of this one.
fn begin(world: &mut World, bot_id: i64, params: &Params) -> Result<u64, ApiError> {
    let bot = world.bots.get_mut(&bot_id).ok_or_else(ApiError::unauthorized)?;
    if bot.webhook.is_some() {
        return Err(conflict(
            "can't use getUpdates method while webhook is active; use deleteWebhook to delete the webhook first",
        ));
    }
    bot.updates.confirm(params.integer("offset").unwrap_or(0));
    if let Some(kinds) = params.value("allowed_updates").and_then(Value::as_array) {
        bot.updates.allow(kinds.iter().filter_map(Value::as_str).map(str::to_owned).collect());
    }
    bot.polls += 1;
    Ok(bot.polls)
}

fn look(world: &World, bot_id: i64, poll: u64, limit: usize) -> Option<Result<Value, ApiError>> {
    let bot = world.bots.get(&bot_id)?;
    if bot.polls != poll {
        return Some(Err(conflict(
            "terminated by other getUpdates request; make sure that only one bot instance is running",
        )));
    }
    if bot.webhook.is_some() {
        return Some(Err(conflict("terminated by setWebhook request")));
    }
    let updates = bot.updates.first(limit);
    (!updates.is_empty()).then(|| Ok(json!(updates)))
}

fn conflict(what: &str) -> ApiError {
    ApiError::new(409, format!("Conflict: {what}"))
}
