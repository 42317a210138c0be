//! Whatever a person does, the cache says what the days say.

use chrono::{DateTime, Days, NaiveTime, TimeDelta, Utc, Weekday};
use habits::{Tz, history::Mark, pause::Pause, schedule::Weekdays, streak};
use proptest::{
    collection::vec,
    prelude::*,
    strategy::ValueTree as _,
    test_runner::{Config, TestRunner},
};
use sqlx::{PgConnection, PgPool};

use super::*;
use crate::{
    pause,
    streak::end_missed,
    user::{self, NewUser, User},
};

/// Each on a habit of its own; few, because every step is a few statements.
const STORIES: i64 = 24;

#[derive(Debug, Clone)]
enum Step {
    Set { days_back: u64, mark: Option<Mark> },
    Schedule(Schedule),
    Pause { days_ahead: u64, days: u64 },
    Move(Tz),
    Wait { hours: i64 },
}

/// From 11 hours behind UTC to 14 before it, with steps of less than an hour and a summer time.
fn zone() -> impl Strategy<Value = Tz> {
    prop::sample::select(vec![
        Tz::UTC,
        Tz::Asia__Kathmandu,
        Tz::Asia__Tokyo,
        Tz::America__Los_Angeles,
        Tz::Pacific__Kiritimati,
        Tz::Pacific__Pago_Pago,
    ])
}

fn schedule() -> impl Strategy<Value = Schedule> {
    prop::sample::select(vec![
        Schedule::Daily,
        Schedule::Weekdays { weekdays: Weekdays::new([Weekday::Mon, Weekday::Thu]).unwrap() },
        Schedule::TimesPerWeek { times: 3 },
        Schedule::TimesPerMonth { times: 12 },
        Schedule::EveryNDays { days: 3, start: NaiveDate::from_ymd_opt(2026, 10, 30).unwrap() },
    ])
}

fn step() -> impl Strategy<Value = Step> {
    let mark = prop::sample::select(vec![
        Some(Mark::Done),
        Some(Mark::Done),
        Some(Mark::Done),
        Some(Mark::NotDone),
        Some(Mark::Skipped),
        Some(Mark::Frozen),
        None,
    ]);
    prop_oneof![
        6 => (0_u64..=7, mark).prop_map(|(days_back, mark)| Step::Set { days_back, mark }),
        1 => schedule().prop_map(Step::Schedule),
        1 => (0_u64..3, 0_u64..9).prop_map(|(days_ahead, days)| Step::Pause { days_ahead, days }),
        2 => zone().prop_map(Step::Move),
        4 => (1_i64..60).prop_map(|hours| Step::Wait { hours }),
    ]
}

async fn a_person(conn: &mut PgConnection, telegram_id: i64, now: DateTime<Utc>) -> User {
    let person =
        NewUser { telegram_id, username: None, first_name: None, last_name: None, language: None, zone: Tz::UTC };
    user::insert(conn, &person, now).await.unwrap().unwrap()
}

async fn a_habit(conn: &mut PgConnection, owner: &User, now: DateTime<Utc>) -> Habit {
    let new = NewHabit {
        name: "read",
        description: None,
        schedule: Schedule::Daily,
        target_days: DEFAULT_TARGET_DAYS,
        goal: None,
        goal_unit: None,
        reminder_times: &[NaiveTime::MIN],
        origin: Origin::Api,
    };
    insert(conn, owner, &new, now).await.unwrap()
}

fn said(date: NaiveDate, mark: Option<Mark>) -> DayChange<'static> {
    DayChange { date, status: mark.into(), amount_milli: None, note: None }
}

async fn set(conn: &mut PgConnection, id: i64, days_back: u64, mark: Option<Mark>, now: DateTime<Utc>) {
    let mut found = state(conn, id).await.unwrap().unwrap();
    let date = found.today(now) - Days::new(days_back);
    found.set_mark(date, mark);
    found.derive_streak(now);
    write_day(conn, &found.habit, false, &said(date, mark), now).await.unwrap().unwrap();
}

async fn take(conn: &mut PgConnection, user: &mut User, id: i64, step: &Step, now: &mut DateTime<Utc>) {
    let today = user.calendar().today(*now);
    match *step {
        Step::Set { days_back, mark } => set(conn, id, days_back, mark, *now).await,
        Step::Schedule(schedule) => {
            let mut found = lock(conn, id).await.unwrap().unwrap();
            found.habit.schedules.change(today, schedule);
            found.derive_streak(*now);
            update(conn, &found.habit).await.unwrap();
        }
        Step::Pause { days_ahead, days } => {
            let from = today + Days::new(days_ahead);
            let to = from.checked_add_days(Days::new(days));
            let reason = pause::Reason::Person;
            pause::insert(conn, user.id, Some(id), Pause { from, to }, reason, *now).await.unwrap();
            reschedule(conn, &[id], *now).await.unwrap();
        }
        Step::Move(zone) => {
            zone.name().clone_into(&mut user.timezone);
            *user = user::update(conn, user, *now).await.unwrap();
            reschedule_all(conn, user.id, Cause::SettingsChanged, *now).await.unwrap();
        }
        Step::Wait { hours } => {
            *now += TimeDelta::hours(hours);
            end_missed(conn, *now, 100).await.unwrap();
        }
    }
}

async fn the_cache_agrees(conn: &mut PgConnection, id: i64, now: DateTime<Utc>, story: &[Step]) {
    let found = state(conn, id).await.unwrap().unwrap();
    let says = streak::derive(&found.history(), found.today(now));
    let habit = found.habit;
    let cached = (i64::from(habit.current_streak), i64::from(habit.max_streak), habit.streak_expires_at);
    assert_eq!(cached, (i64::from(says.current), i64::from(says.record), says.expires_at), "at {now} of {story:?}");
}

#[sqlx::test(migrations = "../../migrations")]
async fn the_cached_streak_is_what_the_days_say(pool: PgPool) {
    let mut conn = pool.acquire().await.unwrap();
    let mut runner = TestRunner::new(Config { rng_seed: prop::test_runner::RngSeed::Fixed(3), ..Config::default() });
    for telegram_id in 1..=STORIES {
        let story = vec(step(), 1..24).new_tree(&mut runner).unwrap().current();
        let mut now: DateTime<Utc> = "2026-10-30T21:40:00Z".parse().unwrap();
        let mut user = a_person(&mut conn, telegram_id, now).await;
        let id = a_habit(&mut conn, &user, now).await.id;
        for step in &story {
            take(&mut conn, &mut user, id, step, &mut now).await;
            the_cache_agrees(&mut conn, id, now, &story).await;
        }
    }
}

#[sqlx::test(migrations = "../../migrations")]
async fn a_week_that_fell_short_ends_a_streak_though_its_last_day_was_done(pool: PgPool) {
    let mut conn = pool.acquire().await.unwrap();
    // Sunday noon in Tokyo, whose Monday begins on this date of UTC.
    let mut now: DateTime<Utc> = "2026-11-22T03:00:00Z".parse().unwrap();
    let mut owner = a_person(&mut conn, 7, now).await;
    take(&mut conn, &mut owner, 0, &Step::Move(Tz::Asia__Tokyo), &mut now).await;
    let id = a_habit(&mut conn, &owner, now).await.id;
    let story = [Step::Schedule(Schedule::TimesPerWeek { times: 3 }), Step::Wait { hours: 7 * 24 }];
    for step in &story {
        take(&mut conn, &mut owner, id, step, &mut now).await;
    }
    for days_back in [0, 7] {
        set(&mut conn, id, days_back, Some(Mark::Done), now).await;
    }
    let monday: DateTime<Utc> = "2026-11-29T15:00:00Z".parse().unwrap();
    assert_eq!(by_id(&mut conn, id).await.unwrap().unwrap().streak_expires_at, Some(monday));

    assert_eq!(end_missed(&mut conn, monday, 100).await.unwrap(), 1);
    the_cache_agrees(&mut conn, id, monday, &story).await;
    let habit = by_id(&mut conn, id).await.unwrap().unwrap();
    assert_eq!((habit.current_streak, habit.streak_expires_at), (0, None));
}

fn noon() -> DateTime<Utc> {
    "2026-11-22T12:00:00Z".parse().unwrap()
}

#[sqlx::test(migrations = "../../migrations")]
async fn whoever_read_an_older_version_writes_nothing(pool: PgPool) {
    let mut conn = pool.acquire().await.unwrap();
    let owner = a_person(&mut conn, 7, noon()).await;
    let read = a_habit(&mut conn, &owner, noon()).await;
    let done = said(owner.calendar().today(noon()), Some(Mark::Done));
    assert!(write_day(&mut conn, &read, false, &done, noon()).await.unwrap().is_some());
    assert_eq!(write_day(&mut conn, &read, false, &done, noon()).await.unwrap(), None);
}

#[sqlx::test(migrations = "../../migrations")]
async fn saying_the_same_again_changes_nothing_of_the_day(pool: PgPool) {
    let mut conn = pool.acquire().await.unwrap();
    let owner = a_person(&mut conn, 7, noon()).await;
    let mut read = a_habit(&mut conn, &owner, noon()).await;
    let done = DayChange { note: Some("at last"), ..said(owner.calendar().today(noon()), Some(Mark::Done)) };
    let first = write_day(&mut conn, &read, false, &done, noon()).await.unwrap().unwrap();
    read.version += 1;
    let again = DayChange { note: None, ..done };
    let second = write_day(&mut conn, &read, false, &again, noon() + TimeDelta::hours(1)).await.unwrap().unwrap();
    assert_eq!(second, first);
}

#[sqlx::test(migrations = "../../migrations")]
async fn a_habit_is_read_as_it_was_written(pool: PgPool) {
    let mut conn = pool.acquire().await.unwrap();
    let owner = a_person(&mut conn, 7, noon()).await;
    let times = [7, 13, 21].map(|hour| NaiveTime::from_hms_opt(hour, 30, 0).unwrap());
    let new = NewHabit {
        name: "read",
        description: Some("any book"),
        schedule: Schedule::Weekdays { weekdays: Weekdays::new([Weekday::Sun]).unwrap() },
        target_days: 7,
        goal: Some(Goal { direction: habits::goal::Direction::AtMost, amount_milli: 2_500 }),
        goal_unit: Some("cups"),
        reminder_times: &times,
        origin: Origin::Template,
    };
    let written = insert(&mut conn, &owner, &new, noon()).await.unwrap();
    assert_eq!(written.reminder_times, times);
    assert_eq!(written.next_reminder_at, Some("2026-11-22T13:30:00Z".parse().unwrap()));
    assert_eq!(by_id(&mut conn, written.id).await.unwrap().as_ref(), Some(&written));
    assert_eq!(state(&mut conn, written.id).await.unwrap().map(|state| state.habit), Some(written));
}
