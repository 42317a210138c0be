//! What people see of the bot before they write to it.

use serde_json::{Value, json};
use sqlx::PgPool;
use telegram_simulator::{CallFilter, Effect};

use crate::world::{PATIENCE, World};

/// Waits until the bot has said all of itself, in both languages.
async fn until_introduced(world: &World, times: usize) {
    let last = CallFilter::method("getMyShortDescription").times(2 * times);
    world.control.wait_for_calls(&last, PATIENCE).await.unwrap();
}

async fn menu(world: &World, scope: &str, language: &str) -> Vec<String> {
    let told = world.call("getMyCommands", &json!({"scope": {"type": scope}, "language_code": language})).await;
    told.as_array().unwrap().iter().map(|command| command["command"].as_str().unwrap().to_owned()).collect()
}

async fn described(world: &World, language: &str) -> Value {
    world.call("getMyDescription", &json!({"language_code": language})).await["description"].take()
}

#[sqlx::test(migrations = "../migrations")]
async fn menus_have_their_commands_in_private_chats_and_in_groups(pool: PgPool) {
    let world = World::new(pool).await;
    until_introduced(&world, 1).await;
    for language in ["", "ru"] {
        let private = menu(&world, "all_private_chats", language).await;
        assert!(private.starts_with(&["today".to_owned(), "new".to_owned(), "habits".to_owned()]), "{private:?}");
        assert_eq!(menu(&world, "all_group_chats", language).await, ["today", "new", "help"]);
    }
    world.end().await;
}

#[sqlx::test(migrations = "../migrations")]
async fn the_empty_chat_says_what_the_bot_does_in_the_persons_language(pool: PgPool) {
    let mut world = World::new(pool).await;
    until_introduced(&world, 1).await;
    for (language, expected) in [("", "Small steps"), ("de", "Small steps"), ("ru", "Маленькие шаги")] {
        let described = described(&world, language).await;
        assert!(described.as_str().unwrap().contains(expected), "{language}: {described}");
    }
    let changes = async |world: &World| {
        let changes = CallFilter::method("setMyDescription");
        world.control.calls(&changes).await.unwrap().len()
    };
    let before = changes(&world).await;
    world.stop_bot().await;
    world.start_bot();
    until_introduced(&world, 2).await;
    assert_eq!(changes(&world).await, before, "what is right already is not set again");
    world.end().await;
}

#[sqlx::test(migrations = "../migrations")]
async fn a_description_of_the_admins_own_stays(pool: PgPool) {
    let mut world = World::new(pool).await;
    until_introduced(&world, 1).await;
    world.stop_bot().await;
    world.call("setMyDescription", &json!({"description": "The habits of our family"})).await;
    world.start_bot();
    until_introduced(&world, 2).await;
    assert_eq!(described(&world, "").await, "The habits of our family");
    world.end().await;
}

#[sqlx::test(migrations = "../migrations")]
async fn nobody_waits_for_what_telegram_does_not_take(pool: PgPool) {
    let mut world = World::new(pool).await;
    world.stop_bot().await;
    for (method, effect) in [
        ("setMyCommands", Effect::TooManyRequests { retry_after_s: 1 }),
        ("getMyDescription", Effect::Error { code: 400, description: "Bad Request: no descriptions here".to_owned() }),
    ] {
        world.fail(method, Some(1), effect).await;
    }
    world.start_bot();
    let mut anna = world.person("Anna", "en").await;
    anna.says("/help").await;
    anna.hears("/new").await;
    until_introduced(&world, 2).await;
    assert_eq!(menu(&world, "all_group_chats", "ru").await, ["today", "new", "help"]);
    world.end().await;
}
