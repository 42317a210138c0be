//! Restarts, repetitions and parts that are away.

use std::time::{Duration, Instant};

use process::Fatal;
use sqlx::PgPool;
use telegram_simulator::{CallFilter, Effect};

use crate::world::World;

#[sqlx::test(migrations = "../migrations")]
async fn a_restart_in_the_middle_of_a_dialogue_loses_nothing(pool: PgPool) {
    let mut world = World::new(pool).await;
    let mut anna = world.person_in_kathmandu("Anna").await;
    anna.says("/new").await;
    anna.hears("A new habit").await;
    anna.says("Read").await;
    let draft = anna.hears("Shall I plant it?").await;
    world.stop_bot().await;
    anna.taps(&draft, "🎯 Goal").await;
    world.start_bot();
    anna.sees(&draft, "How many days").await;
    world.end().await;
}

#[sqlx::test(migrations = "../migrations")]
async fn an_update_that_is_delivered_twice_makes_one_habit(pool: PgPool) {
    let mut world = World::new(pool).await;
    let mut anna = world.person_in_kathmandu("Anna").await;
    anna.says("/new").await;
    anna.hears("A new habit").await;
    anna.says("Read").await;
    let draft = anna.hears("Shall I plant it?").await;
    // The dialogue cannot be closed, so that the update comes to the same place again.
    sqlx::query("create rule stay as on delete to dialogues do instead nothing").execute(&world.pool).await.unwrap();
    world.cut_confirmations().await;
    anna.taps(&draft, "✅ Create").await;
    anna.sees(&draft, "Read is planted").await;
    world.kill_bot().await;
    world.control.clear_faults().await.unwrap();
    world.start_bot();
    // Behind the tap that comes again.
    anna.says("/today").await;
    anna.hears("0 of 1 done").await;
    assert_eq!(world.habit_names().await, ["Read"]);
    world.end().await;
}

#[sqlx::test(migrations = "../migrations")]
async fn an_answer_that_is_delivered_twice_is_not_the_next_answer(pool: PgPool) {
    let mut world = World::new(pool).await;
    let mut anna = world.person_in_kathmandu("Anna").await;
    anna.says("/new").await;
    anna.hears("A new habit").await;
    world.cut_confirmations().await;
    anna.says("Read").await;
    let first = anna.hears("Shall I plant it?").await;
    world.kill_bot().await;
    world.control.clear_faults().await.unwrap();
    world.start_bot();
    anna.hears_again(&first).await;
    world.end().await;
}

#[sqlx::test(migrations = "../migrations")]
async fn an_answer_waits_for_an_api_that_is_away_for_a_moment(pool: PgPool) {
    let mut world = World::new(pool).await;
    let mut anna = world.person_in_kathmandu("Anna").await;
    world.stop_api().await;
    anna.says("/today").await;
    world.start_api().await;
    anna.hears("No habits yet").await;
    world.end().await;
}

#[sqlx::test(migrations = "../migrations")]
async fn an_api_that_stays_away_is_said_and_taps_are_answered_in_time(pool: PgPool) {
    let mut world = World::new(pool).await;
    let mut anna = world.person_in_kathmandu("Anna").await;
    world.habit(&anna, "Read").await;
    anna.says("/today").await;
    let list = anna.hears("0 of 1 done").await;
    world.stop_api().await;
    let started = Instant::now();
    let pressed = anna.taps(&list, "◻️ Read").await;
    assert_eq!(anna.toast(&pressed).await, "");
    assert!(started.elapsed() < Duration::from_secs(3), "{:?}", started.elapsed());
    anna.hears("One moment, please").await;
    world.end().await;
}

#[sqlx::test(migrations = "../migrations")]
async fn trouble_is_said_in_the_language_of_a_person_nobody_knows_yet(pool: PgPool) {
    let mut world = World::new(pool).await;
    let mut maria = world.person("Мария", "ru").await;
    world.stop_api().await;
    maria.says("/start").await;
    maria.hears("Минутку").await;
    world.end().await;
}

#[sqlx::test(migrations = "../migrations")]
async fn somebody_out_of_reach_delays_others_for_a_bounded_time_and_loses_nothing_that_was_not_begun(pool: PgPool) {
    let mut world = World::new(pool).await;
    let mut anna = world.person_in_kathmandu("Anna").await;
    let mut otto = world.person_in_kathmandu("Otto").await;
    world.stop_bot().await;
    world.lose_messages_to(&anna).await;
    anna.says("/help").await;
    anna.says("/today").await;
    otto.says("/help").await;
    world.start_bot();
    otto.hears("/new creates a habit").await;
    otto.says("/today").await;
    otto.hears("No habits yet").await;
    world.control.clear_faults().await.unwrap();
    anna.hears("No habits yet").await;
    let sends = world.control.calls(&CallFilter::method("sendMessage")).await.unwrap();
    let is_help = |text: &str| text.contains("/new creates a habit");
    let told =
        sends.iter().filter(|call| call.chat_id == Some(otto.id) && call.params["text"].as_str().is_some_and(is_help));
    assert_eq!(told.count(), 1, "what is handled is not handled again");
    world.end().await;
}

#[sqlx::test(migrations = "../migrations")]
async fn a_person_logs_in_again_when_the_token_has_ended(pool: PgPool) {
    let world = World::new(pool).await;
    let mut anna = world.person_in_kathmandu("Anna").await;
    // The token names somebody who is gone: to the api it is as good as ended.
    sqlx::query("delete from users").execute(&world.pool).await.unwrap();
    anna.says("/today").await;
    anna.hears("No habits yet").await;
    world.end().await;
}

#[sqlx::test(migrations = "../migrations")]
async fn too_many_requests_are_waited_out(pool: PgPool) {
    let world = World::new(pool).await;
    let mut anna = world.person_in_kathmandu("Anna").await;
    world.fail("sendMessage", Some(1), Effect::TooManyRequests { retry_after_s: 1 }).await;
    anna.says("/today").await;
    anna.hears("No habits yet").await;
    world.end().await;
}

#[sqlx::test(migrations = "../migrations")]
async fn a_tap_is_answered_although_telegram_fails_once(pool: PgPool) {
    let world = World::new(pool).await;
    let mut anna = world.person_in_kathmandu("Anna").await;
    world.habit(&anna, "Read").await;
    anna.says("/today").await;
    let list = anna.hears("0 of 1 done").await;
    let failures = [
        Effect::ServerError { status: 500 },
        Effect::TooManyRequests { retry_after_s: 1 },
        Effect::Drop { accepted: false },
    ];
    for (failure, button) in failures.into_iter().zip(["◻️ Read", "✅ Read", "◻️ Read"]) {
        world.fail("answerCallbackQuery", Some(1), failure).await;
        let pressed = anna.taps(&list, button).await;
        anna.toast(&pressed).await;
    }
    world.end().await;
}

#[sqlx::test(migrations = "../migrations")]
async fn a_telegram_that_is_away_or_has_another_poller_is_waited_for(pool: PgPool) {
    let mut world = World::new(pool).await;
    let mut anna = world.person_in_kathmandu("Anna").await;
    world.stop_bot().await;
    world.fail("getMe", Some(1), Effect::Drop { accepted: false }).await;
    let description =
        "Conflict: terminated by other getUpdates request; make sure that only one bot instance is running";
    world.fail("getUpdates", Some(1), Effect::Error { code: 409, description: description.to_owned() }).await;
    anna.says("/help").await;
    world.start_bot();
    anna.hears("/new creates a habit").await;
    world.end().await;
}

#[sqlx::test(migrations = "../migrations")]
async fn a_token_that_telegram_does_not_know_is_fatal(pool: PgPool) {
    let world = World::new(pool).await;
    let error = world.bot_with_token("7000002:AAE-of_nobody_at_all_000000000000000").await.unwrap_err();
    let fatal = error.downcast_ref::<Fatal>().unwrap();
    assert_eq!(fatal.reason, "TokenRejected");
    assert!(fatal.message.contains("@BotFather"), "{}", fatal.message);
}

#[sqlx::test(migrations = "../migrations")]
async fn what_is_written_while_the_bot_is_away_is_answered(pool: PgPool) {
    let mut world = World::new(pool).await;
    let mut anna = world.person_in_kathmandu("Anna").await;
    world.stop_bot().await;
    anna.says("/new").await;
    world.start_bot();
    anna.hears("A new habit").await;
    world.end().await;
}
