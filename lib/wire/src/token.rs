//! `POST /auth/token`: a person's token for the bot.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::{dialogue::Dialogue, user::User};

/// Who writes to the bot, as Telegram tells it. Creates the person, or refreshes what is known.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[schema(example = json!({"telegram_id": 4242, "username": "ada", "first_name": "Ada", "timezone": "Europe/Berlin", "language_code": "en"}))]
pub struct BotLoginRequest {
    /// Telegram's id of the person, above 0.
    #[schema(exclusive_minimum = 0)]
    pub telegram_id: i64,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(max_length = 100)]
    pub username: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(max_length = 100)]
    pub first_name: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(max_length = 100)]
    pub last_name: Option<String>,
    /// IANA name of the time zone that the person chose. Absent: the deployment's default for a new person, and a known
    /// person's stays.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(max_length = 50)]
    pub timezone: Option<String>,
    /// Telegram's `language_code`; sets the language of a person who has none yet. Absent or another: the deployment's
    /// default.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(max_length = 35)]
    pub language_code: Option<String>,
}

/// A bearer token, good for 30 minutes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[schema(example = json!({"access_token": "eyJhbGciOiJIUzI1NiJ9.e30.c2lnbmF0dXJl", "token_type": "bearer"}))]
pub struct Token {
    pub access_token: String,
    /// Always `bearer`.
    pub token_type: String,
    /// Whose token it is, where the request has `include=user`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub user: Option<User>,
    /// Where the person's talk with the bot stands, with the user.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub dialogue: Option<Dialogue>,
}
