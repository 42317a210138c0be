//! Streaks that end by themselves, because a day was missed.

use chrono::{DateTime, Utc};
use sqlx::PgConnection;

use crate::{habit, user};

/// Ends at most `limit` streaks whose time ran out by `now`, the longest overdue first, and returns how many.
///
/// The instant was derived from the executions when they last changed, in the owner's zone as it was parsed then: zones are
/// read only of those who may have done a later day already, and only streaks that go on by such a day are derived again.
///
/// # Errors
///
/// Fails when the database does.
pub async fn end_missed(conn: &mut PgConnection, now: DateTime<Utc>, limit: i64) -> sqlx::Result<u64> {
    // A day that is done already and comes after the period that fell short: its owner flew west. No date of a zone begins
    // before the same date of UTC less a day, so that what was done before is not among them, but for the last day of a
    // week, a month or a run of days.
    // An array, not a join: however many rows the planner expects of a limit that it does not know, it goes by their ids.
    let rows = sqlx::query!(
        r#"with expired as (
               select id, exists (
                   select from executions e where e.habit_id = habits.id and e.status = 'done'
                       and e.execution_date >= (streak_expires_at at time zone 'UTC')::date) as may_go_on
               from habits where streak_expires_at <= $1
               order by streak_expires_at limit $2
               for no key update skip locked
           ), ended as (
               update habits set current_streak = 0, streak_expires_at = null, version = version + 1
               where id = any (array(select expired.id from expired where not may_go_on))
           )
           select id as "id!", may_go_on as "may_go_on!" from expired"#,
        now,
        limit,
    )
    .fetch_all(&mut *conn)
    .await?;
    let undecided: Vec<i64> = rows.iter().filter(|row| row.may_go_on).map(|row| row.id).collect();
    if !undecided.is_empty() {
        decide(conn, &undecided, now).await?;
    }
    Ok(rows.len() as u64)
}

/// Ends those of these streaks, which are locked, that no day goes on.
async fn decide(conn: &mut PgConnection, ids: &[i64], now: DateTime<Utc>) -> sqlx::Result<()> {
    let rows = sqlx::query!(
        r#"select h.id, h.streak_expires_at as "expires_at!", u.timezone, u.day_start_hour,
                  (select max(execution_date) from executions e where e.habit_id = h.id and e.status = 'done')
                  as "last_done!"
           from unnest($1::bigint[]) as asked(id) join habits h on h.id = asked.id join users u on u.id = h.user_id"#,
        ids,
    )
    .fetch_all(&mut *conn)
    .await?;
    // The first date after the period that fell short begins with the instant at which the streak ends.
    let goes_on = |timezone: &str, start_hour, expires_at, last_done| {
        user::calendar(timezone, start_hour).today(expires_at) <= last_done
    };
    let (going_on, ended): (Vec<_>, Vec<_>) =
        rows.iter().partition(|row| goes_on(&row.timezone, row.day_start_hour, row.expires_at, row.last_done));
    let ended: Vec<i64> = ended.iter().map(|row| row.id).collect();
    sqlx::query!(
        "update habits set current_streak = 0, streak_expires_at = null, version = version + 1 where id = any($1)",
        &ended,
    )
    .execute(&mut *conn)
    .await?;
    let going_on: Vec<i64> = going_on.iter().map(|row| row.id).collect();
    if !going_on.is_empty() {
        habit::reschedule(conn, &going_on, now).await?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use sqlx::PgPool;

    use super::*;

    async fn streaks(db: &PgPool) -> Vec<(i32, i32, Option<DateTime<Utc>>)> {
        sqlx::query_as("select current_streak, max_streak, streak_expires_at from habits order by id")
            .fetch_all(db)
            .await
            .unwrap()
    }

    #[sqlx::test(migrations = "../../migrations")]
    async fn a_streak_ends_on_a_missed_day_and_its_record_stays(db: PgPool) {
        let now: DateTime<Utc> = "2026-11-22T00:00:00Z".parse().unwrap();
        let later: DateTime<Utc> = "2026-11-22T18:15:00Z".parse().unwrap();
        sqlx::query(
            "insert into users (telegram_id, timezone, created_at, updated_at) values (7, 'Mars/Olympus', $1, $1)",
        )
        .bind(now)
        .execute(&db)
        .await
        .unwrap();
        for expires_at in [now, later] {
            sqlx::query(
                "insert into habits (user_id, name, time_to_remind, origin, current_streak, max_streak,
                     streak_expires_at, created_at, updated_at)
                 select id, 'Read', '20:00', 'telegram', 5, 9, $1, $1, $1 from users",
            )
            .bind(expires_at)
            .execute(&db)
            .await
            .unwrap();
        }
        let mut conn = db.acquire().await.unwrap();
        assert_eq!(end_missed(&mut conn, now, 100).await.unwrap(), 1);
        assert_eq!(end_missed(&mut conn, now, 100).await.unwrap(), 0);
        assert_eq!(streaks(&db).await, [(0, 9, None), (5, 9, Some(later))]);
    }

    /// The zone of whoever has done a later day is looked at.
    #[sqlx::test(migrations = "../../migrations")]
    async fn one_bad_zone_keeps_nobody_elses_streak_from_ending(db: PgPool) {
        let now: DateTime<Utc> = "2026-11-22T12:00:00Z".parse().unwrap();
        for (telegram_id, zone, done) in [(7, "Mars/Olympus", Some("done")), (8, "UTC", None)] {
            sqlx::query(
                "with owner as (
                     insert into users (telegram_id, timezone, created_at, updated_at) values ($1, $2, $3, $3) returning id
                 ), habit as (
                     insert into habits (user_id, name, time_to_remind, origin, current_streak, max_streak,
                         streak_expires_at, created_at, updated_at)
                     select id, 'Read', '20:00', 'telegram', 5, 9, '2026-11-21T22:00:00Z', $3, $3 from owner returning id
                 )
                 insert into executions (habit_id, execution_date, status, created_at, updated_at)
                 select id, '2026-11-21', $4, $3, $3 from habit where $4 is not null",
            )
            .bind(telegram_id)
            .bind(zone)
            .bind(now)
            .bind(done)
            .execute(&db)
            .await
            .unwrap();
        }
        let mut conn = db.acquire().await.unwrap();
        assert_eq!(end_missed(&mut conn, now, 100).await.unwrap(), 2);
        let after = streaks(&db).await;
        assert_eq!(after.iter().map(|(current, record, _)| (*current, *record)).collect::<Vec<_>>(), [(1, 1), (0, 9)]);
    }
}
