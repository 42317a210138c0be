//! The creation of a habit with something going wrong at each of its steps.
//!
//! As many people as there are steps walk the same way; when each stands before a step of his own, it happens to all of
//! them at once. All of them arrive.

use std::time::Duration;

use futures::future::join_all;
use sqlx::PgPool;
use telegram_simulator::{Effect, Fault, Message};

use crate::world::{Person, World};

/// What a person does.
#[derive(Debug, Clone, Copy)]
enum Act {
    Says(&'static str),
    Taps(&'static str),
}
use Act::{Says, Taps};

/// What a person does, and what he sees then.
const STEPS: [(Act, &str); 10] = [
    (Says("/new"), "A new habit"),
    (Taps("🪜 Step by step"), "What shall the new habit be called?"),
    (Says("Read"), "When shall I remind you?"),
    (Taps("21:00"), "On which days?"),
    (Taps("every day"), "How much a day?"),
    (Says("20 pages"), "How many days in a row"),
    (Taps("66 days"), "A few words to yourself"),
    (Taps("⏭ Skip"), "Shall I plant it?"),
    (Taps("🎯 Goal"), "How many days in a row"),
    (Taps("21 days"), "Shall I plant it?"),
];

/// A person on the way.
struct Walker {
    person: Person,
    screen: Option<Message>,
}

impl Walker {
    /// Acts, and does not wait for what comes of it.
    async fn acts(&mut self, act: Act) {
        match (act, &self.screen) {
            (Says(text), _) => self.person.says(text).await,
            (Taps(button), Some(screen)) => {
                let screen = screen.clone();
                self.person.taps(&screen, button).await;
            }
            (Taps(_), None) => panic!("nothing to tap on"),
        }
    }

    async fn arrives(&mut self, act: Act, text: &str) {
        self.screen = Some(match (act, &self.screen) {
            (Taps(_), Some(screen)) => self.person.sees(screen, text).await,
            _ => self.person.hears(text).await,
        });
    }

    async fn walks(&mut self, steps: &[(Act, &'static str)]) {
        for (act, text) in steps {
            self.acts(*act).await;
            self.arrives(*act, text).await;
        }
    }
}

/// One for each step, standing before it.
async fn walkers(world: &World) -> Vec<Walker> {
    let mut walkers = Vec::new();
    for at in 0..STEPS.len() {
        let person = world.person_in_kathmandu(&format!("Walker {at}")).await;
        let mut walker = Walker { person, screen: None };
        walker.walks(&STEPS[..at]).await;
        walkers.push(walker);
    }
    walkers
}

/// All take their step at once.
async fn act(walkers: &mut [Walker]) {
    join_all(walkers.iter_mut().zip(STEPS).map(|(walker, (act, _))| walker.acts(act))).await;
}

/// All see what their step leads to, and go on to the habit.
async fn arrive(world: &World, mut walkers: Vec<Walker>) {
    let all = walkers.len();
    join_all(walkers.iter_mut().zip(STEPS).enumerate().map(async |(at, (walker, (act, text)))| {
        walker.arrives(act, text).await;
        walker.walks(&STEPS[at + 1..]).await;
        walker.acts(Taps("✅ Create")).await;
        walker.arrives(Taps("✅ Create"), "Read is planted").await;
    }))
    .await;
    assert_eq!(world.habit_names().await, vec!["Read"; all]);
}

#[sqlx::test(migrations = "../migrations")]
async fn an_api_that_is_away_for_ten_seconds_stops_nobody(pool: PgPool) {
    let mut world = World::new(pool).await;
    let mut walkers = walkers(&world).await;
    world.stop_api().await;
    act(&mut walkers).await;
    tokio::time::sleep(Duration::from_secs(10)).await;
    world.start_api().await;
    arrive(&world, walkers).await;
    world.end().await;
}

#[sqlx::test(migrations = "../migrations")]
async fn a_bot_that_is_killed_stops_nobody(pool: PgPool) {
    let mut world = World::new(pool).await;
    let mut walkers = walkers(&world).await;
    world.cut_confirmations().await;
    act(&mut walkers).await;
    world.kill_bot().await;
    world.control.clear_faults().await.unwrap();
    world.start_bot();
    arrive(&world, walkers).await;
    world.end().await;
}

#[sqlx::test(migrations = "../migrations")]
async fn too_many_requests_at_every_call_stop_nobody(pool: PgPool) {
    let world = World::new(pool).await;
    let mut walkers = walkers(&world).await;
    for walker in &walkers {
        for method in ["sendMessage", "editMessageText", "answerCallbackQuery", "deleteMessage"] {
            let fault = Fault::on(method, Effect::TooManyRequests { retry_after_s: 1 });
            world.control.switch_on(&fault.in_chat(walker.person.id).times(1)).await.unwrap();
        }
    }
    act(&mut walkers).await;
    arrive(&world, walkers).await;
    world.end().await;
}

#[sqlx::test(migrations = "../migrations")]
async fn a_second_tap_at_once_changes_nothing(pool: PgPool) {
    let mut world = World::new(pool).await;
    let mut walkers = walkers(&world).await;
    world.stop_bot().await;
    act(&mut walkers).await;
    for (walker, (act, _)) in walkers.iter_mut().zip(STEPS) {
        if matches!(act, Taps(_)) {
            walker.acts(act).await;
        }
    }
    world.start_bot();
    arrive(&world, walkers).await;
    world.end().await;
}
