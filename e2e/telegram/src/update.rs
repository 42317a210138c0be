//! Updates that wait for a bot: <https://core.telegram.org/bots/api#getting-updates>.

use std::collections::VecDeque;

use serde_json::{Value, json};

/// One update, ready to be handed out.
#[derive(Debug, Clone)]
pub(crate) struct Update {
    pub(crate) id: i64,
    pub(crate) body: Value,
}

/// Updates a bot has not confirmed yet, oldest first.
#[derive(Debug)]
pub(crate) struct UpdateQueue {
    waiting: VecDeque<Update>,
    next_id: i64,
    /// Kinds the bot wants; `None` = Telegram's default set.
    pub(crate) allowed: Option<Vec<String>>,
    /// Lost because the queue was full.
    pub(crate) dropped: u64,
}

/// Kinds that come only when they were asked for.
const ONLY_ON_REQUEST: [&str; 3] = ["chat_member", "message_reaction", "message_reaction_count"];

impl UpdateQueue {
    pub(crate) fn new(first_id: i64) -> Self {
        Self { waiting: VecDeque::new(), next_id: first_id, allowed: None, dropped: 0 }
    }

    /// Queues an update and gives its id; `None` when the bot does not want this kind.
    pub(crate) fn push(&mut self, kind: &str, payload: &Value, bound: usize) -> Option<i64> {
        let wanted = match &self.allowed {
            Some(kinds) => kinds.iter().any(|allowed| allowed == kind),
            None => !ONLY_ON_REQUEST.contains(&kind),
        };
        if !wanted {
            return None;
        }
        if self.waiting.len() >= bound.max(1) {
            self.waiting.pop_front();
            self.dropped += 1;
        }
        let id = self.next_id;
        self.next_id += 1;
        self.waiting.push_back(Update { id, body: json!({ "update_id": id, kind: payload }) });
        Some(id)
    }

    /// Sets the kinds a bot wants; an empty list is Telegram's default set.
    pub(crate) fn allow(&mut self, kinds: Vec<String>) {
        self.allowed = Some(kinds).filter(|kinds| !kinds.is_empty());
    }

    /// Forgets what the offset confirms: everything below it, or, if it is negative, all but the last `-offset`.
    pub(crate) fn confirm(&mut self, offset: i64) {
        if offset < 0 {
            let kept = usize::try_from(offset.unsigned_abs()).unwrap_or(usize::MAX);
            let gone = self.waiting.len().saturating_sub(kept);
            self.waiting.drain(..gone);
        } else {
            while self.waiting.front().is_some_and(|update| update.id < offset) {
                self.waiting.pop_front();
            }
        }
    }

    pub(crate) fn first(&self, limit: usize) -> Vec<Value> {
        self.waiting.iter().take(limit).map(|update| update.body.clone()).collect()
    }

    pub(crate) fn front(&self) -> Option<&Update> {
        self.waiting.front()
    }

    pub(crate) fn len(&self) -> usize {
        self.waiting.len()
    }

    pub(crate) fn clear(&mut self) {
        self.waiting.clear();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn queue_of(count: i64) -> UpdateQueue {
        let mut queue = UpdateQueue::new(1);
        for _ in 0..count {
            queue.push("message", &json!({}), 100);
        }
        queue
    }

    #[test]
    fn an_offset_confirms_what_is_below_it() {
        let mut queue = queue_of(5);
        queue.confirm(4);
        assert_eq!(queue.first(10), [json!({"update_id": 4, "message": {}}), json!({"update_id": 5, "message": {}})]);
    }

    #[test]
    fn a_negative_offset_keeps_the_last_updates() {
        let mut queue = queue_of(5);
        queue.confirm(-1);
        assert_eq!(queue.first(10), [json!({"update_id": 5, "message": {}})]);
    }

    #[test]
    fn a_kind_that_was_not_asked_for_is_not_queued() {
        let mut queue = queue_of(0);
        queue.allow(vec!["message".to_owned()]);
        assert_eq!(queue.push("callback_query", &json!({}), 100), None);
        assert_eq!(queue.push("message", &json!({}), 100), Some(1));
    }

    #[test]
    fn a_full_queue_drops_the_oldest_update() {
        let mut queue = queue_of(0);
        for _ in 0..3 {
            queue.push("message", &json!({}), 2);
        }
        assert_eq!((queue.len(), queue.dropped, queue.front().map(|update| update.id)), (2, 1, Some(2)));
    }
}
