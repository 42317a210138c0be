//! A chat of one bot with a person or in a group.

use std::collections::VecDeque;

use serde_json::Value;

use crate::{
    limits::ChatUse,
    message::{Author, Message, ReplyKeyboard},
};

/// How long a chat action is shown: <https://core.telegram.org/bots/api#sendchataction>.
const ACTION_MS: i64 = 5_000;

#[derive(Debug)]
pub(crate) struct Chat {
    pub(crate) id: i64,
    pub(crate) kind: ChatKind,
    /// Oldest first, by rising message id.
    messages: VecDeque<Message>,
    /// What stands below the input field now.
    pub(crate) reply_keyboard: Option<ReplyKeyboard>,
    pub(crate) menu_button: Option<Value>,
    /// The person has blocked the bot.
    pub(crate) blocked: bool,
    pub(crate) migrated_to: Option<i64>,
    pub(crate) limits: ChatUse,
    action: Option<(String, i64)>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum ChatKind {
    Private,
    Group { title: String, members: Vec<i64> },
    Supergroup { title: String, members: Vec<i64> },
}

impl ChatKind {
    pub(crate) fn is_group(&self) -> bool {
        *self != Self::Private
    }
}

impl Chat {
    pub(crate) fn new(id: i64, kind: ChatKind) -> Self {
        Self {
            id,
            kind,
            messages: VecDeque::new(),
            reply_keyboard: None,
            menu_button: None,
            blocked: false,
            migrated_to: None,
            limits: ChatUse::default(),
            action: None,
        }
    }

    pub(crate) fn messages(&self) -> impl DoubleEndedIterator<Item = &Message> + ExactSizeIterator {
        self.messages.iter()
    }

    pub(crate) fn message(&self, message_id: i64) -> Option<&Message> {
        self.position(message_id).map(|at| &self.messages[at])
    }

    pub(crate) fn message_mut(&mut self, message_id: i64) -> Option<&mut Message> {
        self.position(message_id).map(|at| &mut self.messages[at])
    }

    /// Keeps the last `bound` messages.
    pub(crate) fn push(&mut self, message: Message, bound: usize) {
        if message.from == Author::Bot {
            self.action = None;
        }
        while self.messages.len() >= bound.max(1) {
            self.messages.pop_front();
        }
        self.messages.push_back(message);
    }

    pub(crate) fn remove(&mut self, message_id: i64) -> Option<Message> {
        self.position(message_id).and_then(|at| self.messages.remove(at))
    }

    pub(crate) fn show_action(&mut self, action: &str, now_ms: i64) {
        self.action = Some((action.to_owned(), now_ms + ACTION_MS));
    }

    /// What the bot is shown to be doing.
    pub(crate) fn action(&self, now_ms: i64) -> Option<&str> {
        self.action.as_ref().filter(|(_, until_ms)| now_ms < *until_ms).map(|(action, _)| action.as_str())
    }

    fn position(&self, message_id: i64) -> Option<usize> {
        self.messages.binary_search_by_key(&message_id, |message| message.message_id).ok()
    }
}
