//! `/webhooks`: where a person's own programs are told what happens to the habits, and what they are told.

use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::execution::ExecutionStatus;

/// What a webhook can be told of.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, ToSchema)]
pub enum EventType {
    #[serde(rename = "execution.set")]
    ExecutionSet,
    #[serde(rename = "habit.created")]
    HabitCreated,
    #[serde(rename = "habit.updated")]
    HabitUpdated,
    #[serde(rename = "habit.deleted")]
    HabitDeleted,
    #[serde(rename = "habit.archived")]
    HabitArchived,
    #[serde(rename = "habit.restored")]
    HabitRestored,
    #[serde(rename = "habit.completed")]
    HabitCompleted,
}

impl EventType {
    pub const ALL: [Self; 7] = [
        Self::ExecutionSet,
        Self::HabitCreated,
        Self::HabitUpdated,
        Self::HabitDeleted,
        Self::HabitArchived,
        Self::HabitRestored,
        Self::HabitCompleted,
    ];

    pub fn as_str(self) -> &'static str {
        match self {
            Self::ExecutionSet => "execution.set",
            Self::HabitCreated => "habit.created",
            Self::HabitUpdated => "habit.updated",
            Self::HabitDeleted => "habit.deleted",
            Self::HabitArchived => "habit.archived",
            Self::HabitRestored => "habit.restored",
            Self::HabitCompleted => "habit.completed",
        }
    }
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[schema(example = json!({"url": "https://example.org/habits", "events": ["execution.set", "habit.completed"]}))]
pub struct WebhookCreate {
    /// An `https` URL of at most 2048 characters, without user and fragment, that leads to a public address.
    #[schema(max_length = 2048, example = "https://example.org/habits")]
    pub url: String,
    /// What it is told of, at least one.
    #[schema(min_items = 1, max_items = 7)]
    pub events: Vec<EventType>,
}

/// What may change of a webhook; what is absent or null stays.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[schema(example = json!({"events": ["execution.set"]}))]
pub struct WebhookPatch {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(max_length = 2048)]
    pub url: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(min_items = 1, max_items = 7)]
    pub events: Option<Vec<EventType>>,
    /// False cancels what waits for it; true forgets its failures.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub is_active: Option<bool>,
}

/// Why a webhook was switched off for its owner.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum DisabledReason {
    /// The receiver answered 410.
    Gone,
    /// Nothing was delivered for 5 days.
    Failing,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[schema(example = json!({"id": 3, "url": "https://example.org/habits", "events": ["execution.set", "habit.completed"], "is_active": true, "failures": 0, "failing_since": null, "disabled_reason": null, "previous_secret_until": null, "created_at": "2026-11-22T09:00:00Z", "updated_at": "2026-11-22T09:00:00Z"}))]
pub struct Webhook {
    pub id: i64,
    pub url: String,
    pub events: Vec<EventType>,
    pub is_active: bool,
    /// Attempts that failed since the last that succeeded.
    pub failures: i32,
    pub failing_since: Option<DateTime<Utc>>,
    /// Null when it is active, or when its owner switched it off.
    pub disabled_reason: Option<DisabledReason>,
    /// Until when the secret before the last rotation signs along.
    pub previous_secret_until: Option<DateTime<Utc>>,
    pub created_at: DateTime<Utc>,
    pub updated_at: DateTime<Utc>,
}

/// A webhook with its new secret, which is shown this once.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[schema(example = json!({"id": 3, "url": "https://example.org/habits", "events": ["execution.set", "habit.completed"], "is_active": true, "failures": 0, "failing_since": null, "disabled_reason": null, "previous_secret_until": null, "created_at": "2026-11-22T09:00:00Z", "updated_at": "2026-11-22T09:00:00Z", "secret": "whsec_C2FVsBQIhrscChlQIMV+b5sSYspob7oD"}))]
pub struct WebhookWithSecret {
    #[serde(flatten)]
    pub webhook: Webhook,
    /// `whsec_` and the key of the HMAC in base64.
    pub secret: String,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum DeliveryState {
    /// To be sent, for the first time or again.
    Due,
    Delivered,
    /// Given up.
    Failed,
    /// The webhook was switched off before.
    Cancelled,
}

/// What became of an event for one webhook.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[schema(example = json!({"id": 81, "event_id": "5b2ba1f0-6b1c-4c19-9d0c-2f0a4fd1a7ce", "event_type": "execution.set", "state": "due", "attempts": 2, "next_attempt_at": "2026-11-22T19:02:00Z", "last_status": 500, "last_error": null, "created_at": "2026-11-22T19:00:00Z"}))]
pub struct WebhookDelivery {
    pub id: i64,
    /// The `webhook-id` of each attempt.
    #[schema(format = "uuid")]
    pub event_id: String,
    /// One of the events, or `ping`.
    #[schema(example = "execution.set")]
    pub event_type: String,
    pub state: DeliveryState,
    pub attempts: i32,
    /// Null unless it is due.
    pub next_attempt_at: Option<DateTime<Utc>>,
    /// The status of the last answer.
    pub last_status: Option<i16>,
    /// Why the last attempt failed.
    pub last_error: Option<String>,
    pub created_at: DateTime<Utc>,
}

/// The `data` of `execution.set`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct ExecutionEvent {
    pub habit_id: i64,
    pub execution_date: NaiveDate,
    pub status: ExecutionStatus,
    pub current_streak: i32,
}

/// The `data` of the events of a habit.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct HabitEvent {
    pub habit_id: i64,
    pub name: String,
    pub target_days: i32,
    pub is_active: bool,
    pub current_streak: i32,
    pub max_streak: i32,
}
