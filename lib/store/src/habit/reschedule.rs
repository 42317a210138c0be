//! Habits follow a changed zone, a pause, or other settings of their owner.

use std::collections::BTreeMap;

use chrono::{DateTime, Days, NaiveDate, Utc};
use habits::reminder::Reminded;
use sqlx::PgConnection;

use super::state::{State, states};

/// Habits rewritten by one statement.
const BATCH_ROWS: i64 = 500;

/// A date repeats within a day of the flight that repeats it.
const REMEMBERED_DAYS: u64 = 3;

/// Why habits are looked at again.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Cause {
    /// Dates begin at other instants than before, or the person wants pauses or quiet hours.
    SettingsChanged,
    /// Messages reach the person again: what was due meanwhile is not made up for.
    Returned,
}

/// Computes reminders and streaks of all habits of a person again, as of `now`.
///
/// To be called in the transaction that wrote what changed of the person. Reminders lie in the future.
///
/// # Errors
///
/// Fails when the database does.
pub async fn reschedule_all(
    conn: &mut PgConnection,
    user_id: i64,
    cause: Cause,
    now: DateTime<Utc>,
) -> sqlx::Result<()> {
    let mut after_id = 0;
    loop {
        let ids = lock_batch(conn, user_id, after_id).await?;
        let Some(last) = ids.last() else {
            return Ok(());
        };
        after_id = *last;
        reschedule_locked(conn, &ids, cause, now).await?;
    }
}

/// The same for these habits, which have to be locked.
///
/// # Errors
///
/// Fails when the database does.
pub async fn reschedule(conn: &mut PgConnection, ids: &[i64], now: DateTime<Utc>) -> sqlx::Result<()> {
    reschedule_locked(conn, ids, Cause::SettingsChanged, now).await
}

async fn reschedule_locked(conn: &mut PgConnection, ids: &[i64], cause: Cause, now: DateTime<Utc>) -> sqlx::Result<()> {
    let mut batch = states(conn, ids).await?;
    let reminded = last_reminded(conn, ids, now.date_naive() - Days::new(REMEMBERED_DAYS)).await?;
    for state in &mut batch {
        if cause == Cause::Returned {
            state.habit.next_reminder_at = None;
        }
        state.derive_streak(now);
        state.schedule_reminder_beyond(now, reminded.get(&state.habit.id).copied());
    }
    write(conn, &batch).await
}

async fn lock_batch(conn: &mut PgConnection, user_id: i64, after_id: i64) -> sqlx::Result<Vec<i64>> {
    sqlx::query_scalar!(
        "select id from habits where user_id = $1 and id > $2 order by id limit $3 for no key update",
        user_id,
        after_id,
        BATCH_ROWS,
    )
    .fetch_all(conn)
    .await
}

/// What a habit was reminded of last at the times that it has.
///
/// # Errors
///
/// Fails when the database does.
pub async fn reminded(conn: &mut PgConnection, id: i64, now: DateTime<Utc>) -> sqlx::Result<Option<Reminded>> {
    Ok(last_reminded(conn, &[id], now.date_naive() - Days::new(REMEMBERED_DAYS)).await?.remove(&id))
}

/// What each was reminded of last at the times that it has, among the dates from `since` on.
async fn last_reminded(
    conn: &mut PgConnection,
    ids: &[i64],
    since: NaiveDate,
) -> sqlx::Result<BTreeMap<i64, Reminded>> {
    let rows = sqlx::query!(
        r#"select i.habit_id, i.execution_date, count(*) as "times!"
           from delivery_items i join habits h on h.id = i.habit_id
           where i.habit_id = any($1) and i.execution_date >= $2
             and (h.reminder_times_changed_at is null or i.scheduled_at >= h.reminder_times_changed_at)
           group by i.habit_id, i.execution_date order by i.execution_date"#,
        ids,
        since,
    )
    .fetch_all(conn)
    .await?;
    // Ascending dates: the last one stays.
    let reminded = rows.into_iter().map(|row| {
        let times = usize::try_from(row.times).unwrap_or_default();
        (row.habit_id, Reminded { date: row.execution_date, times })
    });
    Ok(reminded.collect())
}

async fn write(conn: &mut PgConnection, batch: &[State]) -> sqlx::Result<()> {
    let habits = || batch.iter().map(|state| &state.habit);
    let ids: Vec<i64> = habits().map(|habit| habit.id).collect();
    let current: Vec<i32> = habits().map(|habit| habit.current_streak).collect();
    let record: Vec<i32> = habits().map(|habit| habit.max_streak).collect();
    let expires: Vec<Option<DateTime<Utc>>> = habits().map(|habit| habit.streak_expires_at).collect();
    let next: Vec<Option<DateTime<Utc>>> = habits().map(|habit| habit.next_reminder_at).collect();
    sqlx::query!(
        "update habits set current_streak = new.current, max_streak = new.record,
                streak_expires_at = new.expires_at, next_reminder_at = new.next_at, version = version + 1
         from unnest($1::bigint[], $2::integer[], $3::integer[], $4::timestamptz[], $5::timestamptz[])
              as new(id, current, record, expires_at, next_at)
         where habits.id = new.id",
        &ids,
        &current,
        &record,
        &expires as &[Option<DateTime<Utc>>],
        &next as &[Option<DateTime<Utc>>],
    )
    .execute(conn)
    .await?;
    Ok(())
}

#[cfg(test)]
mod tests;
