//! `/habits`: what a person wants to do every day.

use chrono::{DateTime, NaiveTime, Utc};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::execution::Execution;

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct HabitCreate {
    /// 1 to 255 characters.
    #[schema(min_length = 1, max_length = 255)]
    pub name: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub description: Option<String>,
    /// Local time of the daily reminder in the person's zone; its seconds are ignored.
    #[schema(value_type = String, format = "time", example = "21:30:00")]
    pub time_to_remind: NaiveTime,
    /// Days in a row to reach; 21 unless given.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(exclusive_minimum = 0)]
    pub target_days: Option<i32>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Habit {
    pub id: i64,
    pub user_id: i64,
    pub name: String,
    pub description: Option<String>,
    #[schema(value_type = String, format = "time", example = "21:30:00")]
    pub time_to_remind: NaiveTime,
    pub target_days: i32,
    pub is_active: bool,
    /// Days in a row up to today, or up to yesterday while today is open.
    pub current_streak: i32,
    /// The longest streak ever.
    pub max_streak: i32,
    pub created_at: DateTime<Utc>,
    pub updated_at: DateTime<Utc>,
    /// Whether it is done on today's date in the person's zone.
    pub is_done_today: bool,
}

/// A habit together with its last executions.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct HabitWithExecutions {
    #[serde(flatten)]
    pub habit: Habit,
    /// Newest first, the last 366.
    pub executions: Vec<Execution>,
}

/// What may change of a habit; what is absent stays, and a `description` of `null` clears it.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct HabitPatch {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(min_length = 1, max_length = 255)]
    pub name: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none", deserialize_with = "present")]
    #[schema(value_type = Option<String>)]
    pub description: Option<Option<String>>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>, format = "time")]
    pub time_to_remind: Option<NaiveTime>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(exclusive_minimum = 0)]
    pub target_days: Option<i32>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub is_active: Option<bool>,
}

/// Tells `null` from absent: called only for a field that is there.
fn present<'de, D, T>(deserializer: D) -> Result<Option<T>, D::Error>
where
    D: serde::Deserializer<'de>,
    T: Deserialize<'de>,
{
    T::deserialize(deserializer).map(Some)
}
