//! The last 53 weeks: of a habit, and of all of them.

use serde_json::{Value, json};
use sqlx::PgPool;

use crate::server::{Person, Server};

/// What became of a date.
fn fate<'a>(year: &'a Value, date: &str) -> &'a str {
    let day = |of: &str| of.parse::<chrono::NaiveDate>().unwrap();
    let index = (day(date) - day(year["from_date"].as_str().unwrap())).num_days();
    year["days"][usize::try_from(index).unwrap()].as_str().unwrap()
}

async fn habit(person: &Person<'_>, more: Value) -> i64 {
    let mut body = json!({"name": "read", "time_to_remind": "21:00:00"});
    body.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    person.post("/habits/", body).await.ok(201)["id"].as_i64().unwrap()
}

async fn year(person: &Person<'_>, id: i64) -> Value {
    person.get(&format!("/habits/{id}/year")).await.ok(200)
}

#[sqlx::test(migrations = "../migrations")]
async fn a_year_tells_what_became_of_each_day(pool: PgPool) {
    let server = Server::new(pool);
    let person = server.person(7, "UTC").await;
    let id = habit(&person, json!({})).await;
    for (date, status) in [("2026-11-16", "done"), ("2026-11-19", "done"), ("2026-11-21", "skipped")] {
        person.set(id, status, date).await;
    }
    person.set(id, "frozen", "2026-11-20").await;
    let year = year(&person, id).await;
    assert_eq!((&year["from_date"], &year["to_date"]), (&json!("2025-11-17"), &json!("2026-11-22")));
    let days = year["days"].as_array().unwrap();
    assert_eq!(days.len(), 371);
    let week: Vec<&str> = days[364..].iter().map(|day| day.as_str().unwrap()).collect();
    assert_eq!(week, ["done", "missed", "missed", "done", "excused", "skipped", "open"]);
    assert!(days[..364].iter().all(|day| day == "before"));
    assert_eq!((&year["name"], &year["done"], &year["max_streak"]), (&json!("read"), &json!(2), &json!(1)));
    assert!(year["strength"].as_f64().is_some_and(|strength| strength > 0.0 && strength < 1.0));
}

#[sqlx::test(migrations = "../migrations")]
async fn a_day_off_and_a_day_of_a_pause_are_not_missed(pool: PgPool) {
    let server = Server::new(pool);
    let person = server.person(7, "UTC").await;
    let id = habit(&person, json!({"schedule": {"type": "weekdays", "weekdays": ["mon", "fri"]}})).await;
    person.set(id, "done", "2026-11-09").await;
    person.post("/pauses", json!({"from_date": "2026-11-20", "to_date": "2026-11-22"})).await.ok(201);
    let year = year(&person, id).await;
    let fates = ["2026-11-10", "2026-11-13", "2026-11-16", "2026-11-20"].map(|date| fate(&year, date));
    assert_eq!(fates, ["off", "missed", "missed", "excused"]);
}

#[sqlx::test(migrations = "../migrations")]
async fn past_days_keep_the_schedule_they_had(pool: PgPool) {
    let server = Server::new(pool);
    let person = server.person(7, "UTC").await;
    let id = habit(&person, json!({})).await;
    person.set(id, "done", "2026-11-16").await;
    let mondays = json!({"schedule": {"type": "weekdays", "weekdays": ["mon"]}});
    person.patch(&format!("/habits/{id}"), mondays).await.ok(200);
    let year = year(&person, id).await;
    assert_eq!([fate(&year, "2026-11-21"), fate(&year, "2026-11-22")], ["missed", "off"]);
}

#[sqlx::test(migrations = "../migrations")]
async fn some_of_the_amount_is_a_part_of_the_day(pool: PgPool) {
    let server = Server::new(pool);
    let person = server.person(7, "UTC").await;
    let id = habit(&person, json!({"goal": {"direction": "at_least", "amount": 20.0}})).await;
    for (date, amount) in [("2026-11-19", 20.0), ("2026-11-20", 5.0), ("2026-11-21", 0.0)] {
        let body = json!({"amount": amount, "execution_date": date});
        person.post(&format!("/habits/{id}/executions/"), body).await.ok(201);
    }
    let year = year(&person, id).await;
    let fates = ["2026-11-19", "2026-11-20", "2026-11-21"].map(|date| fate(&year, date));
    assert_eq!(fates, ["done", "partly", "missed"]);
}

#[sqlx::test(migrations = "../migrations")]
async fn a_habit_that_was_put_away_misses_nothing_after(pool: PgPool) {
    let server = Server::new(pool);
    let person = server.person(7, "UTC").await;
    let id = habit(&person, json!({})).await;
    person.set(id, "done", "2026-11-18").await;
    person.set(id, "done", "2026-11-20").await;
    person.patch(&format!("/habits/{id}"), json!({"is_active": false})).await.ok(200);
    let year = year(&person, id).await;
    let fates = ["2026-11-19", "2026-11-20", "2026-11-21", "2026-11-22"].map(|date| fate(&year, date));
    assert_eq!(fates, ["missed", "done", "off", "off"]);
}

#[sqlx::test(migrations = "../migrations")]
async fn the_overview_has_every_active_habit_and_every_day(pool: PgPool) {
    let server = Server::new(pool);
    let person = server.person(7, "UTC").await;
    let read = habit(&person, json!({"goal": {"direction": "at_least", "amount": 20.0}})).await;
    let run = person.habit("run", "07:00:00").await;
    let gone = person.habit("swim", "06:00:00").await;
    for (id, date) in [(read, "2026-11-20"), (run, "2026-11-20"), (run, "2026-11-22"), (gone, "2026-11-20")] {
        person.set(id, "done", date).await;
    }
    person.patch(&format!("/habits/{gone}"), json!({"is_active": false})).await.ok(200);
    server.person(8, "UTC").await.habit("another's", "07:00:00").await;

    let overview = person.get("/statistics").await.ok(200);
    let names: Vec<_> = overview["habits"].as_array().unwrap().iter().map(|habit| &habit["name"]).collect();
    assert_eq!(names, ["run", "read"]);
    assert_eq!(overview["from_date"], "2025-11-17");
    let days = overview["done_by_day"].as_array().unwrap();
    assert_eq!((days.len(), &days[368..]), (371, &[json!(3), json!(0), json!(1)][..]));
    let first = &overview["habits"][0];
    assert_eq!((&first["current_streak"], &first["max_streak"]), (&json!(1), &json!(1)));
    // Begun on the 20th by what was filled in: of the 20th, 21st and 22nd one was missed.
    assert_eq!((&first["periods_kept"], &first["periods_due"]), (&json!(2), &json!(3)));
    for (habit, of) in [(read, 1), (run, 0)] {
        let strength = &person.get(&format!("/habits/{habit}")).await.ok(200)["strength"];
        assert_eq!(&overview["habits"][of]["strength"], strength);
    }
}

#[sqlx::test(migrations = "../migrations")]
async fn the_overview_of_nobodys_habits_is_a_year_of_nothing(pool: PgPool) {
    let server = Server::new(pool);
    let overview = server.person(7, "UTC").await.get("/statistics").await.ok(200);
    assert_eq!(overview["habits"], json!([]));
    assert!(overview["done_by_day"].as_array().unwrap().iter().all(|done| done == 0));
}
