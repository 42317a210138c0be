//! Pages of a person's habits.

use chrono::NaiveDate;
use habits::schedule::Schedules;
use sqlx::{PgConnection, types::Json};

use super::{Habit, row::habit_of};
use crate::execution::Status;

/// Which habits of a person.
#[derive(Debug, Clone, Copy)]
pub struct Page {
    /// Only active ones, by time and name; else all, newest first.
    pub active_only: bool,
    /// How many to pass over.
    pub skip: i64,
    /// At most how many.
    pub limit: i64,
    /// Begin after this habit of the same order.
    pub after: Option<i64>,
}

/// A habit in a list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Listed {
    pub habit: Habit,
    /// How the asked date went; `None` while nothing was said of it.
    pub status: Option<Status>,
    /// In thousandths of the habit's unit.
    pub amount_milli: Option<i64>,
}

/// A page of a person's habits, each with how `date` went.
///
/// # Errors
///
/// Fails when the database does.
pub async fn list(conn: &mut PgConnection, user_id: i64, date: NaiveDate, page: Page) -> sqlx::Result<Vec<Listed>> {
    let rows = sqlx::query!(
        r#"select h.id, h.user_id, h.name, h.description, h.target_days, h.time_to_remind, h.more_reminder_times,
                  h.schedules as "schedules: Json<Schedules>", h.begun_on, h.goal_direction, h.goal_amount_milli,
                  h.goal_unit, h.is_active, h.completed_at, h.taken_up, h.current_streak, h.max_streak, h.streak_expires_at,
                  h.next_reminder_at, h.version, h.created_at, h.updated_at,
                  e.status as "status?: Status", e.amount_milli
           from habits h
           left join executions e on e.habit_id = h.id and e.execution_date = $2
           where h.user_id = $1 and (h.is_active or not $3)
               and ($6::bigint is null or case
                   when $3 then (h.time_to_remind, h.name, h.id) >
                       (select l.time_to_remind, l.name, l.id from habits l where l.id = $6 and l.user_id = $1)
                   else (h.created_at, h.id) <
                       (select l.created_at, l.id from habits l where l.id = $6 and l.user_id = $1) end)
           order by case when $3 then h.time_to_remind end, case when $3 then h.name end,
                    case when $3 then h.id end, h.created_at desc, h.id desc
           offset $4 limit $5"#,
        user_id,
        date,
        page.active_only,
        page.skip,
        page.limit,
        page.after,
    )
    .fetch_all(conn)
    .await?;
    let habits = rows.into_iter().map(|row| Listed {
        status: row.status,
        amount_milli: row.amount_milli,
        habit: habit_of!(row),
    });
    Ok(habits.collect())
}

/// Whether a page of this person's habits can begin after this habit.
///
/// # Errors
///
/// Fails when the database does.
pub async fn is_cursor(conn: &mut PgConnection, user_id: i64, habit_id: i64) -> sqlx::Result<bool> {
    let is_there = sqlx::query_scalar!(
        r#"select exists (select from habits where id = $1 and user_id = $2) as "exists!""#,
        habit_id,
        user_id,
    );
    is_there.fetch_one(conn).await
}
