use chrono::{DateTime, Utc};
use serde_json::json;
use sqlx::PgPool;

use crate::server::{SUNDAY_NOON, Server};

async fn next_reminder(pool: &PgPool) -> DateTime<Utc> {
    sqlx::query_scalar("select next_reminder_at from habits").fetch_one(pool).await.unwrap()
}

#[sqlx::test(migrations = "../migrations")]
async fn nobody_locks_himself_out(pool: PgPool) {
    let server = Server::new(pool);
    let person = server.person(7, "UTC").await;
    let me = person.patch("/users/me", json!({"is_active": false, "first_name": "Ada"})).await.ok(200);
    assert_eq!((&me["is_active"], &me["first_name"]), (&json!(true), &json!("Ada")));
    person.get("/users/me").await.ok(200);
}

#[sqlx::test(migrations = "../migrations")]
async fn explicit_nulls_leave_everything_as_it_is(pool: PgPool) {
    let server = Server::new(pool);
    let person = server.person(7, "Asia/Tokyo").await;
    let before = person.patch("/users/me", json!({"username": "ada", "language": "ru"})).await.ok(200);
    server.set_time("2026-11-22T12:10:00Z");
    let nulls = json!({
        "username": null, "first_name": null, "last_name": null, "timezone": null, "language": null,
        "is_active": null, "is_bot_blocked": null,
    });
    assert_eq!(person.patch("/users/me", nulls).await.ok(200), before);
    assert_eq!(before["updated_at"], SUNDAY_NOON);
}

#[sqlx::test(migrations = "../migrations")]
async fn reminders_follow_a_changed_zone(pool: PgPool) {
    let server = Server::new(pool.clone());
    let person = server.person(7, "UTC").await;
    person.habit("read", "21:00:00").await;
    assert_eq!(next_reminder(&pool).await.to_rfc3339(), "2026-11-22T21:00:00+00:00");
    let me = person.patch("/users/me", json!({"timezone": "asia/kathmandu"})).await.ok(200);
    assert_eq!(me["timezone"], "Asia/Kathmandu");
    assert_eq!(next_reminder(&pool).await.to_rfc3339(), "2026-11-22T15:15:00+00:00");
}

#[sqlx::test(migrations = "../migrations")]
async fn a_zone_is_chosen_also_when_it_is_the_default(pool: PgPool) {
    let server = Server::new(pool);
    let person = server.silent(7).await;
    let me = person.patch("/users/me", json!({"first_name": "Ada"})).await.ok(200);
    assert_eq!(me["timezone_chosen"], false);
    let me = person.patch("/users/me", json!({"timezone": "UTC"})).await.ok(200);
    assert_eq!((&me["timezone"], &me["timezone_chosen"]), (&json!("UTC"), &json!(true)));
}

#[sqlx::test(migrations = "../migrations")]
async fn the_end_of_a_streak_follows_a_changed_zone(pool: PgPool) {
    let server = Server::new(pool.clone());
    let person = server.person(7, "UTC").await;
    let habit = person.habit("read", "21:00:00").await;
    person.set(habit, "done", "2026-11-22").await;
    person.patch("/users/me", json!({"timezone": "Asia/Kathmandu"})).await.ok(200);
    let ends: DateTime<Utc> =
        sqlx::query_scalar("select streak_expires_at from habits").fetch_one(&pool).await.unwrap();
    assert_eq!(ends.to_rfc3339(), "2026-11-23T18:15:00+00:00");
}

#[sqlx::test(migrations = "../migrations")]
async fn a_zone_that_is_no_place_is_refused(pool: PgPool) {
    let server = Server::new(pool);
    let person = server.person(7, "UTC").await;
    for zone in ["Europe/", "EST", "localtime", "right/UTC", ""] {
        let reply = person.patch("/users/me", json!({"timezone": zone})).await;
        assert_eq!(reply.error(), (422, "unknown_time_zone"), "{zone}");
        assert_eq!(reply.body["detail"]["loc"], json!(["body", "timezone"]));
    }
}

#[sqlx::test(migrations = "../migrations")]
async fn an_alias_of_a_zone_is_stored_canonical(pool: PgPool) {
    let server = Server::new(pool);
    let person = server.person(7, "europe/kiev").await;
    assert_eq!(person.get("/users/me").await.ok(200)["timezone"], "Europe/Kyiv");
    let me = person.patch("/users/me", json!({"timezone": "Asia/Calcutta"})).await.ok(200);
    assert_eq!(me["timezone"], "Asia/Kolkata");
}

#[sqlx::test(migrations = "../migrations")]
async fn blocking_cancels_what_is_on_its_way(pool: PgPool) {
    let server = Server::new(pool.clone());
    let person = server.person(7, "UTC").await;
    sqlx::query(
        "insert into deliveries (kind, user_id, chat_id, scheduled_at, next_attempt_at, expires_at)
         select 'reminder', id, telegram_id, now(), now(), now() from users",
    )
    .execute(&pool)
    .await
    .unwrap();
    person.patch("/users/me", json!({"is_bot_blocked": true})).await.ok(200);
    let state: String = sqlx::query_scalar("select state from deliveries").fetch_one(&pool).await.unwrap();
    assert_eq!(state, "cancelled");
}
