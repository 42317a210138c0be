//! Long polling and the webhook.

use std::{
    sync::Arc,
    time::{Duration, Instant},
};

use axum::{
    Router,
    extract::State,
    http::{HeaderMap, StatusCode},
    routing::post,
};
use serde_json::{Value, json};
use telegram_simulator::CallFilter;
use tokio::sync::mpsc;

use crate::telegram::{ANNA, Telegram};

const WAIT: Duration = Duration::from_secs(5);

#[tokio::test]
async fn an_update_comes_again_until_its_offset_is_confirmed() {
    let telegram = Telegram::started().await;
    let first = telegram.updates(json!({})).await;
    assert_eq!(first[0]["message"]["text"], "/start");
    assert_eq!(first[0]["message"]["entities"], json!([{"type": "bot_command", "offset": 0, "length": 6}]));
    assert_eq!(telegram.updates(json!({})).await, first);
    let next = first[0]["update_id"].as_i64().unwrap() + 1;
    assert!(telegram.updates(json!({"offset": next})).await.is_empty());
    assert!(telegram.updates(json!({})).await.is_empty());
}

#[tokio::test]
async fn what_is_written_after_a_restart_is_new_to_a_bot_that_has_lived_through_it() {
    let before = Telegram::started().await;
    let next = before.updates(json!({})).await[0]["update_id"].as_i64().unwrap() + 1;
    let said = before.say("before", json!({})).await;
    before.simulator.stop().await;
    let stopped = Instant::now();
    // A restart takes a second at the least.
    while stopped.elapsed() < Duration::from_secs(1) {
        tokio::task::yield_now().await;
    }
    let after = Telegram::started().await;
    assert_eq!(after.updates(json!({"offset": next})).await[0]["message"]["text"], "/start");
    assert!(after.say("after", json!({})).await > said);
}

#[tokio::test]
async fn a_long_poll_ends_as_soon_as_someone_writes() {
    let telegram = Telegram::started().await;
    let poll = telegram.updates(json!({"offset": -1}));
    let next = poll.await[0]["update_id"].as_i64().unwrap() + 1;
    let poll = telegram.updates(json!({"offset": next, "timeout": 50}));
    let write = telegram.control.send_text(ANNA, "hello");
    let (updates, sent) = tokio::time::timeout(WAIT, futures::future::join(poll, write)).await.unwrap();
    assert_eq!(updates[0]["update_id"], json!(sent.unwrap().update_id));
}

#[tokio::test]
async fn a_second_poll_ends_the_first_with_409() {
    let telegram = Telegram::started().await;
    telegram.updates(json!({"offset": i32::MAX})).await;
    let first = telegram.call("getUpdates", json!({"timeout": 50}));
    let second = async {
        // The log has the first poll only at its end, so ask until the second one has taken over.
        telegram.control.wait_for_calls(&CallFilter::method("getUpdates").times(1), WAIT).await.unwrap();
        loop {
            telegram.call("getUpdates", json!({})).await;
            let calls = telegram.control.calls(&CallFilter::method("getUpdates")).await.unwrap();
            if calls.iter().any(|call| call.status == 409) {
                break;
            }
        }
    };
    let ((status, body), ()) = tokio::time::timeout(WAIT, futures::future::join(first, second)).await.unwrap();
    assert_eq!(status, 409);
    assert_eq!(
        body["description"],
        "Conflict: terminated by other getUpdates request; make sure that only one bot instance is running"
    );
}

#[tokio::test]
async fn only_the_kinds_that_were_asked_for_come() {
    let telegram = Telegram::started().await;
    telegram.updates(json!({"offset": i32::MAX, "allowed_updates": ["my_chat_member"]})).await;
    assert_eq!(telegram.control.send_text(ANNA, "unheard").await.unwrap().update_id, None);
    telegram.control.block(ANNA).await.unwrap();
    let updates = telegram.updates(json!({})).await;
    assert_eq!(updates[0]["my_chat_member"]["new_chat_member"]["status"], "kicked");
    assert_eq!(updates.len(), 1);
}

#[tokio::test]
async fn updates_of_two_bots_stay_apart() {
    let other = "8000001:AAE-another_telegram_bot_token_0001";
    let mut options = telegram_simulator::Options::with_token(telegram_simulator::SAMPLE_TOKEN);
    options.tokens.push(other.to_owned());
    let telegram = Telegram::with(options).await;
    telegram.control.clone().for_bot(8_000_001).send_text(ANNA, "to the other").await.unwrap();
    let url = format!("{}/bot{other}/getUpdates", telegram.simulator.url());
    let body: Value = reqwest::get(url).await.unwrap().json().await.unwrap();
    assert_eq!(body["result"][0]["message"]["text"], "to the other");
    assert_eq!(telegram.updates(json!({})).await.len(), 1);
}

#[tokio::test]
async fn a_webhook_gets_each_update_with_the_secret_until_it_says_200() {
    let telegram = Telegram::started().await;
    let mut bot = webhook_bot(&[StatusCode::INTERNAL_SERVER_ERROR, StatusCode::OK, StatusCode::OK]).await;
    telegram.ok("setWebhook", json!({"url": bot.url, "secret_token": "s3cret"})).await;
    telegram.control.send_text(ANNA, "hello").await.unwrap();
    let mut seen = Vec::new();
    for _ in 0..3 {
        let (secret, update) = tokio::time::timeout(WAIT, bot.deliveries.recv()).await.unwrap().unwrap();
        assert_eq!(secret.as_deref(), Some("s3cret"));
        seen.push(update["message"]["text"].as_str().unwrap().to_owned());
    }
    assert_eq!(seen, ["/start", "/start", "hello"]);
    let info = telegram.ok("getWebhookInfo", json!({})).await;
    assert_eq!(info["last_error_message"], "Wrong response from the webhook: 500 Internal Server Error");
}

#[tokio::test]
async fn polling_is_refused_while_a_webhook_is_set() {
    let telegram = Telegram::started().await;
    telegram.ok("setWebhook", json!({"url": "http://127.0.0.1:9/"})).await;
    let (status, body) = telegram.call("getUpdates", json!({})).await;
    assert_eq!(status, 409);
    assert!(
        body["description"]
            .as_str()
            .unwrap()
            .starts_with("Conflict: can't use getUpdates method while webhook is active")
    );
    telegram.ok("deleteWebhook", json!({"drop_pending_updates": true})).await;
    assert!(telegram.updates(json!({})).await.is_empty());
}

struct WebhookBot {
    url: String,
    deliveries: mpsc::Receiver<(Option<String>, Value)>,
}

type Deliveries = Arc<(mpsc::Sender<(Option<String>, Value)>, std::sync::Mutex<Vec<StatusCode>>)>;

/// A bot that answers its deliveries with these statuses, one after the other.
async fn webhook_bot(answers: &[StatusCode]) -> WebhookBot {
    let (sender, deliveries) = mpsc::channel(16);
    let mut answers = answers.to_vec();
    answers.reverse();
    let state: Deliveries = Arc::new((sender, std::sync::Mutex::new(answers)));
    let app = Router::new().route("/", post(take)).with_state(state);
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}/", listener.local_addr().unwrap());
    tokio_util::task::TaskTracker::new().spawn(async { axum::serve(listener, app).await });
    WebhookBot { url, deliveries }
}

async fn take(State(state): State<Deliveries>, headers: HeaderMap, body: String) -> StatusCode {
    let secret = headers.get("x-telegram-bot-api-secret-token").map(|value| value.to_str().unwrap().to_owned());
    state.0.send((secret, serde_json::from_str(&body).unwrap())).await.unwrap();
    state.1.lock().unwrap().pop().unwrap_or(StatusCode::OK)
}
