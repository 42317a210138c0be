//! Creating a habit.

use sqlx::PgPool;
use telegram_simulator::Sending;

use crate::world::World;

#[sqlx::test(migrations = "../migrations")]
async fn a_habit_is_created_in_a_dialogue(pool: PgPool) {
    let world = World::new(pool).await;
    let mut anna = world.person_in_kathmandu("Anna").await;
    anna.says("/new").await;
    anna.hears("What is the new habit called?").await;
    anna.says("Read <3 books").await;
    anna.hears("Read <3 books: good choice!").await;
    anna.says("With tea & a cat").await;
    anna.hears("How many days in a row").await;
    anna.says("30").await;
    anna.hears("When shall I remind you?").await;
    anna.says("18:32").await;
    let card = anna.hears("Read <3 books is planted").await;
    assert!(card.text.contains("With tea & a cat"), "{}", card.text);
    assert!(card.text.contains("30 days in a row"), "{}", card.text);
    assert!(card.text.contains("today at 18:32 (Asia/Kathmandu)"), "{}", card.text);

    let due: String =
        sqlx::query_scalar("select next_reminder_at::text from habits").fetch_one(&world.pool).await.unwrap();
    assert_eq!(due, "2026-11-22 12:47:00+00");
    world.end().await;
}

#[sqlx::test(migrations = "../migrations")]
async fn a_habit_is_created_with_taps_in_one_message(pool: PgPool) {
    let world = World::new(pool).await;
    let mut anna = world.person_in_kathmandu("Anna").await;
    anna.says("/new").await;
    anna.hears("What is the new habit called?").await;
    anna.says("Read").await;
    let question = anna.hears("good choice!").await;
    anna.taps(&question, "⏭ Skip").await;
    let question = anna.sees(&question, "How many days").await;
    anna.taps(&question, "66 days").await;
    let question = anna.sees(&question, "When shall I remind you?").await;
    anna.taps(&question, "21:00").await;
    anna.sees(&question, "Next reminder: today at 21:00").await;
    assert_eq!(world.habit_names().await, ["Read"]);
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
    anna.hears("called?").await;
    anna.sends(&Sending::Sticker { emoji: "🐈".to_owned() }).await;
    anna.hears("I can only read text here").await;
    anna.says(&"a".repeat(65)).await;
    anna.hears("64 characters at most").await;
    anna.says("Read").await;
    anna.hears("good choice!").await;
    anna.says(&"a".repeat(1001)).await;
    anna.hears("1000 characters at most").await;
    anna.sends(&Sending::Voice { duration_s: 3 }).await;
    anna.hears("I can only read text here").await;
    anna.says("/skip").await;
    anna.hears("How many days").await;
    for (wrong, problem) in [("²", "not a whole number"), ("99999999999", "from 1 to 3650"), ("0", "from 1 to 3650")] {
        anna.says(wrong).await;
        anna.hears(problem).await;
    }
    anna.says("21").await;
    anna.hears("When shall I").await;
    anna.says("25:00").await;
    anna.hears("cannot read that as a time").await;
    anna.says("7.45").await;
    anna.hears("tomorrow at 07:45").await;
    world.end().await;
}

#[sqlx::test(migrations = "../migrations")]
async fn a_command_in_the_middle_wins(pool: PgPool) {
    let world = World::new(pool).await;
    let mut anna = world.person_in_kathmandu("Anna").await;
    anna.says("/new").await;
    anna.hears("called?").await;
    anna.says("/today").await;
    anna.hears("No habits yet").await;
    anna.says("Read").await;
    anna.hears("I did not get that").await;
    anna.says("/new").await;
    anna.hears("called?").await;
    anna.says("/cancel").await;
    anna.hears("nothing was saved").await;
    anna.says("/cancel").await;
    anna.hears("nothing to cancel").await;
    assert!(world.habit_names().await.is_empty());
    world.end().await;
}

#[sqlx::test(migrations = "../migrations")]
async fn a_button_of_an_earlier_question_changes_nothing(pool: PgPool) {
    let world = World::new(pool).await;
    world.keep_old_screens().await;
    let mut anna = world.person_in_kathmandu("Anna").await;
    anna.says("/new").await;
    anna.hears("called?").await;
    anna.says("Read").await;
    let earlier = anna.hears("good choice!").await;
    anna.says("/new").await;
    anna.hears("called?").await;
    anna.says("Run").await;
    let question = anna.hears("good choice!").await;
    let pressed = anna.taps(&earlier, "⏭ Skip").await;
    assert_eq!(anna.toast(&pressed).await, "That question is answered already");
    anna.taps(&question, "⏭ Skip").await;
    anna.sees(&question, "How many days").await;
    world.end().await;
}

#[sqlx::test(migrations = "../migrations")]
async fn who_has_no_zone_is_asked_once_the_habit_is_there(pool: PgPool) {
    let world = World::new(pool).await;
    let mut anna = world.person("Anna", "en").await;
    for (says, hears) in [("/new", "called?"), ("Read", "good choice!"), ("/skip", "How many"), ("21", "When shall")] {
        anna.says(says).await;
        anna.hears(hears).await;
    }
    anna.says("09:00").await;
    anna.hears("is planted").await;
    let question = anna.hears("Where do you live?").await;
    anna.taps(&question, "16:45 Kathmandu").await;
    anna.sees(&question, "Your time zone is Asia/Kathmandu").await;
    world.end().await;
}
