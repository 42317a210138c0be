//! Pages of a person's habits.

use chrono::NaiveDate;
use sqlx::PgConnection;

use super::Habit;

/// Which habits of a person.
#[derive(Debug, Clone, Copy)]
pub struct Page {
    /// Only active ones, by time and name; else all, newest first.
    pub active_only: bool,
    /// How many to pass over.
    pub skip: i64,
    /// At most how many.
    pub limit: i64,
}

/// A page of a person's habits, each with whether it is done on `today`.
///
/// # Errors
///
/// Fails when the database does.
pub async fn list(
    conn: &mut PgConnection,
    user_id: i64,
    today: NaiveDate,
    page: Page,
) -> sqlx::Result<Vec<(Habit, bool)>> {
    let rows = sqlx::query!(
        r#"select id, user_id, name, description, target_days, time_to_remind, is_active, current_streak, max_streak,
                  streak_expires_at, next_reminder_at, created_at, updated_at,
                  exists (select from executions
                          where habit_id = habits.id and execution_date = $2 and status = 'done') as "is_done_today!"
           from habits
           where user_id = $1 and (is_active or not $3)
           order by case when $3 then time_to_remind end, case when $3 then name end,
                    case when $3 then id end, created_at desc, id desc
           offset $4 limit $5"#,
        user_id,
        today,
        page.active_only,
        page.skip,
        page.limit,
    )
    .fetch_all(conn)
    .await?;
    let habits = rows.into_iter().map(|row| {
        (
            Habit {
                id: row.id,
                user_id: row.user_id,
                name: row.name,
                description: row.description,
                target_days: row.target_days,
                time_to_remind: row.time_to_remind,
                is_active: row.is_active,
                current_streak: row.current_streak,
                max_streak: row.max_streak,
                streak_expires_at: row.streak_expires_at,
                next_reminder_at: row.next_reminder_at,
                created_at: row.created_at,
                updated_at: row.updated_at,
            },
            row.is_done_today,
        )
    });
    Ok(habits.collect())
}
