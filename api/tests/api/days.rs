//! Amounts, days that are excused, and habits that are complete.

use serde_json::{Value, json};
use sqlx::PgPool;

use crate::server::{Person, Reply, Server};

async fn say(person: &Person<'_>, id: i64, body: Value) -> Reply {
    person.post(&format!("/habits/{id}/executions/"), body).await
}

async fn pages(person: &Person<'_>, direction: &str) -> i64 {
    let goal = json!({"direction": direction, "amount": 20, "unit": "pages"});
    let body = json!({"name": "read", "time_to_remind": "21:00:00", "goal": goal});
    person.post("/habits/", body).await.ok(201)["id"].as_i64().unwrap()
}

#[sqlx::test(migrations = "../migrations")]
async fn a_day_is_done_once_its_amount_is_reached(pool: PgPool) {
    let server = Server::new(pool);
    let person = server.person(7, "UTC").await;
    let id = pages(&person, "at_least").await;
    let first = say(&person, id, json!({"add": 12.5})).await.ok(201);
    assert_eq!((&first["status"], &first["amount"]), (&json!("pending"), &json!(12.5)));
    let second = say(&person, id, json!({"add": 7.5})).await.ok(201);
    assert_eq!((&second["status"], &second["amount"]), (&json!("done"), &json!(20.0)));
    assert_eq!(second["habit"]["amount_today"], 20.0);
    let corrected = say(&person, id, json!({"amount": 3})).await.ok(201);
    assert_eq!((&corrected["status"], &corrected["habit"]["current_streak"]), (&json!("pending"), &json!(0)));
}

#[sqlx::test(migrations = "../migrations")]
async fn an_amount_is_added_once_for_an_update_however_often_it_comes(pool: PgPool) {
    let server = Server::new(pool);
    let person = server.person(7, "UTC").await;
    let id = pages(&person, "at_least").await;
    let path = format!("/habits/{id}/executions/");
    let add = async |pages: f64, update| person.post_for_update(&path, json!({"add": pages}), update).await;
    let first = add(5.0, 31).await.ok(201);
    assert_eq!(first["amount"], 5.0);
    assert_eq!(add(2.0, 32).await.ok(201)["amount"], 7.0);
    assert_eq!(add(5.0, 31).await.ok(201), first);
    assert_eq!(person.get(&format!("/habits/{id}")).await.ok(200)["amount_today"], 7.0);
    assert_eq!(add(6.0, 31).await.error(), (422, "idempotency_key_reused"));
}

#[sqlx::test(migrations = "../migrations")]
async fn a_refused_addition_can_be_sent_again(pool: PgPool) {
    let server = Server::new(pool);
    let person = server.person(7, "UTC").await;
    let id = pages(&person, "at_least").await;
    let path = format!("/habits/{id}");
    person.patch(&path, json!({"is_active": false})).await.ok(200);
    let add = async || person.post_for_update(&format!("{path}/executions"), json!({"add": 5}), 31).await;
    assert_eq!(add().await.error(), (400, "habit_not_active"));
    person.patch(&path, json!({"is_active": true})).await.ok(200);
    assert_eq!(add().await.ok(201)["amount"], 5.0);
}

#[sqlx::test(migrations = "../migrations")]
async fn too_much_of_a_bad_thing_is_not_done(pool: PgPool) {
    let server = Server::new(pool);
    let person = server.person(7, "UTC").await;
    let id = pages(&person, "at_most").await;
    assert_eq!(say(&person, id, json!({"amount": 20})).await.ok(201)["status"], "done");
    assert_eq!(say(&person, id, json!({"add": 0.001})).await.ok(201)["status"], "not_done");
}

#[sqlx::test(migrations = "../migrations")]
async fn of_nothing_there_is_nothing_to_take_back(pool: PgPool) {
    let server = Server::new(pool);
    let person = server.person(7, "UTC").await;
    let id = pages(&person, "at_most").await;
    let said = say(&person, id, json!({"add": -5})).await.ok(201);
    assert_eq!((&said["status"], &said["amount"]), (&json!("pending"), &Value::Null));
}

#[sqlx::test(migrations = "../migrations")]
async fn a_tick_means_the_whole_amount_and_its_undo_none(pool: PgPool) {
    let server = Server::new(pool);
    let person = server.person(7, "UTC").await;
    let id = pages(&person, "at_least").await;
    assert_eq!(say(&person, id, json!({"status": "done"})).await.ok(201)["amount"], 20.0);
    assert_eq!(say(&person, id, json!({"status": "pending"})).await.ok(201)["amount"], Value::Null);
}

#[sqlx::test(migrations = "../migrations")]
async fn an_amount_that_cannot_be_is_refused(pool: PgPool) {
    let server = Server::new(pool);
    let person = server.person(7, "UTC").await;
    let (counted, plain) = (pages(&person, "at_least").await, person.habit("run", "07:00:00").await);
    for (id, body, field) in [
        (counted, json!({"amount": -1}), "amount"),
        (counted, json!({"amount": 1_000_000_001}), "amount"),
        (counted, json!({"amount": 1e300}), "amount"),
        (counted, json!({"add": 1e300}), "add"),
        (counted, json!({"add": 1, "amount": 1}), "add"),
        (plain, json!({"amount": 1}), "amount"),
        (plain, json!({"status": "done", "note": "x".repeat(501)}), "note"),
    ] {
        let reply = say(&person, id, body.clone()).await;
        assert_eq!(reply.error(), (422, "validation_error"), "{body}");
        assert_eq!(reply.body["detail"]["loc"], json!(["body", field]), "{body}");
    }
    assert_eq!(person.get(&format!("/habits/{counted}")).await.ok(200)["executions"], json!([]));
}

#[sqlx::test(migrations = "../migrations")]
async fn amounts_added_at_the_same_time_are_all_counted(pool: PgPool) {
    let server = Server::new(pool);
    let person = server.person(7, "UTC").await;
    let id = pages(&person, "at_least").await;
    let adds = (0..16).map(|_| say(&person, id, json!({"add": 1})));
    for reply in futures::future::join_all(adds).await {
        reply.ok(201);
    }
    assert_eq!(person.get(&format!("/habits/{id}")).await.ok(200)["amount_today"], 16.0);
}

#[sqlx::test(migrations = "../migrations")]
async fn a_note_stays_until_it_is_taken_back(pool: PgPool) {
    let server = Server::new(pool);
    let person = server.person(7, "UTC").await;
    let id = person.habit("read", "21:00:00").await;
    assert_eq!(
        say(&person, id, json!({"status": "done", "note": " Moby\u{0}Dick "})).await.ok(201)["note"],
        "MobyDick"
    );
    assert_eq!(say(&person, id, json!({"status": "not_done"})).await.ok(201)["note"], "MobyDick");
    assert_eq!(say(&person, id, json!({"status": "done", "note": ""})).await.ok(201)["note"], Value::Null);
}

#[sqlx::test(migrations = "../migrations")]
async fn a_skipped_day_keeps_the_streak(pool: PgPool) {
    let server = Server::new(pool);
    let person = server.person(7, "UTC").await;
    let id = person.habit("read", "21:00:00").await;
    person.set(id, "done", "2026-11-20").await;
    assert_eq!(person.set(id, "skipped", "2026-11-21").await["habit"]["current_streak"], 1);
    assert_eq!(person.set(id, "done", "2026-11-22").await["habit"]["current_streak"], 2);
}

#[sqlx::test(migrations = "../migrations")]
async fn a_day_is_skipped_on_its_day_or_on_the_morning_after(pool: PgPool) {
    let server = Server::new(pool);
    let person = server.person(7, "UTC").await;
    let id = person.habit("read", "21:00:00").await;
    let reply = say(&person, id, json!({"status": "skipped", "execution_date": "2026-11-20"})).await;
    assert_eq!(reply.error(), (422, "date_out_of_range"));
}

#[sqlx::test(migrations = "../migrations")]
async fn what_was_skipped_may_be_said_again_later(pool: PgPool) {
    let server = Server::new(pool);
    let person = server.person(7, "UTC").await;
    let id = person.habit("read", "21:00:00").await;
    person.set(id, "skipped", "2026-11-22").await;
    server.set_time("2026-11-27T12:00:00Z");
    let body = json!({"status": "skipped", "execution_date": "2026-11-22", "note": "ill"});
    assert_eq!(say(&server.silent(7).await, id, body).await.ok(201)["note"], "ill");
}

#[sqlx::test(migrations = "../migrations")]
async fn two_missed_days_of_a_month_can_be_frozen(pool: PgPool) {
    let server = Server::new(pool);
    let person = server.person(7, "UTC").await;
    let (read, run) = (person.habit("read", "21:00:00").await, person.habit("run", "07:00:00").await);
    for date in ["2026-11-17", "2026-11-19", "2026-11-21"] {
        person.set(read, "done", date).await;
    }
    person.set(run, "done", "2026-11-19").await;
    person.set(read, "frozen", "2026-11-18").await;
    assert_eq!(person.set(read, "frozen", "2026-11-20").await["habit"]["current_streak"], 3);
    let third = say(&person, run, json!({"status": "frozen", "execution_date": "2026-11-20"})).await;
    assert_eq!(third.error(), (409, "no_freeze_left"));
    // Filling the day in gives the freeze back.
    person.set(read, "done", "2026-11-18").await;
    person.set(run, "frozen", "2026-11-20").await;
}

#[sqlx::test(migrations = "../migrations")]
async fn freezes_at_the_same_time_are_two_at_the_most(pool: PgPool) {
    let server = Server::new(pool);
    let person = server.person(7, "UTC").await;
    let mut habits = Vec::new();
    for number in 0..6 {
        let id = person.habit(&format!("habit {number}"), "21:00:00").await;
        person.set(id, "done", "2026-11-19").await;
        habits.push(id);
    }
    let body = json!({"status": "frozen", "execution_date": "2026-11-20"});
    let freezes = habits.iter().map(|id| say(&person, *id, body.clone()));
    let frozen = futures::future::join_all(freezes).await.into_iter().filter(|reply| reply.status == 201).count();
    assert_eq!(frozen, 2);
}

#[sqlx::test(migrations = "../migrations")]
async fn a_day_that_was_not_missed_costs_no_freeze(pool: PgPool) {
    let server = Server::new(pool);
    let person = server.person(7, "UTC").await;
    let (read, run) = (person.habit("read", "21:00:00").await, person.habit("run", "07:00:00").await);
    let mondays = json!({"type": "weekdays", "weekdays": ["mon"]});
    let monday = json!({"name": "clean", "time_to_remind": "09:00:00", "schedule": mondays});
    let monday = person.post("/habits/", monday).await.ok(201)["id"].as_i64().unwrap();
    for (id, date) in [(read, "2026-11-19"), (read, "2026-11-21"), (run, "2026-11-18"), (monday, "2026-11-16")] {
        person.set(id, "done", date).await;
    }
    person.post("/pauses", json!({"habit_id": run, "from_date": "2026-11-20", "to_date": "2026-11-20"})).await.ok(201);
    for (id, date) in [(read, "2026-11-21"), (read, "2026-11-18"), (run, "2026-11-20"), (monday, "2026-11-19")] {
        let refused = say(&person, id, json!({"status": "frozen", "execution_date": date})).await;
        assert_eq!(refused.error(), (422, "validation_error"), "{date}");
        assert_eq!(refused.body["detail"]["loc"], json!(["body", "status"]));
    }
    person.set(run, "frozen", "2026-11-19").await;
    assert_eq!(person.set(read, "frozen", "2026-11-20").await["habit"]["current_streak"], 2);
}

#[sqlx::test(migrations = "../migrations")]
async fn a_day_stays_excused_until_its_amount_makes_it_done(pool: PgPool) {
    let server = Server::new(pool);
    let person = server.person(7, "UTC").await;
    let id = pages(&person, "at_least").await;
    person.set(id, "done", "2026-11-20").await;
    person.set(id, "frozen", "2026-11-21").await;
    person.set(id, "skipped", "2026-11-22").await;
    for (date, status) in [("2026-11-21", "frozen"), ("2026-11-22", "skipped")] {
        let some = say(&person, id, json!({"add": 5, "execution_date": date})).await.ok(201);
        assert_eq!((&some["status"], &some["amount"]), (&json!(status), &json!(5.0)));
        assert_eq!(some["habit"]["max_streak"], if status == "frozen" { 1 } else { 2 });
        let all = say(&person, id, json!({"add": 15, "execution_date": date})).await.ok(201);
        assert_eq!((&all["status"], &all["amount"]), (&json!("done"), &json!(20.0)));
    }
}

#[sqlx::test(migrations = "../migrations")]
async fn today_cannot_be_frozen(pool: PgPool) {
    let server = Server::new(pool);
    let person = server.person(7, "UTC").await;
    let id = person.habit("read", "21:00:00").await;
    assert_eq!(say(&person, id, json!({"status": "frozen"})).await.error(), (422, "date_out_of_range"));
}

/// A habit whose goal is three days, two of them done before today.
async fn nearly_complete(person: &Person<'_>) -> i64 {
    let body = json!({"name": "read", "time_to_remind": "21:00:00", "target_days": 3});
    let id = person.post("/habits/", body).await.ok(201)["id"].as_i64().unwrap();
    person.set(id, "done", "2026-11-20").await;
    person.set(id, "done", "2026-11-21").await;
    id
}

#[sqlx::test(migrations = "../migrations")]
async fn the_day_that_reaches_the_goal_completes_the_habit(pool: PgPool) {
    let server = Server::new(pool);
    let person = server.person(7, "UTC").await;
    let id = nearly_complete(&person).await;
    let habit = &person.set(id, "done", "2026-11-22").await["habit"];
    assert_eq!(habit["is_active"], false);
    assert_eq!(habit["completed_at"], "2026-11-22T12:00:00Z");
    assert_eq!(habit["next_reminder_at"], Value::Null);
}

#[sqlx::test(migrations = "../migrations")]
async fn the_completing_tick_can_be_undone(pool: PgPool) {
    let server = Server::new(pool);
    let person = server.person(7, "UTC").await;
    let id = nearly_complete(&person).await;
    person.set(id, "done", "2026-11-22").await;
    let habit = &person.set(id, "pending", "2026-11-22").await["habit"];
    assert_eq!((&habit["is_active"], &habit["completed_at"]), (&json!(true), &Value::Null));
    assert_eq!(habit["current_streak"], 2);
    assert_eq!(habit["next_reminder_at"], "2026-11-22T21:00:00Z");
}

#[sqlx::test(migrations = "../migrations")]
async fn a_complete_habit_keeps_its_streak_while_days_go_by(pool: PgPool) {
    let server = Server::new(pool);
    let person = server.person(7, "UTC").await;
    let id = nearly_complete(&person).await;
    person.set(id, "done", "2026-11-22").await;
    server.set_time("2026-11-29T12:00:00Z");
    let person = server.silent(7).await;
    let said = person.set(id, "done", "2026-11-22").await;
    assert_eq!((&said["habit"]["current_streak"], &said["habit"]["is_active"]), (&json!(3), &json!(false)));
}

#[sqlx::test(migrations = "../migrations")]
async fn a_complete_habit_takes_no_days_after_its_last(pool: PgPool) {
    let server = Server::new(pool);
    let person = server.person(7, "UTC").await;
    let id = nearly_complete(&person).await;
    person.set(id, "done", "2026-11-22").await;
    server.set_time("2026-11-23T12:00:00Z");
    let person = server.silent(7).await;
    for said in [json!({"status": "done"}), json!({"status": "skipped"}), json!({"status": "done", "note": "and on"})] {
        assert_eq!(say(&person, id, said).await.error(), (400, "habit_not_active"));
    }
    assert_eq!(person.set(id, "done", "2026-11-19").await["habit"]["current_streak"], 4);
}

/// 20:00 on the first of December in New York is the second of it in Berlin, a day that was still open.
#[sqlx::test(migrations = "../migrations")]
async fn a_complete_habit_keeps_its_streak_wherever_its_owner_goes(pool: PgPool) {
    let server = Server::new(pool);
    server.person(7, "America/New_York").await;
    server.set_time("2026-12-02T01:00:00Z");
    let person = server.silent(7).await;
    let body = json!({"name": "read", "time_to_remind": "21:00:00", "target_days": 3});
    let id = person.post("/habits/", body).await.ok(201)["id"].as_i64().unwrap();
    for date in ["2026-11-28", "2026-11-29", "2026-11-30"] {
        person.set(id, "done", date).await;
    }
    server.set_time("2026-12-05T01:00:00Z");
    let person = server.silent(7).await;
    person.patch("/users/me", json!({"timezone": "Europe/Berlin"})).await.ok(200);
    let habit = person.get(&format!("/habits/{id}")).await.ok(200);
    assert_eq!((&habit["is_active"], &habit["current_streak"]), (&json!(false), &json!(3)));
    assert_eq!(person.set(id, "pending", "2026-11-30").await["habit"]["is_active"], true);
}

/// He completed it on a date that is only tomorrow where he is now.
#[sqlx::test(migrations = "../migrations")]
async fn the_completing_tick_can_be_undone_after_a_flight_west(pool: PgPool) {
    let server = Server::new(pool);
    let person = server.person(7, "Pacific/Kiritimati").await;
    let id = nearly_complete(&person).await;
    person.patch(&format!("/habits/{id}"), json!({"target_days": 4})).await.ok(200);
    person.set(id, "done", "2026-11-22").await;
    assert_eq!(person.set(id, "done", "2026-11-23").await["habit"]["is_active"], false);
    person.patch("/users/me", json!({"timezone": "Pacific/Pago_Pago"})).await.ok(200);
    server.set_time("2026-11-24T12:00:00Z");
    let person = server.silent(7).await;
    assert_eq!(person.set(id, "pending", "2026-11-23").await["habit"]["is_active"], true);
}

#[sqlx::test(migrations = "../migrations")]
async fn an_undo_never_archives(pool: PgPool) {
    let server = Server::new(pool);
    let person = server.person(7, "UTC").await;
    let id = nearly_complete(&person).await;
    person.set(id, "done", "2026-11-22").await;
    // Taken up again beyond its goal, it goes on.
    person.patch(&format!("/habits/{id}"), json!({"is_active": true})).await.ok(200);
    person.set(id, "done", "2026-11-19").await;
    let habit = &person.set(id, "pending", "2026-11-19").await["habit"];
    assert_eq!((&habit["is_active"], &habit["current_streak"]), (&json!(true), &json!(3)));
}

#[sqlx::test(migrations = "../migrations")]
async fn an_archived_habit_is_restored_with_its_days(pool: PgPool) {
    let server = Server::new(pool);
    let person = server.person(7, "UTC").await;
    let id = person.habit("read", "21:00:00").await;
    person.set(id, "done", "2026-11-21").await;
    let archived = person.patch(&format!("/habits/{id}"), json!({"is_active": false})).await.ok(200);
    assert_eq!(archived["next_reminder_at"], Value::Null);
    let restored = person.patch(&format!("/habits/{id}"), json!({"is_active": true})).await.ok(200);
    assert_eq!((&restored["current_streak"], &restored["max_streak"]), (&json!(1), &json!(1)));
    assert_eq!(restored["next_reminder_at"], "2026-11-22T21:00:00Z");
}

#[sqlx::test(migrations = "../migrations")]
async fn a_streak_carried_over_its_goal_completes_with_the_next_day_done(pool: PgPool) {
    let server = Server::new(pool);
    let person = server.person(7, "UTC").await;
    let id = person.habit("read", "21:00:00").await;
    person.set(id, "done", "2026-11-20").await;
    person.set(id, "done", "2026-11-21").await;
    let lowered = person.patch(&format!("/habits/{id}"), json!({"target_days": 2})).await.ok(200);
    assert_eq!(lowered["is_active"], true);
    let habit = &person.set(id, "done", "2026-11-22").await["habit"];
    assert_eq!((&habit["is_active"], &habit["current_streak"]), (&json!(false), &json!(3)));
}

#[sqlx::test(migrations = "../migrations")]
async fn a_complete_habit_whose_goal_is_raised_stays_complete_whatever_is_noted(pool: PgPool) {
    let server = Server::new(pool);
    let person = server.person(7, "UTC").await;
    let id = nearly_complete(&person).await;
    person.set(id, "done", "2026-11-22").await;
    let raised = person.patch(&format!("/habits/{id}"), json!({"target_days": 30})).await.ok(200);
    assert_eq!(raised["completed_at"], "2026-11-22T12:00:00Z");
    let noted = say(&person, id, json!({"status": "done", "note": "at last"})).await.ok(201);
    assert_eq!((&noted["habit"]["is_active"], &noted["note"]), (&json!(false), &json!("at last")));
}

#[sqlx::test(migrations = "../migrations")]
async fn a_habit_taken_up_again_goes_on_until_it_falls_below_its_goal(pool: PgPool) {
    let server = Server::new(pool);
    let person = server.person(7, "UTC").await;
    let id = nearly_complete(&person).await;
    person.set(id, "done", "2026-11-22").await;
    person.patch(&format!("/habits/{id}"), json!({"is_active": true})).await.ok(200);
    let beyond = &person.set(id, "done", "2026-11-19").await["habit"];
    assert_eq!((&beyond["is_active"], &beyond["current_streak"]), (&json!(true), &json!(4)));

    person.set(id, "pending", "2026-11-21").await;
    let again = &person.set(id, "done", "2026-11-21").await["habit"];
    assert_eq!((&again["is_active"], &again["current_streak"]), (&json!(false), &json!(4)));
}

#[sqlx::test(migrations = "../migrations")]
async fn half_of_a_goal_makes_half_as_strong(pool: PgPool) {
    let server = Server::new(pool);
    let person = server.person(7, "UTC").await;
    let body = json!({"name": "read", "time_to_remind": "21:00:00", "goal": {"direction": "at_least", "amount": 20}});
    let id = person.post("/habits/", body).await.ok(201)["id"].as_i64().unwrap();
    let strength = async |amount: f64| {
        say(&person, id, json!({"amount": amount, "execution_date": "2026-11-21"})).await.ok(201);
        let [habit, statistics] = ["", "/statistics"].map(|of| format!("/habits/{id}{of}"));
        let strength = person.get(&habit).await.ok(200)["strength"].as_f64().unwrap();
        assert_eq!(person.get(&statistics).await.ok(200)["strength"], strength);
        strength
    };
    let (half, whole) = (strength(10.0).await, strength(20.0).await);
    assert!(half > 0.0 && (whole - 2.0 * half).abs() < 1e-9, "{half} is not half of {whole}");
}
