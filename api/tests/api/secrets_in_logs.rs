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
use tracing_subscriber::fmt::MakeWriter;

use crate::server::{BOT_KEY, JWT_SECRET, Server};

/// What was logged.
#[derive(Clone, Default)]
struct Log(Arc<Mutex<Vec<u8>>>);

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
async fn no_secret_is_logged_at_any_level(pool: PgPool) {
    let log = Log::default();
    let subscriber = tracing_subscriber::fmt()
        .with_max_level(tracing::Level::TRACE)
        .with_writer(log.clone())
        .with_ansi(false)
        .finish();
    let logging = tracing::subscriber::set_default(subscriber);

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
    tracing::trace!("the log is kept");
    drop(logging);

    let log = String::from_utf8(log.0.lock().unwrap().clone()).unwrap();
    for said in ["the log is kept", "a personal token was made", "answered"] {
        assert!(log.contains(said), "{said}");
    }
    // A part of a token is enough: nobody needs its last letters to guess it.
    let signature = person.token.rsplit('.').next().unwrap();
    for secret in [&personal[4..40], signature, &wrong_token[4..], BOT_KEY, &wrong_key, JWT_SECRET] {
        assert!(!log.contains(secret), "{secret} is in the log");
    }
}
