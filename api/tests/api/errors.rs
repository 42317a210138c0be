use std::num::NonZeroU32;

use api::limit::Limits;
use axum::{
    body::Body,
    http::{Request, header},
};
use serde_json::json;
use sqlx::PgPool;

use crate::server::{Server, keys};

fn nowhere() -> PgPool {
    PgPool::connect_lazy("postgres://127.0.0.1:1/none").unwrap()
}

#[tokio::test]
async fn a_path_that_leads_nowhere_has_the_one_shape() {
    let reply = Server::new(nowhere()).send(Request::get("/api/v2/habits").body(Body::empty()).unwrap()).await;
    assert_eq!(reply.error(), (404, "not_found"));
}

#[tokio::test]
async fn a_method_that_a_path_does_not_know_has_the_one_shape() {
    let reply = Server::new(nowhere()).send(Request::delete("/api/v1/habits/").body(Body::empty()).unwrap()).await;
    assert_eq!(reply.error(), (405, "method_not_allowed"));
    assert!(reply.headers.contains_key(header::ALLOW));
}

#[sqlx::test(migrations = "../migrations")]
async fn bodies_that_cannot_be_read_have_the_one_shape(pool: PgPool) {
    let server = Server::new(pool);
    let token = server.person(7, "UTC").await.token;
    let post = async |kind: &str, body: String| {
        let request = Request::post("/api/v1/habits/")
            .header(header::AUTHORIZATION, format!("bearer {token}"))
            .header(header::CONTENT_TYPE, kind)
            .body(Body::from(body))
            .unwrap();
        let reply = server.send(request).await;
        let (status, kind) = reply.error();
        (status, kind.to_owned())
    };
    let json = "application/json; charset=utf-8";
    assert_eq!(post("text/plain", "{}".to_owned()).await, (415, "unsupported_media_type".to_owned()));
    assert_eq!(post(json, "{".to_owned()).await, (422, "json_invalid".to_owned()));
    assert_eq!(post(json, String::new()).await, (422, "json_invalid".to_owned()));
    assert_eq!(post(json, "[[".repeat(10_000)).await, (422, "json_invalid".to_owned()));
    let half_of_a_pair = r#"{"name": "\ud83d", "time_to_remind": "09:00:00"}"#;
    assert_eq!(post(json, half_of_a_pair.to_owned()).await, (422, "validation_error".to_owned()));
    assert_eq!(post(json, format!("\"{}\"", "x".repeat(64 * 1024))).await, (413, "body_too_large".to_owned()));
}

#[sqlx::test(migrations = "../migrations")]
async fn a_body_that_is_packed_is_refused(pool: PgPool) {
    let server = Server::new(pool);
    let token = server.person(7, "UTC").await.token;
    for (encoding, status) in [("gzip", 415), ("identity", 201)] {
        let request = Request::post("/api/v1/habits/")
            .header(header::AUTHORIZATION, format!("Bearer {token}"))
            .header(header::CONTENT_ENCODING, encoding)
            .body(Body::from(r#"{"name": "read", "time_to_remind": "09:00:00"}"#));
        assert_eq!(server.send(request.unwrap()).await.status, status, "{encoding}");
    }
}

#[sqlx::test(migrations = "../migrations")]
async fn a_token_that_is_no_good_says_why(pool: PgPool) {
    let server = Server::new(pool.clone());
    let now = crate::server::SUNDAY_NOON.parse().unwrap();
    let bearer = |token: &str| format!("Bearer {token}");
    let somebody_gone = keys().issue(99, now).unwrap();
    let expired = keys().issue(99, now - chrono::TimeDelta::hours(1)).unwrap();
    for (authorization, kind) in [
        (None, "authentication_required"),
        (Some("Basic YTpi".to_owned()), "authentication_required"),
        (Some("Bearer ".to_owned()), "authentication_required"),
        (Some(bearer("nonsense")), "invalid_token"),
        (Some(bearer(&expired)), "token_expired"),
        (Some(bearer(&somebody_gone)), "token_user_not_found"),
    ] {
        let mut request = Request::get("/api/v1/users/me");
        if let Some(value) = &authorization {
            request = request.header(header::AUTHORIZATION, value);
        }
        let reply = server.send(request.body(Body::empty()).unwrap()).await;
        assert_eq!(reply.error(), (401, kind), "{authorization:?}");
        assert!(reply.headers[header::WWW_AUTHENTICATE].to_str().unwrap().starts_with("Bearer"));
    }
}

#[sqlx::test(migrations = "../migrations")]
async fn who_asks_too_much_is_told_when_to_come_back(pool: PgPool) {
    let server = Server::with(pool, |app| app.with_limits(Limits::per_second(NonZeroU32::MIN, NonZeroU32::MIN)));
    let (ada, ben) = (server.person(7, "UTC").await, server.person(8, "UTC").await);
    ada.get("/users/me").await.ok(200);
    let reply = ada.get("/users/me").await;
    assert_eq!(reply.error(), (429, "rate_limited"));
    assert_eq!(reply.headers[header::RETRY_AFTER], "1");
    ben.get("/users/me").await.ok(200);
}

#[tokio::test]
async fn the_id_of_a_request_comes_back() {
    let server = Server::new(nowhere());
    let get = |id: &str| Request::get("/nowhere").header("x-request-id", id).body(Body::empty()).unwrap();
    assert_eq!(server.send(get("abc-1")).await.headers["x-request-id"], "abc-1");
    let long = "x".repeat(200);
    assert_ne!(server.send(get(&long)).await.headers["x-request-id"], long.as_str());
}

#[sqlx::test(migrations = "../migrations")]
async fn unknown_fields_of_a_body_are_ignored(pool: PgPool) {
    let server = Server::new(pool);
    let person = server.person(7, "UTC").await;
    person.post("/habits/", json!({"name": "read", "time_to_remind": "09:00:00", "colour": "red"})).await.ok(201);
}
