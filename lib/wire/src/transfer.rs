//! `/users/me/import`: what a person brought along.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum ImportFormat {
    /// Our own archive.
    Json,
    /// The CSV export of Loop Habit Tracker.
    LoopCsv,
    /// The full backup of Loop Habit Tracker.
    LoopDb,
}

/// The bytes of a file.
#[derive(Debug, Clone, PartialEq, Eq, ToSchema)]
#[schema(value_type = String, format = Binary)]
pub struct File(pub Vec<u8>);

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[schema(example = json!({"format": "loop_db", "is_dry_run": false, "habits_added": 4, "habits_merged": 1, "days_added": 731, "days_skipped": 12, "pauses_added": 0, "notes": ["Walk: has no reminder; it gets one at 20:00"]}))]
pub struct ImportReport {
    pub format: ImportFormat,
    /// Nothing was written; the numbers tell what would be.
    pub is_dry_run: bool,
    pub habits_added: usize,
    /// Those that were there already and got days.
    pub habits_merged: usize,
    pub days_added: usize,
    /// Days of which something was said already; that stays.
    pub days_skipped: usize,
    pub pauses_added: usize,
    /// What could not be taken over as it was.
    pub notes: Vec<String>,
}
