//! Updates that Telegram brings, to one replica or to several.

use std::time::Duration;

use bot::{Updates, metrics::Metrics, readiness, webhook::Webhook};
use outbound::{Keys, connection};
use process::Readiness;
use prometheus::Registry;
use redis::{AsyncCommands as _, aio::ConnectionManager};
use reqwest::StatusCode;
use secrecy::SecretString;
use serde_json::{Value, json};
use sqlx::PgPool;
use telegram_simulator::{Effect, SAMPLE_TOKEN};
use tokio::{net::TcpListener, task::JoinSet, time::Instant};
use uuid::Uuid;

use crate::{
    polling::{answered, commands},
    world::{PATIENCE, Person, Running, World},
};

const SECRET: &str = "what-only-Telegram_knows";
const REDIS: Option<&str> = option_env!("REDIS_URL");

/// A replica that serves the webhook.
struct Replica {
    running: Running,
    url: String,
    readiness: Readiness,
}

fn redis(url: &str) -> ConnectionManager {
    connection::lazy(connection::client(url).unwrap()).unwrap()
}

fn own_redis() -> ConnectionManager {
    redis(REDIS.unwrap_or("redis://127.0.0.1:63799"))
}

fn own_keys() -> Keys {
    Keys::with_prefix(format!("test:{}", Uuid::now_v7()))
}

impl Replica {
    async fn start(world: &World, keys: &Keys, redis: ConnectionManager) -> Self {
        let listener = TcpListener::bind(("127.0.0.1", 0)).await.unwrap();
        let url = format!("http://{}/telegram", listener.local_addr().unwrap());
        let secret = SecretString::from(SECRET);
        let webhook = Webhook { url: url.parse().unwrap(), secret, listener, redis, keys: keys.clone() };
        let settings = world.settings(SAMPLE_TOKEN, Updates::Webhook(webhook));
        let readiness = Readiness::of(&[readiness::TELEGRAM, readiness::REDIS]);
        let ready = readiness.clone();
        let metrics = Metrics::register(&Registry::new()).unwrap();
        let running = Running::start(|shutdown| bot::serve(settings, ready, metrics, shutdown));
        Self { running, url, readiness }
    }

    async fn ready(world: &World, keys: &Keys) -> Self {
        let replica = Self::start(world, keys, own_redis()).await;
        until("a replica is ready", || replica.readiness.missing().is_empty()).await;
        replica
    }
}

async fn until(what: &str, mut is_so: impl FnMut() -> bool) {
    let deadline = Instant::now() + PATIENCE;
    while !is_so() {
        assert!(Instant::now() < deadline, "not yet: {what}");
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
}

/// Waits until so many of the person's updates wait for their turn.
async fn until_waiting(keys: &Keys, person: &Person, count: usize) {
    let deadline = Instant::now() + PATIENCE;
    let key = keys.turn_waiting(u64::try_from(person.id).unwrap());
    loop {
        let waiting: usize = own_redis().zcard(&key).await.unwrap();
        if waiting == count {
            return;
        }
        assert!(Instant::now() < deadline, "{waiting} wait, not {count}");
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
}

/// Keeps the person's turn as a replica does, until [`give_turn`].
async fn keep_turn(keys: &Keys, person: &Person) {
    let key = keys.turn(u64::try_from(person.id).unwrap());
    let _: () = own_redis().set_ex(key, "the test's", 60).await.unwrap();
}

async fn give_turn(keys: &Keys, person: &Person) {
    let _: () = own_redis().del(keys.turn(u64::try_from(person.id).unwrap())).await.unwrap();
}

/// Takes the updates that wait at Telegram, to be brought by the test.
async fn take_updates(world: &World) -> Vec<Value> {
    let updates = world.call("getUpdates", &json!({ "limit": 100 })).await;
    let last = updates.as_array().unwrap().last().unwrap()["update_id"].as_i64().unwrap();
    world.call("getUpdates", &json!({ "offset": last + 1 })).await;
    updates.as_array().unwrap().clone()
}

async fn bring_once(url: &str, update: &Value) -> Option<StatusCode> {
    let request = reqwest::Client::new().post(url).header("X-Telegram-Bot-Api-Secret-Token", SECRET).json(update);
    request.timeout(Duration::from_mins(1)).send().await.ok().map(|response| response.status())
}

/// Brings an update as Telegram does, until somebody takes it: to one replica, then to the next.
async fn bring(urls: Vec<String>, update: Value) {
    for url in urls.iter().cycle() {
        if bring_once(url, &update).await == Some(StatusCode::OK) {
            return;
        }
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
}

#[sqlx::test(migrations = "../migrations")]
async fn updates_are_brought_and_what_is_not_taken_waits_for_the_poller(pool: PgPool) {
    let mut world = World::new(pool).await;
    let mut anna = world.person_in_kathmandu("Anna").await;
    world.stop_bot().await;
    anna.says("/help").await;
    let replica = Replica::ready(&world, &own_keys()).await;
    anna.hears("/new creates a habit").await;
    replica.running.stop().await;
    anna.says("/today").await;
    world.start_bot();
    anna.hears("No habits yet").await;
    world.end().await;
}

#[sqlx::test(migrations = "../migrations")]
async fn a_webhook_waits_for_a_telegram_that_is_away_at_the_start(pool: PgPool) {
    let mut world = World::new(pool).await;
    let mut anna = world.person_in_kathmandu("Anna").await;
    world.stop_bot().await;
    world.fail("getMe", Some(1), Effect::Drop { accepted: false }).await;
    world.fail("setWebhook", Some(1), Effect::ServerError { status: 502 }).await;
    anna.says("/help").await;
    let replica = Replica::ready(&world, &own_keys()).await;
    anna.hears("/new creates a habit").await;
    replica.running.stop().await;
    world.end().await;
}

#[sqlx::test(migrations = "../migrations")]
async fn whoever_does_not_know_the_secret_is_refused(pool: PgPool) {
    let mut world = World::new(pool).await;
    world.stop_bot().await;
    let replica = Replica::ready(&world, &own_keys()).await;
    let update = json!({ "update_id": 7 });
    let request = reqwest::Client::new().post(&replica.url).json(&update);
    assert_eq!(request.send().await.unwrap().status(), StatusCode::UNAUTHORIZED);
    assert_eq!(bring_once(&replica.url, &update).await, Some(StatusCode::OK));
    replica.running.stop().await;
    world.end().await;
}

#[sqlx::test(migrations = "../migrations")]
async fn two_replicas_keep_a_persons_order_and_lose_nothing_when_one_is_stopped(pool: PgPool) {
    let mut world = World::new(pool).await;
    let mut anna = world.person_in_kathmandu("Anna").await;
    world.stop_bot().await;
    let before = world.told(&anna).await.len();
    let keys = own_keys();
    let (one, two) = (Replica::ready(&world, &keys).await, Replica::ready(&world, &keys).await);
    world.bring_nothing().await;
    let commands = commands(50);
    for command in &commands {
        anna.says(command).await;
    }
    keep_turn(&keys, &anna).await;
    let mut bringing = JoinSet::new();
    // The last comes in first.
    for (index, update) in take_updates(&world).await.into_iter().enumerate().rev() {
        let mut urls = vec![one.url.clone(), two.url.clone()];
        urls.rotate_left(index % 2);
        bringing.spawn(bring(urls, update));
    }
    until_waiting(&keys, &anna, commands.len()).await;
    give_turn(&keys, &anna).await;
    world.until_told(&anna, before + 10).await;
    one.running.tell_to_stop();
    bringing.join_all().await;
    assert_eq!(answered(&world.told(&anna).await), commands);
    one.running.stop().await;
    two.running.stop().await;
    world.end().await;
}

#[sqlx::test(migrations = "../migrations")]
async fn an_update_that_is_brought_to_two_replicas_is_handled_once(pool: PgPool) {
    let mut world = World::new(pool).await;
    let mut anna = world.person_in_kathmandu("Anna").await;
    world.stop_bot().await;
    let keys = own_keys();
    let (one, two) = (Replica::ready(&world, &keys).await, Replica::ready(&world, &keys).await);
    world.bring_nothing().await;
    anna.says("/help").await;
    let update = take_updates(&world).await.remove(0);
    let both = tokio::join!(bring_once(&one.url, &update), bring_once(&two.url, &update));
    assert_eq!(both, (Some(StatusCode::OK), Some(StatusCode::OK)));
    assert_eq!(bring_once(&one.url, &update).await, Some(StatusCode::OK));
    assert_eq!(answered(&world.told(&anna).await), ["/help"]);
    one.running.stop().await;
    two.running.stop().await;
    world.end().await;
}

#[sqlx::test(migrations = "../migrations")]
async fn whoever_waited_at_a_replica_that_was_killed_holds_up_nobody_and_is_not_lost(pool: PgPool) {
    let mut world = World::new(pool).await;
    let mut anna = world.person_in_kathmandu("Anna").await;
    world.stop_bot().await;
    let keys = own_keys();
    let (one, two) = (Replica::ready(&world, &keys).await, Replica::ready(&world, &keys).await);
    world.bring_nothing().await;
    anna.says("/help").await;
    anna.says("/today").await;
    let updates = take_updates(&world).await;
    keep_turn(&keys, &anna).await;
    let mut bringing = JoinSet::new();
    let (first, url) = (updates[0].clone(), one.url.clone());
    bringing.spawn(async move { assert_eq!(bring_once(&url, &first).await, None) });
    bringing.spawn(bring(vec![two.url.clone()], updates[1].clone()));
    until_waiting(&keys, &anna, 2).await;
    one.running.kill().await;
    give_turn(&keys, &anna).await;
    bringing.join_all().await;
    assert_eq!(bring_once(&two.url, &updates[0]).await, Some(StatusCode::OK));
    assert_eq!(answered(&world.told(&anna).await), ["/today", "/help"]);
    two.running.stop().await;
    world.end().await;
}

#[sqlx::test(migrations = "../migrations")]
async fn without_redis_updates_have_to_come_again(pool: PgPool) {
    let mut world = World::new(pool).await;
    let mut anna = world.person_in_kathmandu("Anna").await;
    world.stop_bot().await;
    let replica = Replica::start(&world, &own_keys(), redis("redis://127.0.0.1:1")).await;
    until("it tells of Redis", || {
        let missing = replica.readiness.missing();
        missing.len() == 1 && missing[0].starts_with("redis: Redis does not answer")
    })
    .await;
    world.bring_nothing().await;
    anna.says("/help").await;
    let update = take_updates(&world).await.remove(0);
    assert_eq!(bring_once(&replica.url, &update).await, Some(StatusCode::SERVICE_UNAVAILABLE));
    assert_eq!(bring_once(&replica.url, &json!({ "update_id": 7 })).await, Some(StatusCode::OK), "nobody's");
    replica.running.stop().await;
    world.end().await;
}
