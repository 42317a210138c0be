//! The habits: their list, the card of one, and what can be changed of it.

use sqlx::PgPool;

use crate::world::{Person, World};

async fn statuses(world: &World) -> Vec<(String, String)> {
    let all = "select execution_date::text, status from executions order by execution_date";
    sqlx::query_as(all).fetch_all(&world.pool).await.unwrap()
}

/// Opens the card of Anna's only habit.
async fn card(world: &World, name: &str) -> (Person, telegram_simulator::Message) {
    let mut anna = world.person_in_kathmandu("Anna").await;
    world.habit(&anna, name).await;
    anna.says("/habits").await;
    let list = anna.hears("1 habit").await;
    anna.taps(&list, &format!("◻️ {name}")).await;
    let card = anna.sees(&list, "No streak yet").await;
    (anna, card)
}

#[sqlx::test(migrations = "../migrations")]
async fn habits_are_listed_by_pages_of_five(pool: PgPool) {
    let world = World::new(pool).await;
    let mut anna = world.person_in_kathmandu("Anna").await;
    for n in 1..=6 {
        world.habit(&anna, &format!("Habit {n}")).await;
    }
    anna.says("/habits").await;
    let list = anna.hears("6 habits").await;
    assert!(list.has_button("◻️ Habit 5") && !list.has_button("◻️ Habit 6"), "{:?}", list.button_texts());
    anna.taps(&list, "➡️").await;
    let list = anna.sees(&list, "6 habits").await;
    anna.until(&list, "◻️ Habit 6").await;
    world.end().await;
}

#[sqlx::test(migrations = "../migrations")]
async fn a_missed_day_is_filled_in_on_the_card(pool: PgPool) {
    let world = World::new(pool).await;
    let (mut anna, card) = card(&world, "Read").await;
    // Today is a Sunday.
    anna.taps(&card, "◻️Sa").await;
    let card = anna.sees(&card, "1 day in a row").await;
    assert!(card.has_button("✅Sa") && card.has_button("◻️Su"), "{:?}", card.button_texts());
    anna.taps(&card, "✅ Done").await;
    let card = anna.sees(&card, "2 days in a row").await;
    anna.taps(&card, "✅Sa").await;
    anna.sees(&card, "1 day in a row").await;
    let expected = [("2026-11-21", "pending"), ("2026-11-22", "done")];
    assert_eq!(statuses(&world).await, expected.map(|(date, status)| (date.to_owned(), status.to_owned())));
    world.end().await;
}

#[sqlx::test(migrations = "../migrations")]
async fn today_is_skipped_and_taken_back_on_the_card(pool: PgPool) {
    let world = World::new(pool).await;
    let (mut anna, card) = card(&world, "Read").await;
    let pressed = anna.taps(&card, "⏭ Skip").await;
    assert_eq!(anna.toast(&pressed).await, "⏭ Read: skipped today");
    anna.until(&card, "⏭Su").await;
    anna.taps(&card, "↩️ Undo").await;
    anna.until(&card, "◻️Su").await;
    world.end().await;
}

#[sqlx::test(migrations = "../migrations")]
async fn everything_of_today_is_done_by_one_tap(pool: PgPool) {
    let world = World::new(pool).await;
    let mut anna = world.person_in_kathmandu("Anna").await;
    for name in ["Read", "Run", "Swim"] {
        world.habit(&anna, name).await;
    }
    anna.says("/today").await;
    let list = anna.hears("0 of 3 done").await;
    // Once this one is answered, nothing of the command is under way any more.
    anna.taps(&list, "◻️ Read").await;
    anna.sees(&list, "1 of 3 done").await;
    let before = world.api_requests();
    anna.taps(&list, "✅ All done").await;
    anna.sees(&list, "well done").await;
    assert_eq!(world.api_requests() - before, 1);
    world.end().await;
}

#[sqlx::test(migrations = "../migrations")]
async fn a_habit_is_renamed_and_its_reminders_set(pool: PgPool) {
    let world = World::new(pool).await;
    let (mut anna, card) = card(&world, "Read").await;
    anna.taps(&card, "✏️ Change").await;
    let edit = anna.sees(&card, "What shall change?").await;
    anna.taps(&edit, "🏷 Name").await;
    anna.sees(&edit, "What shall it be called?").await;
    anna.says("Read <3").await;
    let edit = anna.hears("🏷 Name: Read <3").await;
    anna.taps(&edit, "⏰ Reminders").await;
    anna.sees(&edit, "When shall I remind you?").await;
    anna.says("21:30, 25:00").await;
    anna.hears("I cannot read that as a time").await;
    anna.says("21:30, 7.15").await;
    anna.hears("⏰ Reminders: 07:15, 21:30").await;
    assert_eq!(world.habit_names().await, ["Read <3"]);
    world.end().await;
}

#[sqlx::test(migrations = "../migrations")]
async fn the_days_of_a_habit_are_set_by_a_tap(pool: PgPool) {
    let world = World::new(pool).await;
    let (mut anna, card) = card(&world, "Read").await;
    anna.taps(&card, "✏️ Change").await;
    let edit = anna.sees(&card, "What shall change?").await;
    anna.taps(&edit, "🗓 Days").await;
    let question = anna.sees(&edit, "On which days?").await;
    anna.taps(&question, "3 times a week").await;
    anna.sees(&question, "🗓 Days: 3 times a week").await;
    world.end().await;
}

#[sqlx::test(migrations = "../migrations")]
async fn the_days_and_the_amount_of_a_habit_are_set_by_typing(pool: PgPool) {
    let world = World::new(pool).await;
    let (mut anna, card) = card(&world, "Read").await;
    anna.taps(&card, "✏️ Change").await;
    let edit = anna.sees(&card, "What shall change?").await;
    anna.taps(&edit, "🗓 Days").await;
    anna.sees(&edit, "On which days?").await;
    anna.says("now and then").await;
    anna.hears("I cannot read days in that").await;
    anna.says("every 3 days").await;
    let edit = anna.hears("🗓 Days: every 3 days").await;
    anna.taps(&edit, "📏 Amount").await;
    anna.sees(&edit, "How much a day?").await;
    anna.says("не больше 2 чашек").await;
    anna.hears("at most 2 чашек").await;
    world.end().await;
}

#[sqlx::test(migrations = "../migrations")]
async fn a_habit_is_put_away_and_taken_up_again(pool: PgPool) {
    let world = World::new(pool).await;
    let (mut anna, card) = card(&world, "Read").await;
    anna.taps(&card, "📦 Put away").await;
    let card = anna.sees(&card, "📦 Put away.").await;
    anna.taps(&card, "⬅️ Habits").await;
    let list = anna.sees(&card, "No habits yet").await;
    anna.taps(&list, "📦 Archive").await;
    let archive = anna.sees(&list, "Put away and complete").await;
    anna.taps(&archive, "📦 Read").await;
    let card = anna.sees(&archive, "📦 Put away.").await;
    anna.taps(&card, "♻️ Take up again").await;
    anna.until(&card, "✅ Done").await;
    world.end().await;
}

#[sqlx::test(migrations = "../migrations")]
async fn a_habit_is_deleted_only_after_a_second_word(pool: PgPool) {
    let world = World::new(pool).await;
    let (mut anna, card) = card(&world, "Read").await;
    anna.taps(&card, "✏️ Change").await;
    let edit = anna.sees(&card, "What shall change?").await;
    anna.taps(&edit, "🗑 Delete").await;
    let question = anna.sees(&edit, "This cannot be undone").await;
    anna.taps(&question, "⬅️ No, keep it").await;
    let card = anna.sees(&question, "No streak yet").await;
    anna.taps(&card, "✏️ Change").await;
    anna.sees(&card, "What shall change?").await;
    anna.taps(&card, "🗑 Delete").await;
    anna.sees(&card, "This cannot be undone").await;
    anna.taps(&card, "🗑 Yes, delete it for good").await;
    anna.sees(&card, "Read is deleted").await;
    assert!(world.habit_names().await.is_empty());
    world.end().await;
}

#[sqlx::test(migrations = "../migrations")]
async fn an_amount_grows_by_taps_and_is_set_by_typing(pool: PgPool) {
    let world = World::new(pool).await;
    let mut anna = world.person_in_kathmandu("Anna").await;
    let habit = world.habit(&anna, "Read").await;
    let goal =
        "update habits set goal_direction = 'at_least', goal_amount_milli = 20000, goal_unit = 'pages' where id = $1";
    sqlx::query(goal).bind(habit).execute(&world.pool).await.unwrap();
    anna.says("/habits").await;
    let list = anna.hears("1 habit").await;
    anna.taps(&list, "◻️ Read").await;
    let card = anna.sees(&list, "Today: 0 of 20 pages").await;
    anna.taps(&card, "➕ 5 pages").await;
    anna.sees(&card, "Today: 5 of 20 pages").await;
    anna.taps(&card, "➕ 1 pages").await;
    anna.sees(&card, "Today: 6 of 20 pages").await;
    anna.taps(&card, "⌨️ How much").await;
    anna.sees(&card, "How much was it?").await;
    anna.says("a lot").await;
    anna.hears("That is no number").await;
    anna.says("20,5").await;
    anna.hears("Today: 20.5 of 20 pages").await;
    world.end().await;
}

#[sqlx::test(migrations = "../migrations")]
async fn a_card_of_a_habit_that_is_gone_says_so(pool: PgPool) {
    let world = World::new(pool).await;
    let (mut anna, card) = card(&world, "Read").await;
    sqlx::query("delete from habits").execute(&world.pool).await.unwrap();
    let pressed = anna.taps(&card, "✅ Done").await;
    assert_eq!(anna.toast(&pressed).await, "This habit is no longer there");
    anna.sees(&card, "No habits yet").await;
    world.end().await;
}
