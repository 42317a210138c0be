//! `/habits/{id}/executions`: what was done on a day.

use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::{
    habit::{Habit, HabitWithExecutions},
    today::Today,
};

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum ExecutionStatus {
    /// Nothing said; also what Undo sets.
    Pending,
    Done,
    NotDone,
    /// Left out by choice: nothing is expected of the day.
    Skipped,
    /// Missed, and excused afterwards: twice a calendar month.
    Frozen,
}

/// Says how a day went; saying it again changes nothing, but for `add`. One of `status`, `amount` and `add` is needed.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, ToSchema)]
#[schema(example = json!({"status": "done"}))]
pub struct ExecutionCreate {
    /// With an amount: only where the goal shall not decide.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub status: Option<ExecutionStatus>,
    /// How much of the goal's unit that day: for habits with a goal, which then says whether the day is done.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(minimum = 0, maximum = 1_000_000_000)]
    pub amount: Option<f64>,
    /// How much more than before; below 0 to take back. With an `Idempotency-Key` it is added once, however often it is sent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(minimum = -1_000_000_000, maximum = 1_000_000_000)]
    pub add: Option<f64>,
    /// A few words on the day; empty to take them back.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(max_length = 500)]
    pub note: Option<String>,
    /// The day in the person's zone, today or one of the 366 days before; today unless given.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub execution_date: Option<NaiveDate>,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct Execution {
    pub id: i64,
    pub habit_id: i64,
    pub execution_date: NaiveDate,
    pub status: ExecutionStatus,
    pub amount: Option<f64>,
    pub note: Option<String>,
    pub created_at: DateTime<Utc>,
    pub updated_at: DateTime<Utc>,
}

/// The day that was set, and the habit as it stands after.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
#[schema(example = json!({"id": 90, "habit_id": 7, "execution_date": "2026-11-21", "status": "done", "amount": 22.0, "note": null, "created_at": "2026-11-21T20:31:00Z", "updated_at": "2026-11-21T20:31:00Z", "habit": {"id": 7, "user_id": 3, "name": "Read", "description": "Before sleep", "time_to_remind": "21:30:00", "more_reminder_times": ["07:30:00"], "schedule": {"type": "weekdays", "weekdays": ["mon", "wed", "fri"]}, "goal": {"direction": "at_least", "amount": 20.0, "unit": "pages"}, "target_days": 21, "is_active": true, "completed_at": null, "current_streak": 4, "next_reminder_at": "2026-11-23T20:30:00Z", "max_streak": 11, "created_at": "2026-10-01T09:00:00Z", "updated_at": "2026-11-22T19:00:00Z", "is_done_today": false, "status_today": "pending", "amount_today": 5.0}}))]
pub struct ExecutionSet {
    #[serde(flatten)]
    pub execution: Execution,
    pub habit: Habit,
    /// The screen of today after it, where the request has `include=today`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub today: Option<Today>,
    /// The habit after it with its last 14 executions, where the request has `include=card`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub card: Option<HabitWithExecutions>,
}

impl ExecutionCreate {
    /// Says that a day has this status.
    pub fn status(status: ExecutionStatus, execution_date: Option<NaiveDate>) -> Self {
        Self { status: Some(status), execution_date, ..Self::default() }
    }
}
