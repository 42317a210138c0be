//! `/templates`: habits that people can start from.

use chrono::NaiveTime;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::{habit::Goal, schedule::Schedule, time_of_day::TimeOfDay};

/// A habit to start from, in one language. Its fields from `name` on are those that `POST /habits/` takes.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
#[schema(example = json!({"id": 1, "slug": "read", "category": "Learning", "emoji": "📖", "name": "Read", "description": null, "time_to_remind": "21:00:00", "more_reminder_times": [], "target_days": 21, "schedule": {"type": "daily"}, "goal": null}))]
pub struct Template {
    pub id: i64,
    /// Stable name, for programs.
    #[schema(example = "read")]
    pub slug: String,
    /// Heading to list it under, in its language.
    #[schema(example = "Learning")]
    pub category: String,
    #[schema(example = "📖")]
    pub emoji: String,
    #[schema(example = "Read")]
    pub name: String,
    pub description: Option<String>,
    /// The first reminder of the day.
    #[schema(value_type = TimeOfDay)]
    pub time_to_remind: NaiveTime,
    /// The further ones, ascending.
    #[schema(value_type = Vec<TimeOfDay>)]
    pub more_reminder_times: Vec<NaiveTime>,
    pub target_days: i32,
    /// A run of days has no `start` here: it begins on the day on which the habit does.
    pub schedule: Schedule,
    #[schema(required = false)]
    pub goal: Option<Goal>,
}
