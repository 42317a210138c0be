//! A message as it stands in a chat, with what it was before.

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

/// Who wrote a message.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Author {
    Bot,
    /// Telegram id of the person.
    Person(i64),
}

/// A message in its present state.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Message {
    /// Unique in all chats of one bot, rising.
    pub message_id: i64,
    pub chat_id: i64,
    pub from: Author,
    /// Text or caption without markup; empty where there is none.
    pub text: String,
    /// The same with its entities as HTML, everything else escaped.
    pub html: String,
    pub entities: Vec<Entity>,
    pub content: Content,
    /// Rows of the inline keyboard; empty without one.
    pub keyboard: Vec<Vec<Button>>,
    /// It carried a reply keyboard, its removal or a forced reply, and can never be edited.
    pub carried_reply_markup: bool,
    /// Message this one answers.
    pub reply_to: Option<i64>,
    pub silent: bool,
    /// Unix time in milliseconds.
    pub sent_at_ms: i64,
    pub edited_at_ms: Option<i64>,
    /// How often it was edited.
    pub edits: u32,
    /// What it was before each edit, oldest first.
    pub history: Vec<Version>,
}

/// What an edited message was before.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Version {
    pub text: String,
    pub html: String,
    pub keyboard: Vec<Vec<Button>>,
    /// Unix time in milliseconds of the edit that replaced it.
    pub replaced_at_ms: i64,
}

/// What a message holds beside its text or caption.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Content {
    Text,
    Photo {
        file_id: String,
        width: u32,
        height: u32,
    },
    Document {
        file_id: String,
        file_name: String,
        mime_type: String,
    },
    Sticker {
        emoji: String,
    },
    Voice {
        duration_s: u32,
    },
    Location {
        latitude: f64,
        longitude: f64,
    },
    /// The group became this supergroup.
    MigratedTo {
        chat_id: i64,
    },
    /// The supergroup was this group.
    MigratedFrom {
        chat_id: i64,
    },
}

/// A stretch of text with a meaning, as in <https://core.telegram.org/bots/api#messageentity>.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Entity {
    #[serde(rename = "type")]
    pub kind: String,
    /// In UTF-16 code units.
    pub offset: usize,
    /// In UTF-16 code units.
    pub length: usize,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub url: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub language: Option<String>,
}

/// A button of an inline keyboard, as in <https://core.telegram.org/bots/api#inlinekeyboardbutton>.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Button {
    pub text: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub callback_data: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub url: Option<String>,
    #[serde(flatten)]
    pub other: Map<String, Value>,
}

/// The keyboard below the input field, as in <https://core.telegram.org/bots/api#replykeyboardmarkup>.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReplyKeyboard {
    pub keyboard: Vec<Vec<ReplyButton>>,
    #[serde(default)]
    pub one_time_keyboard: bool,
    #[serde(default)]
    pub is_persistent: bool,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub input_field_placeholder: Option<String>,
}

/// A button of a reply keyboard: it sends its text, or what it requests.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReplyButton {
    pub text: String,
    #[serde(default)]
    pub request_location: bool,
    #[serde(default)]
    pub request_contact: bool,
}

impl Message {
    /// Whether a button of the present keyboard shows exactly this text.
    pub fn has_button(&self, text: &str) -> bool {
        self.keyboard.iter().flatten().any(|button| button.text == text)
    }

    /// Texts of the buttons, row after row.
    pub fn button_texts(&self) -> Vec<&str> {
        self.keyboard.iter().flatten().map(|button| button.text.as_str()).collect()
    }
}
