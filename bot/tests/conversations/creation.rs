//! Creating a habit.

use sqlx::PgPool;
use telegram_simulator::Sending;

use crate::world::{Person, World};

/// A habit of this name that stands there to be made.
async fn drafts(person: &mut Person, name: &str) -> telegram_simulator::Message {
    person.says("/new").await;
    person.hears("A new habit").await;
    person.says(name).await;
    person.hears("Shall I plant it?").await
}

#[sqlx::test(migrations = "../migrations")]
async fn a_habit_takes_three_taps(pool: PgPool) {
    let world = World::new(pool).await;
    let mut anna = world.person_in_kathmandu("Anna").await;
    anna.says("/today").await;
    let screen = anna.hears("No habits yet").await;
    anna.taps(&screen, "➕ New habit").await;
    let catalogue = anna.sees(&screen, "Tap one, or write yours in a line").await;
    anna.taps(&catalogue, "💧 Drink water").await;
    let draft = anna.sees(&screen, "Eight glasses over the day").await;
    assert!(draft.text.contains("8 glasses") && draft.text.contains("10:00, 15:00"), "{}", draft.text);
    // All that belongs to the taps before is over.
    let before = world.api_requests();
    anna.taps(&draft, "✅ Create").await;
    anna.sees(&screen, "Drink water is planted").await;
    assert_eq!(world.api_requests() - before, 1);
    assert_eq!(world.habit_names().await, ["Drink water"]);
    anna.says("/cancel").await;
    anna.hears("nothing to cancel").await;
    world.end().await;
}

#[sqlx::test(migrations = "../migrations")]
async fn a_habit_is_written_in_one_line(pool: PgPool) {
    let world = World::new(pool).await;
    let mut anna = world.person_in_kathmandu("Anna").await;
    let draft = drafts(&mut anna, "Read <3 books mon sun 18:32").await;
    assert!(draft.text.contains("Read <3 books") && draft.text.contains("Mo, Su"), "{}", draft.text);
    anna.taps(&draft, "✅ Create").await;
    let created = anna.sees(&draft, "Read <3 books is planted").await;
    assert!(created.text.contains("today at 18:32 (Asia/Kathmandu)"), "{}", created.text);
    let due: String =
        sqlx::query_scalar("select next_reminder_at::text from habits").fetch_one(&world.pool).await.unwrap();
    assert_eq!(due, "2026-11-22 12:47:00+00");
    world.end().await;
}

#[sqlx::test(migrations = "../migrations")]
async fn a_line_out_of_the_blue_is_taken_for_a_habit_when_it_looks_like_one(pool: PgPool) {
    let world = World::new(pool).await;
    let mut boris = world.person("Борис", "ru").await;
    boris.says("/start").await;
    boris.hears("Где вы живёте?").await;
    boris.says("Москва").await;
    boris.hears("Europe/Moscow").await;
    boris.says("Как дела?").await;
    boris.hears("Не понял вас").await;
    boris.says("читать 20 страниц пн ср 21:30").await;
    let draft = boris.hears("Сделать из этого привычку?").await;
    assert!(draft.text.contains("20 страниц") && draft.text.contains("Пн, Ср"), "{}", draft.text);
    boris.taps(&draft, "✅ Создать").await;
    boris.sees(&draft, "посажена").await;
    assert_eq!(world.habit_names().await, ["читать"]);
    world.end().await;
}

#[sqlx::test(migrations = "../migrations")]
async fn a_habit_is_described_step_by_step_in_one_message(pool: PgPool) {
    let world = World::new(pool).await;
    let mut anna = world.person_in_kathmandu("Anna").await;
    anna.says("/new").await;
    let catalogue = anna.hears("A new habit").await;
    anna.taps(&catalogue, "🪜 Step by step").await;
    anna.sees(&catalogue, "What shall the new habit be called?").await;
    anna.says("Read").await;
    let question = anna.hears("When shall I remind you?").await;
    anna.taps(&question, "21:00").await;
    anna.sees(&question, "On which days?").await;
    anna.taps(&question, "Saturday and Sunday").await;
    anna.sees(&question, "How much a day?").await;
    anna.taps(&question, "⏭ Skip").await;
    anna.sees(&question, "How many days in a row").await;
    anna.taps(&question, "66 days").await;
    anna.sees(&question, "A few words to yourself").await;
    anna.says("With tea & a cat").await;
    let draft = anna.hears("Shall I plant it?").await;
    for known in ["Read", "With tea & a cat", "Saturday and Sunday", "21:00", "66 days"] {
        assert!(draft.text.contains(known), "{known}: {}", draft.text);
    }
    anna.taps(&draft, "✅ Create").await;
    anna.sees(&draft, "Next reminder: today at 21:00").await;
    world.end().await;
}

#[sqlx::test(migrations = "../migrations")]
async fn whoever_has_said_enough_skips_the_rest(pool: PgPool) {
    let world = World::new(pool).await;
    let mut anna = world.person_in_kathmandu("Anna").await;
    anna.says("/new").await;
    let catalogue = anna.hears("A new habit").await;
    anna.taps(&catalogue, "🪜 Step by step").await;
    anna.sees(&catalogue, "What shall the new habit be called?").await;
    anna.says("Read").await;
    anna.hears("When shall I").await;
    anna.says("/skip").await;
    let question = anna.hears("On which days?").await;
    anna.taps(&question, "🏁 That is all").await;
    anna.sees(&question, "Shall I plant it?").await;
    world.end().await;
}

#[sqlx::test(migrations = "../migrations")]
async fn every_value_of_a_draft_can_be_changed(pool: PgPool) {
    let world = World::new(pool).await;
    let mut anna = world.person_in_kathmandu("Anna").await;
    let mut draft = drafts(&mut anna, "Reading").await;
    let changes = [
        ("🏷 Name", "called", "Read"),
        ("📝 Words", "A few words", "With a cat"),
        ("⏰ Reminders", "When shall", "7.45 21:30"),
        ("🗓 Days", "On which days", "every 3 days"),
        ("📏 Amount", "How much", "20 pages"),
        ("🎯 Goal", "How many days", "30"),
    ];
    for (button, question, answer) in changes {
        anna.taps(&draft, button).await;
        anna.sees(&draft, question).await;
        anna.says(answer).await;
        draft = anna.hears("Shall I plant it?").await;
    }
    for known in ["Read", "With a cat", "07:45, 21:30", "every 3 days", "20 pages", "30 days"] {
        assert!(draft.text.contains(known), "{known}: {}", draft.text);
    }
    anna.taps(&draft, "📏 Amount").await;
    anna.until(&draft, "🧹 None").await;
    anna.taps(&draft, "🧹 None").await;
    let draft = anna.sees(&draft, "Shall I plant it?").await;
    assert!(!draft.text.contains("pages"), "{}", draft.text);
    anna.taps(&draft, "✖️ Cancel").await;
    anna.sees(&draft, "nothing was saved").await;
    assert!(world.habit_names().await.is_empty());
    world.end().await;
}

#[sqlx::test(migrations = "../migrations")]
async fn wrong_answers_are_explained_and_keep_the_step(pool: PgPool) {
    let world = World::new(pool).await;
    let mut anna = world.person("Anna", "en").await;
    anna.says("/start").await;
    anna.hears("Where do you live?").await;
    for (wrong, problem) in [("Europe/", "I do not know the time in “Europe/”"), ("<EST>", "in “<EST>”")] {
        anna.says(wrong).await;
        anna.hears(problem).await;
    }
    anna.says("kathmandu").await;
    anna.hears("Asia/Kathmandu").await;

    anna.says("/new").await;
    let catalogue = anna.hears("A new habit").await;
    anna.sends(&Sending::Sticker { emoji: "🐈".to_owned() }).await;
    anna.hears("I can only read text here").await;
    anna.says(&"a".repeat(65)).await;
    let question = anna.hears("64 characters at most").await;
    drop(catalogue);
    anna.taps(&question, "🪜 Step by step").await;
    anna.sees(&question, "be called?").await;
    anna.says("\u{202e}\u{200d}").await;
    anna.hears("Nothing is left of that name").await;
    anna.says("Read").await;
    anna.hears("When shall I").await;
    anna.sends(&Sending::Voice { duration_s: 3 }).await;
    anna.hears("I can only read text here").await;
    anna.says("25:00").await;
    anna.hears("cannot read that as a time").await;
    anna.says("7.45").await;
    anna.hears("On which days").await;
    anna.says("²").await;
    anna.hears("cannot read days in that").await;
    anna.says("/skip").await;
    anna.hears("How much a day").await;
    anna.says("<b>").await;
    anna.hears("cannot read an amount").await;
    anna.says("/skip").await;
    anna.hears("How many days").await;
    for (wrong, problem) in [("²", "not a whole number"), ("99999999999", "from 1 to 3650"), ("0", "from 1 to 3650")] {
        anna.says(wrong).await;
        anna.hears(problem).await;
    }
    anna.says("21").await;
    anna.hears("A few words").await;
    anna.says(&"a".repeat(1001)).await;
    anna.hears("1000 characters at most").await;
    anna.says("/skip").await;
    anna.hears("Shall I plant it?").await;
    world.end().await;
}

#[sqlx::test(migrations = "../migrations")]
async fn a_command_in_the_middle_wins(pool: PgPool) {
    let world = World::new(pool).await;
    let mut anna = world.person_in_kathmandu("Anna").await;
    drafts(&mut anna, "Read").await;
    anna.says("/today").await;
    anna.hears("No habits yet").await;
    anna.says("Read").await;
    anna.hears("I did not get that").await;
    anna.says("/new").await;
    anna.hears("A new habit").await;
    anna.says("/cancel").await;
    anna.hears("nothing was saved").await;
    anna.says("/cancel").await;
    anna.hears("nothing to cancel").await;
    assert!(world.habit_names().await.is_empty());
    world.end().await;
}

#[sqlx::test(migrations = "../migrations")]
async fn a_button_of_an_earlier_draft_changes_nothing(pool: PgPool) {
    let world = World::new(pool).await;
    world.keep_old_screens().await;
    let mut anna = world.person_in_kathmandu("Anna").await;
    let earlier = drafts(&mut anna, "Read").await;
    let draft = drafts(&mut anna, "Run").await;
    let pressed = anna.taps(&earlier, "🎯 Goal").await;
    assert_eq!(anna.toast(&pressed).await, "That question is answered already");
    anna.taps(&draft, "✅ Create").await;
    anna.sees(&draft, "Run is planted").await;
    assert_eq!(world.habit_names().await, ["Run"]);
    world.end().await;
}

#[sqlx::test(migrations = "../migrations")]
async fn a_double_tap_makes_one_habit(pool: PgPool) {
    let mut world = World::new(pool).await;
    let mut anna = world.person_in_kathmandu("Anna").await;
    let draft = drafts(&mut anna, "Read").await;
    world.stop_bot().await;
    anna.taps(&draft, "✅ Create").await;
    let second = anna.taps(&draft, "✅ Create").await;
    world.start_bot();
    assert_eq!(anna.toast(&second).await, "That question is answered already");
    anna.sees(&draft, "0 of 1 done").await;
    assert_eq!(world.habit_names().await, ["Read"]);
    world.end().await;
}

#[sqlx::test(migrations = "../migrations")]
async fn who_has_no_zone_is_asked_once_the_habit_is_there(pool: PgPool) {
    let world = World::new(pool).await;
    let mut anna = world.person("Anna", "en").await;
    let draft = drafts(&mut anna, "Read").await;
    anna.taps(&draft, "✅ Create").await;
    anna.sees(&draft, "is planted").await;
    let question = anna.hears("Where do you live?").await;
    anna.taps(&question, "16:45 Kathmandu").await;
    anna.sees(&question, "Your time zone is Asia/Kathmandu").await;
    world.end().await;
}
