//! All that Telegram keeps for one bot.

use std::collections::{BTreeMap, VecDeque};

use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::{
    chat::{Chat, ChatKind},
    file::Files,
    limits::{Cost, SlidingWindow, admit},
    options::{Bounds, Limits},
    update::UpdateQueue,
    webhook::Webhook,
};

/// How long a pressed button waits for its answer.
pub(crate) const PRESS_LIFE_MS: i64 = 150_000;

#[derive(Debug)]
pub(crate) struct Bot {
    pub(crate) id: i64,
    pub(crate) username: String,
    pub(crate) updates: UpdateQueue,
    /// Number of the last `getUpdates`; an earlier one that still waits is ended by it.
    pub(crate) polls: u64,
    pub(crate) webhook: Option<Webhook>,
    pub(crate) chats: BTreeMap<i64, Chat>,
    pub(crate) commands: BTreeMap<CommandsKey, Vec<Value>>,
    pub(crate) profile: BTreeMap<ProfileKey, String>,
    pub(crate) menu_button: Option<Value>,
    pub(crate) files: Files,
    presses: VecDeque<Press>,
    sent: SlidingWindow,
    next_message_id: i64,
}

/// Scope (`default`, `all_private_chats`, `chat:7`, …) and language (empty = any).
pub(crate) type CommandsKey = (String, String);
/// Field and language (empty = any).
pub(crate) type ProfileKey = (ProfileField, String);

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum ProfileField {
    Name,
    Description,
    ShortDescription,
}

/// A button that was pressed.
#[derive(Debug, Clone)]
pub(crate) struct Press {
    pub(crate) id: String,
    pub(crate) chat_id: i64,
    pub(crate) pressed_at_ms: i64,
    pub(crate) answer: Option<CallbackAnswer>,
}

/// What `answerCallbackQuery` told the person.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct CallbackAnswer {
    /// Nothing is shown without a text.
    pub text: Option<String>,
    /// In a window to be closed, rather than a fading notice.
    pub show_alert: bool,
    pub url: Option<String>,
}

impl Bot {
    /// A bot whose updates and messages are counted from `first_id`.
    pub(crate) fn new(id: i64, name: &str, first_id: i64) -> Self {
        Self {
            id,
            username: format!("habit_tracker_{id}_bot"),
            updates: UpdateQueue::new(first_id),
            polls: 0,
            webhook: None,
            chats: BTreeMap::new(),
            commands: BTreeMap::new(),
            profile: BTreeMap::from([((ProfileField::Name, String::new()), name.to_owned())]),
            menu_button: None,
            files: Files::default(),
            presses: VecDeque::new(),
            sent: SlidingWindow::default(),
            next_message_id: first_id,
        }
    }

    /// Private chats with people who have written at some time.
    pub(crate) fn know(&mut self, people: &[i64]) {
        for person_id in people {
            self.chats.entry(*person_id).or_insert_with(|| Chat::new(*person_id, ChatKind::Private));
        }
    }

    /// Name, description or short description in this language, or else in none.
    pub(crate) fn profile(&self, field: ProfileField, language: &str) -> &str {
        self.profile
            .get(&(field, language.to_owned()))
            .or_else(|| self.profile.get(&(field, String::new())))
            .map_or("", String::as_str)
    }

    /// The commands a person sees in the private chat, by Telegram's order of scopes.
    pub(crate) fn commands_for(&self, chat_id: i64, language: &str) -> &[Value] {
        let scopes = [format!("chat:{chat_id}"), "all_private_chats".to_owned(), "default".to_owned()];
        scopes
            .iter()
            .flat_map(|scope| [(scope.clone(), language.to_owned()), (scope.clone(), String::new())])
            .find_map(|key| self.commands.get(&key))
            .map_or(&[], Vec::as_slice)
    }

    pub(crate) fn take_message_id(&mut self) -> i64 {
        self.next_message_id += 1;
        self.next_message_id - 1
    }

    /// Takes a call out of the limits of the token and of the chat, or gives the seconds to wait.
    pub(crate) fn admit(&mut self, limits: &Limits, chat_id: i64, cost: Cost, now_ms: i64) -> Result<(), i64> {
        let Some(chat) = self.chats.get_mut(&chat_id) else {
            return Ok(());
        };
        let is_group = chat.kind.is_group();
        admit(limits, &mut self.sent, &mut chat.limits, is_group, cost, now_ms)
    }

    pub(crate) fn push_press(&mut self, press: Press, bounds: &Bounds) {
        if self.presses.len() >= bounds.presses_per_bot.max(1) {
            self.presses.pop_front();
        }
        self.presses.push_back(press);
    }

    pub(crate) fn press(&self, callback_query_id: &str) -> Option<&Press> {
        self.presses.iter().rev().find(|press| press.id == callback_query_id)
    }

    pub(crate) fn press_mut(&mut self, callback_query_id: &str) -> Option<&mut Press> {
        self.presses.iter_mut().rev().find(|press| press.id == callback_query_id)
    }

    /// Forgets people's doings and keeps what the bot has set up about itself.
    pub(crate) fn forget_people(&mut self) {
        self.chats.clear();
        self.updates.clear();
        self.presses.clear();
        self.files = Files::default();
        self.sent = SlidingWindow::default();
    }
}
