//! `/habits`: what a person wants to do every day.

use chrono::{DateTime, NaiveDate, NaiveTime, Utc};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::{
    execution::{Execution, ExecutionStatus},
    schedule::Schedule,
    time_of_day::TimeOfDay,
};

/// What a day is to reach.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct Goal {
    pub direction: GoalDirection,
    /// From a thousandth to a billion; rounded to thousandths.
    #[schema(minimum = 0.001, maximum = 1_000_000_000, example = 20)]
    pub amount: f64,
    /// What the amount counts.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(max_length = 30, example = "pages")]
    pub unit: Option<String>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum GoalDirection {
    /// A day is done with so much or more.
    AtLeast,
    /// A day is done with so much or less.
    AtMost,
}

#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, ToSchema)]
#[schema(example = json!({"name": "Read", "description": "Before sleep", "time_to_remind": "21:30:00", "more_reminder_times": ["07:30:00"], "target_days": 21, "schedule": {"type": "weekdays", "weekdays": ["mon", "wed", "fri"]}, "goal": {"direction": "at_least", "amount": 20.0, "unit": "pages"}}))]
pub struct HabitCreate {
    /// 1 to 255 characters.
    #[schema(min_length = 1, max_length = 255)]
    pub name: String,
    /// At most 4,096 characters.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(max_length = 4096)]
    pub description: Option<String>,
    /// Local time of the daily reminder in the person's zone; its seconds are ignored.
    #[schema(value_type = TimeOfDay)]
    pub time_to_remind: NaiveTime,
    /// Further reminders of the same day, at most 9.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<Vec<TimeOfDay>>, max_items = 9)]
    pub more_reminder_times: Option<Vec<NaiveTime>>,
    /// The streak at which the habit is complete; 21 unless given.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(exclusive_minimum = 0)]
    pub target_days: Option<i32>,
    /// Daily unless given.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub schedule: Option<Schedule>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub goal: Option<Goal>,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
#[schema(example = json!({"id": 7, "user_id": 3, "name": "Read", "description": "Before sleep", "time_to_remind": "21:30:00", "more_reminder_times": ["07:30:00"], "schedule": {"type": "weekdays", "weekdays": ["mon", "wed", "fri"]}, "goal": {"direction": "at_least", "amount": 20.0, "unit": "pages"}, "target_days": 21, "is_active": true, "completed_at": null, "current_streak": 4, "next_reminder_at": "2026-11-23T20:30:00Z", "max_streak": 11, "created_at": "2026-10-01T09:00:00Z", "updated_at": "2026-11-22T19:00:00Z", "is_done_today": false, "status_today": "pending", "amount_today": 5.0}))]
pub struct Habit {
    pub id: i64,
    pub user_id: i64,
    pub name: String,
    pub description: Option<String>,
    /// The reminder as it was set, by which lists are in order.
    #[schema(value_type = TimeOfDay)]
    pub time_to_remind: NaiveTime,
    /// The further ones of a day, ascending, each minute once.
    #[schema(value_type = Vec<TimeOfDay>)]
    pub more_reminder_times: Vec<NaiveTime>,
    pub schedule: Schedule,
    #[schema(required = false)]
    pub goal: Option<Goal>,
    pub target_days: i32,
    /// Not active: archived, or complete.
    pub is_active: bool,
    /// Since when the streak has reached `target_days`; null otherwise.
    pub completed_at: Option<DateTime<Utc>>,
    /// Days done since the last day, week or run of days that fell short of the schedule. What can still be done never
    /// ends it.
    pub current_streak: i32,
    /// When the next reminder is due; null for a habit that is not active, or is paused without an end.
    pub next_reminder_at: Option<DateTime<Utc>>,
    /// The longest streak ever.
    pub max_streak: i32,
    pub created_at: DateTime<Utc>,
    pub updated_at: DateTime<Utc>,
    /// Whether it is done on today's date in the person's zone.
    pub is_done_today: bool,
    /// What was said of today; `pending` while nothing was.
    pub status_today: ExecutionStatus,
    /// How much of the goal's unit today; null while nothing was said.
    pub amount_today: Option<f64>,
}

/// A habit together with its last executions.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
#[schema(example = json!({"id": 7, "user_id": 3, "name": "Read", "description": "Before sleep", "time_to_remind": "21:30:00", "more_reminder_times": ["07:30:00"], "schedule": {"type": "weekdays", "weekdays": ["mon", "wed", "fri"]}, "goal": {"direction": "at_least", "amount": 20.0, "unit": "pages"}, "target_days": 21, "is_active": true, "completed_at": null, "current_streak": 4, "next_reminder_at": "2026-11-23T20:30:00Z", "max_streak": 11, "created_at": "2026-10-01T09:00:00Z", "updated_at": "2026-11-22T19:00:00Z", "is_done_today": false, "status_today": "pending", "amount_today": 5.0, "today": "2026-11-22", "strength": 0.62, "executions": [{"id": 90, "habit_id": 7, "execution_date": "2026-11-21", "status": "done", "amount": 22.0, "note": null, "created_at": "2026-11-21T20:31:00Z", "updated_at": "2026-11-21T20:31:00Z"}]}))]
pub struct HabitWithExecutions {
    #[serde(flatten)]
    pub habit: Habit,
    /// Today in the person's zone, from the hour at which the person's day starts.
    pub today: NaiveDate,
    /// How strong the habit is, from 0 to 1: a missed day lowers it a little (the formula of Loop Habit Tracker).
    pub strength: f64,
    /// Newest first, the last 366.
    pub executions: Vec<Execution>,
}

/// What may change of a habit; what is absent stays, and a `description` or `goal` of `null` clears it.
///
/// A new schedule holds from today on; past days keep the one they had. A new goal judges what is said from then on. `is_active` of false archives the habit, true
/// restores it.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, ToSchema)]
#[schema(example = json!({"name": "Read aloud", "time_to_remind": "20:00:00", "goal": null}))]
pub struct HabitPatch {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(min_length = 1, max_length = 255)]
    pub name: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none", deserialize_with = "present")]
    #[schema(value_type = Option<String>, max_length = 4096)]
    pub description: Option<Option<String>>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<TimeOfDay>)]
    pub time_to_remind: Option<NaiveTime>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<Vec<TimeOfDay>>, max_items = 9)]
    pub more_reminder_times: Option<Vec<NaiveTime>>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub schedule: Option<Schedule>,
    /// Null: the habit has no amounts any more.
    #[serde(default, skip_serializing_if = "Option::is_none", deserialize_with = "present")]
    #[schema(value_type = Option<Goal>)]
    pub goal: Option<Option<Goal>>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(exclusive_minimum = 0)]
    pub target_days: Option<i32>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub is_active: Option<bool>,
}

/// Tells `null` from absent: called only for a field that is there.
pub(crate) fn present<'de, D, T>(deserializer: D) -> Result<Option<T>, D::Error>
where
    D: serde::Deserializer<'de>,
    T: Deserialize<'de>,
{
    T::deserialize(deserializer).map(Some)
}
