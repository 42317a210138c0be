//! `/habits/{id}/snooze`: a reminder that is put off.

use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// Puts the reminder of a day off.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[schema(example = json!({"execution_date": "2026-11-22", "minutes": 60}))]
pub struct SnoozeSet {
    /// The day that the reminder is about: today in the person's zone, or yesterday.
    pub execution_date: NaiveDate,
    /// How long from now; null takes it back.
    #[schema(minimum = 1, maximum = 1440)]
    pub minutes: Option<i64>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[schema(example = json!({"remind_at": "2026-11-22T21:30:00Z"}))]
pub struct Snooze {
    /// When the reminder comes again; null when it does not.
    pub remind_at: Option<DateTime<Utc>>,
}
