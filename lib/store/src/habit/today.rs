//! What a person may do on a date.

use chrono::NaiveDate;
use habits::schedule::Schedules;
use sqlx::{PgConnection, types::Json};

use super::{Listed, MAX_HABITS, row::habit_of};
use crate::execution::Status;

/// A habit that may be asked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Asked {
    pub listed: Listed,
    /// The dates done in the year before the asked one; none where something was said of that one, and none of a habit that
    /// has always been daily.
    pub done: Vec<NaiveDate>,
}

/// A person's active habits, and those of which something was said on `date`, the oldest first, at most
/// [`MAX_HABITS`].
///
/// # Errors
///
/// Fails when the database does.
pub async fn today(conn: &mut PgConnection, user_id: i64, date: NaiveDate) -> sqlx::Result<Vec<Asked>> {
    let rows = sqlx::query!(
        r#"select h.id, h.user_id, h.name, h.description, h.target_days, h.time_to_remind, h.more_reminder_times,
                  h.schedules as "schedules: Json<Schedules>", h.begun_on, h.goal_direction, h.goal_amount_milli,
                  h.goal_unit, h.is_active, h.completed_at, h.taken_up, h.current_streak, h.max_streak,
                  h.streak_expires_at, h.next_reminder_at, h.version, h.created_at, h.updated_at,
                  e.status as "status?: Status", e.amount_milli,
                  case when h.schedules <> '{}' and (e.status is null or e.status = 'pending') then array(
                      select execution_date from executions
                      where habit_id = h.id and status = 'done' and execution_date between $2::date - 365 and $2) end
                  as done
           from habits h
           left join executions e on e.habit_id = h.id and e.execution_date = $2
           where h.user_id = $1 and (h.is_active or e.status <> 'pending')
           order by h.id limit $3"#,
        user_id,
        date,
        MAX_HABITS,
    )
    .fetch_all(conn)
    .await?;
    let asked = rows.into_iter().map(|row| Asked {
        done: row.done.unwrap_or_default(),
        listed: Listed { status: row.status, amount_milli: row.amount_milli, habit: habit_of!(row) },
    });
    Ok(asked.collect())
}
