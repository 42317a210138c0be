//! `/invites`, `/shared` and what is below a habit of it: habits that others may see.

use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::execution::ExecutionStatus;

/// An invite to be made.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[schema(example = json!({"uses": 1}))]
pub struct InviteCreate {
    /// How many people can accept it; 1 unless given.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(minimum = 1, maximum = 10)]
    pub uses: Option<i32>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[schema(example = json!({"id": 12, "habit_id": 7, "uses_left": 1, "created_at": "2026-11-22T19:00:00Z", "expires_at": "2026-11-29T19:00:00Z"}))]
pub struct Invite {
    pub id: i64,
    pub habit_id: i64,
    /// How many more people can accept it.
    pub uses_left: i32,
    pub created_at: DateTime<Utc>,
    pub expires_at: DateTime<Utc>,
}

/// An invite with its code, which is told this once.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[schema(example = json!({"id": 12, "habit_id": 7, "uses_left": 1, "created_at": "2026-11-22T19:00:00Z", "expires_at": "2026-11-29T19:00:00Z", "code": "5f0c8ce1a7d94be0a3b2f5dd9f1f6c1e"}))]
pub struct InviteCreated {
    /// To be handed to whom it is for. Fits the `start` parameter of a Telegram deep link.
    #[schema(example = "5f0c8ce1a7d94be0a3b2f5dd9f1f6c1e")]
    pub code: String,
    #[serde(flatten)]
    pub invite: Invite,
}

/// What an invite is about, to be asked before it is accepted.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[schema(example = json!({"habit_name": "Read", "owner_first_name": "Ada", "is_own": false, "is_partner": false, "expires_at": "2026-11-29T19:00:00Z"}))]
pub struct InviteOffer {
    pub habit_name: String,
    pub owner_first_name: Option<String>,
    /// Whether it is the caller's own habit, which he cannot accept.
    pub is_own: bool,
    /// Whether the caller sees this habit already.
    pub is_partner: bool,
    pub expires_at: DateTime<Utc>,
}

/// Accepts an invite.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[schema(example = json!({"habit_id": 9}))]
pub struct InviteAccept {
    /// A habit of the caller's own that the other person sees in return.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub habit_id: Option<i64>,
}

/// Another person's habit, as much of it as a partner sees.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[schema(example = json!({"habit_id": 7, "name": "Read", "owner_id": 3, "owner_first_name": "Ada", "is_active": true, "current_streak": 7, "max_streak": 11, "is_done_today": true, "last_days": [{"date": "2026-11-16", "status": "done"}, {"date": "2026-11-17", "status": "done"}, {"date": "2026-11-18", "status": "done"}, {"date": "2026-11-19", "status": "done"}, {"date": "2026-11-20", "status": "done"}, {"date": "2026-11-21", "status": "done"}, {"date": "2026-11-22", "status": "done"}], "since": "2026-11-22T19:05:00Z"}))]
pub struct SharedHabit {
    pub habit_id: i64,
    pub name: String,
    pub owner_id: i64,
    pub owner_first_name: Option<String>,
    pub is_active: bool,
    /// In days of the owner.
    pub current_streak: i32,
    pub max_streak: i32,
    /// Whether it is done on today's date of the owner.
    pub is_done_today: bool,
    /// The last 7 days of the owner, oldest first; the last is his today.
    #[schema(min_items = 7, max_items = 7)]
    pub last_days: Vec<SharedDay>,
    /// Since when the caller sees it.
    pub since: DateTime<Utc>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct SharedDay {
    pub date: NaiveDate,
    pub status: ExecutionStatus,
}

/// Somebody who sees a habit of the caller's.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[schema(example = json!({"user_id": 4, "first_name": "Ben", "since": "2026-11-22T19:05:00Z", "habit": null}))]
pub struct Partner {
    pub user_id: i64,
    pub first_name: Option<String>,
    /// Since when this person sees the habit.
    pub since: DateTime<Utc>,
    /// The habit that this person shows in return.
    pub habit: Option<SharedHabit>,
}
