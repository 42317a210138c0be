//! A person's habits follow a changed zone.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{DateTime, NaiveDate, Utc};
use habits::{Tz, day, reminder};
use sqlx::PgConnection;

use super::Habit;

/// Habits rewritten by one statement.
const BATCH_ROWS: i64 = 500;

/// Computes the reminders and streaks of all habits of a person again, as of `now` in `zone`.
///
/// Reminders lie in the future, and never on a date that the habit was reminded of already. To be called in the
/// transaction that changed the zone or unblocked the person.
///
/// # Errors
///
/// Fails when the database does.
pub async fn reschedule_all(conn: &mut PgConnection, user_id: i64, zone: Tz, now: DateTime<Utc>) -> sqlx::Result<()> {
    let mut after_id = 0;
    loop {
        let mut batch = lock_batch(conn, user_id, after_id).await?;
        let Some(last) = batch.last() else {
            return Ok(());
        };
        after_id = last.id;
        let ids: Vec<i64> = batch.iter().map(|habit| habit.id).collect();
        let mut done = done_dates(conn, &ids).await?;
        let reminded = last_reminded(conn, &ids).await?;
        for habit in &mut batch {
            habit.derive_streak(&done.remove(&habit.id).unwrap_or_default(), now, zone);
            habit.schedule_reminder(now, zone);
            habit.next_reminder_at = later_date(habit, reminded.get(&habit.id).copied(), zone);
        }
        write(conn, &batch).await?;
    }
}

/// The first reminder from the habit's next one on whose date comes after `reminded`.
fn later_date(habit: &Habit, reminded: Option<NaiveDate>, zone: Tz) -> Option<DateTime<Utc>> {
    let mut next = habit.next_reminder_at?;
    // Zones lie at most 26 hours apart: two dates at the most are passed over.
    for _ in 0..3 {
        if reminded.is_none_or(|date| day::today(next, zone) > date) {
            break;
        }
        next = reminder::next(next, habit.time_to_remind, zone)?;
    }
    Some(next)
}

async fn lock_batch(conn: &mut PgConnection, user_id: i64, after_id: i64) -> sqlx::Result<Vec<Habit>> {
    sqlx::query_as!(
        Habit,
        "select id, user_id, name, description, target_days, time_to_remind, is_active, current_streak, max_streak,
                streak_expires_at, next_reminder_at, created_at, updated_at
         from habits where user_id = $1 and id > $2 order by id limit $3 for no key update",
        user_id,
        after_id,
        BATCH_ROWS,
    )
    .fetch_all(conn)
    .await
}

async fn done_dates(conn: &mut PgConnection, ids: &[i64]) -> sqlx::Result<BTreeMap<i64, BTreeSet<NaiveDate>>> {
    let rows = sqlx::query!(
        "select habit_id, execution_date from executions where habit_id = any($1) and status = 'done'",
        ids,
    )
    .fetch_all(conn)
    .await?;
    let mut done: BTreeMap<i64, BTreeSet<NaiveDate>> = BTreeMap::new();
    for row in rows {
        done.entry(row.habit_id).or_default().insert(row.execution_date);
    }
    Ok(done)
}

async fn last_reminded(conn: &mut PgConnection, ids: &[i64]) -> sqlx::Result<BTreeMap<i64, NaiveDate>> {
    let rows = sqlx::query!(
        r#"select habit_id, max(execution_date) as "execution_date!" from delivery_items
           where habit_id = any($1) group by habit_id"#,
        ids,
    )
    .fetch_all(conn)
    .await?;
    Ok(rows.into_iter().map(|row| (row.habit_id, row.execution_date)).collect())
}

async fn write(conn: &mut PgConnection, batch: &[Habit]) -> sqlx::Result<()> {
    let ids: Vec<i64> = batch.iter().map(|habit| habit.id).collect();
    let current: Vec<i32> = batch.iter().map(|habit| habit.current_streak).collect();
    let record: Vec<i32> = batch.iter().map(|habit| habit.max_streak).collect();
    let expires: Vec<Option<DateTime<Utc>>> = batch.iter().map(|habit| habit.streak_expires_at).collect();
    let next: Vec<Option<DateTime<Utc>>> = batch.iter().map(|habit| habit.next_reminder_at).collect();
    sqlx::query!(
        "update habits set current_streak = new.current, max_streak = new.record,
                streak_expires_at = new.expires_at, next_reminder_at = new.next_at
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
mod tests {
    use chrono::NaiveTime;
    use sqlx::PgPool;

    use super::*;
    use crate::{
        execution::{self, Status},
        habit::{self, NewHabit, Origin},
        user::{self, NewUser},
    };

    const TOKYO: Tz = Tz::Asia__Tokyo;
    const LOS_ANGELES: Tz = Tz::America__Los_Angeles;

    fn at(text: &str) -> DateTime<Utc> {
        text.parse().unwrap()
    }

    /// Reminded at 08:00 of each day in Tokyo.
    async fn a_habit(conn: &mut PgConnection, now: DateTime<Utc>) -> Habit {
        let person =
            NewUser { telegram_id: 7, username: None, first_name: None, last_name: None, language: None, zone: TOKYO };
        let user = user::insert(conn, &person, now).await.unwrap().unwrap();
        let new = NewHabit {
            user_id: user.id,
            name: "read",
            description: None,
            target_days: habit::DEFAULT_TARGET_DAYS,
            time_to_remind: NaiveTime::from_hms_opt(8, 0, 0).unwrap(),
            origin: Origin::Api,
        };
        habit::insert(conn, &new, TOKYO, now).await.unwrap()
    }

    async fn reminded(conn: &mut PgConnection, habit: &Habit, date: &str) {
        sqlx::query(
            "with delivery as (
                insert into deliveries (kind, user_id, chat_id, scheduled_at, next_attempt_at, expires_at)
                values ('reminder', $1, 7, now(), now(), now()) returning scheduled_at, id)
             insert into delivery_items (scheduled_at, delivery_id, habit_id, execution_date)
             select scheduled_at, id, $2, $3::date from delivery",
        )
        .bind(habit.user_id)
        .bind(habit.id)
        .bind(date)
        .execute(conn)
        .await
        .unwrap();
    }

    async fn next_after(conn: &mut PgConnection, habit: &Habit, zone: Tz, now: &str) -> Option<DateTime<Utc>> {
        reschedule_all(conn, habit.user_id, zone, at(now)).await.unwrap();
        habit::by_id(conn, habit.id).await.unwrap().unwrap().next_reminder_at
    }

    #[sqlx::test(migrations = "../../migrations")]
    async fn after_a_flight_west_a_date_is_not_reminded_of_twice(pool: PgPool) {
        let mut conn = pool.acquire().await.unwrap();
        let habit = a_habit(&mut conn, at("2026-11-21T12:00:00Z")).await;
        reminded(&mut conn, &habit, "2026-11-22").await;
        // 09:00 of the 22nd in Tokyo is 16:00 of the 21st in Los Angeles: 08:00 of the 22nd comes a second time there.
        let next = next_after(&mut conn, &habit, LOS_ANGELES, "2026-11-22T00:00:00Z").await;
        assert_eq!(next, Some(at("2026-11-23T16:00:00Z")));
    }

    #[sqlx::test(migrations = "../../migrations")]
    async fn a_date_not_reminded_of_yet_still_is(pool: PgPool) {
        let mut conn = pool.acquire().await.unwrap();
        let habit = a_habit(&mut conn, at("2026-11-21T12:00:00Z")).await;
        let next = next_after(&mut conn, &habit, LOS_ANGELES, "2026-11-22T00:00:00Z").await;
        assert_eq!(next, Some(at("2026-11-22T16:00:00Z")));
    }

    #[sqlx::test(migrations = "../../migrations")]
    async fn an_archived_habit_stays_silent(pool: PgPool) {
        let mut conn = pool.acquire().await.unwrap();
        let mut habit = a_habit(&mut conn, at("2026-11-21T12:00:00Z")).await;
        habit.is_active = false;
        habit.next_reminder_at = None;
        habit::update(&mut conn, &habit).await.unwrap();
        assert_eq!(next_after(&mut conn, &habit, LOS_ANGELES, "2026-11-22T00:00:00Z").await, None);
    }

    #[sqlx::test(migrations = "../../migrations")]
    async fn a_streak_is_counted_again_in_the_new_zone(pool: PgPool) {
        let mut conn = pool.acquire().await.unwrap();
        let habit = a_habit(&mut conn, at("2026-11-21T12:00:00Z")).await;
        let now = at("2026-11-22T00:00:00Z");
        let date = "2026-11-21".parse().unwrap();
        execution::set(&mut conn, habit.id, date, Status::Done, now).await.unwrap();
        reschedule_all(&mut conn, habit.user_id, LOS_ANGELES, now).await.unwrap();
        let habit = habit::by_id(&mut conn, habit.id).await.unwrap().unwrap();
        assert_eq!((habit.current_streak, habit.max_streak), (1, 1));
        assert_eq!(habit.streak_expires_at, Some(at("2026-11-23T08:00:00Z")));
    }
}
