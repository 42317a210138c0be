//! Whatever a person does, the cache says what the days say.

use chrono::{DateTime, Days, NaiveTime, TimeDelta, Utc};
use habits::{Tz, day, streak};
use proptest::{
    collection::vec,
    prelude::*,
    strategy::ValueTree as _,
    test_runner::{Config, TestRunner},
};
use sqlx::{PgConnection, PgPool};

use super::{DEFAULT_TARGET_DAYS, NewHabit, Origin, by_id, derive_streak, insert, lock, reschedule_all, update};
use crate::{
    execution::{self, Status},
    streak::end_missed,
    user::{self, NewUser, User},
};

/// Each on a habit of its own; few, because every step is a few statements.
const STORIES: i64 = 24;

#[derive(Debug, Clone)]
enum Step {
    Set { days_back: u64, status: Status },
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

fn step() -> impl Strategy<Value = Step> {
    let status = prop::sample::select(vec![Status::Done, Status::Done, Status::NotDone, Status::Pending]);
    prop_oneof![
        6 => (0_u64..=7, status).prop_map(|(days_back, status)| Step::Set { days_back, status }),
        2 => zone().prop_map(Step::Move),
        2 => (1_i64..60).prop_map(|hours| Step::Wait { hours }),
    ]
}

async fn a_habit(conn: &mut PgConnection, telegram_id: i64, now: DateTime<Utc>) -> (User, i64) {
    let person =
        NewUser { telegram_id, username: None, first_name: None, last_name: None, language: None, zone: Tz::UTC };
    let user = user::insert(conn, &person, now).await.unwrap().unwrap();
    let new = NewHabit {
        user_id: user.id,
        name: "read",
        description: None,
        target_days: DEFAULT_TARGET_DAYS,
        time_to_remind: NaiveTime::MIN,
        origin: Origin::Api,
    };
    let habit = insert(conn, &new, Tz::UTC, now).await.unwrap();
    (user, habit.id)
}

async fn set(conn: &mut PgConnection, id: i64, days_back: u64, status: Status, zone: Tz, now: DateTime<Utc>) {
    let mut habit = lock(conn, id).await.unwrap().unwrap();
    let date = day::today(now, zone) - Days::new(days_back);
    execution::set(conn, id, date, status, now).await.unwrap();
    derive_streak(conn, &mut habit, zone, now).await.unwrap();
    update(conn, &habit).await.unwrap();
}

async fn the_cache_agrees(conn: &mut PgConnection, id: i64, zone: Tz, now: DateTime<Utc>, story: &[Step]) {
    let habit = by_id(conn, id).await.unwrap().unwrap();
    let done = execution::done_dates(conn, id).await.unwrap();
    let says = streak::derive(&done, day::today(now, zone), zone);
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
        let (mut user, id) = a_habit(&mut conn, telegram_id, now).await;
        for step in &story {
            match *step {
                Step::Set { days_back, status } => set(&mut conn, id, days_back, status, user.zone(), now).await,
                Step::Move(zone) => {
                    zone.name().clone_into(&mut user.timezone);
                    user = user::update(&mut conn, &user, now).await.unwrap();
                    reschedule_all(&mut conn, user.id, zone, now).await.unwrap();
                }
                Step::Wait { hours } => {
                    now += TimeDelta::hours(hours);
                    end_missed(&mut conn, now, 100).await.unwrap();
                    continue;
                }
            }
            the_cache_agrees(&mut conn, id, user.zone(), now, &story).await;
        }
    }
}
