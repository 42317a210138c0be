use serde_json::{Value, json};
use sqlx::PgPool;

use crate::server::{Person, Server};

fn streaks(habit: &Value) -> (i64, i64) {
    (habit["current_streak"].as_i64().unwrap(), habit["max_streak"].as_i64().unwrap())
}

async fn habit(person: &Person<'_>, id: i64) -> Value {
    person.get(&format!("/habits/{id}")).await.ok(200)
}

#[sqlx::test(migrations = "../migrations")]
async fn the_reply_tells_the_day_and_the_habit_after_it(pool: PgPool) {
    let server = Server::new(pool);
    let person = server.person(7, "Asia/Kathmandu").await;
    let id = person.habit("read", "21:00:00").await;
    let reply = person.post(&format!("/habits/{id}/executions/"), json!({"status": "done"})).await.ok(201);
    insta::assert_json_snapshot!(reply);
}

/// 19:00 UTC on the 22nd is the 23rd in Kathmandu.
#[sqlx::test(migrations = "../migrations")]
async fn today_is_the_persons_own_everywhere(pool: PgPool) {
    let server = Server::new(pool);
    server.set_time("2026-11-22T19:00:00Z");
    let person = server.person(7, "Asia/Kathmandu").await;
    let id = person.habit("read", "21:00:00").await;
    person.set(id, "done", "2026-11-22").await;
    let is_done = async || {
        let patched = person.patch(&format!("/habits/{id}"), json!({"target_days": 5})).await.ok(200);
        let listed = person.get("/habits/").await.ok(200)[0].clone();
        [patched, listed, habit(&person, id).await].map(|habit| habit["is_done_today"].as_bool().unwrap())
    };
    assert_eq!(is_done().await, [false; 3]);
    let ticked = person.post(&format!("/habits/{id}/executions/"), json!({"status": "done"})).await.ok(201);
    assert_eq!(ticked["execution_date"], "2026-11-23");
    assert_eq!(ticked["habit"]["is_done_today"], true);
    assert_eq!(is_done().await, [true; 3]);
}

#[sqlx::test(migrations = "../migrations")]
async fn done_just_after_midnight_does_not_forgive_a_missed_day(pool: PgPool) {
    let server = Server::new(pool);
    let person = server.person(7, "UTC").await;
    let id = person.habit("read", "21:00:00").await;
    person.set(id, "done", "2026-11-21").await;
    server.set_time("2026-11-22T12:20:00Z");
    assert_eq!(streaks(&habit(&person, id).await), (1, 1));

    server.set_time("2026-11-23T00:05:00Z");
    let person = server.person(7, "UTC").await;
    assert_eq!(streaks(&habit(&person, id).await), (0, 1));
    assert_eq!(streaks(&person.set(id, "done", "2026-11-23").await["habit"]), (1, 1));
}

#[sqlx::test(migrations = "../migrations")]
async fn undo_restores_streak_and_record_and_no_more(pool: PgPool) {
    let server = Server::new(pool);
    let person = server.person(7, "UTC").await;
    let id = person.habit("read", "21:00:00").await;
    for date in ["2026-11-16", "2026-11-17", "2026-11-18", "2026-11-21"] {
        person.set(id, "done", date).await;
    }
    assert_eq!(streaks(&person.set(id, "done", "2026-11-22").await["habit"]), (2, 3));
    assert_eq!(streaks(&person.set(id, "pending", "2026-11-22").await["habit"]), (1, 3));
    assert_eq!(streaks(&person.set(id, "pending", "2026-11-17").await["habit"]), (1, 1));
}

#[sqlx::test(migrations = "../migrations")]
async fn a_streak_is_over_with_the_end_of_a_missed_day_everywhere(pool: PgPool) {
    let server = Server::new(pool);
    let person = server.person(7, "UTC").await;
    let id = person.habit("read", "21:00:00").await;
    person.set(id, "done", "2026-11-22").await;
    for (now, streak) in [("2026-11-23T23:59:59Z", 1), ("2026-11-24T00:00:00Z", 0)] {
        server.set_time(now);
        let person = server.silent(7).await;
        let shown = [
            habit(&person, id).await,
            person.get("/habits/").await.ok(200)[0].clone(),
            person.get("/today").await.ok(200)["habits"][0].clone(),
            person.get(&format!("/habits/{id}/statistics")).await.ok(200),
        ];
        assert_eq!(shown.map(|shown| shown["current_streak"].clone()), [streak; 4].map(Value::from), "{now}");
    }
}

/// 01:00 on the 22nd in Pago Pago is 02:00 on the 23rd in Kiritimati: the rest of the 22nd never was, until he flies back.
#[sqlx::test(migrations = "../migrations")]
async fn a_day_that_a_flight_east_cut_off_ends_no_streak(pool: PgPool) {
    let server = Server::new(pool);
    let person = server.person(7, "Pacific/Pago_Pago").await;
    let id = person.habit("read", "21:00:00").await;
    person.set(id, "done", "2026-11-20").await;
    person.set(id, "done", "2026-11-21").await;
    person.patch("/users/me", json!({"timezone": "Pacific/Kiritimati"})).await.ok(200);
    assert_eq!(streaks(&person.set(id, "done", "2026-11-23").await["habit"]), (3, 3));

    person.set(id, "pending", "2026-11-23").await;
    person.patch("/users/me", json!({"timezone": "Pacific/Pago_Pago"})).await.ok(200);
    server.set_time("2026-11-23T12:00:00Z");
    assert_eq!(streaks(&habit(&server.silent(7).await, id).await), (0, 2));
}

/// 01:00 on the 23rd in Auckland is 04:00 on the 22nd in Los Angeles: the 23rd comes a second time.
#[sqlx::test(migrations = "../migrations")]
async fn a_date_that_comes_twice_is_one_day(pool: PgPool) {
    let server = Server::new(pool);
    let person = server.person(7, "Pacific/Auckland").await;
    let id = person.habit("read", "21:00:00").await;
    let in_auckland = person.set(id, "done", "2026-11-23").await;
    person.patch("/users/me", json!({"timezone": "America/Los_Angeles"})).await.ok(200);
    assert_eq!(habit(&person, id).await["is_done_today"], false);
    person.set(id, "done", "2026-11-22").await;
    server.set_time("2026-11-23T20:00:00Z");
    let person = server.silent(7).await;
    let there = habit(&person, id).await;
    assert_eq!((&there["is_done_today"], streaks(&there)), (&json!(true), (2, 2)));
    assert_eq!(person.set(id, "done", "2026-11-23").await["id"], in_auckland["id"]);
    assert_eq!(habit(&person, id).await["executions"].as_array().unwrap().len(), 2);
}

/// A button of a reminder says its date; a tap in the list says none.
#[sqlx::test(migrations = "../migrations")]
async fn a_tap_after_midnight_counts_for_the_date_on_the_button_or_for_today(pool: PgPool) {
    let server = Server::new(pool);
    let person = server.person(7, "UTC").await;
    let id = person.habit("read", "22:00:00").await;
    let path = format!("/habits/{id}/executions/");
    for (now, on_the_list) in [("2026-11-22T23:59:00Z", "2026-11-22"), ("2026-11-23T00:01:00Z", "2026-11-23")] {
        server.set_time(now);
        let person = server.silent(7).await;
        assert_eq!(person.set(id, "done", "2026-11-22").await["execution_date"], "2026-11-22");
        let tapped = person.post(&path, json!({"status": "done"})).await.ok(201);
        assert_eq!(tapped["execution_date"], on_the_list);
    }
}

#[sqlx::test(migrations = "../migrations")]
async fn correcting_a_missed_day_joins_the_days_around_it(pool: PgPool) {
    let server = Server::new(pool);
    let person = server.person(7, "UTC").await;
    let id = person.habit("read", "21:00:00").await;
    for (status, date) in [("done", "2026-11-20"), ("not_done", "2026-11-21"), ("done", "2026-11-22")] {
        person.set(id, status, date).await;
    }
    assert_eq!(streaks(&habit(&person, id).await), (1, 1));
    assert_eq!(streaks(&person.set(id, "done", "2026-11-21").await["habit"]), (3, 3));
}

#[sqlx::test(migrations = "../migrations")]
async fn a_tick_that_changes_the_habit_updates_it(pool: PgPool) {
    let server = Server::new(pool);
    let person = server.person(7, "UTC").await;
    let id = person.habit("read", "21:00:00").await;
    for (now, status, updated_at) in [
        ("2026-11-22T12:10:00.123456789Z", "done", "2026-11-22T12:10:00.123456Z"),
        ("2026-11-22T12:15:00Z", "done", "2026-11-22T12:10:00.123456Z"),
        ("2026-11-22T12:20:00Z", "pending", "2026-11-22T12:20:00Z"),
    ] {
        server.set_time(now);
        assert_eq!(person.set(id, status, "2026-11-22").await["habit"]["updated_at"], updated_at);
        assert_eq!(habit(&person, id).await["updated_at"], updated_at);
    }
}

#[sqlx::test(migrations = "../migrations")]
async fn setting_the_same_twice_changes_nothing(pool: PgPool) {
    let server = Server::new(pool);
    let person = server.person(7, "UTC").await;
    let id = person.habit("read", "21:00:00").await;
    let first = person.set(id, "done", "2026-11-22").await;
    server.set_time("2026-11-22T12:10:00Z");
    assert_eq!(person.set(id, "done", "2026-11-22").await, first);
}

#[sqlx::test(migrations = "../migrations")]
async fn days_set_at_the_same_time_make_one_streak(pool: PgPool) {
    let server = Server::new(pool);
    let person = server.person(7, "UTC").await;
    let id = person.habit("read", "21:00:00").await;
    tokio::join!(
        person.set(id, "done", "2026-11-22"),
        person.set(id, "done", "2026-11-21"),
        person.set(id, "done", "2026-11-20"),
        person.set(id, "done", "2026-11-19"),
        person.set(id, "done", "2026-11-18"),
    );
    assert_eq!(streaks(&habit(&person, id).await), (5, 5));
}

#[sqlx::test(migrations = "../migrations")]
async fn a_day_that_cannot_be_set_is_refused(pool: PgPool) {
    let server = Server::new(pool);
    let person = server.person(7, "UTC").await;
    let id = person.habit("read", "21:00:00").await;
    for date in ["2026-11-23", "2025-11-20", "0001-01-01", "9999-12-31"] {
        let body = json!({"status": "done", "execution_date": date});
        let reply = person.post(&format!("/habits/{id}/executions/"), body).await;
        assert_eq!(reply.error(), (422, "date_out_of_range"));
        assert_eq!(reply.body["detail"]["loc"], json!(["body", "execution_date"]));
    }
    person.set(id, "done", "2025-11-21").await;
}

#[sqlx::test(migrations = "../migrations")]
async fn what_is_no_status_is_refused(pool: PgPool) {
    let server = Server::new(pool);
    let person = server.person(7, "UTC").await;
    let id = person.habit("read", "21:00:00").await;
    let path = format!("/habits/{id}/executions/");
    for body in [json!({}), json!({"status": "maybe"}), json!({"status": null})] {
        let reply = person.post(&path, body).await;
        assert_eq!(reply.error(), (422, "validation_error"));
        assert_eq!(reply.body["detail"]["loc"], json!(["body", "status"]));
    }
}

#[sqlx::test(migrations = "../migrations")]
async fn an_archived_habit_is_not_ticked(pool: PgPool) {
    let server = Server::new(pool);
    let person = server.person(7, "UTC").await;
    let id = person.habit("read", "21:00:00").await;
    person.patch(&format!("/habits/{id}"), json!({"is_active": false})).await.ok(200);
    let reply = person.post(&format!("/habits/{id}/executions/"), json!({"status": "done"})).await;
    assert_eq!(reply.error(), (400, "habit_not_active"));
}

#[sqlx::test(migrations = "../migrations")]
async fn a_habit_shows_its_days_newest_first(pool: PgPool) {
    let server = Server::new(pool);
    let person = server.person(7, "UTC").await;
    let id = person.habit("read", "21:00:00").await;
    for date in ["2026-11-20", "2026-11-22", "2026-11-21"] {
        person.set(id, "done", date).await;
    }
    let shown = habit(&person, id).await;
    let dates: Vec<_> =
        shown["executions"].as_array().unwrap().iter().map(|day| day["execution_date"].clone()).collect();
    assert_eq!(dates, ["2026-11-22", "2026-11-21", "2026-11-20"]);
}
