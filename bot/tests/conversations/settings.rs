//! Zone, language, menu, and who is out of reach.

use screens::{Button, OnTap, Screen};
use sqlx::PgPool;

use crate::world::World;

#[sqlx::test(migrations = "../migrations")]
async fn the_language_follows_the_person_and_can_be_changed(pool: PgPool) {
    let world = World::new(pool).await;
    let mut maria = world.person("Мария", "ru").await;
    maria.says("/start").await;
    let greeting = maria.hears("Здравствуйте, Мария!").await;
    maria.taps(&greeting, "14:00 Москва").await;
    maria.sees(&greeting, "Ваш часовой пояс: Europe/Moscow, сейчас там 14:00").await;
    maria.says("/settings").await;
    let settings = maria.hears("Настройки").await;
    maria.taps(&settings, "🌐 Язык").await;
    let languages = maria.sees(&settings, "На каком языке").await;
    maria.taps(&languages, "English").await;
    maria.sees(&languages, "I speak English now").await;
    maria.says("/help").await;
    maria.hears("/new creates a habit").await;
    world.end().await;
}

#[sqlx::test(migrations = "../migrations")]
async fn who_comes_back_is_greeted_without_questions(pool: PgPool) {
    let world = World::new(pool).await;
    let mut anna = world.person_in_kathmandu("Anna").await;
    anna.says("/start").await;
    let greeting = anna.hears("Hello, Anna!").await;
    assert!(!greeting.text.contains("Where do you live"));
    anna.taps(&greeting, "📋 Today").await;
    anna.sees(&greeting, "No habits yet").await;
    world.end().await;
}

#[sqlx::test(migrations = "../migrations")]
async fn who_chose_utc_is_not_asked_again(pool: PgPool) {
    let world = World::new(pool).await;
    let mut anna = world.person("Anna", "en").await;
    anna.says("/start").await;
    anna.hears("Where do you live?").await;
    anna.says("UTC").await;
    anna.hears("Your time zone is UTC").await;
    anna.says("/start").await;
    let greeting = anna.hears("Hello, Anna!").await;
    assert!(!greeting.text.contains("Where do you live"), "{}", greeting.text);
    world.end().await;
}

#[sqlx::test(migrations = "../migrations")]
async fn who_has_only_the_zone_of_the_deployment_is_asked(pool: PgPool) {
    let world = World::new(pool).await;
    let mut anna = world.person("Anna", "en").await;
    anna.says("/help").await;
    anna.hears("/new creates a habit").await;
    sqlx::query("update users set timezone = 'Europe/Berlin'").execute(&world.pool).await.unwrap();
    anna.says("/start").await;
    anna.hears("Where do you live?").await;
    world.end().await;
}

#[sqlx::test(migrations = "../migrations")]
async fn the_slash_menu_speaks_the_persons_language(pool: PgPool) {
    let world = World::new(pool).await;
    for (language, expected) in [("ru", "Создать привычку"), ("en", "Create a habit"), ("de", "Create a habit")]
    {
        let mut person = world.person("Sasha", language).await;
        person.says("/help").await;
        person.hears("/new").await;
        let chat = world.control.chat(person.id).await.unwrap();
        let menu: Vec<String> = chat.commands.into_iter().map(|command| command.description).collect();
        assert!(menu.iter().any(|description| description == expected), "{language}: {menu:?}");
    }
    world.end().await;
}

#[sqlx::test(migrations = "../migrations")]
async fn a_block_is_noted_and_taken_back(pool: PgPool) {
    let world = World::new(pool).await;
    let anna = world.person_in_kathmandu("Anna").await;
    world.control.block(anna.id).await.unwrap();
    world.until_blocked(&anna, true).await;
    world.control.unblock(anna.id).await.unwrap();
    world.until_blocked(&anna, false).await;
    world.end().await;
}

#[sqlx::test(migrations = "../migrations")]
async fn who_writes_is_not_blocked_any_more(pool: PgPool) {
    let world = World::new(pool).await;
    let mut anna = world.person_in_kathmandu("Anna").await;
    let block = "update users set blocked_at = now(), blocked_reason = 'chat_not_found'";
    sqlx::query(block).execute(&world.pool).await.unwrap();
    anna.says("/today").await;
    anna.hears("No habits yet").await;
    world.until_blocked(&anna, false).await;
    world.end().await;
}

#[sqlx::test(migrations = "../migrations")]
async fn a_button_of_another_version_shows_today(pool: PgPool) {
    let world = World::new(pool).await;
    let mut anna = world.person_in_kathmandu("Anna").await;
    let button = Button { label: "Old".to_owned(), on_tap: OnTap::Tell("habit_done_17".to_owned()) };
    world.send(&anna, &Screen::new("From another time", vec![vec![button]])).await;
    let old = anna.hears("From another time").await;
    let pressed = anna.taps(&old, "Old").await;
    anna.sees(&old, "No habits yet").await;
    assert_eq!(anna.toast(&pressed).await, "That button is from another time. Here is today");
    world.end().await;
}
