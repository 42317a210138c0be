//! Webhooks, from the owner's requests to what a receiver gets.

use serde_json::{Value, json};
use sqlx::PgPool;

use crate::server::{Person, Server};

mod delivery;
pub(crate) mod receiver;

const URL: &str = "https://example.org/hook";

async fn create(person: &Person<'_>, url: &str) -> Value {
    person.post("/webhooks", json!({"url": url, "events": ["habit.created"]})).await.ok(201)
}

#[sqlx::test(migrations = "../migrations")]
async fn a_secret_is_shown_once(pool: PgPool) {
    let server = Server::new(pool);
    let person = server.person(7, "UTC").await;
    let created = create(&person, URL).await;
    assert!(created["secret"].as_str().unwrap().starts_with("whsec_"));
    let read = person.get(&format!("/webhooks/{}", created["id"])).await.ok(200);
    let listed = person.get("/webhooks").await.ok(200);
    assert_eq!((&read["secret"], &listed), (&Value::Null, &json!([read])));
}

#[sqlx::test(migrations = "../migrations")]
async fn a_rotated_secret_is_another(pool: PgPool) {
    let server = Server::new(pool);
    let person = server.person(7, "UTC").await;
    let created = create(&person, URL).await;
    let rotated = person.post(&format!("/webhooks/{}/rotate-secret", created["id"]), json!({})).await.ok(200);
    assert_ne!(created["secret"], rotated["secret"]);
    assert_eq!(rotated["previous_secret_until"], "2026-11-23T12:00:00Z");
}

#[sqlx::test(migrations = "../migrations")]
async fn a_person_has_at_most_five_webhooks(pool: PgPool) {
    let server = Server::new(pool);
    let (ada, ben) = (server.person(7, "UTC").await, server.person(8, "UTC").await);
    for _ in 0..4 {
        create(&ada, URL).await;
    }
    let body = || json!({"url": URL, "events": ["habit.created"]});
    let (one, other) = tokio::join!(ada.post("/webhooks", body()), ada.post("/webhooks", body()));
    let mut statuses = [one.status.as_u16(), other.status.as_u16()];
    statuses.sort_unstable();
    assert_eq!(statuses, [201, 409], "also when two come at once");
    assert_eq!(ada.post("/webhooks", body()).await.error(), (409, "webhook_limit_reached"));
    create(&ben, URL).await;
}

#[sqlx::test(migrations = "../migrations")]
async fn the_webhook_of_another_is_out_of_reach(pool: PgPool) {
    let server = Server::new(pool);
    let (ada, ben) = (server.person(7, "UTC").await, server.person(8, "UTC").await);
    let before = create(&ada, URL).await;
    let path = format!("/webhooks/{}", before["id"]);
    for reply in [
        ben.get(&path).await,
        ben.patch(&path, json!({"is_active": false})).await,
        ben.delete(&path).await,
        ben.post(&format!("{path}/rotate-secret"), json!({})).await,
        ben.post(&format!("{path}/ping"), json!({})).await,
        ben.get(&format!("{path}/deliveries")).await,
    ] {
        assert_eq!(reply.error(), (404, "webhook_not_found"));
    }
    assert_eq!(ben.get("/webhooks").await.ok(200), json!([]));
    let after = ada.get(&path).await.ok(200);
    assert_eq!((&after["is_active"], &after["updated_at"]), (&json!(true), &before["updated_at"]));
}

#[sqlx::test(migrations = "../migrations")]
async fn a_url_that_leads_to_us_is_refused(pool: PgPool) {
    let server = Server::new(pool);
    let person = server.person(7, "UTC").await;
    let path = format!("/webhooks/{}", create(&person, URL).await["id"]);
    for (url, kind) in [
        ("https://169.254.169.254/latest", "private_address"),
        ("https://[::ffff:127.0.0.1]/", "private_address"),
        ("https://localhost:8000/", "private_address"),
        ("http://example.org/", "validation_error"),
        ("https://ada:secret@example.org/", "validation_error"),
        ("https://example.org/#part", "validation_error"),
        ("nowhere", "validation_error"),
        ("", "validation_error"),
    ] {
        let body = json!({"url": url, "events": ["habit.created"]});
        for reply in [person.post("/webhooks", body).await, person.patch(&path, json!({"url": url})).await] {
            assert_eq!(reply.error(), (422, kind), "{url}");
            assert_eq!(reply.body["detail"]["loc"], json!(["body", "url"]));
        }
    }
    assert_eq!(person.get(&path).await.ok(200)["url"], URL);
}

#[sqlx::test(migrations = "../migrations")]
async fn events_that_nobody_knows_are_refused(pool: PgPool) {
    let server = Server::new(pool);
    let person = server.person(7, "UTC").await;
    let many = json!(vec!["habit.created"; 8]);
    for events in
        [json!([]), json!(["ping"]), json!(["habit.*"]), json!("habit.created"), json!(null), json!([1]), many]
    {
        let reply = person.post("/webhooks", json!({"url": URL, "events": events})).await;
        assert_eq!(reply.error(), (422, "validation_error"), "{events}");
        assert_eq!(reply.body["detail"]["loc"][1], "events");
    }
    let events = json!(["habit.deleted", "execution.set", "habit.deleted"]);
    let created = person.post("/webhooks", json!({"url": URL, "events": events})).await.ok(201);
    assert_eq!(created["events"], json!(["execution.set", "habit.deleted"]));
}

#[sqlx::test(migrations = "../migrations")]
async fn a_change_leaves_what_it_does_not_name(pool: PgPool) {
    let server = Server::new(pool);
    let person = server.person(7, "UTC").await;
    let path = format!("/webhooks/{}", create(&person, URL).await["id"]);
    let before = person.get(&path).await.ok(200);
    server.set_time("2026-11-22T12:20:00Z");
    let nulls = json!({"url": null, "events": null, "is_active": null});
    assert_eq!(person.patch(&path, nulls).await.ok(200), before);
    let after = person.patch(&path, json!({"events": ["habit.deleted"]})).await.ok(200);
    assert_eq!((&after["url"], &after["events"]), (&json!(URL), &json!(["habit.deleted"])));
    assert_eq!(after["updated_at"], "2026-11-22T12:20:00Z");
}

#[sqlx::test(migrations = "../migrations")]
async fn a_webhook_that_is_off_is_not_pinged(pool: PgPool) {
    let server = Server::new(pool);
    let person = server.person(7, "UTC").await;
    let path = format!("/webhooks/{}", create(&person, URL).await["id"]);
    person.patch(&path, json!({"is_active": false})).await.ok(200);
    assert_eq!(person.post(&format!("{path}/ping"), json!({})).await.error(), (409, "webhook_not_active"));
    person.patch(&path, json!({"is_active": true})).await.ok(200);
    person.post(&format!("{path}/ping"), json!({})).await.ok(202);
}

#[sqlx::test(migrations = "../migrations")]
async fn deliveries_come_in_pages_newest_first(pool: PgPool) {
    let server = Server::new(pool);
    let person = server.person(7, "UTC").await;
    let path = format!("/webhooks/{}", create(&person, URL).await["id"]);
    for _ in 0..3 {
        person.post(&format!("{path}/ping"), json!({})).await.ok(202);
    }
    let first = person.get(&format!("{path}/deliveries?limit=2")).await.ok(200);
    let rest = person.get(&format!("{path}/deliveries?limit=2&before={}", first[1]["id"])).await.ok(200);
    assert_eq!((first.as_array().unwrap().len(), rest.as_array().unwrap().len()), (2, 1));
    assert!(first[0]["id"].as_i64() > first[1]["id"].as_i64() && first[1]["id"].as_i64() > rest[0]["id"].as_i64());
    assert_eq!((&rest[0]["event_type"], &rest[0]["state"]), (&json!("ping"), &json!("due")));
    for query in ["limit=0", "limit=201", "before=0", "before=x"] {
        assert_eq!(person.get(&format!("{path}/deliveries?{query}")).await.error(), (422, "validation_error"));
    }
}

#[sqlx::test(migrations = "../migrations")]
async fn a_deleted_webhook_is_gone_with_all_that_waits(pool: PgPool) {
    let server = Server::new(pool.clone());
    let person = server.person(7, "UTC").await;
    let path = format!("/webhooks/{}", create(&person, URL).await["id"]);
    person.post(&format!("{path}/ping"), json!({})).await.ok(202);
    person.delete(&path).await.ok(204);
    assert_eq!(person.delete(&path).await.error(), (404, "webhook_not_found"));
    let waiting: i64 = sqlx::query_scalar("select count(*) from webhook_deliveries").fetch_one(&pool).await.unwrap();
    assert_eq!(waiting, 0);
}
