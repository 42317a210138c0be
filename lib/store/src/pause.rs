//! Dates on which nothing is expected of somebody.

use chrono::{DateTime, NaiveDate, Utc};
use habits::pause::Pause;
use sqlx::PgConnection;

/// The most pauses of a person that are kept.
pub const MAX_PAUSES: i64 = 500;

/// Why nothing is expected.
#[derive(Debug, Clone, Copy, PartialEq, Eq, sqlx::Type)]
#[sqlx(type_name = "text", rename_all = "snake_case")]
pub enum Reason {
    Person,
    /// A date that was lost by flying east.
    Travel,
}

/// A pause as stored.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Stored {
    pub id: i64,
    pub user_id: i64,
    /// `None`: of all habits.
    pub habit_id: Option<i64>,
    pub from_date: NaiveDate,
    /// Included; `None` while no end is known.
    pub to_date: Option<NaiveDate>,
    pub created_at: DateTime<Utc>,
}

/// Adds a pause of one habit, or of all. Reschedule what it concerns in the same transaction.
///
/// # Errors
///
/// Fails when the database does, or on a violated constraint.
pub async fn insert(
    conn: &mut PgConnection,
    user_id: i64,
    habit_id: Option<i64>,
    pause: Pause,
    reason: Reason,
    now: DateTime<Utc>,
) -> sqlx::Result<Stored> {
    sqlx::query_as!(
        Stored,
        "insert into pauses (user_id, habit_id, from_date, to_date, reason, created_at)
         values ($1, $2, $3, $4, $5, $6)
         returning id, user_id, habit_id, from_date, to_date, created_at",
        user_id,
        habit_id,
        pause.from,
        pause.to,
        reason as Reason,
        now,
    )
    .fetch_one(conn)
    .await
}

/// Excuses dates that were lost by travel, but for those that are excused already.
///
/// # Errors
///
/// Fails when the database does.
pub async fn excuse_travel(conn: &mut PgConnection, user_id: i64, lost: Pause, now: DateTime<Utc>) -> sqlx::Result<()> {
    sqlx::query!(
        "insert into pauses (user_id, habit_id, from_date, to_date, reason, created_at)
         select $1, null, $2, $3, 'travel', $4
         where not exists (
             select from pauses
             where user_id = $1 and habit_id is null and from_date <= $2 and (to_date is null or to_date >= $3))",
        user_id,
        lost.from,
        lost.to,
        now,
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// Expects the dates from `today` on again that were excused by travel: they are not lost, the person is back on them.
///
/// # Errors
///
/// Fails when the database does.
pub async fn expect_again(conn: &mut PgConnection, user_id: i64, today: NaiveDate) -> sqlx::Result<()> {
    sqlx::query!(
        "with ended as (
             update pauses set to_date = $2::date - 1
             where user_id = $1 and reason = 'travel' and to_date >= $2 and from_date < $2)
         delete from pauses where user_id = $1 and reason = 'travel' and from_date >= $2",
        user_id,
        today,
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// A person's own pauses that have not ended before `since`, the earliest first, at most [`MAX_PAUSES`].
///
/// # Errors
///
/// Fails when the database does.
pub async fn list(conn: &mut PgConnection, user_id: i64, since: NaiveDate) -> sqlx::Result<Vec<Stored>> {
    sqlx::query_as!(
        Stored,
        "select id, user_id, habit_id, from_date, to_date, created_at from pauses
         where user_id = $1 and reason = 'person' and (to_date is null or to_date >= $2)
         order by from_date, id limit $3",
        user_id,
        since,
        MAX_PAUSES,
    )
    .fetch_all(conn)
    .await
}

/// A person's pauses on `date`, those of travel included, each with the habit that it concerns; `None`: all.
///
/// # Errors
///
/// Fails when the database does.
pub async fn on(conn: &mut PgConnection, user_id: i64, date: NaiveDate) -> sqlx::Result<Vec<(Option<i64>, Pause)>> {
    let rows = sqlx::query!(
        "select habit_id, from_date, to_date from pauses
         where user_id = $1 and from_date <= $2 and (to_date is null or to_date >= $2)
         order by id limit $3",
        user_id,
        date,
        MAX_PAUSES,
    )
    .fetch_all(conn)
    .await?;
    Ok(rows.into_iter().map(|row| (row.habit_id, Pause { from: row.from_date, to: row.to_date })).collect())
}

/// How many pauses a person has, those of travel included.
///
/// # Errors
///
/// Fails when the database does.
pub async fn count(conn: &mut PgConnection, user_id: i64) -> sqlx::Result<i64> {
    sqlx::query_scalar!(r#"select count(*) as "count!" from pauses where user_id = $1"#, user_id).fetch_one(conn).await
}

/// A person's own pause, locked until the transaction ends.
///
/// # Errors
///
/// Fails when the database does.
pub async fn lock(conn: &mut PgConnection, user_id: i64, id: i64) -> sqlx::Result<Option<Stored>> {
    sqlx::query_as!(
        Stored,
        "select id, user_id, habit_id, from_date, to_date, created_at from pauses
         where user_id = $1 and id = $2 and reason = 'person' for update",
        user_id,
        id,
    )
    .fetch_optional(conn)
    .await
}

/// Lets a pause end with `last`; one that would end before it begins is removed.
///
/// # Errors
///
/// Fails when the database does.
pub async fn end(conn: &mut PgConnection, pause: &Stored, last: NaiveDate) -> sqlx::Result<()> {
    if last < pause.from_date {
        sqlx::query!("delete from pauses where id = $1", pause.id).execute(conn).await?;
    } else {
        sqlx::query!("update pauses set to_date = $2 where id = $1", pause.id, last).execute(conn).await?;
    }
    Ok(())
}

/// The pauses that concern all habits of a person.
pub(crate) async fn of_all_habits(conn: &mut PgConnection, user_id: i64) -> sqlx::Result<Vec<Pause>> {
    sqlx::query_as!(
        Pause,
        r#"select from_date as "from", to_date as "to" from pauses where user_id = $1 and habit_id is null"#,
        user_id,
    )
    .fetch_all(conn)
    .await
}
