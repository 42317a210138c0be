//! What is the same for every path: limits, headers, tags, keys.

use std::{net::SocketAddr, time::Duration};

use api::App;
use axum::{
    body::Body,
    http::{Method, Request, header},
};
use process::{Clock, Shutdown};
use serde_json::{Value, json};
use sqlx::{PgPool, postgres::PgPoolOptions};
use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::{TcpListener, TcpStream},
};

use crate::{
    server::{Person, Reply, Server, keys},
    walk::{Caller, World, operations},
};

fn nowhere() -> PgPool {
    PgPoolOptions::new().connect_lazy("postgres://127.0.0.1:1/none").unwrap()
}

fn request(method: &Method, path: &str) -> Request<Body> {
    Request::builder().method(method).uri(path).body(Body::empty()).unwrap()
}

async fn with_header(server: &Server, person: &Person<'_>, path: &str, name: &str, value: &str) -> Reply {
    let request = Request::get(format!("/api/v1{path}"))
        .header(header::AUTHORIZATION, format!("Bearer {}", person.token))
        .header(name, value);
    server.send(request.body(Body::empty()).unwrap()).await
}

async fn create(server: &Server, person: &Person<'_>, path: &str, key: &str, body: &Value) -> Reply {
    let request = Request::post(format!("/api/v1{path}"))
        .header(header::AUTHORIZATION, format!("Bearer {}", person.token))
        .header(wire::IDEMPOTENCY_KEY_HEADER, key)
        .body(Body::from(body.to_string()));
    server.send(request.unwrap()).await
}

#[tokio::test]
async fn what_is_not_there_has_the_one_shape_everywhere() {
    let server = Server::new(nowhere());
    for path in ["/", "/nothing", "/api/v1/nothing", "/docs/nothing", "/metrics", "/livez", "/readyz", "/habits//x"] {
        assert_eq!(server.send(request(&Method::GET, path)).await.error(), (404, "not_found"), "{path}");
    }
}

#[tokio::test]
async fn a_method_that_is_not_known_is_told_the_ones_that_are() {
    let server = Server::new(nowhere());
    for (method, path, allowed) in [
        ("PUT", "/api/v1/habits/", "GET,HEAD,POST"),
        ("OPTIONS", "/api/v1/habits", "GET,HEAD,POST"),
        ("TRACE", "/healthcheck", "GET,HEAD"),
        ("BREW", "/api/v1/users/me", "DELETE,GET,HEAD,PATCH"),
        ("POST", "/openapi.json", "GET,HEAD"),
        ("DELETE", "/docs/", "GET,HEAD"),
    ] {
        let reply = server.send(request(&Method::from_bytes(method.as_bytes()).unwrap(), path)).await;
        assert_eq!(reply.error(), (405, "method_not_allowed"), "{method} {path}");
        let mut known: Vec<_> = reply.headers[header::ALLOW].to_str().unwrap().split(',').map(str::trim).collect();
        known.sort_unstable();
        assert_eq!(known.join(","), allowed, "{path}");
    }
}

#[tokio::test]
async fn a_head_that_is_too_long_has_the_one_shape() {
    let server = Server::new(nowhere());
    let long = format!("/api/v1/habits?x={}", "y".repeat(8 * 1024));
    assert_eq!(server.send(request(&Method::GET, &long)).await.error(), (414, "uri_too_long"));
    let big = Request::get("/api/v1/habits").header("x-big", "y".repeat(16 * 1024)).body(Body::empty());
    assert_eq!(server.send(big.unwrap()).await.error(), (431, "headers_too_large"));
    let many = (0..65).fold(Request::get("/api/v1/habits"), |request, i| request.header(format!("x-{i}"), "y"));
    assert_eq!(server.send(many.body(Body::empty()).unwrap()).await.error(), (431, "headers_too_large"));
}

#[tokio::test]
async fn what_comes_while_all_places_are_taken_is_refused_at_once() {
    let server = Server::with(nowhere(), |app| app.with_in_flight(0));
    let reply = server.send(request(&Method::GET, "/api/v1/habits")).await;
    assert_eq!(reply.error(), (503, "overloaded"));
    assert_eq!(reply.headers[header::RETRY_AFTER], "1");
}

#[sqlx::test(migrations = "../migrations")]
async fn a_place_is_free_again_after_its_request(pool: PgPool) {
    let server = Server::with(pool, |app| app.with_in_flight(1));
    let person = server.person(7, "UTC").await;
    for _ in 0..3 {
        person.get("/habits/").await.ok(200);
    }
}

#[sqlx::test(migrations = "../migrations")]
async fn no_reply_is_kept_framed_or_sniffed(pool: PgPool) {
    let server = Server::new(pool);
    let person = server.person(7, "UTC").await;
    let lost = server.send(request(&Method::GET, "/nothing")).await;
    for reply in [person.get("/users/me").await, lost] {
        assert_eq!(reply.headers[header::CACHE_CONTROL], "no-store");
        assert_eq!(reply.headers[header::X_CONTENT_TYPE_OPTIONS], "nosniff");
        assert_eq!(reply.headers[header::REFERRER_POLICY], "no-referrer");
        let policy = reply.headers[header::CONTENT_SECURITY_POLICY].to_str().unwrap();
        assert_eq!(policy, "default-src 'none'; frame-ancestors 'none'");
    }
}

#[sqlx::test(migrations = "../migrations")]
async fn a_list_that_did_not_change_is_not_sent_again(pool: PgPool) {
    let server = Server::new(pool);
    let person = server.person(7, "UTC").await;
    let first = person.get("/habits/").await;
    let tag = first.headers[header::ETAG].to_str().unwrap().to_owned();
    assert_eq!(first.headers[header::CACHE_CONTROL], "private, no-cache");

    let again = with_header(&server, &person, "/habits/", "if-none-match", &format!("\"x\", W/{tag}")).await;
    assert_eq!((again.status.as_u16(), &again.body), (304, &Value::Null));
    assert_eq!(again.headers[header::ETAG], tag.as_str());
    assert!(!again.headers.contains_key(header::CONTENT_TYPE));

    person.habit("read", "09:00:00").await;
    let changed = with_header(&server, &person, "/habits/", "if-none-match", &tag).await;
    assert_ne!(changed.headers[header::ETAG], tag.as_str());
    assert_eq!(changed.ok(200).as_array().unwrap().len(), 1);
}

#[sqlx::test(migrations = "../migrations")]
async fn every_reply_with_a_tag_is_not_sent_again(pool: PgPool) {
    let server = Server::new(pool);
    let world = World::new(&server, 1).await;
    let document = serde_json::to_value(api::openapi()).unwrap();
    let operations: Vec<_> = operations(&document).into_iter().filter(|operation| operation.is_conditional).collect();
    assert!(operations.len() >= 10, "only {}", operations.len());
    for operation in operations {
        let ask = || world.request(&operation, Caller::Owner, SocketAddr::from(([192, 0, 2, 1], 40_000)));
        let first = server.send(ask()).await;
        assert_eq!(first.status, 200, "{}", operation.path);
        let mut again = ask();
        again.headers_mut().insert(header::IF_NONE_MATCH, first.headers[header::ETAG].clone());
        let again = server.send(again).await;
        assert_eq!((again.status.as_u16(), &again.body), (304, &Value::Null), "{}", operation.path);
    }
}

#[sqlx::test(migrations = "../migrations")]
async fn a_request_that_is_refused_is_never_unchanged(pool: PgPool) {
    let server = Server::new(pool);
    let person = server.person(7, "UTC").await;
    assert_eq!(with_header(&server, &person, "/habits/?limit=0", "if-none-match", "*").await.error().0, 422);
    assert_eq!(with_header(&server, &person, "/habits/", "if-none-match", "*").await.status, 304);
}

#[sqlx::test(migrations = "../migrations")]
async fn a_create_that_is_repeated_creates_once_and_gets_the_same_reply(pool: PgPool) {
    let server = Server::new(pool);
    let (ada, ben) = (server.person(7, "UTC").await, server.person(8, "UTC").await);
    let body = json!({"name": "read", "time_to_remind": "09:00:00"});
    let first = create(&server, &ada, "/habits/", "k-1", &body).await;
    assert!(!first.headers.contains_key("idempotent-replayed"));
    server.set_time("2026-11-22T12:10:00Z");
    let again = create(&server, &ada, "/habits", "k-1", &body).await;
    assert_eq!(again.headers["idempotent-replayed"], "true");
    assert_eq!(again.ok(201), first.ok(201));
    create(&server, &ben, "/habits/", "k-1", &body).await.ok(201);
    assert_eq!(ada.get("/habits/").await.ok(200).as_array().unwrap().len(), 1);
    assert_eq!(ben.get("/habits/").await.ok(200).as_array().unwrap().len(), 1);
}

#[sqlx::test(migrations = "../migrations")]
async fn a_secret_is_made_once_for_a_key_and_told_once(pool: PgPool) {
    let server = Server::new(pool);
    let person = server.person(7, "UTC").await;
    let habit = person.habit("read", "09:00:00").await;
    let invites = format!("/habits/{habit}/invites");
    for (path, body, secret) in [
        ("/users/me/tokens", json!({"name": "script", "scope": "read"}), "token"),
        ("/webhooks", json!({"url": "https://example.org/hook", "events": ["habit.created"]}), "secret"),
        (&invites, json!({}), "code"),
    ] {
        let first = create(&server, &person, path, path, &body).await;
        assert!(first.ok(201)[secret].is_string(), "{path}");
        let again = create(&server, &person, path, path, &body).await;
        assert_eq!(again.error(), (409, "secret_was_told"), "{path}");
        assert_eq!(again.headers["idempotent-replayed"], "true");
        assert_eq!(person.get(path).await.ok(200).as_array().unwrap().len(), 1, "{path}");
    }
}

#[sqlx::test(migrations = "../migrations")]
async fn a_key_belongs_to_one_request(pool: PgPool) {
    let server = Server::new(pool);
    let person = server.person(7, "UTC").await;
    let habit = |name: &str| json!({"name": name, "time_to_remind": "09:00:00"});
    create(&server, &person, "/habits/", "k", &habit("read")).await.ok(201);
    for (path, body) in [("/habits/", habit("write")), ("/pauses", json!({}))] {
        let reused = create(&server, &person, path, "k", &body).await;
        assert_eq!(reused.error(), (422, "idempotency_key_reused"), "{path}");
        assert_eq!(reused.body["detail"]["loc"], json!(["header", "Idempotency-Key"]));
    }
    for key in ["", "a b", &"x".repeat(256)] {
        let refused = create(&server, &person, "/habits/", key, &habit("write")).await;
        assert_eq!(refused.error(), (422, "validation_error"), "{key:?}");
    }
    create(&server, &person, "/habits/", &"x".repeat(255), &habit("write")).await.ok(201);
}

#[sqlx::test(migrations = "../migrations")]
async fn two_at_once_with_one_key_create_one(pool: PgPool) {
    let server = Server::new(pool);
    let person = server.person(7, "UTC").await;
    let body = json!({"name": "read", "time_to_remind": "09:00:00"});
    let (one, other) = tokio::join!(
        create(&server, &person, "/habits/", "k", &body),
        create(&server, &person, "/habits/", "k", &body),
    );
    assert_eq!(one.ok(201), other.ok(201));
    assert_eq!(person.get("/habits/").await.ok(200).as_array().unwrap().len(), 1);
}

#[sqlx::test(migrations = "../migrations")]
async fn an_amount_that_is_added_again_with_its_key_is_added_once(pool: PgPool) {
    let server = Server::new(pool);
    let person = server.person(7, "UTC").await;
    let body = json!({"name": "read", "time_to_remind": "09:00:00", "goal": {"direction": "at_least", "amount": 20}});
    let id = person.post("/habits/", body).await.ok(201)["id"].clone();
    let path = format!("/habits/{id}/executions/");
    let add = async || create(&server, &person, &path, "k", &json!({"add": 5})).await;
    let (one, other) = tokio::join!(add(), add());
    assert_eq!(one.ok(201), other.ok(201));
    let again = add().await;
    assert_eq!(again.headers["idempotent-replayed"], "true");
    assert_eq!(again.ok(201)["amount"], 5.0);
    assert_eq!(person.get(&format!("/habits/{id}")).await.ok(200)["amount_today"], 5.0);
    let reused = create(&server, &person, &path, "k", &json!({"add": 6})).await;
    assert_eq!(reused.error(), (422, "idempotency_key_reused"));
}

#[sqlx::test(migrations = "../migrations")]
async fn a_refused_create_leaves_its_key_open(pool: PgPool) {
    let server = Server::new(pool);
    let person = server.person(7, "UTC").await;
    let refused = create(&server, &person, "/pauses", "k", &json!({"from_date": "0001-01-01"})).await;
    assert_eq!(refused.error(), (422, "date_out_of_range"));
    create(&server, &person, "/pauses", "k", &json!({})).await.ok(201);
}

/// Serves on a port of its own while `client` is at work.
async fn while_served<T>(app: App, client: impl AsyncFnOnce(SocketAddr) -> T) -> T {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let shutdown = Shutdown::new();
    let served = api::serve(app, listener, shutdown.clone());
    let work = async {
        let result = client(address).await;
        shutdown.stop_now();
        result
    };
    let both = async { tokio::join!(served, work) };
    let (served, result) = tokio::time::timeout(Duration::from_secs(20), both).await.unwrap();
    served.unwrap();
    result
}

fn without_database() -> App {
    App::new(nowhere(), Clock::system(), keys()).unwrap()
}

/// What comes back on one connection until it closes.
async fn over_tcp(sent: &[u8]) -> String {
    while_served(without_database(), async |address| {
        let mut stream = TcpStream::connect(address).await.unwrap();
        // The service may answer and close before it has read all.
        let _ = stream.write_all(sent).await;
        let mut reply = Vec::new();
        let _ = stream.read_to_end(&mut reply).await;
        String::from_utf8(reply).unwrap()
    })
    .await
}

#[tokio::test]
async fn a_connection_is_served_and_ends_when_asked_to() {
    let reply = over_tcp(b"GET /nothing HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n").await;
    assert!(reply.starts_with("HTTP/1.1 404 "), "{reply}");
    assert!(reply.contains(r#""type":"not_found""#), "{reply}");
}

#[tokio::test]
async fn a_head_of_any_length_is_answered_even_one_that_never_ends() {
    for (kilobytes, end) in [(20, "\r\n\r\n"), (100, "\r\n\r\n"), (100, ""), (1_000, "\r\n\r\n"), (1_000, "")] {
        let long = "y".repeat(kilobytes * 1024);
        let head = format!("GET /nothing HTTP/1.1\r\nhost: x\r\nconnection: close\r\nx-long: {long}{end}");
        let reply = over_tcp(head.as_bytes()).await;
        assert!(reply.starts_with("HTTP/1.1 431 "), "{kilobytes} KB: {reply:?}");
    }
}

#[tokio::test]
async fn who_connects_and_asks_nothing_is_let_go_before_who_has_asked() {
    while_served(without_database(), async |address| {
        let mut asking = TcpStream::connect(address).await.unwrap();
        asking.write_all(b"GET /nothing HTTP/1.1\r\nhost: x\r\n\r\n").await.unwrap();
        let mut silent = TcpStream::connect(address).await.unwrap();
        let mut slow = TcpStream::connect(address).await.unwrap();
        slow.write_all(b"GET /nothing HTTP/1.1\r\nhost").await.unwrap();
        for stream in [&mut silent, &mut slow] {
            let _ = stream.read_to_end(&mut Vec::new()).await;
        }
        asking.write_all(b"GET /nothing HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n").await.unwrap();
        let mut replies = String::new();
        asking.read_to_string(&mut replies).await.unwrap();
        assert_eq!(replies.matches("HTTP/1.1 404 ").count(), 2, "{replies}");
    })
    .await;
}

#[tokio::test]
async fn an_address_has_its_share_of_connections_and_no_more() {
    while_served(without_database().with_connections_per_address(2), async |address| {
        let is_served = async |stream: &mut TcpStream| {
            let _ = stream.write_all(b"GET /nothing HTTP/1.1\r\nhost: x\r\n\r\n").await;
            matches!(stream.read(&mut [0; 4096]).await, Ok(1..))
        };
        let mut first = TcpStream::connect(address).await.unwrap();
        let mut second = TcpStream::connect(address).await.unwrap();
        assert!(is_served(&mut first).await && is_served(&mut second).await);
        let mut third = TcpStream::connect(address).await.unwrap();
        assert!(!is_served(&mut third).await);
        drop(first);
        // Its place is free once the service has seen its end.
        loop {
            let mut next = TcpStream::connect(address).await.unwrap();
            if is_served(&mut next).await {
                break;
            }
        }
        assert!(is_served(&mut second).await);
    })
    .await;
}
