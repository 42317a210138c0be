//! The columns of a habit, and what they mean.

use chrono::{DateTime, NaiveDate, NaiveTime, Utc};
use habits::{
    goal::{Direction, Goal},
    schedule::Schedules,
};
use sqlx::types::Json;

use super::Habit;

pub(crate) struct Row {
    pub(crate) id: i64,
    pub(crate) user_id: i64,
    pub(crate) name: String,
    pub(crate) description: Option<String>,
    pub(crate) target_days: i32,
    pub(crate) time_to_remind: NaiveTime,
    pub(crate) more_reminder_times: Vec<NaiveTime>,
    pub(crate) schedules: Json<Schedules>,
    pub(crate) begun_on: Option<NaiveDate>,
    pub(crate) goal_direction: Option<String>,
    pub(crate) goal_amount_milli: Option<i64>,
    pub(crate) goal_unit: Option<String>,
    pub(crate) is_active: bool,
    pub(crate) completed_at: Option<DateTime<Utc>>,
    pub(crate) taken_up: bool,
    pub(crate) current_streak: i32,
    pub(crate) max_streak: i32,
    pub(crate) streak_expires_at: Option<DateTime<Utc>>,
    pub(crate) next_reminder_at: Option<DateTime<Utc>>,
    pub(crate) version: i64,
    pub(crate) created_at: DateTime<Utc>,
    pub(crate) updated_at: DateTime<Utc>,
}

/// The habit in a row of a statement that selects more than its columns.
macro_rules! habit_of {
    ($row:ident) => {
        $crate::habit::Habit::from($crate::habit::row::Row {
            id: $row.id,
            user_id: $row.user_id,
            name: $row.name,
            description: $row.description,
            target_days: $row.target_days,
            time_to_remind: $row.time_to_remind,
            more_reminder_times: $row.more_reminder_times,
            schedules: $row.schedules,
            begun_on: $row.begun_on,
            goal_direction: $row.goal_direction,
            goal_amount_milli: $row.goal_amount_milli,
            goal_unit: $row.goal_unit,
            is_active: $row.is_active,
            completed_at: $row.completed_at,
            taken_up: $row.taken_up,
            current_streak: $row.current_streak,
            max_streak: $row.max_streak,
            streak_expires_at: $row.streak_expires_at,
            next_reminder_at: $row.next_reminder_at,
            version: $row.version,
            created_at: $row.created_at,
            updated_at: $row.updated_at,
        })
    };
}
pub(crate) use habit_of;

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
            taken_up: row.taken_up,
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

pub(crate) fn direction(direction: Direction) -> &'static str {
    match direction {
        Direction::AtLeast => "at_least",
        Direction::AtMost => "at_most",
    }
}

/// The reminder that was set first, which has a column of its own, and the others.
pub(crate) fn split(times: &[NaiveTime]) -> (NaiveTime, &[NaiveTime]) {
    times.split_first().map_or((NaiveTime::MIN, &[]), |(first, more)| (*first, more))
}
