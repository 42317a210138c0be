//! Ticking and undoing.

use screens::{Locale, ReminderRow, reminder};
use sqlx::PgPool;
use telegram_simulator::Effect;

use crate::world::World;

fn row(habit_id: i64, name: &str, date: &str) -> ReminderRow {
    ReminderRow { habit_id, name: name.to_owned(), current_streak: 0, date: date.parse().unwrap() }
}

#[sqlx::test(migrations = "../migrations")]
async fn a_habit_is_ticked_and_unticked_in_the_today_list(pool: PgPool) {
    let world = World::new(pool).await;
    let mut anna = world.person_in_kathmandu("Anna").await;
    world.habit(&anna, "Read <3").await;
    world.habit(&anna, "Run").await;
    anna.says("/today").await;
    let list = anna.hears("0 of 2 done").await;
    assert!(list.text.contains("Sunday, 22 November"), "{}", list.text);
    let pressed = anna.taps(&list, "◻️ Read <3").await;
    anna.sees(&list, "1 of 2 done").await;
    assert_eq!(anna.toast(&pressed).await, "✅ Read <3 · 1 day");
    anna.taps(&list, "◻️ Run").await;
    anna.sees(&list, "All done").await;
    let pressed = anna.taps(&list, "✅ Run").await;
    anna.sees(&list, "1 of 2 done").await;
    assert_eq!(anna.toast(&pressed).await, "↩️ Run: taken back");
    world.end().await;
}

#[sqlx::test(migrations = "../migrations")]
async fn what_was_done_yesterday_is_said_today(pool: PgPool) {
    let world = World::new(pool).await;
    let mut anna = world.person_in_kathmandu("Anna").await;
    let habit = world.habit(&anna, "Read").await;
    let before = "update habits set created_at = created_at - interval '3 days' where id = $1";
    sqlx::query(before).bind(habit).execute(&world.pool).await.unwrap();
    anna.says("/today").await;
    let list = anna.hears("0 of 1 done").await;
    anna.taps(&list, "🌙 Yesterday").await;
    let yesterday = anna.sees(&list, "Saturday, 21 November").await;
    let pressed = anna.taps(&yesterday, "◻️ Read").await;
    anna.until(&list, "✅ Read").await;
    assert_eq!(anna.toast(&pressed).await, "📅 Set for Saturday, 21 November");
    anna.taps(&list, "📋 Today").await;
    let today = anna.sees(&list, "0 of 1 done").await;
    assert!(today.text.contains("Read · 1 day"), "{}", today.text);
    world.end().await;
}

#[sqlx::test(migrations = "../migrations")]
async fn a_reminder_is_done_and_undone_in_place(pool: PgPool) {
    let world = World::new(pool).await;
    let mut anna = world.person_in_kathmandu("Anna").await;
    let habit = world.habit(&anna, "Read <3").await;
    world.send(&anna, &reminder(Locale::En, &[row(habit, "Read <3", "2026-11-22")])).await;
    let reminder = anna.hears("It is time!").await;
    anna.taps(&reminder, "✅ Done").await;
    let done = anna.sees(&reminder, "✅ Read <3 · 1 day").await;
    assert!(!done.text.contains("It is time"), "{}", done.text);
    anna.taps(&done, "↩️ Undo").await;
    anna.sees(&reminder, "◻️ Read <3").await;
    let statuses: Vec<String> =
        sqlx::query_scalar("select status from executions").fetch_all(&world.pool).await.unwrap();
    assert_eq!(statuses, ["pending"]);
    world.end().await;
}

#[sqlx::test(migrations = "../migrations")]
async fn the_other_habits_of_a_reminder_stay_open(pool: PgPool) {
    let world = World::new(pool).await;
    let mut anna = world.person_in_kathmandu("Anna").await;
    let rows: Vec<ReminderRow> = [world.habit(&anna, "Read").await, world.habit(&anna, "Run").await]
        .into_iter()
        .zip(["Read", "Run"])
        .map(|(id, name)| row(id, name, "2026-11-22"))
        .collect();
    world.send(&anna, &reminder(Locale::En, &rows)).await;
    let reminder = anna.hears("It is time for 2 habits!").await;
    anna.taps(&reminder, "✅ Run").await;
    let marked = anna.sees(&reminder, "✅ Run · 1 day").await;
    assert!(marked.has_button("✅ Read") && marked.has_button("↩️ Undo · Run"), "{:?}", marked.button_texts());
    anna.taps(&reminder, "✅ Read").await;
    let marked = anna.sees(&reminder, "✅ Read · 1 day").await;
    assert!(marked.has_button("↩️ Undo · Read") && marked.has_button("↩️ Undo · Run"), "{:?}", marked.button_texts());
    world.end().await;
}

#[sqlx::test(migrations = "../migrations")]
async fn a_reminder_of_yesterday_marks_yesterday_and_says_so(pool: PgPool) {
    let world = World::new(pool).await;
    let mut anna = world.person_in_kathmandu("Anna").await;
    let habit = world.habit(&anna, "Read").await;
    world.send(&anna, &reminder(Locale::En, &[row(habit, "Read", "2026-11-21")])).await;
    let reminder = anna.hears("It is time!").await;
    let pressed = anna.taps(&reminder, "✅ Done").await;
    assert_eq!(anna.toast(&pressed).await, "📅 Set for Saturday, 21 November");
    let day: String =
        sqlx::query_scalar("select execution_date::text from executions").fetch_one(&world.pool).await.unwrap();
    assert_eq!(day, "2026-11-21");
    world.end().await;
}

#[sqlx::test(migrations = "../migrations")]
async fn a_reminder_of_long_ago_says_that_the_day_is_closed(pool: PgPool) {
    let world = World::new(pool).await;
    let mut anna = world.person_in_kathmandu("Anna").await;
    let habit = world.habit(&anna, "Read").await;
    world
        .send(&anna, &reminder(Locale::En, &[row(habit, "Read", "2025-10-01"), row(habit + 1, "Gone", "2026-11-22")]))
        .await;
    let reminder = anna.hears("It is time").await;
    let pressed = anna.taps(&reminder, "✅ Read").await;
    assert_eq!(anna.toast(&pressed).await, "Wednesday, 1 October is too long ago to change");
    let pressed = anna.taps(&reminder, "✅ Gone").await;
    assert_eq!(anna.toast(&pressed).await, "This habit is no longer there");
    world.end().await;
}

#[sqlx::test(migrations = "../migrations")]
async fn a_double_tap_changes_nothing_the_second_time(pool: PgPool) {
    let mut world = World::new(pool).await;
    let mut anna = world.person_in_kathmandu("Anna").await;
    world.habit(&anna, "Read").await;
    anna.says("/today").await;
    let list = anna.hears("0 of 1 done").await;
    world.stop_bot().await;
    anna.taps(&list, "◻️ Read").await;
    let second = anna.taps(&list, "◻️ Read").await;
    world.start_bot();
    assert_eq!(anna.toast(&second).await, "✅ Read · 1 day");
    anna.sees(&list, "All done").await;
    world.end().await;
}

#[sqlx::test(migrations = "../migrations")]
async fn a_message_that_cannot_be_edited_is_sent_anew(pool: PgPool) {
    let world = World::new(pool).await;
    let mut anna = world.person_in_kathmandu("Anna").await;
    let habit = world.habit(&anna, "Read").await;
    world.send(&anna, &reminder(Locale::En, &[row(habit, "Read", "2026-11-22")])).await;
    let reminder = anna.hears("It is time!").await;
    let description = "Bad Request: message to edit not found".to_owned();
    world.fail("editMessageText", Some(1), Effect::Error { code: 400, description }).await;
    anna.taps(&reminder, "✅ Done").await;
    anna.hears("✅ Read · 1 day").await;
    world.end().await;
}

#[sqlx::test(migrations = "../migrations")]
async fn turning_a_page_edits_the_list_in_place(pool: PgPool) {
    let world = World::new(pool).await;
    let mut anna = world.person_in_kathmandu("Anna").await;
    for n in 10..=20 {
        world.habit(&anna, &format!("Habit {n}")).await;
    }
    anna.says("/today").await;
    let list = anna.hears("0 of 11 done").await;
    anna.taps(&list, "➡️").await;
    anna.sees(&list, "Habit 20").await;
    anna.taps(&list, "⬅️").await;
    anna.sees(&list, "Habit 10").await;
    assert_eq!(anna.messages().await.last().unwrap().message_id, list.message_id);
    world.end().await;
}

#[sqlx::test(migrations = "../migrations")]
async fn a_tick_costs_one_request(pool: PgPool) {
    let world = World::new(pool).await;
    let mut anna = world.person_in_kathmandu("Anna").await;
    world.habit(&anna, "Read").await;
    world.habit(&anna, "Run").await;
    anna.says("/today").await;
    let list = anna.hears("0 of 2 done").await;
    // Once this one is answered, nothing of the command is under way any more.
    anna.taps(&list, "◻️ Read").await;
    anna.sees(&list, "1 of 2 done").await;
    let before = world.api_requests();
    anna.taps(&list, "◻️ Run").await;
    anna.sees(&list, "All done").await;
    assert_eq!(world.api_requests() - before, 1);
    world.end().await;
}

#[sqlx::test(migrations = "../migrations")]
async fn a_reminder_is_put_off_and_comes_back(pool: PgPool) {
    let world = World::new(pool).await;
    let mut anna = world.person_in_kathmandu("Anna").await;
    let habit = world.habit(&anna, "Read").await;
    world.send(&anna, &reminder(Locale::En, &[row(habit, "Read", "2026-11-22")])).await;
    let reminder = anna.hears("It is time!").await;
    anna.taps(&reminder, "💤 Later").await;
    let choice = anna.until(&reminder, "🌙 Tonight").await;
    let pressed = anna.taps(&choice, "1 h").await;
    assert_eq!(anna.toast(&pressed).await, "💤 I remind you again at 17:45");
    let later = anna.until(&reminder, "💤 17:45").await;
    assert!(later.has_button("✅ Done") && !later.has_button("1 h"), "{:?}", later.button_texts());
    let due = "select kind, state, (scheduled_at - '2026-11-22T11:00:00Z')::text from deliveries where kind = 'snooze'";
    let waits: Vec<(String, String, String)> = sqlx::query_as(due).fetch_all(&world.pool).await.unwrap();
    assert_eq!(waits, [("snooze".to_owned(), "due".to_owned(), "01:00:00".to_owned())]);
    anna.taps(&later, "💤 17:45").await;
    let choice = anna.until(&reminder, "✖️").await;
    let pressed = anna.taps(&choice, "✖️").await;
    assert_eq!(anna.toast(&pressed).await, "💤 I do not remind you again");
    anna.until(&reminder, "💤 Later").await;
    let state: String = sqlx::query_scalar("select state from deliveries").fetch_one(&world.pool).await.unwrap();
    assert_eq!(state, "cancelled");
    world.end().await;
}

#[sqlx::test(migrations = "../migrations")]
async fn a_habit_of_a_reminder_is_skipped_beside_one_that_is_done(pool: PgPool) {
    let world = World::new(pool).await;
    let mut anna = world.person_in_kathmandu("Anna").await;
    let (read, run) = (world.habit(&anna, "Read").await, world.habit(&anna, "Run").await);
    let rows = [row(read, "Read", "2026-11-22"), row(run, "Run", "2026-11-22")];
    world.send(&anna, &reminder(Locale::En, &rows)).await;
    let reminder = anna.hears("It is time for 2 habits!").await;
    let skip = format!("m:{read}:2026-11-22:2:r");
    anna.presses(&reminder, &skip).await;
    let skipped = anna.sees(&reminder, "⏭ Read").await;
    anna.taps(&skipped, "✅ Run").await;
    let both = anna.sees(&reminder, "✅ Run · 1 day").await;
    assert!(both.text.contains("⏭ Read") && !both.text.contains("It is time"), "{}", both.text);
    anna.taps(&both, "↩️ Undo · Read").await;
    anna.sees(&reminder, "◻️ Read").await;
    world.end().await;
}
