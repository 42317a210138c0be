//! What a screen shows in one call: today, pauses, statistics.

use serde_json::{Value, json};
use sqlx::PgPool;

use crate::server::{Person, Server};

async fn scheduled(person: &Person<'_>, name: &str, schedule: Value) -> i64 {
    let body = json!({"name": name, "time_to_remind": "21:00:00", "schedule": schedule});
    person.post("/habits/", body).await.ok(201)["id"].as_i64().unwrap()
}

fn names(today: &Value) -> Vec<&str> {
    today["habits"].as_array().unwrap().iter().map(|habit| habit["name"].as_str().unwrap()).collect()
}

#[sqlx::test(migrations = "../migrations")]
async fn today_shows_what_is_to_be_done_by_time(pool: PgPool) {
    let server = Server::new(pool);
    let person = server.person(7, "UTC").await;
    let read = person.habit("read", "21:00:00").await;
    person.habit("run", "07:00:00").await;
    scheduled(&person, "swim", json!({"type": "weekdays", "weekdays": ["mon"]})).await;
    person.set(read, "done", "2026-11-22").await;
    let today = person.get("/today").await.ok(200);
    assert_eq!(today["date"], "2026-11-22");
    assert_eq!(names(&today), ["run", "read"]);
    assert_eq!((&today["settled"], &today["days_off"]), (&json!(1), &json!(1)));
    assert_eq!(today["user"]["telegram_id"], 7);
}

#[sqlx::test(migrations = "../migrations")]
async fn yesterday_is_told_as_it_was_and_can_be_set(pool: PgPool) {
    let server = Server::new(pool);
    let person = server.person(7, "UTC").await;
    let read = person.habit("read", "21:00:00").await;
    person.set(read, "done", "2026-11-22").await;
    let run = person.habit("run", "07:00:00").await;
    server.set_time("2026-11-23T00:30:00Z");
    let person = server.silent(7).await;
    person.habit("new", "12:00:00").await;
    let yesterday = person.get("/today?day=yesterday").await.ok(200);
    assert_eq!((&yesterday["date"], &yesterday["settled"]), (&json!("2026-11-22"), &json!(1)));
    assert_eq!(names(&yesterday), ["run", "read"]);
    assert_eq!(yesterday["habits"][1]["status_today"], "done");
    let done = json!({"status": "done", "execution_date": "2026-11-22"});
    let set = person.post(&format!("/habits/{run}/executions/?include=yesterday"), done).await.ok(201);
    assert_eq!((&set["today"]["date"], &set["today"]["settled"]), (&json!("2026-11-22"), &json!(2)));
    assert_eq!(person.get("/today?day=tomorrow").await.error(), (422, "validation_error"));
}

#[sqlx::test(migrations = "../migrations")]
async fn a_week_that_has_its_times_is_off_for_the_rest(pool: PgPool) {
    let server = Server::new(pool);
    let person = server.person(7, "UTC").await;
    let id = scheduled(&person, "swim", json!({"type": "times_per_week", "times": 2})).await;
    person.set(id, "done", "2026-11-16").await;
    assert_eq!(names(&person.get("/today").await.ok(200)), ["swim"]);
    person.set(id, "done", "2026-11-18").await;
    assert_eq!(person.get("/today").await.ok(200)["days_off"], 1);
}

#[sqlx::test(migrations = "../migrations")]
async fn an_archived_habit_is_shown_only_on_a_day_of_which_something_was_said(pool: PgPool) {
    let server = Server::new(pool);
    let person = server.person(7, "UTC").await;
    for (name, status) in [("swim", "done"), ("read", "pending")] {
        let id = person.habit(name, "21:00:00").await;
        person.set(id, status, "2026-11-22").await;
        person.patch(&format!("/habits/{id}"), json!({"is_active": false})).await.ok(200);
    }
    assert_eq!(names(&person.get("/today").await.ok(200)), ["swim"]);
    server.set_time("2026-11-23T12:00:00Z");
    let person = server.silent(7).await;
    assert!(names(&person.get("/today").await.ok(200)).is_empty());
}

#[sqlx::test(migrations = "../migrations")]
async fn what_was_completed_today_stays_to_be_undone(pool: PgPool) {
    let server = Server::new(pool);
    let person = server.person(7, "UTC").await;
    let body = json!({"name": "read", "time_to_remind": "21:00:00", "target_days": 1});
    let id = person.post("/habits/", body).await.ok(201)["id"].as_i64().unwrap();
    person.set(id, "done", "2026-11-22").await;
    let today = person.get("/today").await.ok(200);
    assert_eq!((&today["habits"][0]["is_active"], &today["settled"]), (&json!(false), &json!(1)));
}

#[sqlx::test(migrations = "../migrations")]
async fn a_pause_silences_a_habit_and_keeps_its_streak(pool: PgPool) {
    let server = Server::new(pool);
    let person = server.person(7, "UTC").await;
    let id = person.habit("read", "21:00:00").await;
    person.set(id, "done", "2026-11-21").await;
    let pause = person.post("/pauses", json!({"to_date": "2026-11-29"})).await.ok(201);
    assert_eq!((&pause["from_date"], &pause["habit_id"]), (&json!("2026-11-22"), &Value::Null));
    assert_eq!(person.get("/today").await.ok(200)["paused"], 1);
    server.set_time("2026-11-29T12:00:00Z");
    let person = server.silent(7).await;
    let habit = person.get(&format!("/habits/{id}")).await.ok(200);
    assert_eq!((&habit["current_streak"], &habit["next_reminder_at"]), (&json!(1), &json!("2026-11-30T21:00:00Z")));
}

#[sqlx::test(migrations = "../migrations")]
async fn a_habit_that_is_made_while_all_pause_is_silent_until_the_end(pool: PgPool) {
    let server = Server::new(pool);
    let person = server.person(7, "UTC").await;
    person.post("/pauses", json!({"to_date": "2026-11-29"})).await.ok(201);
    let id = person.habit("read", "21:00:00").await;
    let habit = person.get(&format!("/habits/{id}")).await.ok(200);
    assert_eq!(habit["next_reminder_at"], "2026-11-30T21:00:00Z");
}

#[sqlx::test(migrations = "../migrations")]
async fn a_pause_that_is_ended_lets_today_be_expected_again(pool: PgPool) {
    let server = Server::new(pool);
    let person = server.person(7, "UTC").await;
    let id = person.habit("read", "21:00:00").await;
    let pause = person.post("/pauses", json!({"habit_id": id, "from_date": "2026-11-20"})).await.ok(201);
    assert_eq!(person.get(&format!("/habits/{id}")).await.ok(200)["next_reminder_at"], Value::Null);
    let path = format!("/pauses/{}", pause["id"]);
    assert_eq!(person.delete(&path).await.status, 204);
    assert_eq!(person.get(&format!("/habits/{id}")).await.ok(200)["next_reminder_at"], "2026-11-22T21:00:00Z");
    assert_eq!(person.get("/pauses").await.ok(200), json!([]));
    assert_eq!(person.delete(&path).await.status, 204);
}

#[sqlx::test(migrations = "../migrations")]
async fn a_pause_that_is_ended_on_its_second_day_keeps_the_first_excused(pool: PgPool) {
    let server = Server::new(pool);
    let person = server.person(7, "UTC").await;
    let id = person.habit("read", "21:00:00").await;
    person.set(id, "done", "2026-11-20").await;
    let pause = person.post("/pauses", json!({"from_date": "2026-11-21"})).await.ok(201);
    assert_eq!(person.delete(&format!("/pauses/{}", pause["id"])).await.status, 204);
    assert_eq!(person.set(id, "done", "2026-11-22").await["habit"]["current_streak"], 2);
}

#[sqlx::test(migrations = "../migrations")]
async fn pauses_that_go_on_or_are_to_come_are_listed_the_earliest_first(pool: PgPool) {
    let server = Server::new(pool);
    let person = server.person(7, "UTC").await;
    let id = person.habit("read", "21:00:00").await;
    person.post("/pauses", json!({"from_date": "2026-11-19", "to_date": "2026-11-21"})).await.ok(201);
    let to_come = json!({"from_date": "2026-12-24", "to_date": "2026-12-31"});
    let to_come = person.post("/pauses", to_come).await.ok(201);
    let of_one = person.post("/pauses", json!({"habit_id": id, "from_date": "2026-11-20"})).await.ok(201);
    assert_eq!(person.get("/pauses").await.ok(200), json!([of_one, to_come]));
}

#[sqlx::test(migrations = "../migrations")]
async fn nobody_makes_more_pauses_than_allowed(pool: PgPool) {
    let server = Server::new(pool.clone());
    let person = server.person(7, "UTC").await;
    person.post("/pauses", json!({})).await.ok(201);
    sqlx::query(
        "insert into pauses (user_id, from_date, to_date, reason, created_at)
         select user_id, from_date, from_date, reason, created_at from pauses, generate_series(1, 498)",
    )
    .execute(&pool)
    .await
    .unwrap();
    person.post("/pauses", json!({})).await.ok(201);
    assert_eq!(person.post("/pauses", json!({})).await.error(), (409, "too_many_pauses"));
}

#[sqlx::test(migrations = "../migrations")]
async fn a_pause_that_cannot_be_is_refused(pool: PgPool) {
    let server = Server::new(pool);
    let person = server.person(7, "UTC").await;
    for body in [
        json!({"from_date": "2026-11-14"}),
        json!({"from_date": "9999-12-31"}),
        json!({"to_date": "2026-11-21"}),
        json!({"to_date": "2028-01-01"}),
    ] {
        assert_eq!(person.post("/pauses", body.clone()).await.error(), (422, "date_out_of_range"), "{body}");
    }
    for unknown in [0, 9] {
        let refused = person.post("/pauses", json!({"habit_id": unknown})).await;
        assert_eq!(refused.error(), (422, "validation_error"));
        assert_eq!(refused.body["detail"]["loc"], json!(["body", "habit_id"]));
    }
    assert_eq!(person.get("/pauses").await.ok(200), json!([]));
}

#[sqlx::test(migrations = "../migrations")]
async fn nobody_pauses_the_habit_of_another_or_ends_his_pause(pool: PgPool) {
    let server = Server::new(pool);
    let (ada, ben) = (server.person(7, "UTC").await, server.person(8, "UTC").await);
    let id = ada.habit("read", "21:00:00").await;
    let pause = ada.post("/pauses", json!({})).await.ok(201);
    assert_eq!(ben.post("/pauses", json!({"habit_id": id})).await.error(), (422, "validation_error"));
    assert_eq!(ben.delete(&format!("/pauses/{}", pause["id"])).await.error(), (404, "pause_not_found"));
}

#[sqlx::test(migrations = "../migrations")]
async fn a_zone_set_by_mistake_excuses_nothing_once_it_is_corrected(pool: PgPool) {
    let server = Server::new(pool.clone());
    let person = server.person(7, "Europe/Berlin").await;
    let id = person.habit("read", "21:00:00").await;
    for zone in ["Pacific/Kiritimati", "Europe/Berlin", "Pacific/Kiritimati", "Europe/Berlin"] {
        person.patch("/users/me", json!({"timezone": zone})).await.ok(200);
    }
    assert_eq!(person.get("/today").await.ok(200)["paused"], 0);
    let next = person.get(&format!("/habits/{id}")).await.ok(200)["next_reminder_at"].clone();
    assert_eq!(next, "2026-11-22T20:00:00Z");
    let pauses: i64 = sqlx::query_scalar("select count(*) from pauses").fetch_one(&pool).await.unwrap();
    assert_eq!(pauses, 0);
}

#[sqlx::test(migrations = "../migrations")]
async fn statistics_tell_how_a_habit_went(pool: PgPool) {
    let server = Server::new(pool);
    let person = server.person(7, "UTC").await;
    let id = person.habit("read", "21:00:00").await;
    for date in ["2026-11-16", "2026-11-17", "2026-11-20", "2026-11-22"] {
        person.set(id, "done", date).await;
    }
    let went = person.get(&format!("/habits/{id}/statistics?from_date=2026-11-16")).await.ok(200);
    assert_eq!((&went["done"], &went["periods_kept"], &went["periods_due"]), (&json!(4), &json!(4), &json!(7)));
    assert_eq!(went["done_by_weekday"], json!([1, 1, 0, 0, 1, 0, 1]));
    assert_eq!(went["streaks"][0], json!({"from_date": "2026-11-16", "to_date": "2026-11-17", "days": 2}));
    assert_eq!(went["days"].as_array().unwrap().len(), 4);
    assert!(went["strength"].as_f64().is_some_and(|strength| strength > 0.0 && strength < 1.0));
}

#[sqlx::test(migrations = "../migrations")]
async fn statistics_of_more_than_a_year_are_refused(pool: PgPool) {
    let server = Server::new(pool);
    let person = server.person(7, "UTC").await;
    let id = person.habit("read", "21:00:00").await;
    for query in ["from_date=2025-01-01", "from_date=2026-11-23&to_date=2026-11-22", "to_date=9999-12-31", "to_date=x"]
    {
        let reply = person.get(&format!("/habits/{id}/statistics?{query}")).await;
        assert_eq!(reply.error(), (422, "validation_error"), "{query}");
    }
}

#[sqlx::test(migrations = "../migrations")]
async fn a_heatmap_counts_the_habits_done_on_each_day_of_a_year(pool: PgPool) {
    let server = Server::new(pool);
    let person = server.person(7, "UTC").await;
    let (read, run) = (person.habit("read", "21:00:00").await, person.habit("run", "07:00:00").await);
    person.set(read, "done", "2026-11-20").await;
    person.set(run, "done", "2026-11-20").await;
    person.set(run, "done", "2026-11-22").await;
    person.set(run, "done", "2025-12-31").await;
    let heatmap = person.get("/statistics/heatmap?year=2026").await.ok(200);
    assert_eq!(heatmap["days"], json!([{"date": "2026-11-20", "done": 2}, {"date": "2026-11-22", "done": 1}]));
}

#[sqlx::test(migrations = "../migrations")]
async fn pages_by_cursor_miss_nothing_when_habits_go(pool: PgPool) {
    let server = Server::new(pool);
    let person = server.person(7, "UTC").await;
    let mut ids = Vec::new();
    for hour in 10..16 {
        ids.push(person.habit("read", &format!("{hour}:00:00")).await);
    }
    let first = person.get("/habits/?limit=3").await.ok(200);
    let last = first[2]["id"].as_i64().unwrap();
    person.delete(&format!("/habits/{}", ids[0])).await;
    let second = person.get(&format!("/habits/?limit=3&after={last}")).await.ok(200);
    let seen: Vec<i64> = second.as_array().unwrap().iter().map(|habit| habit["id"].as_i64().unwrap()).collect();
    assert_eq!(seen, ids[3..]);
    person.delete(&format!("/habits/{last}")).await;
    let lost = person.get(&format!("/habits/?limit=3&after={last}")).await;
    assert_eq!(lost.error(), (422, "validation_error"));
}

#[sqlx::test(migrations = "../migrations")]
async fn a_day_that_is_set_brings_the_screen_it_was_asked_for(pool: PgPool) {
    let server = Server::new(pool);
    let person = server.person(7, "UTC").await;
    let read = person.habit("read", "21:00:00").await;
    person.habit("run", "07:00:00").await;
    let set = async |include: &str| {
        let path = format!("/habits/{read}/executions?{include}");
        person.post(&path, json!({"status": "done"})).await
    };
    let with_today = set("include=today").await.ok(201);
    assert_eq!(names(&with_today["today"]), ["run", "read"]);
    assert_eq!(with_today["today"]["settled"], 1);
    assert_eq!(with_today["today"], person.get("/today").await.ok(200));
    let with_card = set("include=card").await.ok(201);
    assert_eq!(with_card["card"], person.get(&format!("/habits/{read}?executions=14")).await.ok(200));
    let plain = set("").await.ok(201);
    assert_eq!((plain.get("today"), plain.get("card")), (None, None));
    assert_eq!(set("include=tomorrow").await.error(), (422, "validation_error"));
}

#[sqlx::test(migrations = "../migrations")]
async fn a_habit_has_as_many_executions_as_are_asked_for(pool: PgPool) {
    let server = Server::new(pool);
    let person = server.person(7, "UTC").await;
    let read = person.habit("read", "21:00:00").await;
    for date in ["2026-11-20", "2026-11-21", "2026-11-22"] {
        person.set(read, "done", date).await;
    }
    let card = person.get(&format!("/habits/{read}?executions=2")).await.ok(200);
    let dates: Vec<&Value> = card["executions"].as_array().unwrap().iter().map(|day| &day["execution_date"]).collect();
    assert_eq!(dates, ["2026-11-22", "2026-11-21"]);
    assert_eq!((&card["today"], &card["current_streak"]), (&json!("2026-11-22"), &json!(3)));
    assert_eq!(person.get(&format!("/habits/{read}?executions=367")).await.error().0, 422);
}

#[sqlx::test(migrations = "../migrations")]
async fn all_that_is_open_today_is_done_at_once_and_what_was_skipped_stays(pool: PgPool) {
    let server = Server::new(pool);
    let person = server.person(7, "UTC").await;
    let (read, run) = (person.habit("read", "21:00:00").await, person.habit("run", "07:00:00").await);
    scheduled(&person, "swim", json!({"type": "weekdays", "weekdays": ["mon"]})).await;
    person.set(run, "skipped", "2026-11-22").await;
    let done = person.post("/today/done", json!({"date": "2026-11-22"})).await.ok(200);
    let status = |id: i64| {
        let habits = done["habits"].as_array().unwrap();
        habits.iter().find(|habit| habit["id"] == id).unwrap()["status_today"].clone()
    };
    assert_eq!((status(read), status(run)), (json!("done"), json!("skipped")));
    assert_eq!((&done["settled"], &done["days_off"]), (&json!(2), &json!(1)));
    assert_eq!(done, person.get("/today").await.ok(200));
}

#[sqlx::test(migrations = "../migrations")]
async fn another_day_than_today_is_not_done_at_once(pool: PgPool) {
    let server = Server::new(pool);
    let person = server.person(7, "UTC").await;
    person.habit("read", "21:00:00").await;
    for date in ["2026-11-21", "2026-11-23"] {
        let refused = person.post("/today/done", json!({"date": date})).await;
        assert_eq!(refused.error(), (422, "date_out_of_range"));
    }
    assert_eq!(person.get("/today").await.ok(200)["settled"], 0);
}

#[sqlx::test(migrations = "../migrations")]
async fn the_message_of_the_bots_screen_is_told_when_another_takes_its_place(pool: PgPool) {
    let server = Server::new(pool);
    let person = server.person(7, "UTC").await;
    let put = async |id: i64| person.put("/users/me/live-message", json!({"message_id": id})).await;
    assert_eq!(put(5).await.ok(200)["previous_message_id"], json!(null));
    assert_eq!(put(8).await.ok(200)["previous_message_id"], 5);
    assert_eq!(put(8).await.ok(200)["previous_message_id"], json!(null));
    assert_eq!(put(0).await.error(), (422, "validation_error"));
}
