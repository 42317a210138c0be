//! People, waits and the log as tests see them.

use std::time::Duration;

use serde_json::json;
use telegram_simulator::{CallFilter, Condition, Content, ControlError, NewPerson, Options, SAMPLE_TOKEN, Sending};

use crate::telegram::{ANNA, Telegram, button};

const WAIT: Duration = Duration::from_secs(5);

#[tokio::test]
async fn a_wait_ends_when_the_message_comes() {
    let telegram = Telegram::started().await;
    let condition = Condition::text("streak").with_button("Undo");
    let wait = telegram.control.wait_for(ANNA, &condition, WAIT);
    let say = async {
        telegram.say("streak 1", json!({"reply_markup": button("Done", "d")})).await;
        telegram.say("streak 2", json!({"reply_markup": button("Undo", "u")})).await
    };
    let (message, message_id) = futures::future::join(wait, say).await;
    assert_eq!(message.unwrap().message_id, message_id);
}

#[tokio::test]
async fn a_wait_in_vain_shows_what_the_chat_holds() {
    let telegram = Telegram::started().await;
    telegram.say("something else", json!({})).await;
    let error =
        telegram.control.wait_for(ANNA, &Condition::text("streak"), Duration::from_millis(50)).await.unwrap_err();
    assert!(matches!(&error, ControlError::TimedOut { messages, .. } if messages.len() == 2), "{error}");
    assert!(error.to_string().contains("something else"), "{error}");
}

#[tokio::test]
async fn a_wait_can_be_for_several_messages() {
    let telegram = Telegram::started().await;
    let condition = Condition::text("Drink").times(3);
    let wait = telegram.control.wait_for_all(ANNA, &condition, WAIT);
    let say = async {
        for _ in 0..3 {
            telegram.say("Drink water", json!({})).await;
        }
    };
    assert_eq!(futures::future::join(wait, say).await.0.unwrap().len(), 3);
}

#[tokio::test]
async fn people_send_locations_photos_stickers_and_voices() {
    let telegram = Telegram::started().await;
    for sending in [
        Sending::Location { latitude: 27.7, longitude: 85.3 },
        Sending::Photo { caption: "here".to_owned() },
        Sending::Sticker { emoji: "👍".to_owned() },
        Sending::Voice { duration_s: 3 },
    ] {
        telegram.control.send(ANNA, &sending).await.unwrap();
    }
    let updates = telegram.updates(json!({})).await;
    assert_eq!(updates[1]["message"]["location"], json!({"latitude": 27.7, "longitude": 85.3}));
    assert_eq!(
        (&updates[2]["message"]["caption"], &updates[2]["message"]["photo"][0]["width"]),
        (&json!("here"), &json!(480))
    );
    assert_eq!(updates[3]["message"]["sticker"]["emoji"], "👍");
    assert_eq!(updates[4]["message"]["voice"]["duration"], 3);
}

#[tokio::test]
async fn a_person_sees_keyboard_menu_and_action_in_the_own_language() {
    let telegram = Telegram::started().await;
    let commands = |description: &str| json!([{"command": "today", "description": description}]);
    telegram.ok("setMyCommands", json!({"commands": commands("what is due")})).await;
    telegram.ok("setMyCommands", json!({"commands": commands("что сегодня"), "language_code": "ru"})).await;
    telegram.say("Menu", json!({"reply_markup": {"keyboard": [[{"text": "My place", "request_location": true}]], "one_time_keyboard": true}})).await;
    telegram.ok("sendChatAction", json!({"chat_id": ANNA, "action": "typing"})).await;
    let chat = telegram.control.chat(ANNA).await.unwrap();
    assert_eq!(chat.commands[0].description, "what is due");
    assert_eq!(chat.action.as_deref(), Some("typing"));
    assert!(chat.reply_keyboard.unwrap().keyboard[0][0].request_location);

    let maria = telegram.control.create_person(&NewPerson::named("Мария", "ru")).await.unwrap();
    assert_eq!(telegram.control.chat(maria.id).await.unwrap().commands[0].description, "что сегодня");
    telegram.control.send_text(ANNA, "typed").await.unwrap();
    assert_eq!(telegram.control.chat(ANNA).await.unwrap().reply_keyboard, None);
}

#[tokio::test]
async fn a_person_writes_in_a_group_only_as_a_member() {
    let telegram = Telegram::started().await;
    let maria = telegram.control.create_person(&NewPerson::named("Мария", "ru")).await.unwrap();
    let group = telegram.control.create_group("Runners", &[ANNA]).await.unwrap();
    let hello = Sending::Text { text: "/today@habit_tracker_bot".to_owned() };
    telegram.control.send_to_group(ANNA, group, &hello).await.unwrap();
    assert!(telegram.control.send_to_group(maria.id, group, &hello).await.is_err());
    let updates = telegram.updates(json!({})).await;
    assert_eq!(
        (&updates[1]["message"]["chat"]["type"], &updates[1]["message"]["from"]["id"]),
        (&json!("group"), &json!(ANNA))
    );
}

#[tokio::test]
async fn the_log_has_parameters_results_and_errors() {
    let telegram = Telegram::started().await;
    let message_id = telegram.say("Read?", json!({})).await;
    telegram.bad("sendMessage", json!({"chat_id": 5, "text": "x"})).await;
    let calls = telegram.control.wait_for_calls(&CallFilter::method("sendmessage").times(2), WAIT).await.unwrap();
    assert_eq!((&calls[0].params["text"], calls[0].status), (&json!("Read?"), 200));
    assert_eq!(calls[0].result.as_ref().unwrap()["message_id"], json!(message_id));
    assert_eq!((calls[1].error.as_deref(), calls[1].status), (Some("Bad Request: chat not found"), 400));
    assert!(calls[1].violations.is_empty(), "people come and go: this is no mistake of the program");
}

#[tokio::test]
async fn a_reset_forgets_people_and_keeps_what_the_bot_says_of_itself() {
    let options = Options { sample_people: true, ..Options::with_token(SAMPLE_TOKEN) };
    let telegram = Telegram::with(options).await;
    telegram.ok("setMyCommands", json!({"commands": [{"command": "today", "description": "what is due"}]})).await;
    telegram.control.reset().await.unwrap();
    let names: Vec<String> =
        telegram.control.people().await.unwrap().into_iter().map(|person| person.first_name).collect();
    assert_eq!(names, ["Anna", "Мария"]);
    assert!(telegram.updates(json!({})).await.is_empty());
    assert_eq!(telegram.ok("getMyCommands", json!({})).await[0]["command"], "today");
}

#[tokio::test]
async fn sample_people_are_reached_although_they_wrote_only_before_a_restart() {
    let options = Options { sample_people: true, accept_any_token: true, ..Options::with_token(SAMPLE_TOKEN) };
    let telegram = Telegram::with(options).await;
    telegram.control.create_person(&NewPerson::named("Otto", "de").with_id(1002)).await.unwrap();
    let samples: Vec<i64> = telegram.control.people().await.unwrap().iter().map(|person| person.id).collect();
    for (person, status) in samples.iter().map(|id| (*id, if *id == 1002 { 400 } else { 200 })) {
        let (answer, body) = telegram.call("sendMessage", json!({"chat_id": person, "text": "Read?"})).await;
        assert_eq!(answer, status, "{person}: {body}");
    }
    telegram.control.reset().await.unwrap();
    for person in telegram.control.people().await.unwrap() {
        telegram.ok("sendMessage", json!({"chat_id": person.id, "text": "Read?"})).await;
    }
}

#[tokio::test]
async fn a_message_of_a_bot_is_stored_with_what_it_carries() {
    let telegram = Telegram::started().await;
    telegram.say("quiet", json!({"disable_notification": true})).await;
    let message = telegram.control.messages(ANNA).await.unwrap().pop().unwrap();
    assert!(message.silent && message.content == Content::Text && message.edited_at_ms.is_none());
}

#[tokio::test]
async fn the_page_and_the_probes_are_served_on_the_same_port() {
    let telegram = Telegram::started().await;
    for path in ["/", "/page.css", "/page.js", "/livez", "/readyz"] {
        let response = reqwest::get(format!("{}{path}", telegram.simulator.url())).await.unwrap();
        assert_eq!(response.status().as_u16(), 200, "{path}");
    }
    telegram.simulator.stop().await;
}
