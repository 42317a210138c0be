//! How often a habit is to be done, and on which days it says so.

use serde_json::{Value, json};
use sqlx::PgPool;

use crate::server::{Person, Server};

/// A habit with this schedule. It is Sunday the 22nd.
async fn habit(person: &Person<'_>, schedule: Value) -> i64 {
    let body = json!({"name": "read", "time_to_remind": "21:00:00", "schedule": schedule});
    person.post("/habits/", body).await.ok(201)["id"].as_i64().unwrap()
}

async fn next_reminder(person: &Person<'_>, id: i64) -> Value {
    person.get(&format!("/habits/{id}")).await.ok(200)["next_reminder_at"].clone()
}

#[sqlx::test(migrations = "../migrations")]
async fn a_habit_is_daily_unless_it_says_otherwise(pool: PgPool) {
    let server = Server::new(pool);
    let person = server.person(7, "UTC").await;
    let id = person.habit("read", "21:00:00").await;
    assert_eq!(person.get(&format!("/habits/{id}")).await.ok(200)["schedule"], json!({"type": "daily"}));
}

#[sqlx::test(migrations = "../migrations")]
async fn every_kind_of_schedule_is_kept(pool: PgPool) {
    let server = Server::new(pool);
    let person = server.person(7, "UTC").await;
    for schedule in [
        json!({"type": "weekdays", "weekdays": ["mon", "wed"]}),
        json!({"type": "times_per_week", "times": 3}),
        json!({"type": "times_per_month", "times": 31}),
        json!({"type": "every_n_days", "days": 365, "start": "2026-11-20"}),
    ] {
        let id = habit(&person, schedule.clone()).await;
        assert_eq!(person.get(&format!("/habits/{id}")).await.ok(200)["schedule"], schedule);
    }
}

#[sqlx::test(migrations = "../migrations")]
async fn a_schedule_that_cannot_be_is_refused(pool: PgPool) {
    let server = Server::new(pool);
    let person = server.person(7, "UTC").await;
    for schedule in [
        json!({"type": "weekdays", "weekdays": []}),
        json!({"type": "weekdays", "weekdays": ["someday"]}),
        json!({"type": "times_per_week", "times": 0}),
        json!({"type": "times_per_week", "times": 8}),
        json!({"type": "times_per_month", "times": 32}),
        json!({"type": "every_n_days", "days": 1}),
        json!({"type": "every_n_days", "days": 366}),
        json!({"type": "every_n_days", "days": 3, "start": "0001-01-01"}),
        json!({"type": "every_n_days", "days": 3, "start": "9999-12-31"}),
        json!({"type": "hourly"}),
        json!("daily"),
    ] {
        let body = json!({"name": "read", "time_to_remind": "21:00:00", "schedule": schedule});
        let reply = person.post("/habits/", body).await;
        assert_eq!(reply.error(), (422, "validation_error"), "{schedule}");
        assert_eq!(reply.body["detail"]["loc"][1], "schedule", "{schedule}");
    }
    assert_eq!(person.get("/habits/").await.ok(200), json!([]));
}

#[sqlx::test(migrations = "../migrations")]
async fn a_day_off_is_not_reminded_of(pool: PgPool) {
    let server = Server::new(pool);
    let person = server.person(7, "UTC").await;
    let id = habit(&person, json!({"type": "weekdays", "weekdays": ["tue"]})).await;
    assert_eq!(next_reminder(&person, id).await, "2026-11-24T21:00:00Z");
}

#[sqlx::test(migrations = "../migrations")]
async fn a_new_schedule_counts_from_its_day_on(pool: PgPool) {
    let server = Server::new(pool);
    let person = server.person(7, "UTC").await;
    let id = habit(&person, json!({"type": "weekdays", "weekdays": ["mon", "wed", "fri"]})).await;
    for date in ["2026-11-16", "2026-11-18", "2026-11-20"] {
        person.set(id, "done", date).await;
    }
    let patch = json!({"schedule": {"type": "daily"}});
    let habit = person.patch(&format!("/habits/{id}"), patch).await.ok(200);
    assert_eq!(habit["current_streak"], 3);
    assert_eq!(habit["next_reminder_at"], "2026-11-22T21:00:00Z");
    // The new schedule asks for Sunday, which was missed.
    server.set_time("2026-11-23T12:00:00Z");
    let person = server.silent(7).await;
    assert_eq!(person.get(&format!("/habits/{id}")).await.ok(200)["current_streak"], 0);
}

#[sqlx::test(migrations = "../migrations")]
async fn several_reminders_come_in_order_and_stay_as_they_were_set(pool: PgPool) {
    let server = Server::new(pool);
    let person = server.person(7, "UTC").await;
    let body = json!({"name": "drink", "time_to_remind": "21:00:00", "more_reminder_times": ["13:00:00", "07:30:59", "07:30:00"]});
    let made = person.post("/habits/", body).await.ok(201);
    let id = made["id"].as_i64().unwrap();
    for habit in [&made, &person.get(&format!("/habits/{id}")).await.ok(200)] {
        assert_eq!(habit["time_to_remind"], "21:00:00");
        assert_eq!(habit["more_reminder_times"], json!(["07:30:00", "13:00:00"]));
        assert_eq!(habit["next_reminder_at"], "2026-11-22T13:00:00Z");
    }
    let later = person.patch(&format!("/habits/{id}"), json!({"time_to_remind": "22:00:00"})).await.ok(200);
    assert_eq!(
        (&later["time_to_remind"], &later["more_reminder_times"]),
        (&json!("22:00:00"), &made["more_reminder_times"])
    );
}

#[sqlx::test(migrations = "../migrations")]
async fn an_eleventh_reminder_is_refused(pool: PgPool) {
    let server = Server::new(pool);
    let person = server.person(7, "UTC").await;
    let more: Vec<String> = (0..10).map(|hour| format!("{hour:02}:00:00")).collect();
    let body = json!({"name": "drink", "time_to_remind": "21:00:00", "more_reminder_times": more});
    let reply = person.post("/habits/", body).await;
    assert_eq!(reply.error(), (422, "validation_error"));
    assert_eq!(reply.body["detail"]["loc"], json!(["body", "more_reminder_times"]));
}

#[sqlx::test(migrations = "../migrations")]
async fn quiet_hours_move_the_reminder_to_their_end(pool: PgPool) {
    let server = Server::new(pool);
    let person = server.person(7, "UTC").await;
    let id = person.habit("run", "06:00:00").await;
    let quiet = json!({"quiet_hours": {"from": "22:00:00", "to": "08:00:00"}});
    assert_eq!(person.patch("/users/me", quiet.clone()).await.ok(200)["quiet_hours"], quiet["quiet_hours"]);
    assert_eq!(next_reminder(&person, id).await, "2026-11-23T08:00:00Z");
    person.patch("/users/me", json!({"quiet_hours": null})).await.ok(200);
    assert_eq!(next_reminder(&person, id).await, "2026-11-23T06:00:00Z");
}

#[sqlx::test(migrations = "../migrations")]
async fn whoever_is_up_at_night_ticks_the_day_before(pool: PgPool) {
    let server = Server::new(pool);
    let person = server.person(7, "UTC").await;
    let id = person.habit("read", "21:00:00").await;
    person.patch("/users/me", json!({"day_start_hour": 4})).await.ok(200);
    server.set_time("2026-11-23T03:59:59Z");
    let person = server.silent(7).await;
    let ticked = person.post(&format!("/habits/{id}/executions/"), json!({"status": "done"})).await.ok(201);
    assert_eq!(ticked["execution_date"], "2026-11-22");
}

#[sqlx::test(migrations = "../migrations")]
async fn a_day_starts_at_five_at_the_latest(pool: PgPool) {
    let server = Server::new(pool);
    let person = server.person(7, "UTC").await;
    for hour in [-1, 6] {
        assert_eq!(person.patch("/users/me", json!({"day_start_hour": hour})).await.error(), (422, "validation_error"));
    }
}

#[sqlx::test(migrations = "../migrations")]
async fn a_leap_second_is_no_time_of_a_reminder(pool: PgPool) {
    let server = Server::new(pool);
    let person = server.person(7, "UTC").await;
    for (first, more, field) in
        [("23:59:60", "09:00:00", "time_to_remind"), ("09:00:00", "23:59:60", "more_reminder_times")]
    {
        let body = json!({"name": "read", "time_to_remind": first, "more_reminder_times": [more]});
        let refused = person.post("/habits/", body).await;
        assert_eq!(refused.error(), (422, "validation_error"));
        assert_eq!(refused.body["detail"]["loc"], json!(["body", field]));
    }
}

/// As the loops write it.
async fn reminded(pool: &PgPool, habit: i64, at: &str, date: &str) {
    sqlx::query(
        "with moved as (update habits set next_reminder_at = next_reminder_at + interval '1 day' where id = $1 returning user_id),
              delivery as (
                  insert into deliveries (kind, user_id, chat_id, scheduled_at, next_attempt_at, expires_at)
                  select 'reminder', user_id, 7, $2::text::timestamptz, now(), now() from moved returning scheduled_at, id)
         insert into delivery_items (scheduled_at, delivery_id, habit_id, execution_date)
         select scheduled_at, id, $1, $3::text::date from delivery",
    )
    .bind(habit)
    .bind(at)
    .bind(date)
    .execute(pool)
    .await
    .unwrap();
}

#[sqlx::test(migrations = "../migrations")]
async fn a_new_time_of_today_is_not_lost_by_other_changes(pool: PgPool) {
    let server = Server::new(pool.clone());
    let person = server.person(7, "UTC").await;
    let id = person.habit("read", "11:00:00").await;
    reminded(&pool, id, "2026-11-22T11:00:00Z", "2026-11-22").await;
    let path = format!("/habits/{id}");
    let changed = person.patch(&path, json!({"time_to_remind": "21:00:00"})).await.ok(200);
    assert_eq!(changed["next_reminder_at"], "2026-11-22T21:00:00Z");
    person.patch("/users/me", json!({"quiet_hours": {"from": "23:00", "to": "07:00"}})).await.ok(200);
    person.post("/pauses", json!({"from_date": "2026-12-24", "to_date": "2026-12-24"})).await.ok(201);
    assert_eq!(person.get(&path).await.ok(200)["next_reminder_at"], "2026-11-22T21:00:00Z");
}

/// 20:00 of the 22nd in Tokyo was an hour ago; in Los Angeles it is to come.
#[sqlx::test(migrations = "../migrations")]
async fn a_new_schedule_after_a_flight_west_repeats_no_reminder(pool: PgPool) {
    let server = Server::new(pool.clone());
    let person = server.person(7, "Asia/Tokyo").await;
    let id = person.habit("read", "20:00:00").await;
    reminded(&pool, id, "2026-11-22T11:00:00Z", "2026-11-22").await;
    person.patch("/users/me", json!({"timezone": "America/Los_Angeles"})).await.ok(200);
    let schedule = json!({"schedule": {"type": "times_per_week", "times": 6}});
    let changed = person.patch(&format!("/habits/{id}"), schedule).await.ok(200);
    assert_eq!(changed["next_reminder_at"], "2026-11-24T04:00:00Z");
}
