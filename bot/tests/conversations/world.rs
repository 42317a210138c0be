//! A Telegram, an api on a real Postgres, and a bot between them, all in this process.

use std::{net::SocketAddr, time::Duration};

use api::{App, Keys};
use bot::{Settings, Updates, metrics::Metrics, readiness, telegram::Telegram};
use chrono::{DateTime, Utc};
use process::{Clock, Readiness, Shutdown};
use prometheus::Registry;
use secrecy::SecretString;
use serde_json::Value;
use sqlx::PgPool;
use telegram_simulator::{
    CallFilter, Condition, Control, Effect, Fault, Message, NewPerson, Options, Pressed, SAMPLE_TOKEN, Sending,
    Simulator,
};
use tokio::{net::TcpListener, task::JoinSet, time::Instant};

pub(crate) const PATIENCE: Duration = Duration::from_secs(20);
const BOT_KEY: &str = "key-of-the-bot";

pub(crate) struct World {
    pub(crate) pool: PgPool,
    pub(crate) control: Control,
    telegram: Simulator,
    api_address: SocketAddr,
    api: Option<Running>,
    /// What the api that runs counts.
    api_registry: Registry,
    bot: Option<Running>,
}

/// A part of the world that can end in order or be killed.
pub(crate) struct Running {
    shutdown: Shutdown,
    task: JoinSet<anyhow::Result<()>>,
}

impl Running {
    pub(crate) fn start<F: Future<Output = anyhow::Result<()>> + Send + 'static>(
        run: impl FnOnce(Shutdown) -> F,
    ) -> Self {
        let shutdown = Shutdown::new();
        let mut task = JoinSet::new();
        task.spawn(run(shutdown.clone()));
        Self { shutdown, task }
    }

    /// Tells it to end, and does not wait for that.
    pub(crate) fn tell_to_stop(&self) {
        self.shutdown.stop_now();
    }

    pub(crate) async fn stop(mut self) {
        self.shutdown.stop_now();
        self.task.join_next().await.unwrap().unwrap().unwrap();
    }

    pub(crate) async fn kill(mut self) {
        self.task.shutdown().await;
    }
}

/// Noon in Berlin, a quarter to five in the afternoon in Kathmandu.
pub(crate) fn now() -> DateTime<Utc> {
    "2026-11-22T11:00:00Z".parse().unwrap()
}

impl World {
    pub(crate) async fn new(pool: PgPool) -> Self {
        let telegram = Simulator::start(Options::with_token(SAMPLE_TOKEN).without_limits()).await.unwrap();
        let listener = TcpListener::bind(("127.0.0.1", 0)).await.unwrap();
        let api_address = listener.local_addr().unwrap();
        let control = telegram.control();
        let api_registry = Registry::new();
        let mut world = Self { pool, control, telegram, api_address, api: None, api_registry, bot: None };
        world.serve_api(listener);
        world.start_bot();
        world
    }

    fn serve_api(&mut self, listener: TcpListener) {
        let keys = Keys::new(SecretString::from(BOT_KEY), &SecretString::from("a-secret-that-signs-tokens"));
        self.api_registry = Registry::new();
        let app = App::with_metrics(self.pool.clone(), Clock::from_fn(now), keys, &self.api_registry).unwrap();
        self.api = Some(Running::start(|shutdown| api::serve(app, listener, shutdown)));
    }

    pub(crate) async fn stop_api(&mut self) {
        self.api.take().unwrap().stop().await;
    }

    pub(crate) async fn start_api(&mut self) {
        let listener = TcpListener::bind(self.api_address).await.unwrap();
        self.serve_api(listener);
    }

    pub(crate) fn start_bot(&mut self) {
        let settings = self.settings(SAMPLE_TOKEN, Updates::Polling);
        self.bot = Some(Running::start(|shutdown| serve(settings, shutdown)));
    }

    /// Runs a bot with another token until it ends by itself.
    pub(crate) async fn bot_with_token(&self, token: &str) -> anyhow::Result<()> {
        tokio::time::timeout(PATIENCE, serve(self.settings(token, Updates::Polling), Shutdown::new())).await.unwrap()
    }

    pub(crate) async fn stop_bot(&mut self) {
        self.bot.take().unwrap().stop().await;
    }

    pub(crate) async fn kill_bot(&mut self) {
        self.bot.take().unwrap().kill().await;
    }

    /// Ends the test: everything leaves in order, and no call has broken a rule of the Bot API.
    pub(crate) async fn end(mut self) {
        if let Some(bot) = self.bot.take() {
            bot.stop().await;
        }
        let violations = self.control.violations().await.unwrap();
        assert!(violations.is_empty(), "{violations:#?}");
    }

    /// The bot's updates are handled but can no longer be confirmed. What came before is confirmed, and the bot waits for more.
    pub(crate) async fn cut_confirmations(&self) {
        self.until_waiting(0).await;
        self.fail("getUpdates", None, Effect::Drop { accepted: false }).await;
    }

    /// Old screens stay in the chat, with their buttons.
    pub(crate) async fn keep_old_screens(&self) {
        for method in ["deleteMessage", "editMessageReplyMarkup"] {
            let description = "Bad Request: message can't be deleted".to_owned();
            self.fail(method, None, Effect::Error { code: 400, description }).await;
        }
    }

    pub(crate) async fn fail(&self, method: &str, times: Option<u32>, effect: Effect) {
        let fault = Fault { method: Some(method.to_owned()), chat_id: None, probability: 1.0, times, effect };
        self.control.switch_on(&fault).await.unwrap();
    }

    /// Nothing that the bot sends reaches the person, and every attempt takes as long as the bot lets it.
    pub(crate) async fn lose_messages_to(&self, person: &Person) {
        let hang = Effect::Hang { seconds: 60, accepted: false };
        self.control.switch_on(&Fault::on("sendMessage", hang).in_chat(person.id)).await.unwrap();
    }

    pub(crate) async fn person(&self, name: &str, language_code: &str) -> Person {
        let person = self.control.create_person(&NewPerson::named(name, language_code)).await.unwrap();
        Person { id: person.id, control: self.control.clone(), latest: 0 }
    }

    /// A person who lives in Kathmandu and has said so.
    pub(crate) async fn person_in_kathmandu(&self, name: &str) -> Person {
        let mut person = self.person(name, "en").await;
        person.says("/start").await;
        person.hears("Where do you live?").await;
        person.says("Asia/Kathmandu").await;
        person.hears("Your time zone is Asia/Kathmandu").await;
        person
    }

    /// The address of the chat page.
    pub(crate) fn page(&self) -> String {
        format!("{}/", self.telegram.url())
    }

    /// Sends as the sender does, with the same bot.
    pub(crate) async fn send(&self, person: &Person, screen: &screens::Screen) {
        self.send_to(person.id, screen).await;
    }

    /// The same to any chat.
    pub(crate) async fn send_to(&self, chat: i64, screen: &screens::Screen) {
        let settings = self.settings(SAMPLE_TOKEN, Updates::Polling);
        let telegram = Telegram::new(&settings.token, &settings.telegram_url).unwrap();
        telegram.send(teloxide::types::ChatId(chat), screen).await.unwrap();
    }

    /// A habit made beside the bot; gives its id.
    pub(crate) async fn habit(&self, person: &Person, name: &str) -> i64 {
        let insert = "insert into habits (user_id, name, time_to_remind, origin, created_at, updated_at)
             select id, $2, '18:00', 'api', $3, $3 from users where telegram_id = $1 returning id";
        sqlx::query_scalar(insert).bind(person.id).bind(name).bind(now()).fetch_one(&self.pool).await.unwrap()
    }

    /// Requests that the api has answered since it was started.
    pub(crate) fn api_requests(&self) -> u64 {
        let families = self.api_registry.gather();
        let durations = families.iter().find(|family| family.name() == "habit_http_request_duration_seconds").unwrap();
        durations.get_metric().iter().map(|metric| metric.get_histogram().get_sample_count()).sum()
    }

    pub(crate) async fn habit_names(&self) -> Vec<String> {
        sqlx::query_scalar("select name from habits order by id").fetch_all(&self.pool).await.unwrap()
    }

    /// Calls a method of the Bot API as the bot does; gives its result.
    pub(crate) async fn call(&self, method: &str, params: &Value) -> Value {
        let url = format!("{}/bot{SAMPLE_TOKEN}/{method}", self.telegram.url());
        let reply = reqwest::Client::new().post(url).json(params).send().await.unwrap();
        reply.json::<Value>().await.unwrap()["result"].take()
    }

    /// Updates wait from now on: Telegram has no webhook any more.
    pub(crate) async fn bring_nothing(&self) {
        self.call("deleteWebhook", &serde_json::json!({})).await;
    }

    /// What the bot has sent to the person, oldest first, with what is gone from the chat since.
    pub(crate) async fn told(&self, person: &Person) -> Vec<String> {
        let sends = self.control.calls(&CallFilter::method("sendMessage")).await.unwrap();
        let told = sends.iter().filter(|call| call.chat_id == Some(person.id) && call.status == 200);
        told.map(|call| call.params["text"].as_str().unwrap().to_owned()).collect()
    }

    /// Waits until the bot has sent so many messages to the person.
    pub(crate) async fn until_told(&self, person: &Person, count: usize) -> Vec<String> {
        let deadline = Instant::now() + 3 * PATIENCE;
        loop {
            let told = self.told(person).await;
            if told.len() >= count {
                return told;
            }
            assert!(Instant::now() < deadline, "told {} times, not {count}", told.len());
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    }

    /// Waits until this many updates wait for the bot, handled ones that are not confirmed included.
    pub(crate) async fn until_waiting(&self, count: usize) {
        let deadline = Instant::now() + PATIENCE;
        while self.control.bots().await.unwrap().iter().map(|bot| bot.waiting_updates).sum::<usize>() != count {
            assert!(Instant::now() < deadline, "not {count} updates wait");
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
    }

    /// Waits until the api knows whether the person has blocked the bot.
    pub(crate) async fn until_blocked(&self, person: &Person, expected: bool) {
        let blocked = "select blocked_at is not null from users where telegram_id = $1";
        let deadline = Instant::now() + PATIENCE;
        loop {
            let is_blocked: bool = sqlx::query_scalar(blocked).bind(person.id).fetch_one(&self.pool).await.unwrap();
            if is_blocked == expected {
                return;
            }
            assert!(Instant::now() < deadline, "the block is still {is_blocked}");
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    }

    pub(crate) fn settings(&self, token: &str, updates: Updates) -> Settings {
        Settings {
            token: SecretString::from(token),
            telegram_url: self.telegram.url().parse().unwrap(),
            api_url: format!("http://{}", self.api_address).parse().unwrap(),
            api_key: SecretString::from(BOT_KEY),
            clock: Clock::from_fn(now),
            updates,
        }
    }
}

async fn serve(settings: Settings, shutdown: Shutdown) -> anyhow::Result<()> {
    let readiness = Readiness::of(&[readiness::TELEGRAM]);
    let metrics = Metrics::register(&Registry::new())?;
    bot::serve(settings, readiness, metrics, shutdown).await
}

/// Somebody who talks to the bot.
pub(crate) struct Person {
    pub(crate) id: i64,
    control: Control,
    /// The latest message when this person last did something: what comes after it is an answer.
    latest: i64,
}

impl Person {
    pub(crate) async fn says(&mut self, text: &str) {
        self.latest = self.control.send_text(self.id, text).await.unwrap().message_id;
    }

    pub(crate) async fn sends(&mut self, what: &Sending) {
        self.latest = self.control.send(self.id, what).await.unwrap().message_id;
    }

    /// Waits for a new message with this text.
    pub(crate) async fn hears(&self, text: &str) -> Message {
        let condition = Condition::text(text).after(self.latest);
        self.control.wait_for(self.id, &condition, PATIENCE).await.unwrap_or_else(|error| panic!("{text:?}: {error}"))
    }

    /// Waits for a second message with the same text.
    pub(crate) async fn hears_again(&self, first: &Message) -> Message {
        let condition = Condition::text(&first.text).after(first.message_id);
        self.control.wait_for(self.id, &condition, PATIENCE).await.unwrap()
    }

    /// Waits until this message, edited in place, shows this text.
    pub(crate) async fn sees(&self, message: &Message, text: &str) -> Message {
        let condition = Condition::text(text).in_message(message.message_id);
        self.control.wait_for(self.id, &condition, PATIENCE).await.unwrap_or_else(|error| panic!("{text:?}: {error}"))
    }

    /// Waits until this message has a button of this text.
    pub(crate) async fn until(&self, message: &Message, button: &str) -> Message {
        let condition = Condition::default().with_button(button).in_message(message.message_id);
        self.control.wait_for(self.id, &condition, PATIENCE).await.unwrap_or_else(|error| panic!("{button:?}: {error}"))
    }

    /// Waits until this message is not in the chat any more.
    pub(crate) async fn until_gone(&self, message: &Message) {
        let deadline = Instant::now() + PATIENCE;
        while self.messages().await.iter().any(|other| other.message_id == message.message_id) {
            assert!(Instant::now() < deadline, "{:?} is still there", message.text);
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
    }

    pub(crate) async fn taps(&mut self, message: &Message, button: &str) -> Pressed {
        self.latest = self.messages().await.last().map_or(0, |message| message.message_id);
        self.control.press_text(self.id, message.message_id, button).await.unwrap()
    }

    /// Taps the button that carries this.
    pub(crate) async fn presses(&mut self, message: &Message, data: &str) -> Pressed {
        self.latest = self.messages().await.last().map_or(0, |message| message.message_id);
        self.control.press_data(self.id, message.message_id, data).await.unwrap()
    }

    /// What the bot answered to a tap; empty for an answer without words.
    pub(crate) async fn toast(&self, pressed: &Pressed) -> String {
        self.control.answer(pressed, PATIENCE).await.unwrap().text.unwrap_or_default()
    }

    pub(crate) async fn messages(&self) -> Vec<Message> {
        self.control.messages(self.id).await.unwrap()
    }
}
