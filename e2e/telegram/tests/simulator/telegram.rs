//! A simulator, a bot that calls it, and a person who has pressed Start.

use serde_json::{Value, json};
use telegram_simulator::{Control, NewPerson, Options, SAMPLE_TOKEN, Simulator};

pub(crate) const ANNA: i64 = 1001;

pub(crate) struct Telegram {
    pub(crate) simulator: Simulator,
    pub(crate) control: Control,
    http: reqwest::Client,
}

impl Telegram {
    /// Without limits; Anna has written /start.
    pub(crate) async fn started() -> Self {
        Self::with(Options::with_token(SAMPLE_TOKEN).without_limits()).await
    }

    pub(crate) async fn with(options: Options) -> Self {
        let simulator = Simulator::start(options).await.unwrap();
        let control = simulator.control();
        control.create_person(&NewPerson::named("Anna", "en").with_id(ANNA)).await.unwrap();
        control.send_text(ANNA, "/start").await.unwrap();
        Self { simulator, control, http: reqwest::Client::new() }
    }

    /// HTTP status and body of a call.
    pub(crate) async fn call(&self, method: &str, params: Value) -> (u16, Value) {
        let response = self.http.post(self.method_url(method)).json(&params).send().await.unwrap();
        (response.status().as_u16(), response.json().await.unwrap())
    }

    /// `result` of a call that must succeed.
    pub(crate) async fn ok(&self, method: &str, params: Value) -> Value {
        let (status, body) = self.call(method, params).await;
        assert_eq!((status, &body["ok"]), (200, &json!(true)), "{method}: {body}");
        body["result"].clone()
    }

    /// `description` of a call that must be refused with 400.
    pub(crate) async fn bad(&self, method: &str, params: Value) -> String {
        let (status, body) = self.call(method, params).await;
        assert_eq!((status, &body["ok"]), (400, &json!(false)), "{method}: {body}");
        body["description"].as_str().unwrap().to_owned()
    }

    /// Sends Anna a text; gives the message id.
    pub(crate) async fn say(&self, text: &str, more: Value) -> i64 {
        let mut params = json!({ "chat_id": ANNA, "text": text });
        params.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        self.ok("sendMessage", params).await["message_id"].as_i64().unwrap()
    }

    pub(crate) async fn updates(&self, params: Value) -> Vec<Value> {
        self.ok("getUpdates", params).await.as_array().unwrap().clone()
    }

    pub(crate) fn method_url(&self, method: &str) -> String {
        format!("{}/bot{SAMPLE_TOKEN}/{method}", self.simulator.url())
    }
}

/// One row of one button.
pub(crate) fn button(text: &str, data: &str) -> Value {
    json!({ "inline_keyboard": [[{ "text": text, "callback_data": data }]] })
}
