//! The control API under `/control`: act as a person, look, wait, and break things.

mod calls;
mod chats;
mod people;
mod settings;

use std::{sync::Arc, time::Duration};

use axum::{
    Json, Router,
    http::StatusCode,
    response::{IntoResponse, Response},
    routing::{get, post},
};
use serde::{Deserialize, Serialize};
use serde_json::json;

use crate::{
    message::{Author, Message, ReplyKeyboard},
    shared::Shared,
    world::Refusal,
};

pub use calls::CallFilter;

/// Longest wait of any route.
pub(crate) const MAX_WAIT: Duration = Duration::from_mins(2);

pub(crate) fn routes() -> Router<Arc<Shared>> {
    Router::new()
        .route("/bots", get(people::bots))
        .route("/people", get(people::list).post(people::create))
        .route("/people/{person}/send", post(people::send))
        .route("/people/{person}/press", post(people::press))
        .route("/people/{person}/block", post(people::block))
        .route("/people/{person}/unblock", post(people::unblock))
        .route("/people/{person}/deactivate", post(people::deactivate))
        .route("/presses/{callback_query_id}", get(people::answer))
        .route("/groups", post(people::create_group))
        .route("/groups/{chat}/migrate", post(people::migrate_group))
        .route("/chats/{chat}", get(chats::view))
        .route("/chats/{chat}/messages", get(chats::messages))
        .route("/chats/{chat}/wait", post(chats::wait))
        .route("/files/{file}", get(chats::file))
        .route("/calls", get(calls::list))
        .route("/faults", get(settings::faults).post(settings::switch_on).delete(settings::clear_faults))
        .route("/limits", get(settings::limits).put(settings::set_limits))
        .route("/clock/advance", post(settings::advance_clock))
        .route("/reset", post(settings::reset))
        .route("/events", get(crate::page::events))
}

/// `?bot=<id>`: which bot a route is about; the first one if absent.
#[derive(Debug, Clone, Copy, Deserialize)]
pub(crate) struct BotQuery {
    bot: Option<i64>,
}

impl BotQuery {
    fn id(self, shared: &Shared) -> Result<i64, Refusal> {
        shared.read(|world| world.bot(self.bot).map(|bot| bot.id))
    }
}

/// `?timeout_ms=`: how long to wait, at most 120,000.
#[derive(Debug, Clone, Copy, Deserialize)]
pub(crate) struct WaitQuery {
    #[serde(default)]
    timeout_ms: u64,
}

impl WaitQuery {
    fn timeout(self) -> Duration {
        Duration::from_millis(self.timeout_ms).min(MAX_WAIT)
    }
}

/// Which messages of a chat to wait for; all that is given must hold.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Condition {
    /// The plain text or caption contains this.
    pub text: Option<String>,
    /// An inline button shows exactly this.
    pub button: Option<String>,
    /// This very message.
    pub message_id: Option<i64>,
    /// Only messages later than this one.
    pub after_message_id: Option<i64>,
    /// Edited at least so often.
    pub edits: u32,
    /// How many messages it takes; 0 counts as 1.
    pub count: usize,
    /// Messages of people count too.
    pub from_anyone: bool,
}

impl Condition {
    /// Any message of the bot.
    pub fn any() -> Self {
        Self::default()
    }

    /// A message of the bot whose text or caption contains `text`.
    pub fn text(text: &str) -> Self {
        Self { text: Some(text.to_owned()), ..Self::default() }
    }

    #[must_use]
    pub fn with_button(mut self, text: &str) -> Self {
        self.button = Some(text.to_owned());
        self
    }

    /// Only this message: to wait for its edit.
    #[must_use]
    pub fn in_message(mut self, message_id: i64) -> Self {
        self.message_id = Some(message_id);
        self
    }

    #[must_use]
    pub fn after(mut self, message_id: i64) -> Self {
        self.after_message_id = Some(message_id);
        self
    }

    #[must_use]
    pub fn edited(mut self, at_least: u32) -> Self {
        self.edits = at_least;
        self
    }

    #[must_use]
    pub fn times(mut self, count: usize) -> Self {
        self.count = count;
        self
    }

    /// Whether a message fulfils all but the count.
    pub fn holds_for(&self, message: &Message) -> bool {
        (self.from_anyone || message.from == Author::Bot)
            && self.text.as_ref().is_none_or(|text| message.text.contains(text))
            && self.button.as_ref().is_none_or(|text| message.has_button(text))
            && self.message_id.is_none_or(|id| message.message_id == id)
            && self.after_message_id.is_none_or(|id| message.message_id > id)
            && message.edits >= self.edits
    }
}

/// A bot as people see it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct BotView {
    pub id: i64,
    pub username: String,
    pub name: String,
    /// Updates it has not confirmed yet.
    pub waiting_updates: usize,
    /// Updates it has lost because too many waited.
    pub dropped_updates: u64,
    /// Whether a webhook is set.
    pub has_webhook: bool,
}

/// A private chat as its person sees it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ChatView {
    pub bot: BotView,
    /// In the person's language.
    pub description: String,
    /// Oldest first.
    pub messages: Vec<Message>,
    pub reply_keyboard: Option<ReplyKeyboard>,
    /// The slash menu in the person's language.
    pub commands: Vec<MenuCommand>,
    /// What the bot is doing now, such as `typing`.
    pub action: Option<String>,
    pub blocked: bool,
}

/// A line of the slash menu.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct MenuCommand {
    /// Without the slash.
    pub command: String,
    pub description: String,
}

/// A group with the bot and these people.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct NewGroup {
    pub title: String,
    pub members: Vec<i64>,
}

impl IntoResponse for Refusal {
    fn into_response(self) -> Response {
        let (status, error) = match self {
            Self::NotFound(error) => (StatusCode::NOT_FOUND, error),
            Self::Conflict(error) => (StatusCode::CONFLICT, error),
        };
        (status, Json(json!({ "error": error }))).into_response()
    }
}
