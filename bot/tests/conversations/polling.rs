//! Order, delays and losses while the bot asks for updates.

use std::time::{Duration, Instant};

use sqlx::PgPool;
use telegram_simulator::{CallFilter, Effect, Fault};

use crate::world::{Person, World};

const HELP: &str = "/new creates a habit";
const TODAY: &str = "No habits yet";

/// Commands whose order can be told from their answers.
pub(crate) fn commands(count: u32) -> Vec<&'static str> {
    (0..count).map(|index| if (index * index + index / 7) % 5 < 2 { "/help" } else { "/today" }).collect()
}

/// The commands that these are the answers to; other answers are left out.
pub(crate) fn answered(told: &[String]) -> Vec<&'static str> {
    let command = |text: &String| match text {
        help if help.contains(HELP) => Some("/help"),
        today if today.contains(TODAY) => Some("/today"),
        _ => None,
    };
    told.iter().filter_map(command).collect()
}

/// The person's answers, without the message that every newcomer of these tests gets.
async fn answers(world: &World, person: &Person) -> Vec<&'static str> {
    answered(&world.told(person).await)
}

#[sqlx::test(migrations = "../migrations")]
async fn a_slow_person_delays_nobody_and_loses_nothing(pool: PgPool) {
    let mut world = World::new(pool).await;
    let mut anna = world.person_in_kathmandu("Anna").await;
    let mut otto = world.person_in_kathmandu("Otto").await;
    world.stop_bot().await;
    world.lose_messages_to(&anna).await;
    anna.says("/help").await;
    anna.says("/today").await;
    otto.says("/help").await;
    world.start_bot();
    let started = Instant::now();
    otto.hears(HELP).await;
    for _ in 0..3 {
        otto.says("/today").await;
        otto.hears(TODAY).await;
    }
    assert!(started.elapsed() < Duration::from_secs(8), "{:?}", started.elapsed());
    world.control.clear_faults().await.unwrap();
    anna.hears(TODAY).await;
    assert_eq!(answers(&world, &otto).await, ["/help", "/today", "/today", "/today"], "nothing is handled twice");
    world.end().await;
}

#[sqlx::test(migrations = "../migrations")]
async fn one_persons_updates_are_handled_in_order(pool: PgPool) {
    let mut world = World::new(pool).await;
    let mut anna = world.person_in_kathmandu("Anna").await;
    world.stop_bot().await;
    let before = world.told(&anna).await.len();
    let commands = commands(30);
    for command in &commands {
        anna.says(command).await;
    }
    world.start_bot();
    let told = world.until_told(&anna, before + commands.len()).await;
    assert_eq!(answered(&told), commands);
    world.end().await;
}

#[sqlx::test(migrations = "../migrations")]
async fn a_bot_that_is_killed_loses_nothing(pool: PgPool) {
    let mut world = World::new(pool).await;
    let mut people = Vec::new();
    for name in ["Anna", "Otto", "Maria", "Li"] {
        people.push(world.person_in_kathmandu(name).await);
    }
    world.stop_bot().await;
    let commands = commands(6);
    for command in &commands {
        for person in &mut people {
            person.says(command).await;
        }
    }
    world.start_bot();
    let before = world.told(&people[0]).await.len();
    world.until_told(&people[0], before + 2).await;
    world.kill_bot().await;
    world.start_bot();
    world.until_waiting(0).await;
    for person in &people {
        let answers = answers(&world, person).await;
        let mut rest = answers.iter();
        let all_in_order = commands.iter().all(|command| rest.any(|answer| answer == command));
        assert!(all_in_order, "{answers:?} has not all of {commands:?}");
    }
    world.end().await;
}

#[sqlx::test(migrations = "../migrations")]
async fn at_the_end_what_is_in_hand_is_finished_and_confirmed_and_the_rest_is_left(pool: PgPool) {
    let mut world = World::new(pool).await;
    let mut anna = world.person_in_kathmandu("Anna").await;
    world.until_waiting(0).await;
    let slowly = Fault::on("sendMessage", Effect::Delay { ms: 1_000 });
    world.control.switch_on(&slowly).await.unwrap();
    anna.says("/help").await;
    anna.says("/today").await;
    // It asks again while the first is in hand.
    let asked = |calls: Vec<telegram_simulator::Call>| calls.len();
    let before = asked(world.control.calls(&CallFilter::method("getUpdates")).await.unwrap());
    while asked(world.control.calls(&CallFilter::method("getUpdates")).await.unwrap()) < before + 2 {
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
    world.stop_bot().await;
    assert_eq!(answers(&world, &anna).await, ["/help"]);
    world.until_waiting(1).await;
    world.control.clear_faults().await.unwrap();
    world.start_bot();
    anna.hears(TODAY).await;
    world.until_waiting(0).await;
    assert_eq!(answers(&world, &anna).await, ["/help", "/today"]);
    world.end().await;
}

#[sqlx::test(migrations = "../migrations")]
async fn somebody_stuck_does_not_keep_all_that_telegram_shows_for_long(pool: PgPool) {
    let mut world = World::new(pool).await;
    let mut anna = world.person("Anna", "en").await;
    let mut others = Vec::new();
    for number in 0..9 {
        others.push(world.person(&format!("Otto {number}"), "en").await);
    }
    let mut last = world.person("Maria", "en").await;
    world.stop_bot().await;
    world.lose_messages_to(&anna).await;
    for _ in 0..3 {
        anna.says("/help").await;
    }
    for _ in 0..11 {
        for other in &mut others {
            other.says("/help").await;
        }
    }
    // Behind the hundred that Telegram shows as long as Anna's first is not handled.
    last.says("/help").await;
    last.says("/help").await;
    world.start_bot();
    last.hears(HELP).await;
    world.control.clear_faults().await.unwrap();
    world.until_waiting(0).await;
    for other in &others {
        assert_eq!(answers(&world, other).await.len(), 11);
    }
    world.end().await;
}

#[sqlx::test(migrations = "../migrations")]
async fn an_error_of_telegrams_server_is_known_at_once(pool: PgPool) {
    let world = World::new(pool).await;
    let mut anna = world.person_in_kathmandu("Anna").await;
    world.fail("sendMessage", Some(1), Effect::ServerError { status: 500 }).await;
    let started = Instant::now();
    anna.says("/help").await;
    anna.hears(HELP).await;
    assert!(started.elapsed() < Duration::from_secs(8), "{:?}", started.elapsed());
    world.end().await;
}
