//! `/habits/{id}/executions`: what was done on a day.

use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum ExecutionStatus {
    /// Nothing said; also what Undo sets.
    Pending,
    Done,
    NotDone,
}

/// Sets the status of a day; setting it again changes nothing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct ExecutionCreate {
    pub status: ExecutionStatus,
    /// The day in the person's zone, today or one of the 7 days before; today unless given.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub execution_date: Option<NaiveDate>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Execution {
    pub id: i64,
    pub habit_id: i64,
    pub execution_date: NaiveDate,
    pub status: ExecutionStatus,
    pub created_at: DateTime<Utc>,
    pub updated_at: DateTime<Utc>,
}

/// The day that was set, and the habit as it stands after.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct ExecutionSet {
    #[serde(flatten)]
    pub execution: Execution,
    pub habit: crate::habit::Habit,
}
