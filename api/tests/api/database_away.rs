use std::time::Duration;

use api::App;
use axum::{
    body::Body,
    http::{Request, header},
};
use futures::{FutureExt as _, future::join_all};
use process::Clock;
use serde_json::json;
use sqlx::{PgPool, postgres::PgPoolOptions};
use tower::ServiceExt as _;

use crate::server::{Server, keys};

fn away() -> PgPool {
    let options = PgPoolOptions::new().acquire_timeout(Duration::from_millis(200));
    options.connect_lazy("postgres://127.0.0.1:1/none").unwrap()
}

#[tokio::test]
async fn a_request_is_told_to_come_back() {
    let reply = Server::new(away()).log_in(json!({"telegram_id": 7})).await;
    assert_eq!(reply.error(), (503, "database_unavailable"));
    assert!(reply.headers.contains_key(header::RETRY_AFTER));
}

#[tokio::test]
async fn what_has_not_the_form_of_a_personal_token_is_refused_without_the_database() {
    let server = Server::new(away());
    let digits = "0123456789abcdef".repeat(4);
    for token in
        ["hbt_".to_owned(), format!("hbt_{}", &digits[1..]), format!("hbt_{digits}0"), format!("hbt_{}G", &digits[1..])]
    {
        assert_eq!(server.bearer(&token).get("/users/me").await.error(), (401, "invalid_token"), "{token}");
    }
    let well_formed = server.bearer(&format!("hbt_{digits}"));
    assert_eq!(well_formed.get("/users/me").await.error(), (503, "database_unavailable"));
}

#[tokio::test]
async fn the_health_check_says_what_is_missing() {
    let reply = Server::new(away()).send(Request::get("/healthcheck").body(Body::empty()).unwrap()).await;
    assert_eq!(reply.ok(503), json!({"api_status": "ok", "dependencies": {"database": "error"}}));
}

/// A database that takes connections and says nothing.
#[tokio::test]
async fn many_health_checks_ask_the_database_once() {
    let silent = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let options = PgPoolOptions::new().acquire_timeout(Duration::from_mins(1));
    let pool = options.connect_lazy(&format!("postgres://{}/none", silent.local_addr().unwrap())).unwrap();
    let server = Server::new(pool);
    let checks = (0..1_000).map(|_| server.send(Request::get("/healthcheck").body(Body::empty()).unwrap()));
    for reply in join_all(checks).await {
        assert_eq!(reply.status, 503);
    }
    let asked = std::iter::from_fn(|| silent.accept().now_or_never()).count();
    assert_eq!(asked, 1);
}

#[sqlx::test(migrations = "../migrations")]
async fn the_health_check_is_content_with_a_database(pool: PgPool) {
    let reply = Server::new(pool).send(Request::get("/healthcheck").body(Body::empty()).unwrap()).await;
    assert_eq!(reply.ok(200), json!({"api_status": "ok", "dependencies": {"database": "ok"}}));
}

#[sqlx::test(migrations = "../migrations")]
async fn the_health_check_is_content_while_all_connections_are_in_use(pool: PgPool) {
    let options = PgPoolOptions::new().max_connections(3).acquire_timeout(Duration::from_millis(200));
    let pool = options.connect_lazy_with(pool.connect_options().as_ref().clone());
    let app = App::new(pool, Clock::system(), keys()).unwrap();
    let in_use = [app.pool.acquire().await.unwrap(), app.pool.acquire().await.unwrap()];
    assert!(app.pool.acquire().await.is_err());
    let health = api::router(app).oneshot(Request::get("/healthcheck").body(Body::empty()).unwrap()).await.unwrap();
    assert_eq!(health.status(), 200);
    drop(in_use);
}

/// No migrations: the tables are not there yet.
#[sqlx::test(migrations = false)]
async fn a_database_that_is_not_migrated_counts_as_away(pool: PgPool) {
    let reply = Server::new(pool).log_in(json!({"telegram_id": 7})).await;
    assert_eq!(reply.error(), (503, "database_unavailable"));
}
