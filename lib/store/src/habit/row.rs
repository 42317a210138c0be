//! The columns of a habit, and what they mean.

use chrono::{DateTime, NaiveDate, NaiveTime, Utc};
use habits::{
    goal::{Direction, Goal},
    schedule::Schedules,
};
use sqlx::types::Json;

use super::Habit;

pub(super) struct Row {
    pub(super) id: i64,
    pub(super) user_id: i64,
    pub(super) name: String,
    pub(super) description: Option<String>,
    pub(super) target_days: i32,
    pub(super) time_to_remind: NaiveTime,
    pub(super) more_reminder_times: Vec<NaiveTime>,
    pub(super) schedules: Json<Schedules>,
    pub(super) begun_on: Option<NaiveDate>,
    pub(super) goal_direction: Option<String>,
    pub(super) goal_amount_milli: Option<i64>,
    pub(super) goal_unit: Option<String>,
    pub(super) is_active: bool,
    pub(super) completed_at: Option<DateTime<Utc>>,
    pub(super) current_streak: i32,
    pub(super) max_streak: i32,
    pub(super) streak_expires_at: Option<DateTime<Utc>>,
    pub(super) next_reminder_at: Option<DateTime<Utc>>,
    pub(super) version: i64,
    pub(super) created_at: DateTime<Utc>,
    pub(super) updated_at: DateTime<Utc>,
}

impl From<Row> for Habit {
    fn from(row: Row) -> Self {
        let mut reminder_times = row.more_reminder_times;
        reminder_times.insert(0, row.time_to_remind);
        Self {
            id: row.id,
            user_id: row.user_id,
            name: row.name,
            description: row.description,
            schedules: row.schedules.0,
            begun_on: row.begun_on,
            target_days: row.target_days,
            goal: goal(row.goal_direction.as_deref(), row.goal_amount_milli),
            goal_unit: row.goal_unit,
            reminder_times,
            is_active: row.is_active,
            completed_at: row.completed_at,
            current_streak: row.current_streak,
            max_streak: row.max_streak,
            streak_expires_at: row.streak_expires_at,
            next_reminder_at: row.next_reminder_at,
            version: row.version,
            created_at: row.created_at,
            updated_at: row.updated_at,
        }
    }
}

fn goal(direction: Option<&str>, amount_milli: Option<i64>) -> Option<Goal> {
    let direction = match direction? {
        "at_least" => Direction::AtLeast,
        _ => Direction::AtMost,
    };
    Some(Goal { direction, amount_milli: amount_milli? })
}

pub(super) fn direction(direction: Direction) -> &'static str {
    match direction {
        Direction::AtLeast => "at_least",
        Direction::AtMost => "at_most",
    }
}

/// The first reminder of the day, which has a column of its own, and the others.
pub(super) fn split(times: &[NaiveTime]) -> (NaiveTime, &[NaiveTime]) {
    times.split_first().map_or((NaiveTime::MIN, &[]), |(first, more)| (*first, more))
}
