//! `/pauses`: days on which nothing is expected.

use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[schema(example = json!({"from_date": "2026-12-20", "to_date": "2027-01-03"}))]
pub struct PauseCreate {
    /// The habit that pauses; all of them unless given.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(exclusive_minimum = 0)]
    pub habit_id: Option<i64>,
    /// The first day, from a week ago to a year ahead; today unless given.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub from_date: Option<NaiveDate>,
    /// The last day, at most a year after the first; until it is ended unless given.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub to_date: Option<NaiveDate>,
}

/// No reminders from the first day to the last, and no day of them breaks a streak. What is done nevertheless counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[schema(example = json!({"id": 5, "habit_id": null, "from_date": "2026-12-20", "to_date": "2027-01-03", "created_at": "2026-11-22T19:00:00Z"}))]
pub struct Pause {
    pub id: i64,
    /// Null: all habits.
    pub habit_id: Option<i64>,
    pub from_date: NaiveDate,
    /// The last day; null while no end is known.
    pub to_date: Option<NaiveDate>,
    pub created_at: DateTime<Utc>,
}
