//! Faults that tests switch on.

use std::time::Duration;

use serde_json::json;
use telegram_simulator::{CallFilter, Effect, Fault};

use crate::telegram::{ANNA, Telegram};

async fn broken_send(telegram: &Telegram, timeout: Duration) -> reqwest::Error {
    let request =
        reqwest::Client::new().post(telegram.method_url("sendMessage")).json(&json!({"chat_id": ANNA, "text": "x"}));
    request.timeout(timeout).send().await.expect_err("the caller gets no answer")
}

#[tokio::test]
async fn a_429_has_the_retry_after_it_was_given() {
    let telegram = Telegram::started().await;
    telegram
        .control
        .switch_on(&Fault::on("sendMessage", Effect::TooManyRequests { retry_after_s: 7 }).in_chat(ANNA).times(1))
        .await
        .unwrap();
    let (status, body) = telegram.call("sendMessage", json!({"chat_id": ANNA, "text": "x"})).await;
    assert_eq!((status, &body["parameters"]["retry_after"]), (429, &json!(7)));
    telegram.say("again", json!({})).await;
}

#[tokio::test]
async fn a_server_error_has_no_effect() {
    let telegram = Telegram::started().await;
    telegram.control.switch_on(&Fault::everywhere(Effect::ServerError { status: 502 })).await.unwrap();
    assert_eq!(telegram.call("sendMessage", json!({"chat_id": ANNA, "text": "x"})).await.0, 502);
    assert_eq!(telegram.control.messages(ANNA).await.unwrap().len(), 1);
    telegram.control.clear_faults().await.unwrap();
    telegram.say("again", json!({})).await;
}

#[tokio::test]
async fn a_connection_dropped_after_acceptance_leaves_the_message_and_no_answer() {
    let telegram = Telegram::started().await;
    telegram.control.switch_on(&Fault::on("sendMessage", Effect::Drop { accepted: true }).times(1)).await.unwrap();
    let error = broken_send(&telegram, Duration::from_secs(5)).await;
    assert!(!error.is_timeout() && error.status().is_none(), "{error:?}");
    assert_eq!(telegram.control.messages(ANNA).await.unwrap().last().unwrap().text, "x");
    let call = telegram.control.calls(&CallFilter::method("sendMessage")).await.unwrap().remove(0);
    assert_eq!((call.status, call.fault.as_deref(), call.result.is_some()), (0, Some("drop"), true));
}

#[tokio::test]
async fn a_connection_dropped_before_acceptance_leaves_nothing() {
    let telegram = Telegram::started().await;
    telegram.control.switch_on(&Fault::on("sendMessage", Effect::Drop { accepted: false }).times(1)).await.unwrap();
    broken_send(&telegram, Duration::from_secs(5)).await;
    assert_eq!(telegram.control.messages(ANNA).await.unwrap().len(), 1);
}

#[tokio::test]
async fn a_call_that_hangs_runs_into_the_callers_timeout() {
    let telegram = Telegram::started().await;
    telegram.control.switch_on(&Fault::on("sendMessage", Effect::Hang { seconds: 60, accepted: false })).await.unwrap();
    assert!(broken_send(&telegram, Duration::from_millis(300)).await.is_timeout());
    assert_eq!(telegram.control.messages(ANNA).await.unwrap().len(), 1);
}

#[tokio::test]
async fn a_delayed_call_is_answered_rightly() {
    let telegram = Telegram::started().await;
    telegram.control.switch_on(&Fault::on("sendMessage", Effect::Delay { ms: 50 })).await.unwrap();
    telegram.say("late", json!({})).await;
}

#[tokio::test]
async fn an_error_in_any_words_can_be_asked_for() {
    let telegram = Telegram::started().await;
    let effect = Effect::Error { code: 400, description: "Bad Request: chat not found".to_owned() };
    telegram.control.switch_on(&Fault::on("sendMessage", effect)).await.unwrap();
    assert_eq!(telegram.bad("sendMessage", json!({"chat_id": ANNA, "text": "x"})).await, "Bad Request: chat not found");
}
