//! Someone who talks to bots.

use serde::{Deserialize, Serialize};

/// A person with a Telegram account.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Person {
    /// Telegram id, above 0; also the id of the person's private chat with a bot.
    pub id: i64,
    pub first_name: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub last_name: Option<String>,
    /// Without the `@`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub username: Option<String>,
    /// IETF tag such as `en` or `ru`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub language_code: Option<String>,
    /// The account was deleted: sending to it is answered with 403 "user is deactivated".
    #[serde(default)]
    pub deactivated: bool,
}

/// A person to be created; without an id the simulator gives the next free one.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct NewPerson {
    /// Above 0 and not taken.
    pub id: Option<i64>,
    pub first_name: String,
    pub last_name: Option<String>,
    pub username: Option<String>,
    pub language_code: Option<String>,
}

impl NewPerson {
    /// A person with a first name and a language.
    pub fn named(first_name: &str, language_code: &str) -> Self {
        Self { first_name: first_name.to_owned(), language_code: Some(language_code.to_owned()), ..Self::default() }
    }

    /// The same person with this Telegram id.
    #[must_use]
    pub fn with_id(mut self, id: i64) -> Self {
        self.id = Some(id);
        self
    }
}
