//! Logs tell ids: neither what lets somebody in nor what people wrote.

use std::{
    io,
    sync::{Arc, Mutex},
};

use axum::{
    body::Body,
    http::{Request, header},
};
use serde_json::json;
use sqlx::PgPool;
use tracing::subscriber::DefaultGuard;
use tracing_subscriber::fmt::MakeWriter;

use crate::{
    server::{BOT_KEY, JWT_SECRET, Person, Server},
    webhooks::receiver::{Answer, Receiver, newest},
};

/// What was logged.
#[derive(Clone, Default)]
struct Log(Arc<Mutex<Vec<u8>>>);

impl Log {
    /// All of it, at every level, until the guard is dropped.
    fn begin() -> (Self, DefaultGuard) {
        let log = Self::default();
        let subscriber = tracing_subscriber::fmt().with_max_level(tracing::Level::TRACE).with_ansi(false);
        let guard = tracing::subscriber::set_default(subscriber.with_writer(log.clone()).finish());
        (log, guard)
    }

    /// What was logged, seen to be no empty log.
    #[track_caller]
    fn end(self, guard: DefaultGuard, said: &[&str]) -> String {
        drop(guard);
        let log = String::from_utf8(self.0.lock().unwrap().clone()).unwrap();
        for said in said {
            assert!(log.contains(said), "{said:?} is not in the log");
        }
        log
    }
}

impl io::Write for Log {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.lock().unwrap().write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl<'a> MakeWriter<'a> for Log {
    type Writer = Self;

    fn make_writer(&'a self) -> Self {
        self.clone()
    }
}

async fn show(server: &Server, header: &str, value: &str) {
    for path in ["/api/v1/users/me", "/api/v1/habits/?limit=0", "/nowhere"] {
        server.send(Request::get(path).header(header, value).body(Body::empty()).unwrap()).await;
    }
    let log_in = Request::post("/api/v1/auth/token").header(header, value).header("content-type", "application/json");
    server.send(log_in.body(Body::from(r#"{"telegram_id": 7}"#)).unwrap()).await;
}

#[sqlx::test(migrations = "../migrations")]
async fn no_secret_of_the_service_and_no_token_is_logged_at_any_level(pool: PgPool) {
    let (log, guard) = Log::begin();
    let server = Server::new(pool);
    let person = server.person(7, "UTC").await;
    let (id, personal) = person.personal_token("write").await;
    let wrong_jwt = format!("{}x", person.token);
    let wrong_token = format!("hbt_{}", "5ec2e7".repeat(10));
    let wrong_key = format!("{BOT_KEY}-of-yesterday");
    for token in [&person.token, &personal, &wrong_jwt, &wrong_token] {
        show(&server, header::AUTHORIZATION.as_str(), &format!("Bearer {token}")).await;
    }
    for key in [BOT_KEY, &wrong_key] {
        show(&server, wire::BOT_KEY_HEADER, key).await;
    }
    server.bearer(&personal).post("/habits/", json!({"name": personal})).await;
    person.delete(&format!("/users/me/tokens/{id}")).await.ok(204);
    server.bearer(&personal).get("/users/me").await;

    let log = log.end(guard, &["a personal token was made", "answered"]);
    // A part of a token is enough: nobody needs its last letters to guess it.
    let signature = person.token.rsplit('.').next().unwrap();
    for secret in [&personal[4..40], signature, &wrong_token[4..], BOT_KEY, &wrong_key, JWT_SECRET] {
        assert!(!log.contains(secret), "{secret} is in the log");
    }
}

#[sqlx::test(migrations = "../migrations")]
async fn neither_the_secret_nor_the_path_of_a_webhook_is_logged(pool: PgPool) {
    let (log, guard) = Log::begin();
    let receiver = Receiver::new(pool, &[Answer::Status(500)]).await;
    let person = receiver.server.person(7, "UTC").await;
    // Many a receiver tells its senders by the path alone.
    let url = format!("{}/key-of-the-receiver", receiver.url);
    let webhook = person.post("/webhooks", json!({"url": url, "events": ["habit.created"]})).await.ok(201);
    let path = format!("/webhooks/{}", webhook["id"]);
    let rotated = person.post(&format!("{path}/rotate-secret"), json!({})).await.ok(200);
    person.habit("read", "21:00:00").await;
    newest(&person, &webhook, |delivery| delivery["last_status"] == 500).await;
    let message = receiver.next().await;
    person.patch(&path, json!({"url": "no address at the-key-of-nobody"})).await.ok(422);

    let log = log.end(guard, &["delivered", "answered"]);
    let secrets =
        [&webhook["secret"], &rotated["secret"]].map(|secret| secret.as_str().unwrap()["whsec_".len()..].to_owned());
    for secret in secrets.iter().chain(&message.signatures) {
        assert!(!log.contains(secret.as_str()), "{secret} is in the log");
    }
    for part in ["key-of-the-receiver", "the-key-of-nobody"] {
        assert!(!log.contains(part), "{part} is in the log");
    }
}

#[sqlx::test(migrations = "../migrations")]
async fn no_code_of_an_invite_is_logged(pool: PgPool) {
    let (log, guard) = Log::begin();
    let server = Server::new(pool);
    let (owner, friend) = (server.person(7, "UTC").await, server.person(8, "UTC").await);
    let habit = owner.habit("read", "21:00:00").await;
    let invite = owner.post(&format!("/habits/{habit}/invites"), json!({})).await.ok(201);
    let code = invite["code"].as_str().unwrap();
    let wrong = format!("{}-wrong", code.chars().rev().collect::<String>());
    friend.get(&format!("/invites/{code}")).await.ok(200);
    friend.get(&format!("/invites/{code}/nowhere?code={code}")).await.ok(404);
    friend.post(&format!("/invites/{code}/accept"), json!({})).await.ok(200);
    friend.post(&format!("/invites/{wrong}/accept"), json!({})).await;

    let log = log.end(guard, &["answered"]);
    for code in [code, &wrong] {
        assert!(!log.contains(code), "{code} is in the log");
    }
}

/// Whatever a person may write, once well and once so that it is refused.
async fn write(person: &Person<'_>) {
    let habit = json!({
        "name": "text of a name", "description": "text of a description", "time_to_remind": "09:00",
        "goal": {"direction": "at_least", "amount": 20, "unit": "text of a unit"},
    });
    let id = &person.post("/habits/", habit).await.ok(201)["id"];
    let (habit, days) = (format!("/habits/{id}"), format!("/habits/{id}/executions/"));
    person.patch(&habit, json!({"name": "text of another name"})).await.ok(200);
    person.patch(&habit, json!({"name": "text of a long name".repeat(20)})).await.ok(422);
    person.patch(&habit, json!({"target_days": "text of no number"})).await.ok(422);
    person.post(&days, json!({"status": "done", "note": "text of a note"})).await.ok(201);
    person.post(&days, json!({"status": "text of no status"})).await.ok(422);
    person.patch("/users/me", json!({"first_name": "text of a person"})).await.ok(200);
    person.patch("/users/me", json!({"timezone": "text of no zone"})).await.ok(422);
    person.put("/users/me/dialogue", json!({"state": {"name": "text of a dialogue"}})).await.ok(204);
    let token = json!({"name": "text of a token's name", "scope": "read"});
    person.post("/users/me/tokens", token).await.ok(201);
    person.get("/habits/?limit=text%20of%20no%20limit&after=text").await.ok(422);
    let archive = person.get("/users/me/export").await.ok(200);
    person.post("/users/me/import", archive).await.ok(200);
    person.post("/users/me/import", json!({"habits": "text of no archive"})).await.ok(422);
    for path in ["/habits/", "/today", &habit, "/users/me", "/users/me/dialogue"] {
        person.get(path).await.ok(200);
    }
}

#[sqlx::test(migrations = "../migrations")]
async fn no_text_that_people_wrote_is_logged(pool: PgPool) {
    let (log, guard) = Log::begin();
    let server = Server::new(pool);
    let names = json!({"telegram_id": 7, "username": "text of a user", "last_name": "text of a family"});
    server.log_in(names).await.ok(200);
    write(&server.person(7, "UTC").await).await;

    let log = log.end(guard, &["answered"]);
    let found: Vec<_> = log.lines().filter(|line| line.contains("text of") || line.contains("text%20of")).collect();
    assert!(found.is_empty(), "{found:#?}");
}
