//! `/users/me`: the person who calls.

use chrono::{DateTime, NaiveTime, Utc};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::{habit::present, time_of_day::TimeOfDay};

/// Language of the texts a person gets.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub enum Language {
    #[default]
    En,
    Ru,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[schema(example = json!({"id": 3, "telegram_id": 4242, "username": "ada", "first_name": "Ada", "last_name": null, "timezone": "Europe/Berlin", "timezone_chosen": true, "language": "en", "day_start_hour": 0, "quiet_hours": {"from": "22:00:00", "to": "08:00:00"}, "is_active": true, "is_bot_blocked": false, "created_at": "2026-10-01T08:55:00Z", "updated_at": "2026-11-20T07:00:00Z"}))]
pub struct User {
    pub id: i64,
    pub telegram_id: i64,
    pub username: Option<String>,
    pub first_name: Option<String>,
    pub last_name: Option<String>,
    /// IANA name of the person's time zone, such as `Asia/Kathmandu`.
    pub timezone: String,
    /// Whether the person chose that zone; otherwise it is the deployment's default.
    pub timezone_chosen: bool,
    pub language: Language,
    /// Hour at which the person's day starts: until then it is still yesterday.
    #[schema(minimum = 0, maximum = 5)]
    pub day_start_hour: i16,
    /// When reminders make no sound; null for never.
    pub quiet_hours: Option<QuietHours>,
    pub is_active: bool,
    /// Whether Telegram refuses our messages to this person.
    pub is_bot_blocked: bool,
    pub created_at: DateTime<Utc>,
    pub updated_at: DateTime<Utc>,
}

/// Local times between which reminders wait for the end, if it is on the same date, or make no sound. Past midnight when
/// `to` is the earlier one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct QuietHours {
    #[schema(value_type = TimeOfDay)]
    pub from: NaiveTime,
    #[schema(value_type = TimeOfDay)]
    pub to: NaiveTime,
}

/// What may change of a person; what is absent stays, and `quiet_hours` of `null` clears them.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[schema(example = json!({"timezone": "Europe/Berlin", "language": "en", "quiet_hours": {"from": "22:00:00", "to": "08:00:00"}}))]
pub struct UserPatch {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(max_length = 100)]
    pub username: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(max_length = 100)]
    pub first_name: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(max_length = 100)]
    pub last_name: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(max_length = 50)]
    pub timezone: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub language: Option<Language>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(minimum = 0, maximum = 5)]
    pub day_start_hour: Option<i16>,
    /// Null: there are none any more.
    #[serde(default, skip_serializing_if = "Option::is_none", deserialize_with = "present")]
    #[schema(value_type = Option<QuietHours>)]
    pub quiet_hours: Option<Option<QuietHours>>,
    /// Whether the bot was blocked; the bot sets it when Telegram tells so.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub is_bot_blocked: Option<bool>,
}
