//! What was done on a day: one row per habit and local date.

use std::collections::BTreeSet;

use chrono::{DateTime, NaiveDate, Utc};
use sqlx::PgConnection;

/// How a day went.
#[derive(Debug, Clone, Copy, PartialEq, Eq, sqlx::Type)]
#[sqlx(type_name = "text", rename_all = "snake_case")]
pub enum Status {
    /// Nothing said; also what undo sets.
    Pending,
    Done,
    NotDone,
}

/// One day of a habit.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Execution {
    pub id: i64,
    pub habit_id: i64,
    pub execution_date: NaiveDate,
    pub status: Status,
    pub created_at: DateTime<Utc>,
    pub updated_at: DateTime<Utc>,
}

/// Sets the status of a day. Setting it again changes nothing, not even `updated_at`.
///
/// The habit should be locked, and its streak derived again in the same transaction.
///
/// # Errors
///
/// Fails when the database does, or when the habit does not exist (foreign key).
pub async fn set(
    conn: &mut PgConnection,
    habit_id: i64,
    date: NaiveDate,
    status: Status,
    now: DateTime<Utc>,
) -> sqlx::Result<Execution> {
    sqlx::query_as!(
        Execution,
        r#"insert into executions as old (habit_id, execution_date, status, created_at, updated_at)
           values ($1, $2, $3, $4, $4)
           on conflict on constraint executions_habit_id_execution_date_key do update
           set status = excluded.status,
               updated_at = case when old.status = excluded.status then old.updated_at else excluded.updated_at end
           returning id, habit_id, execution_date, status as "status: Status", created_at, updated_at"#,
        habit_id,
        date,
        status as Status,
        now,
    )
    .fetch_one(conn)
    .await
}

/// Whether the habit is done on `date`.
///
/// # Errors
///
/// Fails when the database does.
pub async fn is_done(conn: &mut PgConnection, habit_id: i64, date: NaiveDate) -> sqlx::Result<bool> {
    let done = sqlx::query_scalar!(
        r#"select exists (select from executions
                          where habit_id = $1 and execution_date = $2 and status = 'done') as "done!""#,
        habit_id,
        date,
    );
    done.fetch_one(conn).await
}

/// Every date on which the habit was done.
///
/// # Errors
///
/// Fails when the database does.
pub async fn done_dates(conn: &mut PgConnection, habit_id: i64) -> sqlx::Result<BTreeSet<NaiveDate>> {
    let dates =
        sqlx::query_scalar!("select execution_date from executions where habit_id = $1 and status = 'done'", habit_id);
    Ok(dates.fetch_all(conn).await?.into_iter().collect())
}

/// The last days of a habit, newest first, at most `limit`.
///
/// # Errors
///
/// Fails when the database does.
pub async fn last(conn: &mut PgConnection, habit_id: i64, limit: i64) -> sqlx::Result<Vec<Execution>> {
    sqlx::query_as!(
        Execution,
        r#"select id, habit_id, execution_date, status as "status: Status", created_at, updated_at
           from executions where habit_id = $1 order by execution_date desc limit $2"#,
        habit_id,
        limit,
    )
    .fetch_all(conn)
    .await
}
