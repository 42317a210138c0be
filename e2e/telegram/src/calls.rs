//! The log of calls: what bots asked, what they were answered, and what was wrong with it.

use std::collections::VecDeque;

use serde::{Deserialize, Serialize};
use serde_json::Value;

/// One call of a Bot API method.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Call {
    /// Rises by one with every call of every bot.
    pub number: u64,
    /// Bot that called; absent when its token is unknown.
    pub bot_id: Option<i64>,
    /// As Telegram spells it.
    pub method: String,
    pub chat_id: Option<i64>,
    /// Decoded parameters; files appear as their name and size.
    pub params: Value,
    /// HTTP status of the answer; 0 when the caller got none.
    pub status: u16,
    /// `result` of a call that succeeded, also of one whose answer was lost; of `getUpdates` the ids of the updates.
    pub result: Option<Value>,
    /// `description` of a call that failed.
    pub error: Option<String>,
    /// Mistakes of our own programs: what Telegram refuses, and what it would silently ignore.
    pub violations: Vec<String>,
    /// Fault that struck, by its kind.
    pub fault: Option<String>,
    /// Unix time in milliseconds when the call came.
    pub at_ms: i64,
    /// How long the answer took, in milliseconds.
    pub took_ms: i64,
}

/// The last calls, oldest first.
#[derive(Debug)]
pub(crate) struct CallLog {
    calls: VecDeque<Call>,
    capacity: usize,
    next: u64,
}

impl CallLog {
    pub(crate) fn new(capacity: usize) -> Self {
        Self { calls: VecDeque::new(), capacity, next: 1 }
    }

    /// Writes the call down under the next number.
    pub(crate) fn push(&mut self, mut call: Call) {
        call.number = self.next;
        self.next += 1;
        if self.calls.len() >= self.capacity {
            self.calls.pop_front();
        }
        self.calls.push_back(call);
    }

    pub(crate) fn iter(&self) -> impl DoubleEndedIterator<Item = &Call> {
        self.calls.iter()
    }

    /// Numbers go on rising.
    pub(crate) fn clear(&mut self) {
        self.calls.clear();
    }
}
