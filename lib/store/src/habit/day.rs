//! One day of a habit is said, and its streak follows: in one statement.

use chrono::{DateTime, NaiveDate, Utc};
use sqlx::PgConnection;

use super::Habit;
use crate::execution::{Execution, Status};

/// What is to be said of a day.
#[derive(Debug, Clone, Copy)]
pub struct DayChange<'a> {
    pub date: NaiveDate,
    pub status: Status,
    /// In thousandths of the habit's unit.
    pub amount_milli: Option<i64>,
    /// At most 500 characters. `None` keeps what was there, an empty one takes it back.
    pub note: Option<&'a str>,
}

/// Writes a day and what `habit` became by it, unless the habit has been written since its `version` was read: then
/// nothing is written and `None` returned.
///
/// Only streak, completion, `updated_at` and, where `is_active` turns, the next reminder are taken from `habit`. Saying the same again
/// changes nothing of the day, not even `updated_at`.
///
/// # Errors
///
/// Fails when the database does, or on a violated constraint.
pub async fn write_day(
    conn: &mut PgConnection,
    habit: &Habit,
    turns: bool,
    day: &DayChange<'_>,
    now: DateTime<Utc>,
) -> sqlx::Result<Option<Execution>> {
    sqlx::query_as!(
        Execution,
        r#"with habit as (
               update habits set current_streak = $3, max_streak = $4, streak_expires_at = $5, is_active = $6,
                      completed_at = $7, taken_up = $15, updated_at = $16,
                      next_reminder_at = case when $8 then $9 else next_reminder_at end, version = version + 1
               where id = $1 and version = $2
               returning id)
           insert into executions as old
               (habit_id, execution_date, status, amount_milli, note, created_at, updated_at)
           select id, $10, $11, $12, nullif($13::text, ''), $14, $14 from habit
           on conflict on constraint executions_habit_id_execution_date_key do update
           set status = excluded.status, amount_milli = excluded.amount_milli,
               note = case when $13::text is null then old.note else excluded.note end,
               updated_at = case when old.status = excluded.status
                   and old.amount_milli is not distinct from excluded.amount_milli
                   and ($13 is null or old.note is not distinct from excluded.note)
                   then old.updated_at else excluded.updated_at end
           returning id, habit_id, execution_date, status as "status: Status", amount_milli, note, created_at,
                     updated_at"#,
        habit.id,
        habit.version,
        habit.current_streak,
        habit.max_streak,
        habit.streak_expires_at,
        habit.is_active,
        habit.completed_at,
        turns,
        habit.next_reminder_at,
        day.date,
        day.status as Status,
        day.amount_milli,
        day.note,
        now,
        habit.taken_up,
        habit.updated_at,
    )
    .fetch_optional(conn)
    .await
}
