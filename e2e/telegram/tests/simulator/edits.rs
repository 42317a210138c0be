//! Messages changed in place, and buttons.

use std::time::Duration;

use serde_json::json;
use telegram_simulator::{ButtonChoice, CallbackAnswer, Condition, Pressing};

use crate::telegram::{ANNA, Telegram, button};

const WAIT: Duration = Duration::from_secs(5);

#[tokio::test]
async fn an_edit_changes_the_message_and_keeps_what_it_was() {
    let telegram = Telegram::started().await;
    let message_id = telegram.say("Read?", json!({"reply_markup": button("Done", "d:1")})).await;
    let edit = json!({"chat_id": ANNA, "message_id": message_id, "text": "<b>Read</b> ✅", "parse_mode": "HTML", "reply_markup": button("Undo", "u:1")});
    telegram.ok("editMessageText", edit).await;
    let message =
        telegram.control.wait_for(ANNA, &Condition::any().in_message(message_id).edited(1), WAIT).await.unwrap();
    assert_eq!((message.html.as_str(), message.button_texts()), ("<b>Read</b> ✅", vec!["Undo"]));
    assert_eq!((message.history[0].text.as_str(), message.history[0].keyboard[0][0].text.as_str()), ("Read?", "Done"));
}

#[tokio::test]
async fn an_edit_that_changes_nothing_is_refused() {
    let telegram = Telegram::started().await;
    let message_id = telegram.say("Read?", json!({"reply_markup": button("Done", "d:1")})).await;
    let same =
        json!({"chat_id": ANNA, "message_id": message_id, "text": "Read?", "reply_markup": button("Done", "d:1")});
    assert_eq!(
        telegram.bad("editMessageText", same).await,
        "Bad Request: message is not modified: specified new message content and reply markup are exactly the same as a current \
         content and reply markup of the message"
    );
}

#[tokio::test]
async fn an_edit_without_a_keyboard_removes_it() {
    let telegram = Telegram::started().await;
    let message_id = telegram.say("Read?", json!({"reply_markup": button("Done", "d:1")})).await;
    telegram.ok("editMessageText", json!({"chat_id": ANNA, "message_id": message_id, "text": "Read!"})).await;
    let messages = telegram.control.messages(ANNA).await.unwrap();
    assert!(messages.last().unwrap().keyboard.is_empty());
}

#[tokio::test]
async fn a_message_with_a_reply_keyboard_can_never_be_edited() {
    let telegram = Telegram::started().await;
    let message_id = telegram.say("Menu", json!({"reply_markup": {"keyboard": [[{"text": "Today"}]]}})).await;
    let edit = json!({"chat_id": ANNA, "message_id": message_id, "text": "Menu!"});
    assert_eq!(telegram.bad("editMessageText", edit).await, "Bad Request: message can't be edited");
}

#[tokio::test]
async fn a_message_that_is_not_there_cannot_be_edited_or_deleted() {
    let telegram = Telegram::started().await;
    let edit = json!({"chat_id": ANNA, "message_id": 999, "text": "x"});
    assert_eq!(telegram.bad("editMessageText", edit).await, "Bad Request: message to edit not found");
    let delete = json!({"chat_id": ANNA, "message_id": 999});
    assert_eq!(telegram.bad("deleteMessage", delete).await, "Bad Request: message to delete not found");
}

#[tokio::test]
async fn a_message_of_a_person_can_be_deleted_and_not_edited() {
    let telegram = Telegram::started().await;
    let theirs = telegram.control.messages(ANNA).await.unwrap()[0].message_id;
    let edit = json!({"chat_id": ANNA, "message_id": theirs, "text": "x"});
    assert_eq!(telegram.bad("editMessageText", edit).await, "Bad Request: message can't be edited");
    telegram.ok("deleteMessage", json!({"chat_id": ANNA, "message_id": theirs})).await;
    assert!(telegram.control.messages(ANNA).await.unwrap().is_empty());
}

#[tokio::test]
async fn a_message_older_than_two_days_cannot_be_deleted() {
    let telegram = Telegram::started().await;
    let message_id = telegram.say("old", json!({})).await;
    telegram.control.advance_clock(Duration::from_hours(49)).await.unwrap();
    let delete = json!({"chat_id": ANNA, "message_id": message_id});
    assert_eq!(telegram.bad("deleteMessage", delete).await, "Bad Request: message can't be deleted for everyone");
}

#[tokio::test]
async fn a_pressed_button_brings_a_callback_query_and_its_answer_reaches_the_person() {
    let telegram = Telegram::started().await;
    let message_id = telegram.say("Read?", json!({"reply_markup": button("Done", "d:1")})).await;
    let pressed = telegram.control.press_text(ANNA, message_id, "Done").await.unwrap();
    let update = telegram.updates(json!({"offset": pressed.update_id})).await.remove(0);
    assert_eq!(
        (&update["callback_query"]["data"], &update["callback_query"]["message"]["message_id"]),
        (&json!("d:1"), &json!(message_id))
    );

    let answer = json!({"callback_query_id": update["callback_query"]["id"], "text": "12 days", "show_alert": true});
    telegram.ok("answerCallbackQuery", answer).await;
    let answer = telegram.control.answer(&pressed, WAIT).await.unwrap();
    assert_eq!(answer, CallbackAnswer { text: Some("12 days".to_owned()), show_alert: true, url: None });
}

#[tokio::test]
async fn a_press_lives_150_seconds() {
    let telegram = Telegram::started().await;
    let message_id = telegram.say("Read?", json!({"reply_markup": button("Done", "d:1")})).await;
    let pressed = telegram.control.press_data(ANNA, message_id, "d:1").await.unwrap();
    telegram.control.advance_clock(Duration::from_secs(151)).await.unwrap();
    assert_eq!(
        telegram.bad("answerCallbackQuery", json!({"callback_query_id": pressed.callback_query_id})).await,
        "Bad Request: query is too old and response timeout expired or query ID is invalid"
    );
}

#[tokio::test]
async fn a_button_that_was_edited_away_can_be_pressed_only_on_a_screen_that_lags() {
    let telegram = Telegram::started().await;
    let message_id = telegram.say("Read?", json!({"reply_markup": button("Done", "d:1")})).await;
    telegram.ok("editMessageText", json!({"chat_id": ANNA, "message_id": message_id, "text": "Read!"})).await;
    assert!(telegram.control.press_text(ANNA, message_id, "Done").await.is_err());
    let pressing = Pressing { message_id, chat_id: None, button: ButtonChoice::Text("Done".to_owned()), stale: true };
    telegram.control.press(ANNA, &pressing).await.unwrap();
}
