//! Whatever people do, in whatever order and whatever goes wrong: every tap is answered, no message meets silence, and in
//! the end the screens show what is stored.

use std::{collections::BTreeMap, time::Duration};

use futures::future::join_all;
use rand::{
    RngExt as _, SeedableRng as _,
    rngs::StdRng,
    seq::{IndexedRandom as _, IteratorRandom as _},
};
use sqlx::PgPool;
use telegram_simulator::{Author, Button, ButtonChoice, Condition, Control, Effect, Fault, Message, Pressing, Sending};

use crate::world::World;

const PEOPLE: usize = 50;

/// Those who act at the same time.
const MOST_AT_ONCE: usize = 8;

/// A person waits so long for an answer, with faults on.
const PATIENCE: Duration = Duration::from_mins(1);

/// What people write: commands, answers to questions, and what no question asks for.
const WRITTEN: [&str; 33] = [
    "/start",
    "/today",
    "/new",
    "/habits",
    "/settings",
    "/help",
    "/cancel",
    "/skip",
    "/zone",
    "/language",
    "/stats",
    "/nonsense",
    "Read",
    "read 20 pages mon wed 21:30",
    "читать 20 страниц пн ср 21:30",
    "21:30",
    "7.45 21",
    "20 pages",
    "30",
    "every 3 days",
    "Europe/Moscow",
    "Europe/",
    "²",
    "99999999999",
    "-1",
    "<b>",
    "<b>bold</b> & more",
    "25.12",
    "\u{202e}evil\u{202c}",
    "👨‍👩‍👧‍👦",
    "Привет!",
    "12,5",
    "0",
];

#[sqlx::test(migrations = "../migrations")]
async fn whatever_people_do_they_are_answered(pool: PgPool) {
    walk(pool, 400, 11).await;
}

#[sqlx::test(migrations = "../migrations")]
#[ignore = "about ten minutes: make proof PART=walk"]
async fn whatever_many_people_do_for_long_they_are_answered(pool: PgPool) {
    walk(pool, 20_000, 12).await;
}

async fn walk(pool: PgPool, actions: usize, seed: u64) {
    let mut world = World::new(pool).await;
    let mut chance = StdRng::seed_from_u64(seed);
    let people = arrived(&world).await;
    switch_faults_on(&world.control).await;
    let mut acted = 0;
    while acted < actions {
        let actors = people.iter().copied().sample(&mut chance, acted % MOST_AT_ONCE + 1);
        acted += actors.len();
        let acts: Vec<_> = actors
            .into_iter()
            .map(|person| act(world.control.clone(), person, StdRng::seed_from_u64(chance.random())))
            .collect();
        let acts = join_all(acts);
        match chance.random_range(0..60) {
            0 => drop(tokio::join!(acts, async {
                world.kill_bot().await;
                world.start_bot();
            })),
            1 => drop(tokio::join!(acts, async {
                world.stop_api().await;
                world.start_api().await;
            })),
            _ => drop(acts.await),
        }
    }
    world.control.clear_faults().await.unwrap();
    for person in people {
        assert_shows_what_is_stored(&world, person).await;
    }
    world.end().await;
}

/// Everybody, once greeted; every second one speaks Russian.
async fn arrived(world: &World) -> Vec<i64> {
    let mut people = Vec::new();
    for at in 0..PEOPLE {
        let language = if at % 2 == 0 { "en" } else { "ru" };
        let person = world.person(&format!("Walker {at}"), language).await.id;
        writes(&world.control, person, &text("/start")).await;
        people.push(person);
    }
    people
}

async fn switch_faults_on(control: &Control) {
    let faults = [
        (0.05, Effect::TooManyRequests { retry_after_s: 1 }),
        (0.01, Effect::Drop { accepted: true }),
        (0.01, Effect::Drop { accepted: false }),
        (0.02, Effect::Delay { ms: 300 }),
    ];
    for (probability, effect) in faults {
        control.switch_on(&Fault { probability, ..Fault::everywhere(effect) }).await.unwrap();
    }
}

/// A person taps on something that was ever shown, or writes something.
async fn act(control: Control, person: i64, mut chance: StdRng) {
    let messages = control.messages(person).await.unwrap();
    let with_buttons = |message: &&Message| message.from == Author::Bot && !buttons(message).is_empty();
    let mut screens: Vec<&Message> = messages.iter().filter(with_buttons).collect();
    // Mostly the last ones, as people do.
    if chance.random_bool(0.9) {
        screens.drain(..screens.len().saturating_sub(2));
    }
    match chance.random_range(0..100) {
        0..3 => writes(&control, person, &Sending::Sticker { emoji: "🐈".to_owned() }).await,
        3..5 => writes(&control, person, &Sending::Voice { duration_s: 3 }).await,
        5..8 => writes(&control, person, &Sending::Location { latitude: 27.7, longitude: 85.3 }).await,
        8..9 => writes(&control, person, &text(&"a".repeat(4096))).await,
        9..34 => writes(&control, person, &text(WRITTEN.choose(&mut chance).unwrap())).await,
        _ => match screens.choose(&mut chance) {
            Some(screen) => taps(&control, person, screen, &mut chance).await,
            None => writes(&control, person, &text("/today")).await,
        },
    }
}

fn text(text: &str) -> Sending {
    Sending::Text { text: text.to_owned() }
}

/// All buttons that a message has or had.
fn buttons(message: &Message) -> Vec<&Button> {
    let earlier = message.history.iter().flat_map(|version| &version.keyboard);
    let buttons = message.keyboard.iter().chain(earlier).flatten();
    buttons.filter(|button| button.callback_data.is_some()).collect()
}

/// Writes, and waits until something is said to it.
async fn writes(control: &Control, person: i64, sending: &Sending) {
    let sent = control.send(person, sending).await.unwrap();
    let answered = control.wait_for(person, &Condition::any().after(sent.message_id), PATIENCE).await;
    answered.unwrap_or_else(|error| panic!("silence after {sending:?}: {error}"));
}

/// Taps on a button of the message, sometimes on one that is gone by now, and waits for the answer.
async fn taps(control: &Control, person: i64, screen: &Message, chance: &mut StdRng) {
    let now: Vec<&Button> = screen.keyboard.iter().flatten().filter(|button| button.callback_data.is_some()).collect();
    let stale = now.is_empty() || chance.random_bool(0.05);
    let from = if stale { buttons(screen) } else { now };
    let data = from.choose(chance).and_then(|button| button.callback_data.clone()).unwrap();
    let pressing = Pressing {
        message_id: screen.message_id,
        chat_id: None,
        button: ButtonChoice::Data(data.clone()),
        stale: true,
    };
    // Somebody may have taken the message away in between.
    let Ok(pressed) = control.press(person, &pressing).await else {
        return;
    };
    let answered = control.answer(&pressed, PATIENCE).await;
    answered.unwrap_or_else(|error| panic!("no answer to {data:?}: {error}"));
}

/// The Today list has the days of the habits as they are stored.
async fn assert_shows_what_is_stored(world: &World, person: i64) {
    let sent = world.control.send(person, &text("/today")).await.unwrap();
    let screen = world.control.wait_for(person, &Condition::any().after(sent.message_id), PATIENCE).await.unwrap();
    let mut shown = BTreeMap::new();
    for button in screen.keyboard.iter().flatten() {
        let data = button.callback_data.as_deref().unwrap_or_default();
        if let ["m", habit, date, ..] = data.split(':').collect::<Vec<_>>()[..] {
            let emoji = button.text.split(' ').next().unwrap_or_default().to_owned();
            shown.insert((habit.parse::<i64>().unwrap(), date.to_owned()), emoji);
        }
    }
    for ((habit, date), emoji) in &shown {
        let stored: Option<String> = sqlx::query_scalar(
            "select coalesce(e.status, 'pending') from habits h join users u on u.id = h.user_id
             left join executions e on e.habit_id = h.id and e.execution_date = $3::date
             where h.id = $1 and u.telegram_id = $2 and h.is_active",
        )
        .bind(habit)
        .bind(person)
        .bind(date)
        .fetch_optional(&world.pool)
        .await
        .unwrap();
        let expected = match stored.as_deref() {
            Some("pending") => "◻️",
            Some("done") => "✅",
            Some("not_done") => "❌",
            Some("skipped") => "⏭",
            Some("frozen") => "❄️",
            other => panic!("habit {habit} of {person} is shown and stored as {other:?}"),
        };
        assert_eq!(emoji, expected, "habit {habit} of {person} on {date}");
    }
}
