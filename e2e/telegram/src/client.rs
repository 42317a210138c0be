//! Client of the control API, for a simulator in this process or in a pod.

use std::time::Duration;

use reqwest::{Method, RequestBuilder, Response};
use serde::{Deserialize, Serialize, de::DeserializeOwned};
use serde_json::{Value, json};

use crate::{
    acts::{ButtonChoice, Pressed, Pressing, Sending, Sent},
    bot::CallbackAnswer,
    calls::Call,
    control::{BotView, CallFilter, ChatView, Condition, NewGroup},
    faults::Fault,
    message::Message,
    options::Limits,
    person::{NewPerson, Person},
};

/// Time of a request beyond what it was told to wait.
const REQUEST_TIMEOUT: Duration = Duration::from_secs(10);

/// Acts as people and looks at what bots did. Cheap to clone.
#[derive(Debug, Clone)]
pub struct Control {
    base: String,
    bot: Option<i64>,
    http: reqwest::Client,
}

/// Why a control request failed.
#[derive(Debug, thiserror::Error)]
pub enum ControlError {
    #[error("the simulator does not answer")]
    Unreachable(#[from] reqwest::Error),
    #[error("the simulator refuses ({status}): {reason}")]
    Refused { status: u16, reason: String },
    #[error("{reason}; the chat shows {}", texts(.messages))]
    TimedOut {
        reason: String,
        /// The last messages of the chat that was waited for.
        messages: Vec<Message>,
    },
}

fn texts(messages: &[Message]) -> String {
    let texts: Vec<String> =
        messages.iter().map(|message| format!("{:?} {:?}", message.text, message.button_texts())).collect();
    if texts.is_empty() { "nothing".to_owned() } else { texts.join(" | ") }
}

type Result<T> = std::result::Result<T, ControlError>;

impl Control {
    /// `url` is the simulator's base address, such as `http://127.0.0.1:8081`.
    pub fn new(url: impl Into<String>) -> Self {
        let base = url.into().trim_end_matches('/').to_owned();
        Self { base, bot: None, http: reqwest::Client::new() }
    }

    /// The same simulator for one of several bots; without it, the one with the lowest id is meant.
    #[must_use]
    pub fn for_bot(mut self, bot_id: i64) -> Self {
        self.bot = Some(bot_id);
        self
    }

    pub async fn bots(&self) -> Result<Vec<BotView>> {
        self.get("bots").await
    }

    pub async fn people(&self) -> Result<Vec<Person>> {
        self.get("people").await
    }

    pub async fn create_person(&self, person: &NewPerson) -> Result<Person> {
        self.post("people", person).await
    }

    /// Writes in the person's private chat; returns once the update is queued.
    pub async fn send_text(&self, person: i64, text: &str) -> Result<Sent> {
        self.send(person, &Sending::Text { text: text.to_owned() }).await
    }

    pub async fn send(&self, person: i64, sending: &Sending) -> Result<Sent> {
        self.post(&format!("people/{person}/send"), sending).await
    }

    /// Writes in a group that the person is in.
    pub async fn send_to_group(&self, person: i64, group: i64, sending: &Sending) -> Result<Sent> {
        let request = self.request(Method::POST, &format!("people/{person}/send"), REQUEST_TIMEOUT);
        parse(request.query(&[("chat", group)]).json(sending).send().await?).await
    }

    /// Presses the button that shows `text`; returns once the update is queued.
    pub async fn press_text(&self, person: i64, message_id: i64, text: &str) -> Result<Pressed> {
        let button = ButtonChoice::Text(text.to_owned());
        self.press(person, &Pressing { message_id, chat_id: None, button, stale: false }).await
    }

    /// Presses the button that sends `data`.
    pub async fn press_data(&self, person: i64, message_id: i64, data: &str) -> Result<Pressed> {
        let button = ButtonChoice::Data(data.to_owned());
        self.press(person, &Pressing { message_id, chat_id: None, button, stale: false }).await
    }

    pub async fn press(&self, person: i64, pressing: &Pressing) -> Result<Pressed> {
        self.post(&format!("people/{person}/press"), pressing).await
    }

    /// What the bot answered to a press; waits at most 120 s.
    pub async fn answer(&self, pressed: &Pressed, timeout: Duration) -> Result<CallbackAnswer> {
        let request = self.waiting(Method::GET, &format!("presses/{}", pressed.callback_query_id), timeout);
        parse(request.send().await?).await
    }

    /// Blocks the bot; gives the id of the `my_chat_member` update.
    pub async fn block(&self, person: i64) -> Result<Option<i64>> {
        Ok(self.post::<Value>(&format!("people/{person}/block"), &json!({})).await?["update_id"].as_i64())
    }

    pub async fn unblock(&self, person: i64) -> Result<Option<i64>> {
        Ok(self.post::<Value>(&format!("people/{person}/unblock"), &json!({})).await?["update_id"].as_i64())
    }

    /// Deletes the person's account.
    pub async fn deactivate(&self, person: i64) -> Result<()> {
        self.post::<Value>(&format!("people/{person}/deactivate"), &json!({})).await.map(drop)
    }

    /// A group of these people with the bot in it; gives its chat id.
    pub async fn create_group(&self, title: &str, members: &[i64]) -> Result<i64> {
        let group = NewGroup { title: title.to_owned(), members: members.to_vec() };
        Ok(self.post::<Value>("groups", &group).await?["chat_id"].as_i64().unwrap_or_default())
    }

    /// Makes a group a supergroup; gives its new chat id.
    pub async fn migrate_group(&self, chat: i64) -> Result<i64> {
        Ok(self.post::<Value>(&format!("groups/{chat}/migrate"), &json!({})).await?["chat_id"]
            .as_i64()
            .unwrap_or_default())
    }

    /// Messages of a chat as they stand now, oldest first.
    pub async fn messages(&self, chat: i64) -> Result<Vec<Message>> {
        self.get(&format!("chats/{chat}/messages")).await
    }

    /// A private chat as its person sees it: messages, keyboard, slash menu, action.
    pub async fn chat(&self, chat: i64) -> Result<ChatView> {
        self.get(&format!("chats/{chat}")).await
    }

    /// The last message that fulfils the condition, which may be there already; waits at most 120 s.
    pub async fn wait_for(&self, chat: i64, condition: &Condition, timeout: Duration) -> Result<Message> {
        let mut messages = self.wait_for_all(chat, condition, timeout).await?;
        messages.pop().ok_or_else(|| ControlError::TimedOut { reason: "no message came".to_owned(), messages })
    }

    /// All messages that fulfil the condition, once there are as many as it wants.
    pub async fn wait_for_all(&self, chat: i64, condition: &Condition, timeout: Duration) -> Result<Vec<Message>> {
        let request = self.waiting(Method::POST, &format!("chats/{chat}/wait"), timeout);
        parse(request.json(condition).send().await?).await
    }

    /// Calls of bots that match, oldest first.
    pub async fn calls(&self, filter: &CallFilter) -> Result<Vec<Call>> {
        self.wait_for_calls(&CallFilter { count: 0, ..filter.clone() }, Duration::ZERO).await
    }

    /// Waits until `filter.count` calls match; gives those that match then, fewer if the time is up.
    pub async fn wait_for_calls(&self, filter: &CallFilter, timeout: Duration) -> Result<Vec<Call>> {
        let request = self.waiting(Method::GET, "calls", timeout);
        parse(request.query(filter).send().await?).await
    }

    /// Calls with mistakes of our own programs: a test ends with none.
    pub async fn violations(&self) -> Result<Vec<Call>> {
        self.calls(&CallFilter { only_violations: true, ..CallFilter::default() }).await
    }

    pub async fn switch_on(&self, fault: &Fault) -> Result<()> {
        self.post::<Value>("faults", fault).await.map(drop)
    }

    pub async fn clear_faults(&self) -> Result<()> {
        let request = self.request(Method::DELETE, "faults", REQUEST_TIMEOUT);
        parse::<Value>(request.send().await?).await.map(drop)
    }

    pub async fn set_limits(&self, limits: &Limits) -> Result<()> {
        let request = self.request(Method::PUT, "limits", REQUEST_TIMEOUT);
        parse::<Value>(request.json(limits).send().await?).await.map(drop)
    }

    /// Moves the simulator's clock forward.
    pub async fn advance_clock(&self, by: Duration) -> Result<()> {
        let ms = u32::try_from(by.as_millis()).unwrap_or(u32::MAX);
        self.post::<Value>("clock/advance", &json!({ "ms": ms })).await.map(drop)
    }

    /// Forgets people, chats, updates, faults and calls; bots keep what they set up about themselves.
    pub async fn reset(&self) -> Result<()> {
        self.post::<Value>("reset", &json!({})).await.map(drop)
    }

    async fn get<T: DeserializeOwned>(&self, path: &str) -> Result<T> {
        parse(self.request(Method::GET, path, REQUEST_TIMEOUT).send().await?).await
    }

    async fn post<T: DeserializeOwned>(&self, path: &str, body: &(impl Serialize + Sync)) -> Result<T> {
        parse(self.request(Method::POST, path, REQUEST_TIMEOUT).json(body).send().await?).await
    }

    fn waiting(&self, method: Method, path: &str, timeout: Duration) -> RequestBuilder {
        let timeout_ms = u64::try_from(timeout.as_millis()).unwrap_or(u64::MAX);
        self.request(method, path, timeout + REQUEST_TIMEOUT).query(&[("timeout_ms", timeout_ms)])
    }

    fn request(&self, method: Method, path: &str, timeout: Duration) -> RequestBuilder {
        let request = self.http.request(method, format!("{}/control/{path}", self.base)).timeout(timeout);
        match self.bot {
            Some(bot) => request.query(&[("bot", bot)]),
            None => request,
        }
    }
}

#[derive(Deserialize)]
struct Failure {
    error: String,
    #[serde(default)]
    messages: Vec<Message>,
}

async fn parse<T: DeserializeOwned>(response: Response) -> Result<T> {
    let status = response.status().as_u16();
    if response.status().is_success() {
        return Ok(response.json().await?);
    }
    let body = response.text().await?;
    let failure = serde_json::from_str(&body).unwrap_or(Failure { error: body, messages: Vec::new() });
    Err(match status {
        408 => ControlError::TimedOut { reason: failure.error, messages: failure.messages },
        _ => ControlError::Refused { status, reason: failure.error },
    })
}
