//! A whole sender against a simulated Telegram, a real Postgres and a real Redis.

use std::time::{Duration, Instant};

use chrono::{DateTime, Utc};
use outbound::{Delivery, Queue};
use process::Fatal;
use store::delivery::{self, Key};
use telegram_simulator::{CallFilter, Condition, Control, Effect, Fault, NewPerson, Options, SAMPLE_TOKEN, Simulator};
use uuid::Uuid;

use super::*;

const REDIS_URL: &str = match option_env!("REDIS_URL") {
    Some(url) => url,
    None => "redis://127.0.0.1:63799",
};
const SOON: Duration = Duration::from_mins(1);

struct World {
    db: PgPool,
    redis: redis::Client,
    keys: Keys,
    telegram: Simulator,
    control: Control,
    shutdown: Shutdown,
}

impl World {
    async fn new(db: PgPool) -> Self {
        let telegram = Simulator::start(Options::with_token(SAMPLE_TOKEN)).await.unwrap();
        let keys = Keys::with_prefix(format!("test:{}", Uuid::now_v7()));
        let redis = connection::client(REDIS_URL).unwrap();
        let control = telegram.control();
        Self { db, redis, keys, telegram, control, shutdown: Shutdown::new() }
    }

    fn sender(&self, token: &str) -> Tasks {
        let parts = Parts {
            db: self.db.clone(),
            redis: self.redis.clone(),
            telegram: Telegram::new(&SecretString::from(token), &self.telegram.url().parse().unwrap()).unwrap(),
            keys: self.keys.clone(),
            messages_per_second: NonZeroU32::new(30).unwrap(),
            consumer: "test".to_owned(),
        };
        let mut tasks = Tasks::new(self.shutdown.clone());
        let metrics = SenderMetrics::register(&Registry::new()).unwrap();
        let readiness = Readiness::of(&dependencies::ALL);
        spawn(&mut tasks, parts, metrics, &readiness, &self.shutdown).unwrap();
        tasks
    }

    /// Runs a sender while `act` runs, and stops it in order.
    async fn while_sending(&self, act: impl Future<Output = ()>) {
        let sending = self.sender(SAMPLE_TOKEN).join();
        let act = async {
            act.await;
            self.shutdown.stop_now();
        };
        let (sent, ()) = tokio::join!(sending, act);
        sent.unwrap();
    }

    /// A person whom both Telegram and the database know, with a habit that is due now.
    async fn person(&self, telegram_id: i64, habit: &str) {
        let person = NewPerson::named("Anna", "en").with_id(telegram_id);
        self.control.create_person(&person).await.unwrap();
        self.control.send_text(telegram_id, "/start").await.unwrap();
        self.stranger(telegram_id, habit).await;
    }

    /// A person whom only the database knows.
    async fn stranger(&self, telegram_id: i64, habit: &str) {
        sqlx::query(
            "with person as (
                 insert into users (telegram_id, created_at, updated_at) values ($1, now(), now()) returning id)
             insert into habits (user_id, name, time_to_remind, origin, next_reminder_at, created_at, updated_at)
             select id, $2, '12:00', 'telegram', now(), now(), now() from person",
        )
        .bind(telegram_id)
        .bind(habit)
        .execute(&self.db)
        .await
        .unwrap();
    }

    /// What the loops do in one step.
    async fn relay(&self) -> Vec<Delivery> {
        let mut tx = self.db.begin().await.unwrap();
        let now = store::pool::now(&mut tx).await.unwrap();
        delivery::make_due(&mut tx, now, chrono::TimeDelta::hours(2), 1_000).await.unwrap();
        let queued = delivery::queue_due(&mut tx, now, chrono::TimeDelta::seconds(30), 1_000).await.unwrap();
        tx.commit().await.unwrap();
        let entry = |key: &Key| Delivery { scheduled_at: key.scheduled_at, id: key.id };
        let deliveries: Vec<Delivery> = queued.keys.iter().map(entry).collect();
        self.push(&deliveries).await;
        deliveries
    }

    async fn push(&self, deliveries: &[Delivery]) {
        self.queue().push(deliveries).await.unwrap();
    }

    fn queue(&self) -> Queue {
        Queue::new(connection::lazy(self.redis.clone()).unwrap(), self.keys.clone())
    }

    async fn states(&self) -> Vec<String> {
        sqlx::query_scalar("select state from deliveries order by chat_id, part").fetch_all(&self.db).await.unwrap()
    }

    /// Relays again and again, as the loops do, until the deliveries are in these states.
    async fn until(&self, states: &[&str]) {
        let begun_at = Instant::now();
        while self.states().await != states {
            assert!(begun_at.elapsed() < SOON, "still {:?}", self.states().await);
            tokio::time::sleep(Duration::from_millis(50)).await;
            self.relay().await;
        }
    }

    /// How many messages Telegram took for a chat.
    async fn arrived(&self, chat_id: i64) -> usize {
        let calls = self.control.calls(&CallFilter::method("sendMessage").in_chat(chat_id)).await.unwrap();
        calls.iter().filter(|call| call.result.is_some()).count()
    }

    async fn assert_polite(&self) {
        assert_eq!(self.control.violations().await.unwrap(), []);
    }
}

#[sqlx::test(migrations = "../migrations")]
async fn a_reminder_arrives_with_its_buttons_and_is_marked_sent(db: PgPool) {
    let world = World::new(db).await;
    world.person(7, "Read <3").await;
    world.relay().await;
    world
        .while_sending(async {
            let message = world.control.wait_for(7, &Condition::text("Read <3"), SOON).await.unwrap();
            assert_eq!(message.keyboard.len(), 1);
            world.until(&["sent"]).await;
            let stored: (Option<i32>, Option<DateTime<Utc>>) =
                sqlx::query_as("select message_id, lease_until from deliveries").fetch_one(&world.db).await.unwrap();
            assert_eq!(stored, (i32::try_from(message.message_id).ok(), None));
        })
        .await;
    assert_eq!(world.queue().len().await.unwrap(), 0);
    world.assert_polite().await;
}

#[sqlx::test(migrations = "../migrations")]
async fn what_the_stream_says_twice_is_sent_once(db: PgPool) {
    let world = World::new(db).await;
    world.person(7, "Read").await;
    let delivery = world.relay().await[0];
    world.push(&[delivery]).await;
    world
        .while_sending(async {
            world.until(&["sent"]).await;
            world.push(&[delivery]).await;
            let begun_at = Instant::now();
            while world.queue().len().await.unwrap() > 0 {
                assert!(begun_at.elapsed() < SOON);
                tokio::time::sleep(Duration::from_millis(20)).await;
            }
        })
        .await;
    assert_eq!(world.arrived(7).await, 1);
}

#[sqlx::test(migrations = "../migrations")]
async fn a_throttled_reminder_arrives_later(db: PgPool) {
    let world = World::new(db).await;
    world.person(7, "Read").await;
    let fault = Fault::on("sendMessage", Effect::TooManyRequests { retry_after_s: 1 }).times(2);
    world.control.switch_on(&fault).await.unwrap();
    world.while_sending(world.until(&["sent"])).await;
    assert_eq!(world.arrived(7).await, 1);
    let attempts: i32 = sqlx::query_scalar("select attempts from deliveries").fetch_one(&world.db).await.unwrap();
    assert_eq!(attempts, 1);
}

#[sqlx::test(migrations = "../migrations")]
async fn an_error_of_telegrams_own_is_tried_again(db: PgPool) {
    let world = World::new(db).await;
    world.person(7, "Read").await;
    let fault = Fault::on("sendMessage", Effect::Drop { accepted: false }).times(2);
    world.control.switch_on(&fault).await.unwrap();
    world.while_sending(world.until(&["sent"])).await;
    assert_eq!(world.arrived(7).await, 1);
}

/// teloxide sleeps for 10 s within such a request; the delivery must not lose its lease over that.
#[sqlx::test(migrations = "../migrations")]
async fn an_error_of_the_server_is_tried_again(db: PgPool) {
    let world = World::new(db).await;
    world.person(7, "Read").await;
    let fault = Fault::on("sendMessage", Effect::ServerError { status: 502 }).times(1);
    world.control.switch_on(&fault).await.unwrap();
    world.while_sending(world.until(&["sent"])).await;
    assert_eq!(world.arrived(7).await, 1);
}

#[sqlx::test(migrations = "../migrations")]
async fn a_telegram_that_is_away_at_the_start_is_waited_for(db: PgPool) {
    let world = World::new(db).await;
    world.person(7, "Read").await;
    world.control.switch_on(&Fault::everywhere(Effect::Drop { accepted: false })).await.unwrap();
    world
        .while_sending(async {
            world.control.wait_for_calls(&CallFilter::method("getMe").times(2), SOON).await.unwrap();
            world.control.clear_faults().await.unwrap();
            world.until(&["sent"]).await;
        })
        .await;
    assert_eq!(world.arrived(7).await, 1);
}

#[sqlx::test(migrations = "../migrations")]
async fn whoever_blocked_the_bot_is_marked_and_others_are_not_held_up(db: PgPool) {
    let world = World::new(db).await;
    world.person(7, "Read").await;
    world.control.block(7).await.unwrap();
    world.person(8, "Read").await;
    world.stranger(9, "Read").await;
    world.while_sending(world.until(&["cancelled", "sent", "cancelled"])).await;
    let reasons: Vec<Option<String>> =
        sqlx::query_scalar("select blocked_reason from users order by telegram_id").fetch_all(&world.db).await.unwrap();
    assert_eq!(reasons, [Some("blocked".to_owned()), None, Some("chat_not_found".to_owned())]);
}

#[sqlx::test(migrations = "../migrations")]
async fn a_message_that_telegram_cannot_parse_goes_without_markup(db: PgPool) {
    let world = World::new(db).await;
    world.person(7, "Read").await;
    let description = "Bad Request: can't parse entities: Unsupported start tag".to_owned();
    let fault = Fault::on("sendMessage", Effect::Error { code: 400, description }).times(1);
    world.control.switch_on(&fault).await.unwrap();
    world.while_sending(world.until(&["sent"])).await;
    assert_eq!(world.arrived(7).await, 1);
}

#[sqlx::test(migrations = "../migrations")]
async fn what_was_done_meanwhile_is_not_sent(db: PgPool) {
    let world = World::new(db).await;
    world.person(7, "Read").await;
    world.relay().await;
    sqlx::query(
        "insert into executions (habit_id, execution_date, status, created_at, updated_at)
         select habit_id, execution_date, 'done', now(), now() from delivery_items",
    )
    .execute(&world.db)
    .await
    .unwrap();
    world.while_sending(world.until(&["cancelled"])).await;
    assert_eq!(world.arrived(7).await, 0);
}

#[sqlx::test(migrations = "../migrations")]
async fn many_reminders_keep_telegrams_limits(db: PgPool) {
    let world = World::new(db).await;
    for telegram_id in 1..=40 {
        world.person(telegram_id, "Read").await;
    }
    world.while_sending(world.until(&["sent"; 40])).await;
    let calls = world.control.calls(&CallFilter::method("sendMessage")).await.unwrap();
    assert_eq!(calls.iter().filter(|call| call.status == 429).count(), 0);
    assert_eq!(calls.len(), 40);
    world.assert_polite().await;
}

#[sqlx::test(migrations = "../migrations")]
async fn ten_reminders_survive_an_emptied_redis_once_each(db: PgPool) {
    let world = World::new(db).await;
    for telegram_id in 1..=10 {
        world.person(telegram_id, "Read").await;
    }
    world.relay().await;
    let mut redis = connection::lazy(world.redis.clone()).unwrap();
    let () = redis::cmd("DEL").arg(world.keys.stream()).query_async(&mut redis).await.unwrap();
    delivery::requeue_all_queued(&mut world.db.acquire().await.unwrap()).await.unwrap();
    world.while_sending(world.until(&["sent"; 10])).await;
    for telegram_id in 1..=10 {
        assert_eq!(world.arrived(telegram_id).await, 1);
    }
}

#[sqlx::test(migrations = "../migrations")]
async fn whoever_leaves_gives_back_what_he_read_and_did_not_begin(db: PgPool) {
    let world = World::new(db).await;
    for telegram_id in 1..=10 {
        world.person(telegram_id, "Read").await;
    }
    let mut redis = connection::lazy(world.redis.clone()).unwrap();
    let mut pace = Pace::of_reminders(redis.clone(), world.keys.clone(), NonZeroU32::new(30).unwrap());
    for chat_id in 101..=103 {
        pace.pause(chat_id, SOON).await.unwrap();
    }
    world.relay().await;
    world
        .while_sending(async {
            let begun_at = Instant::now();
            while consumers(&mut redis, &world.keys).await.iter().map(|held| held.pending).sum::<usize>() < 10 {
                assert!(begun_at.elapsed() < SOON, "the sender never read");
                tokio::time::sleep(Duration::from_millis(20)).await;
            }
        })
        .await;
    assert_eq!(world.states().await, ["due"; 10]);
    assert_eq!(world.queue().len().await.unwrap(), 0);
    assert_eq!(consumers(&mut redis, &world.keys).await.len(), 0, "nobody is left whom another would look after");
}

/// Who reads the stream, and how much he holds.
async fn consumers(redis: &mut redis::aio::ConnectionManager, keys: &Keys) -> Vec<redis::streams::StreamInfoConsumer> {
    // There is no group until a sender came.
    let reply: redis::RedisResult<redis::streams::StreamInfoConsumersReply> =
        redis::cmd("XINFO").arg("CONSUMERS").arg(keys.stream()).arg("senders").query_async(redis).await;
    reply.map(|reply| reply.consumers).unwrap_or_default()
}

#[sqlx::test(migrations = "../migrations")]
async fn a_token_that_telegram_does_not_know_ends_the_program_with_the_reason(db: PgPool) {
    let world = World::new(db).await;
    let ended = world.sender("7000002:AAE-another_simulated_telegram_token").join().await;
    let fatal = ended.unwrap_err().downcast::<Fatal>().unwrap();
    assert_eq!(fatal.reason, "TokenRejected");
}
