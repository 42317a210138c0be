//! Streaks that end by themselves, because a day was missed.

use chrono::{DateTime, Utc};
use sqlx::PgConnection;

use crate::habit;

/// Ends at most `limit` streaks whose time ran out by `now`, the longest overdue first, and returns how many.
///
/// The instant was derived from the executions when they last changed, in the owner's zone as it was parsed then: nobody's
/// zone is read here, but of the few who were done for later days already and whose streak is derived again.
///
/// # Errors
///
/// Fails when the database does.
pub async fn end_missed(conn: &mut PgConnection, now: DateTime<Utc>, limit: i64) -> sqlx::Result<u64> {
    // A day that is done already and comes after the one that was missed: its owner flew west. No date of a zone begins
    // before the same date of UTC less a day, so that what was done before the missed day is not among them.
    // An array, not a join: however many rows the planner expects of a limit that it does not know, it goes by their ids.
    let rows = sqlx::query!(
        r#"with expired as (
               select id, exists (
                   select from executions e where e.habit_id = habits.id and e.status = 'done'
                       and e.execution_date >= (streak_expires_at at time zone 'UTC')::date) as goes_on
               from habits where streak_expires_at <= $1
               order by streak_expires_at limit $2
               for no key update skip locked
           ), ended as (
               update habits set current_streak = 0, streak_expires_at = null, version = version + 1
               where id = any (array(select expired.id from expired where not goes_on))
           )
           select id as "id!", goes_on as "goes_on!" from expired"#,
        now,
        limit,
    )
    .fetch_all(&mut *conn)
    .await?;
    let going_on: Vec<i64> = rows.iter().filter(|row| row.goes_on).map(|row| row.id).collect();
    if !going_on.is_empty() {
        habit::reschedule(conn, &going_on, now).await?;
    }
    Ok(rows.len() as u64)
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
}
