//! What was done on a day: one row per habit and local date. [`crate::habit::write_day`] writes them, and an
//! import: [`crate::transfer::add_days`].

use chrono::{DateTime, NaiveDate, Utc};
use habits::history::Mark;
use sqlx::PgConnection;

/// How a day went.
#[derive(Debug, Clone, Copy, PartialEq, Eq, sqlx::Type)]
#[sqlx(type_name = "text", rename_all = "snake_case")]
pub enum Status {
    /// Nothing said; also what undo sets.
    Pending,
    Done,
    NotDone,
    Skipped,
    /// Missed, and excused afterwards.
    Frozen,
}

impl Status {
    /// What it says of the day; `None` for nothing.
    pub fn mark(self) -> Option<Mark> {
        match self {
            Self::Pending => None,
            Self::Done => Some(Mark::Done),
            Self::NotDone => Some(Mark::NotDone),
            Self::Skipped => Some(Mark::Skipped),
            Self::Frozen => Some(Mark::Frozen),
        }
    }
}

impl From<Option<Mark>> for Status {
    fn from(mark: Option<Mark>) -> Self {
        match mark {
            None => Self::Pending,
            Some(Mark::Done) => Self::Done,
            Some(Mark::NotDone) => Self::NotDone,
            Some(Mark::Skipped) => Self::Skipped,
            Some(Mark::Frozen) => Self::Frozen,
        }
    }
}

/// One day of a habit.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Execution {
    pub id: i64,
    pub habit_id: i64,
    pub execution_date: NaiveDate,
    pub status: Status,
    /// In thousandths of the habit's unit.
    pub amount_milli: Option<i64>,
    pub note: Option<String>,
    pub created_at: DateTime<Utc>,
    pub updated_at: DateTime<Utc>,
}

/// The amount of a day, in thousandths of the habit's unit.
///
/// # Errors
///
/// Fails when the database does.
pub async fn amount_milli(conn: &mut PgConnection, habit_id: i64, date: NaiveDate) -> sqlx::Result<Option<i64>> {
    let amount = sqlx::query_scalar!(
        "select amount_milli from executions where habit_id = $1 and execution_date = $2",
        habit_id,
        date,
    );
    Ok(amount.fetch_optional(conn).await?.flatten())
}

/// All amounts of a habit, in thousandths of its unit, in the order of their dates.
///
/// # Errors
///
/// Fails when the database does.
pub async fn amounts(conn: &mut PgConnection, habit_id: i64) -> sqlx::Result<Vec<(NaiveDate, i64)>> {
    let rows = sqlx::query!(
        r#"select execution_date, amount_milli as "amount_milli!" from executions
           where habit_id = $1 and amount_milli is not null order by execution_date"#,
        habit_id,
    )
    .fetch_all(conn)
    .await?;
    Ok(rows.into_iter().map(|row| (row.execution_date, row.amount_milli)).collect())
}

/// The last days of a habit, newest first, at most `limit`.
///
/// # Errors
///
/// Fails when the database does.
pub async fn last(conn: &mut PgConnection, habit_id: i64, limit: i64) -> sqlx::Result<Vec<Execution>> {
    sqlx::query_as!(
        Execution,
        r#"select id, habit_id, execution_date, status as "status: Status", amount_milli, note, created_at, updated_at
           from executions where habit_id = $1 order by execution_date desc limit $2"#,
        habit_id,
        limit,
    )
    .fetch_all(conn)
    .await
}

/// The days of a habit from `from` to `to`, both included, ascending. The caller keeps the stretch short.
///
/// # Errors
///
/// Fails when the database does.
pub async fn between(
    conn: &mut PgConnection,
    habit_id: i64,
    from: NaiveDate,
    to: NaiveDate,
) -> sqlx::Result<Vec<Execution>> {
    sqlx::query_as!(
        Execution,
        r#"select id, habit_id, execution_date, status as "status: Status", amount_milli, note, created_at, updated_at
           from executions where habit_id = $1 and execution_date between $2 and $3 order by execution_date"#,
        habit_id,
        from,
        to,
    )
    .fetch_all(conn)
    .await
}

/// How many habits of a person were done on each date from `from` to `to`, both included, ascending.
///
/// # Errors
///
/// Fails when the database does.
pub async fn done_by_date(
    conn: &mut PgConnection,
    user_id: i64,
    from: NaiveDate,
    to: NaiveDate,
) -> sqlx::Result<Vec<(NaiveDate, i64)>> {
    let rows = sqlx::query!(
        r#"select e.execution_date, count(*) as "done!" from habits h
           join executions e on e.habit_id = h.id
           where h.user_id = $1 and e.status = 'done' and e.execution_date between $2 and $3
           group by e.execution_date order by e.execution_date"#,
        user_id,
        from,
        to,
    )
    .fetch_all(conn)
    .await?;
    Ok(rows.into_iter().map(|row| (row.execution_date, row.done)).collect())
}

/// How many days of a person were frozen from `from` to `to`, both included, but for this day of this habit.
///
/// # Errors
///
/// Fails when the database does.
pub async fn count_frozen(
    conn: &mut PgConnection,
    user_id: i64,
    from: NaiveDate,
    to: NaiveDate,
    except: (i64, NaiveDate),
) -> sqlx::Result<i64> {
    sqlx::query_scalar!(
        r#"select count(*) as "count!" from habits h
           join executions e on e.habit_id = h.id
           where h.user_id = $1 and e.status = 'frozen' and e.execution_date between $2 and $3
               and (e.habit_id, e.execution_date) <> ($4, $5)"#,
        user_id,
        from,
        to,
        except.0,
        except.1,
    )
    .fetch_one(conn)
    .await
}
