use chrono::{NaiveTime, TimeDelta};
use sqlx::PgPool;

use super::*;

mod interleavings;
mod wanted;

const HOUR: TimeDelta = TimeDelta::hours(1);
const EXPIRE_AFTER: TimeDelta = TimeDelta::hours(2);
const LEASE: TimeDelta = TimeDelta::seconds(30);

fn at(text: &str) -> DateTime<Utc> {
    text.parse().unwrap()
}

fn noon() -> DateTime<Utc> {
    at("2026-11-22T12:00:00Z")
}

async fn user(db: &PgPool, telegram_id: i64, zone: &str) -> i64 {
    sqlx::query_scalar(
        "insert into users (telegram_id, timezone, created_at, updated_at) values ($1, $2, now(), now()) returning id",
    )
    .bind(telegram_id)
    .bind(zone)
    .fetch_one(db)
    .await
    .unwrap()
}

/// A habit of noon that is due at `due`.
async fn habit(db: &PgPool, user_id: i64, name: &str, due: DateTime<Utc>) -> i64 {
    sqlx::query_scalar(
        "insert into habits (user_id, name, time_to_remind, origin, next_reminder_at, created_at, updated_at)
         values ($1, $2, $3, 'telegram', $4, now(), now()) returning id",
    )
    .bind(user_id)
    .bind(name)
    .bind(NaiveTime::from_hms_opt(12, 0, 0).unwrap())
    .bind(due)
    .fetch_one(db)
    .await
    .unwrap()
}

async fn done(db: &PgPool, habit_id: i64, date: &str) {
    sqlx::query(
        "insert into executions (habit_id, execution_date, status, created_at, updated_at)
         values ($1, $2::date, 'done', now(), now())",
    )
    .bind(habit_id)
    .bind(date.parse::<NaiveDate>().unwrap())
    .execute(db)
    .await
    .unwrap();
}

async fn make(db: &PgPool, now: DateTime<Utc>) -> Made {
    let mut tx = db.begin().await.unwrap();
    let made = make_due(&mut tx, now, EXPIRE_AFTER, 1_000).await.unwrap();
    tx.commit().await.unwrap();
    made
}

async fn queue(db: &PgPool, now: DateTime<Utc>) -> Vec<Key> {
    queue_due(&mut db.acquire().await.unwrap(), now, LEASE, 1_000).await.unwrap().keys
}

/// Each delivery's state and how many habits it names, in order.
async fn deliveries(db: &PgPool) -> Vec<(String, i64)> {
    sqlx::query_as(
        "select state, (select count(*) from delivery_items i where (i.scheduled_at, i.delivery_id) = (d.scheduled_at, d.id))
         from deliveries d order by scheduled_at, id",
    )
    .fetch_all(db)
    .await
    .unwrap()
}

async fn next_reminders(db: &PgPool) -> Vec<Option<DateTime<Utc>>> {
    sqlx::query_scalar("select next_reminder_at from habits order by id").fetch_all(db).await.unwrap()
}

/// One delivery, claimed at noon.
async fn claimed(db: &PgPool) -> Claimed {
    let owner = user(db, 7, "UTC").await;
    habit(db, owner, "Read", noon()).await;
    make(db, noon()).await;
    let key = queue(db, noon()).await[0];
    claim(&mut db.acquire().await.unwrap(), key, noon(), LEASE).await.unwrap().unwrap()
}

#[sqlx::test(migrations = "../../migrations")]
async fn a_due_habit_becomes_a_delivery_once_and_waits_for_the_next_day(db: PgPool) {
    let owner = user(&db, 7, "UTC").await;
    habit(&db, owner, "Read", noon()).await;
    assert_eq!(make(&db, noon() - TimeDelta::seconds(1)).await, Made::default());
    assert_eq!(make(&db, noon()).await, Made { habits: 1, reminders: 1, ..Made::default() });
    assert_eq!(make(&db, noon()).await, Made::default());
    assert_eq!(deliveries(&db).await, [("due".to_owned(), 1)]);
    assert_eq!(next_reminders(&db).await, [Some(at("2026-11-23T12:00:00Z"))]);
}

#[sqlx::test(migrations = "../../migrations")]
async fn the_date_of_a_reminder_is_the_persons_own(db: PgPool) {
    let owner = user(&db, 7, "Asia/Kathmandu").await;
    habit(&db, owner, "Read", at("2026-11-22T18:30:00Z")).await;
    make(&db, at("2026-11-22T18:30:00Z")).await;
    let date: NaiveDate = sqlx::query_scalar("select execution_date from delivery_items").fetch_one(&db).await.unwrap();
    assert_eq!(date.to_string(), "2026-11-23");
}

#[sqlx::test(migrations = "../../migrations")]
async fn habits_due_at_one_minute_become_one_message(db: PgPool) {
    let owner = user(&db, 7, "UTC").await;
    let other = user(&db, 8, "UTC").await;
    for name in ["Read", "Walk", "Sleep"] {
        habit(&db, owner, name, noon()).await;
    }
    habit(&db, other, "Read", noon()).await;
    make(&db, noon()).await;
    assert_eq!(deliveries(&db).await, [("due".to_owned(), 3), ("due".to_owned(), 1)]);
}

#[sqlx::test(migrations = "../../migrations")]
async fn a_habit_joins_the_message_of_its_minute_only_until_that_leaves(db: PgPool) {
    let owner = user(&db, 7, "UTC").await;
    habit(&db, owner, "Read", noon()).await;
    make(&db, noon()).await;
    habit(&db, owner, "Walk", noon()).await;
    make(&db, noon()).await;
    assert_eq!(deliveries(&db).await, [("due".to_owned(), 2)]);
    queue(&db, noon()).await;
    for name in ["Sleep", "Eat"] {
        habit(&db, owner, name, noon()).await;
        make(&db, noon()).await;
    }
    assert_eq!(deliveries(&db).await, [("queued".to_owned(), 2), ("due".to_owned(), 2)]);
}

#[sqlx::test(migrations = "../../migrations")]
async fn a_batch_leaves_nobodys_minute_cut_in_two(db: PgPool) {
    for telegram_id in 1..=3 {
        let owner = user(&db, telegram_id, "UTC").await;
        habit(&db, owner, "Read", noon()).await;
        habit(&db, owner, "Walk", noon()).await;
    }
    let mut tx = db.begin().await.unwrap();
    let made = make_due(&mut tx, noon(), EXPIRE_AFTER, 3).await.unwrap();
    tx.commit().await.unwrap();
    assert_eq!(made, Made { habits: 2, reminders: 2, is_full: true, ..Made::default() });
    assert_eq!(make(&db, noon()).await.habits, 4);
    assert_eq!(deliveries(&db).await, vec![("due".to_owned(), 2); 3]);
}

#[sqlx::test(migrations = "../../migrations")]
async fn a_minute_that_fills_a_batch_by_itself_goes_on_all_the_same(db: PgPool) {
    let owner = user(&db, 7, "UTC").await;
    for name in ["Read", "Walk", "Sleep"] {
        habit(&db, owner, name, noon()).await;
    }
    for (left, is_full) in [(3, true), (1, false)] {
        let mut tx = db.begin().await.unwrap();
        let made = make_due(&mut tx, noon(), EXPIRE_AFTER, 2).await.unwrap();
        tx.commit().await.unwrap();
        assert_eq!((made.habits, made.is_full), (left.min(2), is_full));
    }
    assert_eq!(deliveries(&db).await, [("due".to_owned(), 3)]);
}

#[sqlx::test(migrations = "../../migrations")]
async fn what_was_done_before_its_time_gets_no_reminder(db: PgPool) {
    let owner = user(&db, 7, "UTC").await;
    let early = habit(&db, owner, "Read", noon()).await;
    done(&db, early, "2026-11-22").await;
    let yesterday = habit(&db, owner, "Walk", noon()).await;
    done(&db, yesterday, "2026-11-21").await;
    assert_eq!(make(&db, noon()).await, Made { habits: 2, reminders: 1, ..Made::default() });
    assert_eq!(deliveries(&db).await, [("due".to_owned(), 1)]);
    assert_eq!(next_reminders(&db).await, vec![Some(at("2026-11-23T12:00:00Z")); 2]);
}

#[sqlx::test(migrations = "../../migrations")]
async fn whoever_is_away_or_out_of_reach_gets_no_reminder_but_stays_on_schedule(db: PgPool) {
    let away = user(&db, 7, "UTC").await;
    let blocked = user(&db, 8, "UTC").await;
    habit(&db, away, "Read", noon()).await;
    habit(&db, blocked, "Read", noon()).await;
    sqlx::query("update users set is_active = false where id = $1").bind(away).execute(&db).await.unwrap();
    block_user(&mut db.acquire().await.unwrap(), blocked, BlockedReason::Blocked, noon()).await.unwrap();
    assert_eq!(make(&db, noon()).await, Made { habits: 2, ..Made::default() });
    assert_eq!(deliveries(&db).await, []);
    assert_eq!(next_reminders(&db).await, vec![Some(at("2026-11-23T12:00:00Z")); 2]);
}

#[sqlx::test(migrations = "../../migrations")]
async fn one_bad_zone_stops_nobody_else(db: PgPool) {
    let lost = user(&db, 7, "Mars/Olympus").await;
    let owner = user(&db, 8, "UTC").await;
    habit(&db, lost, "Read", noon() - HOUR).await;
    habit(&db, owner, "Read", noon()).await;
    let made = make(&db, noon()).await;
    assert_eq!(made, Made { habits: 2, reminders: 2, unknown_zones: 1, ..Made::default() });
}

#[sqlx::test(migrations = "../../migrations")]
async fn after_a_standstill_a_reminder_is_late_or_expired_but_never_of_a_wrong_day(db: PgPool) {
    let owner = user(&db, 7, "UTC").await;
    habit(&db, owner, "Read", noon()).await;
    assert_eq!(make(&db, noon() + TimeDelta::minutes(20)).await.reminders, 1);

    // Yesterday's is too late; today's is still in time, and comes with the next batch.
    let now = noon() + TimeDelta::hours(49);
    assert_eq!(make(&db, now).await, Made { habits: 1, expired: 1, ..Made::default() });
    assert_eq!(make(&db, now).await, Made { habits: 1, reminders: 1, ..Made::default() });
    assert_eq!(next_reminders(&db).await, [Some(at("2026-11-25T12:00:00Z"))]);
}

#[sqlx::test(migrations = "../../migrations")]
async fn after_20_minutes_a_reminder_comes_once_and_merged_after_9_hours_it_expires(db: PgPool) {
    let owner = user(&db, 7, "UTC").await;
    for name in ["Read", "Walk"] {
        habit(&db, owner, name, noon()).await;
    }
    for (late, made) in [
        (TimeDelta::minutes(20), Made { habits: 2, reminders: 2, ..Made::default() }),
        (TimeDelta::hours(24 + 9), Made { habits: 2, expired: 2, ..Made::default() }),
    ] {
        assert_eq!(make(&db, noon() + late).await, made);
        assert_eq!(make(&db, noon() + late).await, Made::default());
    }
    assert_eq!(deliveries(&db).await, [("due".to_owned(), 2)]);
    assert_eq!(next_reminders(&db).await, [Some(at("2026-11-24T12:00:00Z")); 2]);
}

#[sqlx::test(migrations = "../../migrations")]
async fn two_loops_at_once_make_no_duplicate(db: PgPool) {
    for telegram_id in 1..=20 {
        let owner = user(&db, telegram_id, "UTC").await;
        habit(&db, owner, "Read", noon()).await;
        habit(&db, owner, "Walk", noon()).await;
    }
    let batch = async || {
        let mut made = 0;
        for _ in 0..40 {
            let mut tx = db.begin().await.unwrap();
            made += make_due(&mut tx, noon(), EXPIRE_AFTER, 3).await.unwrap().reminders;
            tx.commit().await.unwrap();
        }
        made
    };
    let (first, second, third) = tokio::join!(batch(), batch(), batch());
    assert_eq!(first + second + third, 40);
    let items: i64 = deliveries(&db).await.iter().map(|(_, items)| items).sum();
    assert_eq!(items, 40);

    let (first, second) = tokio::join!(queue(&db, noon()), queue(&db, noon()));
    assert_eq!(first.len() + second.len(), deliveries(&db).await.len());
}

#[sqlx::test(migrations = "../../migrations")]
async fn a_crash_between_commit_and_stream_costs_one_lease(db: PgPool) {
    let owner = user(&db, 7, "UTC").await;
    habit(&db, owner, "Read", noon()).await;
    make(&db, noon()).await;
    let lost = queue(&db, noon()).await;
    let mut conn = db.acquire().await.unwrap();
    assert_eq!(requeue_expired_leases(&mut conn, noon() + LEASE, 100).await.unwrap(), 0);
    let later = noon() + LEASE + TimeDelta::milliseconds(1);
    assert_eq!(requeue_expired_leases(&mut conn, later, 100).await.unwrap(), 1);
    assert_eq!(queue(&db, later).await, lost);
}

#[sqlx::test(migrations = "../../migrations")]
async fn a_wiped_redis_makes_what_was_queued_due_at_once(db: PgPool) {
    for telegram_id in 1..=10 {
        let owner = user(&db, telegram_id, "UTC").await;
        habit(&db, owner, "Read", noon()).await;
    }
    make(&db, noon()).await;
    let keys = queue(&db, noon()).await;
    let mut conn = db.acquire().await.unwrap();
    claim(&mut conn, keys[0], noon(), LEASE).await.unwrap().unwrap();
    assert_eq!(requeue_all_queued(&mut conn).await.unwrap(), 9);
    assert_eq!(queue(&db, noon()).await, keys[1..]);
}

#[sqlx::test(migrations = "../../migrations")]
async fn a_delivery_is_one_senders_until_his_lease_runs_out(db: PgPool) {
    let first = claimed(&db).await;
    let mut conn = db.acquire().await.unwrap();
    let key = first.lease.key;
    assert_eq!(claim(&mut conn, key, noon(), LEASE).await.unwrap(), None);
    assert_eq!(waiting(&mut conn, &[key], noon()).await.unwrap(), []);
    let later = noon() + LEASE + TimeDelta::milliseconds(1);
    assert_eq!(waiting(&mut conn, &[key], later).await.unwrap(), [Waiting { key, chat_id: 7 }]);
    let second = claim(&mut conn, key, later, LEASE).await.unwrap().unwrap();
    assert_eq!(second.attempts, 2);

    assert_eq!(retry(&mut conn, first.lease, later + HOUR, "late").await.unwrap(), Next::Attempt);
    assert_eq!(throttled(&mut conn, first.lease, later + HOUR).await.unwrap(), Next::Attempt);
    assert_eq!(deliveries(&db).await[0].0, "sending", "whoever lost his lease changes nothing");
}

#[sqlx::test(migrations = "../../migrations")]
async fn what_is_sent_is_never_claimed_again(db: PgPool) {
    let claimed = claimed(&db).await;
    let mut conn = db.acquire().await.unwrap();
    let key = claimed.lease.key;
    mark_sent(&mut conn, key, 100, noon()).await.unwrap();
    assert_eq!(claim(&mut conn, key, noon() + HOUR, LEASE).await.unwrap(), None);
    assert_eq!(waiting(&mut conn, &[key], noon() + HOUR).await.unwrap(), []);
    assert_eq!(requeue_expired_leases(&mut conn, noon() + HOUR, 100).await.unwrap(), 0);
}

#[sqlx::test(migrations = "../../migrations")]
async fn a_message_that_arrived_after_its_lease_is_not_sent_again(db: PgPool) {
    let claimed = claimed(&db).await;
    let mut conn = db.acquire().await.unwrap();
    requeue_expired_leases(&mut conn, noon() + HOUR, 100).await.unwrap();
    mark_sent(&mut conn, claimed.lease.key, 100, noon() + HOUR).await.unwrap();
    assert_eq!(queue(&db, noon() + HOUR).await, []);
}

#[sqlx::test(migrations = "../../migrations")]
async fn too_many_requests_never_lose_a_delivery_nor_count_as_an_attempt(db: PgPool) {
    let mut claimed = claimed(&db).await;
    let mut conn = db.acquire().await.unwrap();
    for minute in 1..30 {
        let at = noon() + TimeDelta::minutes(minute);
        throttled(&mut conn, claimed.lease, at).await.unwrap();
        assert_eq!(queue(&db, at - TimeDelta::seconds(1)).await, []);
        let key = queue(&db, at).await[0];
        claimed = claim(&mut conn, key, at, LEASE).await.unwrap().unwrap();
        assert_eq!(claimed.attempts, 1);
    }
}

#[sqlx::test(migrations = "../../migrations")]
async fn a_group_that_became_another_gets_its_message_there(db: PgPool) {
    let claimed = claimed(&db).await;
    let mut conn = db.acquire().await.unwrap();
    move_chat(&mut conn, claimed.lease, -100_500, noon()).await.unwrap();
    let key = queue(&db, noon()).await[0];
    let again = claim(&mut conn, key, noon(), LEASE).await.unwrap().unwrap();
    assert_eq!((again.chat_id, again.attempts), (-100_500, 1));
}

#[sqlx::test(migrations = "../../migrations")]
async fn what_a_chat_has_to_wait_for_is_due_later(db: PgPool) {
    let owner = user(&db, 7, "UTC").await;
    habit(&db, owner, "Read", noon()).await;
    make(&db, noon()).await;
    let key = queue(&db, noon()).await[0];
    let later = noon() + TimeDelta::seconds(3);
    postpone(&mut db.acquire().await.unwrap(), key, later).await.unwrap();
    assert_eq!(queue(&db, noon()).await, []);
    assert_eq!(queue(&db, later).await, [key]);
}

#[sqlx::test(migrations = "../../migrations")]
async fn a_retry_ends_when_it_is_too_late(db: PgPool) {
    let claimed = claimed(&db).await;
    let mut conn = db.acquire().await.unwrap();
    let next = retry(&mut conn, claimed.lease, noon() + EXPIRE_AFTER, "no answer").await.unwrap();
    assert_eq!(next, Next::Expired);
    assert_eq!(deliveries(&db).await[0].0, "expired");
}

#[sqlx::test(migrations = "../../migrations")]
async fn a_wait_that_telegram_asks_for_ends_when_it_is_too_late(db: PgPool) {
    let claimed = claimed(&db).await;
    let mut conn = db.acquire().await.unwrap();
    let next = throttled(&mut conn, claimed.lease, noon() + EXPIRE_AFTER).await.unwrap();
    assert_eq!(next, Next::Expired);
    assert_eq!(deliveries(&db).await[0].0, "expired");
}

#[sqlx::test(migrations = "../../migrations")]
async fn what_a_sender_gives_back_is_due_at_once_and_what_is_being_sent_stays(db: PgPool) {
    for telegram_id in 1..=3 {
        let owner = user(&db, telegram_id, "UTC").await;
        habit(&db, owner, "Read", noon()).await;
    }
    make(&db, noon()).await;
    let keys = queue(&db, noon()).await;
    let mut conn = db.acquire().await.unwrap();
    claim(&mut conn, keys[0], noon(), LEASE).await.unwrap().unwrap();
    give_back(&mut conn, &keys[..2]).await.unwrap();
    let states: Vec<String> = deliveries(&db).await.into_iter().map(|(state, _)| state).collect();
    assert_eq!(states, ["sending", "due", "queued"]);
    assert_eq!(queue(&db, noon()).await, keys[1..2]);
}

#[sqlx::test(migrations = "../../migrations")]
async fn what_waited_until_it_was_too_late_expires(db: PgPool) {
    let owner = user(&db, 7, "UTC").await;
    habit(&db, owner, "Read", noon()).await;
    make(&db, noon()).await;
    let later = noon() + EXPIRE_AFTER;
    let in_time = user(&db, 8, "UTC").await;
    habit(&db, in_time, "Read", later).await;
    make(&db, later).await;
    let queued = queue_due(&mut db.acquire().await.unwrap(), later, LEASE, 100).await.unwrap();
    assert_eq!((queued.keys.len(), queued.expired), (1, 1));
    assert_eq!(deliveries(&db).await, [("expired".to_owned(), 1), ("queued".to_owned(), 1)]);
}

#[sqlx::test(migrations = "../../migrations")]
async fn what_is_not_to_be_said_any_more_ends_as_what_it_was(db: PgPool) {
    let lease = claimed(&db).await.lease;
    let mut conn = db.acquire().await.unwrap();
    let not_his = Lease { until: lease.until + HOUR, ..lease };
    cancel(&mut conn, not_his).await.unwrap();
    assert_eq!(deliveries(&db).await[0].0, "sending");
    cancel(&mut conn, lease).await.unwrap();
    assert_eq!(deliveries(&db).await[0].0, "cancelled");
}

#[sqlx::test(migrations = "../../migrations")]
async fn what_cannot_be_said_fails_and_what_comes_too_late_expires(db: PgPool) {
    let first = claimed(&db).await;
    habit(&db, first.user_id, "Walk", noon() + HOUR).await;
    make(&db, noon() + HOUR).await;
    let key = queue(&db, noon() + HOUR).await[0];
    let mut conn = db.acquire().await.unwrap();
    let second = claim(&mut conn, key, noon() + HOUR, LEASE).await.unwrap().unwrap();
    fail(&mut conn, first.lease, "chat not found").await.unwrap();
    expire(&mut conn, second.lease).await.unwrap();
    let states: Vec<String> = deliveries(&db).await.into_iter().map(|(state, _)| state).collect();
    assert_eq!(states, ["failed", "expired"]);
    let error: Option<String> =
        sqlx::query_scalar("select error from deliveries where state = 'failed'").fetch_one(&db).await.unwrap();
    assert_eq!(error.as_deref(), Some("chat not found"));
}

#[sqlx::test(migrations = "../../migrations")]
async fn blocking_cancels_everything_that_was_on_its_way(db: PgPool) {
    let claimed = claimed(&db).await;
    habit(&db, claimed.user_id, "Walk", noon() + HOUR).await;
    make(&db, noon() + HOUR).await;
    let mut conn = db.acquire().await.unwrap();
    block_user(&mut conn, claimed.user_id, BlockedReason::Deactivated, noon()).await.unwrap();
    assert_eq!(deliveries(&db).await, vec![("cancelled".to_owned(), 1); 2]);
    let reason: String = sqlx::query_scalar("select blocked_reason from users").fetch_one(&db).await.unwrap();
    assert_eq!(reason, "deactivated");
}

#[sqlx::test(migrations = "../../migrations")]
async fn only_what_is_still_to_be_done_is_said(db: PgPool) {
    let owner = user(&db, 7, "UTC").await;
    let read = habit(&db, owner, "Read", noon()).await;
    let walk = habit(&db, owner, "Walk", noon()).await;
    let sleep = habit(&db, owner, "Sleep", noon()).await;
    make(&db, noon()).await;
    let key = queue(&db, noon()).await[0];
    done(&db, read, "2026-11-22").await;
    sqlx::query("update habits set is_active = false where id = $1").bind(walk).execute(&db).await.unwrap();
    let items = items_to_send(&mut db.acquire().await.unwrap(), key).await.unwrap();
    let date = "2026-11-22".parse().unwrap();
    assert_eq!(items, [Item { habit_id: sleep, name: "Sleep".to_owned(), current_streak: 0, date }]);
}
