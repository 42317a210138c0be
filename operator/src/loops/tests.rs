//! The loops as a whole, on a real Postgres and a real Redis.

use std::time::{Duration, Instant};

use outbound::connection;
use uuid::Uuid;

use super::*;

const REDIS_URL: &str = match option_env!("REDIS_URL") {
    Some(url) => url,
    None => "redis://127.0.0.1:63799",
};
const SOON: Duration = Duration::from_mins(1);

fn context(db: &PgPool) -> Context {
    let redis = connection::lazy(connection::client(REDIS_URL).unwrap()).unwrap();
    Context {
        db: db.clone(),
        queue: Queue::new(redis, Keys::with_prefix(format!("test:{}", Uuid::now_v7()))),
        expire_after: TimeDelta::hours(2),
        messages_per_second: NonZeroU32::MIN,
        leadership: Leadership::default(),
        readiness: Readiness::of(&DEPENDENCIES),
        metrics: LoopMetrics::register(&Registry::new()).unwrap(),
    }
}

async fn until(what: impl AsyncFn() -> bool) {
    let begun_at = Instant::now();
    while !what().await {
        assert!(begun_at.elapsed() < SOON, "it never came to be");
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
}

#[sqlx::test(migrations = "../migrations")]
async fn a_leader_that_leaves_hands_over_at_once(db: PgPool) {
    let (first, second) = (context(&db), context(&db));
    let (first_shutdown, second_shutdown) = (Shutdown::new(), Shutdown::new());
    let act = async {
        until(async || first.leadership.epoch().is_some() || second.leadership.epoch().is_some()).await;
        let is_first = first.leadership.epoch().is_some();
        let (leaving, heir) = if is_first { (&first_shutdown, &second) } else { (&second_shutdown, &first) };
        assert_eq!(heir.leadership.epoch(), None, "one leads at a time");
        leaving.stop_now();
        until(async || heir.leadership.epoch().is_some()).await;
        first_shutdown.stop_now();
        second_shutdown.stop_now();
    };
    let (first_ended, second_ended, ()) = tokio::join!(
        leader::run(first.clone(), "first".to_owned(), first_shutdown.clone()),
        leader::run(second.clone(), "second".to_owned(), second_shutdown.clone()),
        act,
    );
    first_ended.and(second_ended).unwrap();
}

#[sqlx::test(migrations = "../migrations")]
async fn the_leader_makes_queues_ends_and_forgets(db: PgPool) {
    sqlx::query(
        "with person as (
             insert into users (telegram_id, created_at, updated_at) values (7, now(), now()) returning id)
         insert into habits (user_id, name, time_to_remind, origin, next_reminder_at, current_streak,
             streak_expires_at, created_at, updated_at)
         select id, 'Read', '12:00', 'telegram', now(), 5, now(), now(), now() from person",
    )
    .execute(&db)
    .await
    .unwrap();
    sqlx::query(
        "insert into seen_updates (user_id, update_id, seen_at)
         select id, 1, now() - interval '49 hours' from users union all
         select id, 2, now() - interval '47 hours' from users",
    )
    .execute(&db)
    .await
    .unwrap();
    let context = context(&db);
    let shutdown = Shutdown::new();
    let mut tasks = Tasks::new(shutdown.clone());
    start(&mut tasks, &context, "test".to_owned(), &shutdown);
    let is = async |query| sqlx::query_scalar::<_, bool>(query).fetch_one(&db).await.unwrap();
    until(async || is("select count(*) = 1 from deliveries where state = 'queued'").await).await;
    until(async || is("select current_streak = 0 from habits").await).await;
    until(async || is("select array_agg(update_id) = '{2}' from seen_updates").await).await;
    until(async || context.readiness.missing().is_empty()).await;
    assert_eq!(context.queue.clone().len().await.unwrap(), 1);
    shutdown.stop_now();
    tasks.join().await.unwrap();
}
