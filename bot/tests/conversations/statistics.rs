//! How it goes: the overview, and pictures of years.

use sqlx::PgPool;
use telegram_simulator::{CallFilter, Content, Effect, Message};

use crate::world::{Person, World};

/// The file of a picture; panics at a message that is none.
fn file(message: &Message) -> &str {
    match &message.content {
        Content::Photo { file_id, width: 1080, .. } => file_id,
        other => panic!("{other:?} is no picture of a year"),
    }
}

/// Anna's habits, and the screen of how they go.
async fn overview(world: &World, names: &[&str]) -> (Person, Message) {
    let mut anna = world.person_in_kathmandu("Anna").await;
    for name in names {
        world.habit(&anna, name).await;
    }
    anna.says("/stats").await;
    let screen = anna.hears("How your habits go").await;
    (anna, screen)
}

/// What the chat shows beside what Anna wrote.
async fn screens(anna: &Person) -> Vec<i64> {
    let messages = anna.messages().await;
    messages.iter().filter(|message| !message.keyboard.is_empty()).map(|message| message.message_id).collect()
}

#[sqlx::test(migrations = "../migrations")]
async fn there_is_nothing_to_tell_of_nobodys_habits(pool: PgPool) {
    let world = World::new(pool).await;
    let mut anna = world.person_in_kathmandu("Anna").await;
    anna.says("/stats").await;
    let screen = anna.hears("Nothing to look back on yet").await;
    assert!(screen.has_button("➕ New habit"), "{:?}", screen.button_texts());
    world.end().await;
}

#[sqlx::test(migrations = "../migrations")]
async fn each_habit_has_its_line_and_its_year(pool: PgPool) {
    let world = World::new(pool).await;
    let (mut anna, screen) = overview(&world, &["Read", "Run <3", "Swim"]).await;
    for name in ["Read", "Run <3", "Swim"] {
        assert!(screen.text.contains(&format!("{name}\n🔥 0 · 🏆 0 · 💪 0 %")), "{}", screen.text);
        assert!(screen.has_button(&format!("📊 {name}")), "{:?}", screen.button_texts());
    }
    let before = world.api_requests();
    anna.taps(&screen, "📊 Run <3").await;
    let picture = anna.hears("Run <3\n✅ 0 days done in a year").await;
    file(&picture);
    // One for the year; the other notes the message that shows the screen.
    assert!(world.api_requests() - before <= 2);
    world.end().await;
}

#[sqlx::test(migrations = "../migrations")]
async fn a_picture_takes_the_place_of_the_screen_and_back_again(pool: PgPool) {
    let world = World::new(pool).await;
    let (mut anna, screen) = overview(&world, &["Read"]).await;
    anna.taps(&screen, "📊 Read").await;
    let picture = anna.hears("0 days done in a year").await;
    anna.until_gone(&screen).await;
    anna.taps(&picture, "⬅️ Statistics").await;
    let again = anna.hears("How your habits go").await;
    anna.until_gone(&picture).await;
    assert_eq!(screens(&anna).await, [again.message_id]);
    world.end().await;
}

#[sqlx::test(migrations = "../migrations")]
async fn a_picture_leads_to_the_card_and_the_card_to_the_picture(pool: PgPool) {
    let world = World::new(pool).await;
    let (mut anna, screen) = overview(&world, &["Read"]).await;
    anna.taps(&screen, "📊 Read").await;
    let picture = anna.hears("0 days done in a year").await;
    anna.taps(&picture, "🗂 Habit").await;
    let card = anna.hears("No streak yet").await;
    anna.until_gone(&picture).await;
    anna.taps(&card, "✅ Done").await;
    let card = anna.sees(&card, "1 day in a row").await;
    anna.taps(&card, "📊 Year").await;
    let another = anna.hears("1 day done in a year").await;
    assert_ne!(file(&another), file(&picture));
    world.end().await;
}

#[sqlx::test(migrations = "../migrations")]
async fn the_year_of_all_habits_is_a_picture_too(pool: PgPool) {
    let world = World::new(pool).await;
    let (mut anna, screen) = overview(&world, &["Read", "Run"]).await;
    anna.taps(&screen, "🗓 All habits in a year").await;
    let picture = anna.hears("0 check marks in a year").await;
    file(&picture);
    anna.taps(&picture, "⬅️ Statistics").await;
    anna.hears("How your habits go").await;
    world.end().await;
}

#[sqlx::test(migrations = "../migrations")]
async fn the_same_picture_is_uploaded_once(pool: PgPool) {
    let world = World::new(pool).await;
    let (mut anna, screen) = overview(&world, &["Read"]).await;
    anna.taps(&screen, "📊 Read").await;
    let first = anna.hears("0 days done in a year").await;
    anna.taps(&first, "⬅️ Statistics").await;
    let screen = anna.hears("How your habits go").await;
    anna.taps(&screen, "📊 Read").await;
    let second = anna.hears("0 days done in a year").await;
    assert_eq!(file(&first), file(&second));
    let calls = world.control.calls(&CallFilter::method("sendPhoto").in_chat(anna.id)).await.unwrap();
    let photos: Vec<&str> = calls.iter().map(|call| call.params["photo"].as_str().unwrap_or("upload")).collect();
    assert_eq!(photos.len(), 2);
    assert_eq!(photos[1], file(&first));
    world.end().await;
}

#[sqlx::test(migrations = "../migrations")]
async fn a_file_that_telegram_has_lost_is_uploaded_anew(pool: PgPool) {
    let world = World::new(pool).await;
    let (mut anna, screen) = overview(&world, &["Read"]).await;
    anna.taps(&screen, "📊 Read").await;
    let first = anna.hears("0 days done in a year").await;
    let description = "Bad Request: wrong remote file identifier specified: can't unserialize it".to_owned();
    world.fail("sendPhoto", Some(1), Effect::Error { code: 400, description }).await;
    anna.taps(&first, "🗂 Habit").await;
    let card = anna.hears("No streak yet").await;
    anna.taps(&card, "📊 Year").await;
    let second = anna.hears("0 days done in a year").await;
    assert_ne!(file(&first), file(&second));
    world.end().await;
}

#[sqlx::test(migrations = "../migrations")]
async fn a_double_tap_leaves_one_picture(pool: PgPool) {
    let world = World::new(pool).await;
    let (mut anna, screen) = overview(&world, &["Read"]).await;
    // The first tap leaves the screen where it is, for the second.
    world.keep_old_screens().await;
    let pressed = anna.taps(&screen, "📊 Read").await;
    let first = anna.hears("0 days done in a year").await;
    assert_eq!(anna.toast(&pressed).await, "");
    world.control.clear_faults().await.unwrap();
    anna.taps(&screen, "📊 Read").await;
    let second = anna.hears_again(&first).await;
    anna.until_gone(&first).await;
    assert_eq!(file(&second), file(&first));
    world.end().await;
}

#[sqlx::test(migrations = "../migrations")]
async fn the_year_of_a_habit_that_is_gone_is_not_drawn(pool: PgPool) {
    let world = World::new(pool).await;
    let (mut anna, screen) = overview(&world, &["Read", "Run"]).await;
    anna.taps(&screen, "📊 Read").await;
    let picture = anna.hears("0 days done in a year").await;
    sqlx::query("delete from habits where name = 'Read'").execute(&world.pool).await.unwrap();
    let pressed = anna.taps(&picture, "🗂 Habit").await;
    assert_eq!(anna.toast(&pressed).await, "This habit is no longer there");
    anna.hears("1 habit").await;
    world.end().await;
}

#[sqlx::test(migrations = "../migrations")]
async fn a_habit_that_went_meanwhile_is_said_to_be_gone(pool: PgPool) {
    let world = World::new(pool).await;
    let (mut anna, screen) = overview(&world, &["Read"]).await;
    sqlx::query("delete from habits").execute(&world.pool).await.unwrap();
    let pressed = anna.taps(&screen, "📊 Read").await;
    assert_eq!(anna.toast(&pressed).await, "This habit is no longer there");
    anna.sees(&screen, "No habits yet").await;
    world.end().await;
}

#[sqlx::test(migrations = "../migrations")]
async fn nine_habits_are_looked_at_by_pages_of_five(pool: PgPool) {
    let world = World::new(pool).await;
    let names: Vec<String> = (1..=9).map(|number| format!("Habit {number}")).collect();
    let (mut anna, screen) = overview(&world, &names.iter().map(String::as_str).collect::<Vec<_>>()).await;
    assert!(screen.text.contains("Habit 5") && !screen.text.contains("Habit 6"), "{}", screen.text);
    anna.taps(&screen, "➡️").await;
    let screen = anna.sees(&screen, "Habit 9").await;
    anna.taps(&screen, "📊 Habit 9").await;
    let picture = anna.hears("0 days done in a year").await;
    anna.taps(&picture, "⬅️ Statistics").await;
    anna.hears("Habit 9").await;
    world.end().await;
}
