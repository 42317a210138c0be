use std::{collections::BTreeSet, time::Duration};

use outbound::{Consumer, Keys, connection};
use prometheus::Registry;
use store::leader;
use uuid::Uuid;

use super::*;

const REDIS_URL: &str = match option_env!("REDIS_URL") {
    Some(url) => url,
    None => "redis://127.0.0.1:63799",
};

fn noon() -> DateTime<Utc> {
    "2026-11-22T12:00:00Z".parse().unwrap()
}

fn keys() -> Keys {
    Keys::with_prefix(format!("test:{}", Uuid::now_v7()))
}

fn reminders(db: &PgPool, keys: &Keys, redis_url: &str) -> Reminders {
    let redis = connection::lazy(connection::client(redis_url).unwrap()).unwrap();
    Reminders {
        db: db.clone(),
        queue: Queue::new(redis, keys.clone()),
        expire_after: TimeDelta::hours(2),
        stream_bound: 250,
        metrics: LoopMetrics::register(&Registry::new()).unwrap(),
    }
}

async fn leader(db: &PgPool) -> Epoch {
    let mut conn = db.acquire().await.unwrap();
    leader::acquire(&mut conn, "test", Duration::from_mins(1)).await.unwrap().unwrap()
}

/// So many people with a habit that is due at noon.
async fn people(db: &PgPool, count: i64) {
    sqlx::query(
        "with person as (
             insert into users (telegram_id, created_at, updated_at)
             select n, now(), now() from generate_series(1, $1) n returning id)
         insert into habits (user_id, name, time_to_remind, origin, next_reminder_at, created_at, updated_at)
         select id, 'Read', '12:00', 'telegram', $2, now(), now() from person",
    )
    .bind(count)
    .bind(noon())
    .execute(db)
    .await
    .unwrap();
}

async fn states(db: &PgPool) -> BTreeSet<String> {
    sqlx::query_scalar("select state from deliveries").fetch_all(db).await.unwrap().into_iter().collect()
}

/// Everything that is in the stream.
async fn stream(keys: &Keys) -> Vec<Delivery> {
    let client = connection::client(REDIS_URL).unwrap();
    let mut consumer = Consumer::new(client, keys.clone(), Uuid::now_v7().to_string()).unwrap();
    // The first read finds no group and makes one.
    let mut entries = consumer.read(1_000, Duration::from_millis(10)).await.unwrap();
    entries.extend(consumer.read(1_000, Duration::from_millis(10)).await.unwrap());
    entries.into_iter().map(|entry| entry.delivery.unwrap()).collect()
}

async fn wipe(keys: &Keys) {
    let client = connection::client(REDIS_URL).unwrap();
    let mut redis = connection::lazy(client).unwrap();
    let () = redis::cmd("DEL").arg(&[keys.stream(), keys.marker()]).query_async(&mut redis).await.unwrap();
}

#[sqlx::test(migrations = "../migrations")]
async fn what_is_due_leaves_in_the_step_that_makes_it_and_only_once(db: PgPool) {
    let keys = keys();
    let epoch = leader(&db).await;
    people(&db, 3).await;
    let mut reminders = reminders(&db, &keys, REDIS_URL);
    for _ in 0..2 {
        reminders.make_due(epoch, noon()).await.unwrap();
        reminders.relay(epoch, noon()).await.unwrap();
    }
    assert_eq!(stream(&keys).await.len(), 3);
    assert_eq!(states(&db).await, BTreeSet::from(["queued".to_owned()]));
}

#[sqlx::test(migrations = "../migrations")]
async fn ten_that_were_queued_when_redis_was_wiped_are_queued_again_once_each(db: PgPool) {
    let keys = keys();
    let epoch = leader(&db).await;
    people(&db, 10).await;
    let mut reminders = reminders(&db, &keys, REDIS_URL);
    reminders.make_due(epoch, noon()).await.unwrap();
    reminders.relay(epoch, noon()).await.unwrap();
    wipe(&keys).await;
    reminders.relay(epoch, noon()).await.unwrap();
    reminders.relay(epoch, noon()).await.unwrap();
    let again = stream(&keys).await;
    assert_eq!(again.len(), 10);
    assert_eq!(again.into_iter().collect::<BTreeSet<_>>().len(), 10);
}

#[sqlx::test(migrations = "../migrations")]
async fn the_stream_holds_no_more_than_its_bound(db: PgPool) {
    let keys = keys();
    let epoch = leader(&db).await;
    people(&db, 10).await;
    let mut reminders = Reminders { stream_bound: 4, ..reminders(&db, &keys, REDIS_URL) };
    reminders.make_due(epoch, noon()).await.unwrap();
    for _ in 0..3 {
        reminders.relay(epoch, noon()).await.unwrap();
    }
    assert_eq!(stream(&keys).await.len(), 4);
    assert_eq!(stream_bound(NonZeroU32::new(30).unwrap()), 250);
}

#[sqlx::test(migrations = "../migrations")]
async fn without_redis_reminders_are_made_and_stay_due(db: PgPool) {
    let epoch = leader(&db).await;
    people(&db, 1).await;
    sqlx::query("update habits set next_reminder_at = now()").execute(&db).await.unwrap();
    let mut reminders = reminders(&db, &keys(), "redis://127.0.0.1:9");
    assert!(matches!(reminders.tick(epoch).await, Err(TickError::Redis(_))));
    assert_eq!(states(&db).await, BTreeSet::from(["due".to_owned()]));
}

#[sqlx::test(migrations = "../migrations")]
async fn an_old_leader_makes_and_queues_nothing(db: PgPool) {
    let keys = keys();
    let old = leader(&db).await;
    people(&db, 1).await;
    leader::release(&mut db.acquire().await.unwrap(), old).await.unwrap();
    let new = leader(&db).await;
    let mut reminders = reminders(&db, &keys, REDIS_URL);
    assert!(matches!(reminders.make_due(old, noon()).await, Err(TickError::Fence(_))));
    reminders.make_due(new, noon()).await.unwrap();
    assert!(matches!(reminders.relay(old, noon()).await, Err(TickError::Fence(_))));
    assert_eq!(states(&db).await, BTreeSet::from(["due".to_owned()]));
    assert_eq!(stream(&keys).await, []);
}
