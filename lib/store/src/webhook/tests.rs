use chrono::TimeDelta;
use habits::Tz;
use serde_json::json;
use sqlx::PgPool;

use super::*;
use crate::user::{self, NewUser};

const NOW: DateTime<Utc> = DateTime::UNIX_EPOCH;
const LEASE: TimeDelta = TimeDelta::minutes(1);
const DAY: TimeDelta = TimeDelta::days(1);

async fn a_person(conn: &mut PgConnection, telegram_id: i64) -> i64 {
    let person =
        NewUser { telegram_id, username: None, first_name: None, last_name: None, language: None, zone: Tz::UTC };
    user::insert(conn, &person, NOW).await.unwrap().unwrap().id
}

async fn a_webhook(conn: &mut PgConnection, user_id: i64) -> Webhook {
    let (events, secret) = (["habit.created".to_owned()], Secret::new(vec![7; 32]));
    insert(conn, user_id, "https://example.org/hook", &events, &secret, NOW).await.unwrap()
}

async fn happens(conn: &mut PgConnection, user_id: i64, times: usize) {
    for _ in 0..times {
        enqueue(conn, user_id, "habit.created", &json!({}), NOW).await.unwrap();
    }
}

async fn take(conn: &mut PgConnection, now: DateTime<Utc>) -> Vec<Claimed> {
    claim(conn, now, LEASE, Places { free: 16, per_webhook: 2, per_person: 4 }).await.unwrap()
}

fn ended(outcome: Outcome) -> Finished<'static> {
    Finished { outcome, status: None, error: None }
}

async fn states(conn: &mut PgConnection, webhook: &Webhook) -> Vec<String> {
    let all = deliveries(conn, webhook.id, i64::MAX, 2_000).await.unwrap();
    all.into_iter().map(|delivery| delivery.state).collect()
}

#[sqlx::test(migrations = "../../migrations")]
async fn only_who_asked_for_an_event_is_told_of_it(pool: PgPool) {
    let mut conn = pool.acquire().await.unwrap();
    let (ada, ben) = (a_person(&mut conn, 7).await, a_person(&mut conn, 8).await);
    let webhook = a_webhook(&mut conn, ada).await;
    happens(&mut conn, ada, 1).await;
    happens(&mut conn, ben, 1).await;
    enqueue(&mut conn, ada, "habit.deleted", &json!({}), NOW).await.unwrap();
    assert_eq!(states(&mut conn, &webhook).await, ["due"]);
}

#[sqlx::test(migrations = "../../migrations")]
async fn a_busy_webhook_leaves_room_for_the_others(pool: PgPool) {
    let mut conn = pool.acquire().await.unwrap();
    let (ada, ben) = (a_person(&mut conn, 7).await, a_person(&mut conn, 8).await);
    let (busy, other) = (a_webhook(&mut conn, ada).await, a_webhook(&mut conn, ben).await);
    happens(&mut conn, ada, 300).await;
    happens(&mut conn, ben, 1).await;
    let first: Vec<i64> = take(&mut conn, NOW).await.iter().map(|claimed| claimed.webhook_id).collect();
    let then: Vec<i64> = take(&mut conn, NOW).await.iter().map(|claimed| claimed.webhook_id).collect();
    assert_eq!((first, then), (vec![busy.id, busy.id], vec![other.id]));
}

#[sqlx::test(migrations = "../../migrations")]
async fn a_person_with_many_busy_webhooks_leaves_room_for_the_others(pool: PgPool) {
    let mut conn = pool.acquire().await.unwrap();
    let (ada, ben) = (a_person(&mut conn, 7).await, a_person(&mut conn, 8).await);
    let mut busy = Vec::new();
    for _ in 0..3 {
        busy.push(a_webhook(&mut conn, ada).await.id);
    }
    let other = a_webhook(&mut conn, ben).await.id;
    happens(&mut conn, ada, 2).await;
    happens(&mut conn, ben, 1).await;
    let taken: Vec<i64> = take(&mut conn, NOW).await.iter().map(|claimed| claimed.webhook_id).collect();
    let of_ada = taken.iter().filter(|id| busy.contains(id)).count();
    assert_eq!((of_ada, taken.contains(&other)), (4, true));
    assert_eq!(take(&mut conn, NOW).await, []);
}

#[sqlx::test(migrations = "../../migrations")]
async fn two_processes_never_take_the_same_delivery(pool: PgPool) {
    let mut conn = pool.acquire().await.unwrap();
    let ada = a_person(&mut conn, 7).await;
    a_webhook(&mut conn, ada).await;
    happens(&mut conn, ada, 1).await;
    let mut one = pool.begin().await.unwrap();
    assert_eq!(take(&mut one, NOW).await.len(), 1);
    assert_eq!(take(&mut conn, NOW).await, []);
}

#[sqlx::test(migrations = "../../migrations")]
async fn what_a_dead_process_had_in_hand_is_due_after_its_lease(pool: PgPool) {
    let mut conn = pool.acquire().await.unwrap();
    let ada = a_person(&mut conn, 7).await;
    let webhook = a_webhook(&mut conn, ada).await;
    happens(&mut conn, ada, 1).await;
    let lost = take(&mut conn, NOW).await.remove(0);
    assert_eq!(take(&mut conn, NOW + LEASE - TimeDelta::seconds(1)).await, []);
    let again = take(&mut conn, NOW + LEASE).await.remove(0);
    assert_eq!((again.event_id, again.attempts), (lost.event_id, 2));

    finish(&mut conn, &lost, ended(Outcome::GiveUp), NOW).await.unwrap();
    assert_eq!(states(&mut conn, &webhook).await, ["due"], "the late one has no say any more");
    finish(&mut conn, &again, ended(Outcome::Delivered), NOW).await.unwrap();
    assert_eq!(states(&mut conn, &webhook).await, ["delivered"]);
}

#[sqlx::test(migrations = "../../migrations")]
async fn a_webhook_that_fails_for_days_is_switched_off(pool: PgPool) {
    let mut conn = pool.acquire().await.unwrap();
    let ada = a_person(&mut conn, 7).await;
    let id = a_webhook(&mut conn, ada).await.id;
    for (day, is_active) in [(0, true), (4, true), (5, false)] {
        let now = NOW + DAY * day;
        happens(&mut conn, ada, 1).await;
        let claimed = take(&mut conn, now).await.remove(0);
        finish(&mut conn, &claimed, ended(Outcome::GiveUp), now).await.unwrap();
        assert_eq!(by_id(&mut conn, ada, id).await.unwrap().unwrap().is_active, is_active, "day {day}");
    }
    let webhook = by_id(&mut conn, ada, id).await.unwrap().unwrap();
    assert_eq!((webhook.disabled_reason.as_deref(), webhook.failures), (Some("failing"), 3));
}

#[sqlx::test(migrations = "../../migrations")]
async fn a_success_ends_a_time_of_failures(pool: PgPool) {
    let mut conn = pool.acquire().await.unwrap();
    let ada = a_person(&mut conn, 7).await;
    let id = a_webhook(&mut conn, ada).await.id;
    for outcome in [Outcome::GiveUp, Outcome::Delivered] {
        happens(&mut conn, ada, 1).await;
        let claimed = take(&mut conn, NOW).await.remove(0);
        finish(&mut conn, &claimed, ended(outcome), NOW).await.unwrap();
    }
    let webhook = by_id(&mut conn, ada, id).await.unwrap().unwrap();
    assert_eq!((webhook.failures, webhook.failing_since), (0, None));
}

#[sqlx::test(migrations = "../../migrations")]
async fn what_waits_is_cancelled_with_its_webhook(pool: PgPool) {
    let mut conn = pool.acquire().await.unwrap();
    let ada = a_person(&mut conn, 7).await;
    let webhook = a_webhook(&mut conn, ada).await;
    happens(&mut conn, ada, 3).await;
    let claimed = take(&mut conn, NOW).await.remove(0);
    finish(&mut conn, &claimed, ended(Outcome::Gone), NOW).await.unwrap();
    assert_eq!(states(&mut conn, &webhook).await, ["cancelled", "cancelled", "failed"]);
    happens(&mut conn, ada, 1).await;
    assert_eq!(states(&mut conn, &webhook).await.len(), 3, "and nothing more is noted for it");
}

#[sqlx::test(migrations = "../../migrations")]
async fn what_came_in_while_a_webhook_went_off_is_not_sent(pool: PgPool) {
    let mut conn = pool.acquire().await.unwrap();
    let ada = a_person(&mut conn, 7).await;
    let webhook = a_webhook(&mut conn, ada).await;
    let mut slow = pool.begin().await.unwrap();
    happens(&mut slow, ada, 1).await;
    update(&mut conn, &Webhook { is_active: false, ..webhook.clone() }).await.unwrap();
    slow.commit().await.unwrap();
    assert_eq!(take(&mut conn, NOW).await, []);
    assert_eq!(states(&mut conn, &webhook).await, ["cancelled"]);
}

#[sqlx::test(migrations = "../../migrations")]
async fn a_backlog_has_a_bound(pool: PgPool) {
    let mut conn = pool.acquire().await.unwrap();
    let ada = a_person(&mut conn, 7).await;
    let webhook = a_webhook(&mut conn, ada).await;
    happens(&mut conn, ada, 1_001).await;
    assert_eq!(states(&mut conn, &webhook).await.len(), 1_000);
}

#[sqlx::test(migrations = "../../migrations")]
async fn only_old_deliveries_are_forgotten(pool: PgPool) {
    let mut conn = pool.acquire().await.unwrap();
    let ada = a_person(&mut conn, 7).await;
    let webhook = a_webhook(&mut conn, ada).await;
    happens(&mut conn, ada, 1).await;
    enqueue(&mut conn, ada, "habit.created", &json!({}), NOW + DAY).await.unwrap();
    assert_eq!(forget(&mut conn, NOW + DAY, 10).await.unwrap(), 1);
    assert_eq!(states(&mut conn, &webhook).await, ["due"]);
}

#[test]
fn a_secret_never_shows_in_debug_output() {
    assert_eq!(format!("{:?}", Secret::new(b"hunter2".to_vec())), "Secret");
}
