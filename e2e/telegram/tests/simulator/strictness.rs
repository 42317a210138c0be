//! What Telegram refuses is refused here in its words.

use serde_json::{Value, json};
use telegram_simulator::{Bounds, NewPerson, Options, SAMPLE_TOKEN};

use crate::telegram::{ANNA, Telegram, button};

async fn refusal(params: Value) -> String {
    let telegram = Telegram::started().await;
    let mut all = json!({ "chat_id": ANNA, "text": "x" });
    all.as_object_mut().unwrap().extend(params.as_object().unwrap().clone());
    telegram.bad("sendMessage", all).await
}

#[tokio::test]
async fn an_unknown_token_is_unauthorized_and_a_malformed_one_not_found() {
    let telegram = Telegram::started().await;
    let get =
        async |path: &str| reqwest::get(format!("{}{path}", telegram.simulator.url())).await.unwrap().status().as_u16();
    assert_eq!(get("/bot123:AAE-another_telegram_bot_token_0001/getMe").await, 401);
    assert_eq!(get("/bot123:short/getMe").await, 404);
    assert_eq!(get(&format!("/bot{SAMPLE_TOKEN}/getMe")).await, 200);
}

#[tokio::test]
async fn a_revoked_token_is_unauthorized_although_any_is_accepted() {
    let revoked = "5:AAE-another_telegram_bot_token_0001".to_owned();
    let options =
        Options { accept_any_token: true, revoked_tokens: vec![revoked.clone()], ..Options::with_token(SAMPLE_TOKEN) };
    let telegram = Telegram::with(options).await;
    let get = async |token: &str| {
        reqwest::get(format!("{}/bot{token}/getMe", telegram.simulator.url())).await.unwrap().status().as_u16()
    };
    assert_eq!(get(&revoked).await, 401);
    assert_eq!(get("6:AAE-another_telegram_bot_token_0001").await, 200);
}

#[tokio::test]
async fn an_unknown_method_is_not_found() {
    let (status, body) = Telegram::started().await.call("sendPigeon", json!({})).await;
    assert_eq!((status, body), (404, json!({"ok": false, "error_code": 404, "description": "Not Found"})));
}

#[tokio::test]
async fn an_unknown_parameter_is_refused_and_written_down_as_a_violation() {
    let telegram = Telegram::started().await;
    let description = telegram.bad("sendMessage", json!({"chat_id": ANNA, "text": "x", "markup": {}})).await;
    assert_eq!(description, "Bad Request: sendMessage has no parameter \"markup\"");
    let violations = telegram.control.violations().await.unwrap();
    assert_eq!(violations[0].violations, ["sendMessage has no parameter \"markup\""]);
}

#[tokio::test]
async fn a_missing_text_or_chat_has_telegrams_words() {
    let telegram = Telegram::started().await;
    assert_eq!(telegram.bad("sendMessage", json!({"chat_id": ANNA})).await, "Bad Request: message text is empty");
    assert_eq!(telegram.bad("sendMessage", json!({"text": "x"})).await, "Bad Request: chat_id is empty");
    assert_eq!(
        telegram.bad("sendMessage", json!({"chat_id": ANNA, "text": " \n"})).await,
        "Bad Request: text must be non-empty"
    );
}

#[tokio::test]
async fn a_text_has_at_most_4096_utf16_units_after_its_markup_was_parsed() {
    let telegram = Telegram::started().await;
    let fits = format!("<b>{}</b>", "🔥".repeat(2048));
    telegram.ok("sendMessage", json!({"chat_id": ANNA, "text": fits, "parse_mode": "HTML"})).await;
    let text = format!("{}x", "🔥".repeat(2048));
    assert_eq!(
        telegram.bad("sendMessage", json!({"chat_id": ANNA, "text": text})).await,
        "Bad Request: message is too long"
    );
}

#[tokio::test]
async fn an_unescaped_name_of_a_habit_cannot_be_parsed() {
    assert_eq!(
        refusal(json!({"text": "Habit <3 done>", "parse_mode": "HTML"})).await,
        "Bad Request: can't parse entities: Unsupported start tag \"3\" at byte offset 6"
    );
    assert_eq!(
        refusal(json!({"text": "<b>bold", "parse_mode": "HTML"})).await,
        "Bad Request: can't parse entities: Can't find end tag corresponding to start tag \"b\""
    );
}

#[tokio::test]
async fn callback_data_has_1_to_64_bytes() {
    assert_eq!(
        refusal(json!({"reply_markup": button("Done", &"д".repeat(33))})).await,
        "Bad Request: BUTTON_DATA_INVALID"
    );
    assert_eq!(refusal(json!({"reply_markup": button("Done", "")})).await, "Bad Request: BUTTON_DATA_INVALID");
    Telegram::started().await.say("x", json!({"reply_markup": button("Done", &"д".repeat(32))})).await;
}

#[tokio::test]
async fn a_keyboard_has_at_most_100_buttons_and_8_in_a_row() {
    let row = |buttons: usize| vec![json!({"text": "b", "callback_data": "d"}); buttons];
    let too_many = json!({"inline_keyboard": vec![row(8); 13]});
    let too_wide = json!({"inline_keyboard": [row(9)]});
    assert_eq!(refusal(json!({"reply_markup": too_many})).await, "Bad Request: REPLY_MARKUP_TOO_LONG");
    assert_eq!(refusal(json!({"reply_markup": too_wide})).await, "Bad Request: REPLY_MARKUP_TOO_LONG");
    Telegram::started().await.say("x", json!({"reply_markup": {"inline_keyboard": vec![row(5); 20]}})).await;
}

#[tokio::test]
async fn the_host_of_a_url_button_has_a_dot() {
    let keyboard = |url: &str| json!({"reply_markup": {"inline_keyboard": [[{"text": "open", "url": url}]]}});
    assert_eq!(
        refusal(keyboard("http://localhost:8081/")).await,
        "Bad Request: inline keyboard button URL 'http://localhost:8081/' is invalid: Wrong HTTP URL"
    );
    Telegram::started().await.say("x", keyboard("https://example.org/a")).await;
}

#[tokio::test]
async fn an_inline_button_must_do_something() {
    let description = refusal(json!({"reply_markup": {"inline_keyboard": [[{"text": "idle"}]]}})).await;
    assert_eq!(
        description,
        "Bad Request: can't parse inline keyboard button: Text buttons are unallowed in the inline keyboard"
    );
}

#[tokio::test]
async fn nobody_is_written_to_who_never_wrote() {
    let telegram = Telegram::started().await;
    let other = telegram.control.create_person(&NewPerson::named("Мария", "ru")).await.unwrap();
    assert_eq!(
        telegram.bad("sendMessage", json!({"chat_id": other.id, "text": "x"})).await,
        "Bad Request: chat not found"
    );
}

#[tokio::test]
async fn who_has_blocked_the_bot_or_left_telegram_cannot_be_written_to() {
    let telegram = Telegram::started().await;
    telegram.control.block(ANNA).await.unwrap();
    let (status, body) = telegram.call("sendMessage", json!({"chat_id": ANNA, "text": "x"})).await;
    assert_eq!((status, body["description"].as_str()), (403, Some("Forbidden: bot was blocked by the user")));

    telegram.control.unblock(ANNA).await.unwrap();
    telegram.say("welcome back", json!({})).await;

    telegram.control.deactivate(ANNA).await.unwrap();
    let (status, body) = telegram.call("sendMessage", json!({"chat_id": ANNA, "text": "x"})).await;
    assert_eq!((status, body["description"].as_str()), (403, Some("Forbidden: user is deactivated")));
}

#[tokio::test]
async fn a_group_that_has_migrated_names_its_new_id() {
    let telegram = Telegram::started().await;
    let group = telegram.control.create_group("Runners", &[ANNA]).await.unwrap();
    telegram.ok("sendMessage", json!({"chat_id": group, "text": "x"})).await;
    let supergroup = telegram.control.migrate_group(group).await.unwrap();
    let (status, body) = telegram.call("sendMessage", json!({"chat_id": group, "text": "x"})).await;
    assert_eq!((status, &body["parameters"]), (400, &json!({"migrate_to_chat_id": supergroup})));
    assert_eq!(body["description"], "Bad Request: group chat was upgraded to a supergroup chat");
    telegram.ok("sendMessage", json!({"chat_id": supergroup, "text": "x"})).await;
}

#[tokio::test]
async fn a_chat_that_gets_too_much_at_once_is_told_when_to_try_again() {
    let telegram = Telegram::with(Options::with_token(SAMPLE_TOKEN)).await;
    for _ in 0..5 {
        telegram.say("burst", json!({})).await;
    }
    let (status, body) = telegram.call("sendMessage", json!({"chat_id": ANNA, "text": "x"})).await;
    assert_eq!((status, &body["parameters"]), (429, &json!({"retry_after": 1})));
    assert_eq!(body["description"], "Too Many Requests: retry after 1");

    telegram.control.advance_clock(std::time::Duration::from_secs(1)).await.unwrap();
    telegram.say("in time", json!({})).await;
}

#[tokio::test]
async fn a_photo_must_be_a_picture() {
    let telegram = Telegram::started().await;
    let file = json!({"chat_id": ANNA, "photo": "attach://nothing"});
    assert_eq!(telegram.bad("sendPhoto", file).await, "Bad Request: there is no photo in the request");
    let unknown = json!({"chat_id": ANNA, "photo": "file-77"});
    assert_eq!(telegram.bad("sendPhoto", unknown).await, "Bad Request: wrong file identifier/HTTP URL specified");
}

#[tokio::test]
async fn a_command_has_a_lower_case_name() {
    let commands = json!({"commands": [{"command": "Today", "description": "what is due"}]});
    assert_eq!(Telegram::started().await.bad("setMyCommands", commands).await, "Bad Request: BOT_COMMAND_INVALID");
}

#[tokio::test]
async fn only_the_last_messages_of_a_chat_are_kept() {
    let bounds = Bounds { messages_per_chat: 3, calls: 2, ..Bounds::default() };
    let telegram = Telegram::with(Options { bounds, ..Options::with_token(SAMPLE_TOKEN).without_limits() }).await;
    for number in 0..5 {
        telegram.say(&number.to_string(), json!({})).await;
    }
    let texts: Vec<String> =
        telegram.control.messages(ANNA).await.unwrap().into_iter().map(|message| message.text).collect();
    assert_eq!(texts, ["2", "3", "4"]);
    assert_eq!(telegram.control.calls(&telegram_simulator::CallFilter::default()).await.unwrap().len(), 2);
}
