use chrono::NaiveTime;
use habits::{Tz, history::Mark, pause::Pause, schedule::Schedule};
use sqlx::PgPool;

use super::*;
use crate::{
    habit::{self, DayChange, Habit, NewHabit, Origin},
    pause,
    user::{self, NewUser, User},
};

fn at(text: &str) -> DateTime<Utc> {
    text.parse().unwrap()
}

/// Reminded at 08:00 of each day in Tokyo.
async fn a_habit(conn: &mut PgConnection, now: DateTime<Utc>) -> (User, Habit) {
    let person = NewUser {
        telegram_id: 7,
        username: None,
        first_name: None,
        last_name: None,
        language: None,
        zone: Tz::Asia__Tokyo,
    };
    let user = user::insert(conn, &person, now).await.unwrap().unwrap();
    let new = NewHabit {
        name: "read",
        description: None,
        schedule: Schedule::Daily,
        target_days: habit::DEFAULT_TARGET_DAYS,
        goal: None,
        goal_unit: None,
        reminder_times: &[NaiveTime::from_hms_opt(8, 0, 0).unwrap()],
        origin: Origin::Api,
    };
    let habit = habit::insert(conn, &user, &new, now).await.unwrap();
    (user, habit)
}

/// At 08:00 of the 22nd in Tokyo.
async fn reminded(conn: &mut PgConnection, habit: &Habit, date: &str) {
    sqlx::query(
        "with delivery as (
            insert into deliveries (kind, user_id, chat_id, scheduled_at, next_attempt_at, expires_at)
            values ('reminder', $1, 7, '2026-11-21T23:00:00Z', now(), now()) returning scheduled_at, id)
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

/// The next reminder once the person is in Los Angeles.
async fn next_after_the_flight(conn: &mut PgConnection, user: User, now: &str) -> Option<DateTime<Utc>> {
    let moved = User { timezone: "America/Los_Angeles".to_owned(), ..user };
    user::update(conn, &moved, at(now)).await.unwrap();
    reschedule_all(conn, moved.id, Cause::SettingsChanged, at(now)).await.unwrap();
    sqlx::query_scalar("select next_reminder_at from habits").fetch_one(conn).await.unwrap()
}

#[sqlx::test(migrations = "../../migrations")]
async fn after_a_flight_west_a_date_is_not_reminded_of_twice(pool: PgPool) {
    let mut conn = pool.acquire().await.unwrap();
    let (user, habit) = a_habit(&mut conn, at("2026-11-21T23:30:00Z")).await;
    reminded(&mut conn, &habit, "2026-11-22").await;
    // 09:00 of the 22nd in Tokyo is 16:00 of the 21st in Los Angeles: 08:00 of the 22nd comes a second time there.
    let next = next_after_the_flight(&mut conn, user, "2026-11-22T00:00:00Z").await;
    assert_eq!(next, Some(at("2026-11-23T16:00:00Z")));
}

#[sqlx::test(migrations = "../../migrations")]
async fn a_date_not_reminded_of_yet_still_is(pool: PgPool) {
    let mut conn = pool.acquire().await.unwrap();
    let (user, _) = a_habit(&mut conn, at("2026-11-21T23:30:00Z")).await;
    let next = next_after_the_flight(&mut conn, user, "2026-11-22T00:00:00Z").await;
    assert_eq!(next, Some(at("2026-11-22T16:00:00Z")));
}

/// At 08:30 the times become others, and later all is computed again.
#[sqlx::test(migrations = "../../migrations")]
async fn times_that_are_others_are_not_counted_by_what_was_sent_before(pool: PgPool) {
    let mut conn = pool.acquire().await.unwrap();
    let (_, habit) = a_habit(&mut conn, at("2026-11-21T22:30:00Z")).await;
    reminded(&mut conn, &habit, "2026-11-22").await;
    let times = vec![NaiveTime::from_hms_opt(21, 0, 0).unwrap()];
    let (changed_at, next) = (at("2026-11-21T23:30:00Z"), at("2026-11-22T12:00:00Z"));
    let changed = Habit { reminder_times: times, next_reminder_at: Some(next), updated_at: changed_at, ..habit };
    habit::update(&mut conn, &changed).await.unwrap();
    reschedule(&mut conn, &[changed.id], at("2026-11-22T00:00:00Z")).await.unwrap();
    let habit = habit::by_id(&mut conn, changed.id).await.unwrap().unwrap();
    assert_eq!(habit.next_reminder_at, Some(next));
}

#[sqlx::test(migrations = "../../migrations")]
async fn a_reminder_that_is_due_is_not_lost_by_a_change(pool: PgPool) {
    let mut conn = pool.acquire().await.unwrap();
    let (user, habit) = a_habit(&mut conn, at("2026-11-21T12:00:00Z")).await;
    let next = next_after_the_flight(&mut conn, user, "2026-11-21T23:00:01Z").await;
    assert_eq!(next, habit.next_reminder_at);
}

#[sqlx::test(migrations = "../../migrations")]
async fn an_archived_habit_stays_silent(pool: PgPool) {
    let mut conn = pool.acquire().await.unwrap();
    let (user, habit) = a_habit(&mut conn, at("2026-11-21T12:00:00Z")).await;
    let archived = Habit { is_active: false, next_reminder_at: None, ..habit };
    habit::update(&mut conn, &archived).await.unwrap();
    assert_eq!(next_after_the_flight(&mut conn, user, "2026-11-22T00:00:00Z").await, None);
}

#[sqlx::test(migrations = "../../migrations")]
async fn a_streak_is_counted_again_in_the_new_zone(pool: PgPool) {
    let mut conn = pool.acquire().await.unwrap();
    let (user, habit) = a_habit(&mut conn, at("2026-11-21T12:00:00Z")).await;
    let now = at("2026-11-22T00:00:00Z");
    let day = DayChange {
        date: "2026-11-21".parse().unwrap(),
        status: Some(Mark::Done).into(),
        amount_milli: None,
        note: None,
    };
    habit::write_day(&mut conn, &habit, false, &day, now).await.unwrap().unwrap();
    next_after_the_flight(&mut conn, user, "2026-11-22T00:00:00Z").await;
    let habit = habit::by_id(&mut conn, habit.id).await.unwrap().unwrap();
    assert_eq!((habit.current_streak, habit.max_streak), (1, 1));
    assert_eq!(habit.streak_expires_at, Some(at("2026-11-23T08:00:00Z")));
}

#[sqlx::test(migrations = "../../migrations")]
async fn a_pause_moves_the_next_reminder_behind_it(pool: PgPool) {
    let mut conn = pool.acquire().await.unwrap();
    let now = at("2026-11-21T12:00:00Z");
    let (user, habit) = a_habit(&mut conn, now).await;
    let vacation = Pause { from: "2026-11-22".parse().unwrap(), to: "2026-11-30".parse().ok() };
    pause::insert(&mut conn, user.id, None, vacation, pause::Reason::Person, now).await.unwrap();
    reschedule(&mut conn, &[habit.id], now).await.unwrap();
    let habit = habit::by_id(&mut conn, habit.id).await.unwrap().unwrap();
    assert_eq!(habit.next_reminder_at, Some(at("2026-11-30T23:00:00Z")));
}
