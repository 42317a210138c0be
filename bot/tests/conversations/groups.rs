//! Groups: the bot hears what is said to it alone, and keeps habits to the private chat.

use screens::{Action, Button, Screen};
use serde_json::json;
use sqlx::PgPool;
use telegram_simulator::{Author, CallFilter, Condition, Message, Pressing, Sending};

use crate::world::{PATIENCE, Person, World};

const BOT: &str = "habit_tracker_7000001_bot";

fn text(text: &str) -> Sending {
    Sending::Text { text: text.to_owned() }
}

async fn from_the_bot(world: &World, group: i64) -> Vec<Message> {
    let messages = world.control.messages(group).await.unwrap();
    messages.into_iter().filter(|message| message.from == Author::Bot).collect()
}

/// Waits until the bot has handled whatever was said before.
async fn until_heard(person: &mut Person) {
    person.says("/help").await;
    person.hears("/today").await;
}

#[sqlx::test(migrations = "../migrations")]
async fn commands_and_mentions_lead_to_the_private_chat(pool: PgPool) {
    let world = World::new(pool).await;
    let mut anna = world.person_in_kathmandu("Anna").await;
    world.habit(&anna, "Read a secret book").await;
    let group = world.control.create_group("Family", &[anna.id]).await.unwrap();
    let for_the_bot =
        ["/today", &format!("/habits@{}", BOT.to_uppercase()), &format!("@{BOT} what is on?"), &format!("/what@{BOT}")];
    for (said, of) in for_the_bot.iter().zip(1..) {
        let sent = world.control.send_to_group(anna.id, group, &text(said)).await.unwrap();
        let answers = Condition::text("our private chat").times(of);
        let answers = world.control.wait_for_all(group, &answers, PATIENCE).await.unwrap();
        let answer = answers.last().unwrap();
        assert_eq!(answer.reply_to, Some(sent.message_id), "{said}");
        let link = answer.keyboard[0][0].url.as_deref();
        assert_eq!(link, Some(format!("https://t.me/{BOT}?start=today").as_str()), "{said}");
    }
    until_heard(&mut anna).await;
    let said = from_the_bot(&world, group).await;
    assert_eq!(said.len(), for_the_bot.len());
    assert!(said.iter().all(|message| !message.text.contains("secret")));
    world.end().await;
}

#[sqlx::test(migrations = "../migrations")]
async fn the_rest_of_a_group_is_left_alone(pool: PgPool) {
    let world = World::new(pool).await;
    let mut anna = world.person_in_kathmandu("Anna").await;
    let group = world.control.create_group("Family", &[anna.id]).await.unwrap();
    for said in
        ["Read 20 pages 21:30", "hello", "see /today", "/roll", "/today@another_bot", "@another_bot hi", "@", "/"]
    {
        world.control.send_to_group(anna.id, group, &text(said)).await.unwrap();
    }
    world.control.send_to_group(anna.id, group, &Sending::Sticker { emoji: "👍".to_owned() }).await.unwrap();
    world.control.migrate_group(group).await.unwrap();
    until_heard(&mut anna).await;
    let said = from_the_bot(&world, group).await;
    assert!(said.is_empty(), "{said:?}");
    assert_eq!(world.habit_names().await, [""; 0]);
    world.end().await;
}

#[sqlx::test(migrations = "../migrations")]
async fn a_dialogue_goes_on_whatever_is_said_in_a_group(pool: PgPool) {
    let world = World::new(pool).await;
    let mut anna = world.person_in_kathmandu("Anna").await;
    let group = world.control.create_group("Family", &[anna.id]).await.unwrap();
    anna.says("/zone").await;
    anna.hears("Where do you live?").await;
    world.control.send_to_group(anna.id, group, &text(&format!("/cancel@{BOT}"))).await.unwrap();
    world.control.wait_for(group, &Condition::text("our private chat"), PATIENCE).await.unwrap();
    anna.says("Europe/Berlin").await;
    anna.hears("Your time zone is Europe/Berlin").await;
    world.end().await;
}

#[sqlx::test(migrations = "../migrations")]
async fn a_tap_in_a_group_is_answered_and_changes_nothing(pool: PgPool) {
    let world = World::new(pool).await;
    let anna = world.person_in_kathmandu("Anna").await;
    let habit_id = world.habit(&anna, "Read").await;
    let group = world.control.create_group("Family", &[anna.id]).await.unwrap();
    let delete = Button::new("Delete", Action::Delete { habit_id, sure: true });
    world.send_to(group, &Screen::new("From somewhere", vec![vec![delete]])).await;
    let message = world.control.wait_for(group, &Condition::text("From somewhere"), PATIENCE).await.unwrap();
    let button = telegram_simulator::ButtonChoice::Text("Delete".to_owned());
    let pressing = Pressing { message_id: message.message_id, chat_id: Some(group), button, stale: false };
    let pressed = world.control.press(anna.id, &pressing).await.unwrap();
    assert_eq!(anna.toast(&pressed).await, "That works in our private chat only.");
    assert_eq!(world.habit_names().await, ["Read"]);
    world.end().await;
}

#[sqlx::test(migrations = "../migrations")]
async fn a_group_that_takes_no_messages_holds_up_nobody(pool: PgPool) {
    let world = World::new(pool).await;
    let mut anna = world.person_in_kathmandu("Anna").await;
    let group = world.control.create_group("Family", &[anna.id]).await.unwrap();
    let refused = telegram_simulator::Effect::Error { code: 403, description: "Forbidden: bot was kicked".to_owned() };
    let fault = telegram_simulator::Fault::on("sendMessage", refused).in_chat(group);
    world.control.switch_on(&fault).await.unwrap();
    world.control.send_to_group(anna.id, group, &text("/today")).await.unwrap();
    until_heard(&mut anna).await;
    let tried = CallFilter::method("sendMessage").times(1);
    let tried = world.control.wait_for_calls(&tried, PATIENCE).await.unwrap();
    assert_eq!(tried.iter().filter(|call| call.chat_id == Some(group)).count(), 1);
    assert_eq!(world.call("getMe", &json!({})).await["username"], BOT);
    world.end().await;
}
