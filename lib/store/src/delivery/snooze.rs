//! Reminders that a person puts off.

use chrono::{DateTime, NaiveDate, TimeDelta, Utc};
use sqlx::PgConnection;

/// A habit of a person, and the date that its reminder is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Reminded {
    pub user_id: i64,
    pub chat_id: i64,
    pub habit_id: i64,
    pub date: NaiveDate,
}

/// Reminds again at `at`, in place of when the person wanted it before. To be called in a transaction.
///
/// # Errors
///
/// Fails when the database does.
pub async fn snooze(
    conn: &mut PgConnection,
    reminded: Reminded,
    at: DateTime<Utc>,
    expire_after: TimeDelta,
) -> sqlx::Result<()> {
    take_snooze_back(conn, reminded).await?;
    // What waits for the same instant already has not left: `at` lies ahead.
    let id = sqlx::query_scalar!(
        "insert into deliveries (kind, user_id, chat_id, scheduled_at, next_attempt_at, expires_at)
         values ('snooze', $1, $2, $3, $3, $4)
         on conflict on constraint deliveries_kind_chat_id_scheduled_at_part_key do update set state = 'due'
         returning id",
        reminded.user_id,
        reminded.chat_id,
        at,
        at + expire_after,
    );
    let id = id.fetch_one(&mut *conn).await?;
    sqlx::query!(
        "insert into delivery_items (scheduled_at, delivery_id, habit_id, execution_date) values ($1, $2, $3, $4)
         on conflict on constraint delivery_items_pkey do nothing",
        at,
        id,
        reminded.habit_id,
        reminded.date,
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// Does not remind again of this habit and date, unless that is on its way already. To be called in a transaction.
///
/// # Errors
///
/// Fails when the database does.
pub async fn take_snooze_back(conn: &mut PgConnection, reminded: Reminded) -> sqlx::Result<()> {
    sqlx::query!(
        "delete from delivery_items i using deliveries d
         where d.user_id = $1 and d.kind = 'snooze' and d.state = 'due'
             and d.scheduled_at = i.scheduled_at and d.id = i.delivery_id
             and i.habit_id = $2 and i.execution_date = $3",
        reminded.user_id,
        reminded.habit_id,
        reminded.date,
    )
    .execute(&mut *conn)
    .await?;
    sqlx::query!(
        "update deliveries d set state = 'cancelled'
         where d.user_id = $1 and d.kind = 'snooze' and d.state = 'due'
             and not exists (
                 select from delivery_items i where i.scheduled_at = d.scheduled_at and i.delivery_id = d.id)",
        reminded.user_id,
    )
    .execute(conn)
    .await?;
    Ok(())
}
