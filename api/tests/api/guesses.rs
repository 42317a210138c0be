//! Wrong tokens and keys, by the address they come from.

use std::net::SocketAddr;

use axum::{
    body::Body,
    extract::ConnectInfo,
    http::{Request, header},
};
use sqlx::PgPool;

use crate::server::{BOT_KEY, Reply, Server, keys};

async fn get_me(server: &Server, from: &str, token: &str) -> Reply {
    let request = Request::get("/api/v1/users/me")
        .extension(ConnectInfo(from.parse::<SocketAddr>().unwrap()))
        .header(header::AUTHORIZATION, format!("Bearer {token}"));
    server.send(request.body(Body::empty()).unwrap()).await
}

async fn log_in(server: &Server, from: &str, key: &str) -> Reply {
    let request = Request::post("/api/v1/auth/token")
        .extension(ConnectInfo(from.parse::<SocketAddr>().unwrap()))
        .header(wire::BOT_KEY_HEADER, key)
        .header(header::CONTENT_TYPE, "application/json");
    server.send(request.body(Body::from(r#"{"telegram_id": 7}"#)).unwrap()).await
}

/// Guesses until the address is slowed; the last refusal.
async fn guess_until_slowed(server: &Server, from: &str) -> Reply {
    for guess in 0..500 {
        let reply = get_me(server, from, &format!("hbt_{guess:064x}")).await;
        if reply.status != 401 {
            return reply;
        }
    }
    panic!("500 guesses, and none was slowed");
}

#[sqlx::test(migrations = "../migrations")]
async fn who_guesses_is_slowed_and_a_right_token_from_there_passes(pool: PgPool) {
    let server = Server::new(pool);
    let person = server.person(7, "UTC").await;
    let (_, personal) = person.personal_token("read").await;
    let (here, there) = ("192.0.2.1:40000", "192.0.2.2:40000");

    let slowed = guess_until_slowed(&server, here).await;

    assert_eq!(slowed.error(), (429, "rate_limited"));
    assert_eq!(slowed.headers[header::RETRY_AFTER], "1");
    for token in [&person.token, &personal] {
        get_me(&server, here, token).await.ok(200);
    }
    log_in(&server, here, BOT_KEY).await.ok(200);
    assert_eq!(get_me(&server, there, "hbt_guess").await.error(), (401, "invalid_token"));
}

#[sqlx::test(migrations = "../migrations")]
async fn a_wrong_key_of_the_bot_is_a_guess(pool: PgPool) {
    let server = Server::new(pool);
    let from = "192.0.2.1:40000";
    for _ in 0..500 {
        let refused = log_in(&server, from, "guess").await;
        if refused.error() == (429, "rate_limited") {
            log_in(&server, from, BOT_KEY).await.ok(200);
            return;
        }
        assert_eq!(refused.error(), (403, "bot_api_key_invalid"));
    }
    panic!("500 guesses, and none was slowed");
}

#[sqlx::test(migrations = "../migrations")]
async fn an_expired_token_of_ours_is_no_guess(pool: PgPool) {
    let server = Server::new(pool);
    server.person(7, "UTC").await;
    let expired = keys().issue(1, "2026-11-22T10:00:00Z".parse().unwrap()).unwrap();
    for _ in 0..200 {
        assert_eq!(get_me(&server, "192.0.2.1:40000", &expired).await.error(), (401, "token_expired"));
    }
}
