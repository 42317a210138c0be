//! Reading the log of calls.

use std::sync::Arc;

use axum::{
    Json,
    extract::{Query, State},
};
use serde::{Deserialize, Serialize};

use super::{BotQuery, WaitQuery};
use crate::{calls::Call, shared::Shared, world::World};

const MAX_LISTED: usize = 10_000;

/// Which calls to list; all that is given must hold.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct CallFilter {
    /// In any case.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub method: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub chat_id: Option<i64>,
    /// Only calls of a higher number.
    pub after: u64,
    /// Only calls with a mistake of the calling program.
    pub only_violations: bool,
    /// Wait until so many calls match.
    pub count: usize,
}

impl CallFilter {
    /// Calls of one method.
    pub fn method(method: &str) -> Self {
        Self { method: Some(method.to_owned()), ..Self::default() }
    }

    #[must_use]
    pub fn in_chat(mut self, chat_id: i64) -> Self {
        self.chat_id = Some(chat_id);
        self
    }

    #[must_use]
    pub fn times(mut self, count: usize) -> Self {
        self.count = count;
        self
    }

    fn holds_for(&self, call: &Call) -> bool {
        call.number > self.after
            && self.method.as_ref().is_none_or(|method| method.eq_ignore_ascii_case(&call.method))
            && (self.chat_id.is_none() || self.chat_id == call.chat_id)
            && (!self.only_violations || !call.violations.is_empty())
    }
}

/// `GET /control/calls`: oldest first. With `count` and `timeout_ms` it waits for so many calls and gives what is there
/// then, which may be fewer.
pub(crate) async fn list(
    State(shared): State<Arc<Shared>>,
    Query(bot): Query<BotQuery>,
    Query(filter): Query<CallFilter>,
    Query(wait): Query<WaitQuery>,
) -> Json<Vec<Call>> {
    let enough = |world: &World| {
        let calls = matching(world, bot, &filter);
        (calls.len() >= filter.count).then_some(calls)
    };
    let found = shared.wait_for(wait.timeout(), enough).await;
    Json(found.unwrap_or_else(|| shared.read(|world| matching(world, bot, &filter))))
}

fn matching(world: &World, bot: BotQuery, filter: &CallFilter) -> Vec<Call> {
    let of_bot = |call: &&Call| bot.bot.is_none() || call.bot_id == bot.bot;
    world.log.iter().filter(of_bot).filter(|call| filter.holds_for(call)).take(MAX_LISTED).cloned().collect()
}
