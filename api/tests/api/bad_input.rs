//! What no schema allows: a clear 4xx that says where, and nothing written.

use axum::{
    body::Body,
    http::{Method, Request, header},
};
use serde_json::{Value, json};
use sqlx::PgPool;

use crate::server::{Person, Reply, Server};

async fn send(server: &Server, person: &Person<'_>, method: Method, path: &str, body: impl Into<Body>) -> Reply {
    let request = Request::builder()
        .method(method)
        .uri(format!("/api/v1{path}"))
        .header(header::AUTHORIZATION, format!("Bearer {}", person.token))
        .header(header::CONTENT_TYPE, "application/json")
        .body(body.into())
        .unwrap();
    server.send(request).await
}

/// All that people wrote, to be the same before and after.
async fn written(pool: &PgPool) -> Vec<String> {
    let rows = "select h::text from habits h union all select e::text from executions e
        union all select u::text from users u union all select p::text from pauses p
        union all select i::text from idempotency_keys i order by 1";
    sqlx::query_scalar(rows).fetch_all(pool).await.unwrap()
}

const HABIT: &str = r#""name": "read", "time_to_remind": "09:00:00""#;

#[sqlx::test(migrations = "../migrations")]
async fn what_is_no_value_of_a_field_is_refused_and_writes_nothing(pool: PgPool) {
    let server = Server::new(pool.clone());
    let person = server.person(7, "UTC").await;
    let id = person.habit("read", "09:00:00").await;
    let before = written(&pool).await;
    let (post, patch, put) = (Method::POST, Method::PATCH, Method::PUT);
    let (habit, day) = (format!("/habits/{id}"), format!("/habits/{id}/executions/"));
    let of_habit = |fields: &str| format!("{{{HABIT}, {fields}}}");
    for (method, path, body, kind, loc) in [
        // Text that no text is.
        (&post, "/habits/", r#"{"name": "\u0000", "time_to_remind": "09:00"}"#.to_owned(), "validation_error", "name"),
        (&post, "/habits/", r#"{"name": "\ud800", "time_to_remind": "09:00"}"#.to_owned(), "validation_error", "name"),
        (&patch, &habit, r#"{"name": "\udc00x"}"#.to_owned(), "validation_error", "name"),
        (&patch, &habit, format!(r#"{{"name": "{}"}}"#, "ж".repeat(256)), "validation_error", "name"),
        (&patch, &habit, format!(r#"{{"name": "{}x"}}"#, " ".repeat(255)), "validation_error", "name"),
        // Numbers that JSON has not, and numbers out of range.
        (&post, "/habits/", of_habit(r#""target_days": NaN"#), "json_invalid", ""),
        (&post, "/habits/", of_habit(r#""target_days": Infinity"#), "json_invalid", ""),
        (&post, "/habits/", of_habit(r#""target_days": 1e400"#), "validation_error", "target_days"),
        (&post, "/habits/", of_habit(r#""target_days": 2147483648"#), "validation_error", "target_days"),
        (&post, "/habits/", of_habit(r#""target_days": 1.5"#), "validation_error", "target_days"),
        (&post, "/habits/", of_habit(r#""target_days": "7""#), "validation_error", "target_days"),
        // Null where absent is meant.
        (&post, "/habits/", r#"{"name": null, "time_to_remind": "09:00"}"#.to_owned(), "validation_error", "name"),
        (
            &post,
            "/habits/",
            r#"{"name": "x", "time_to_remind": null}"#.to_owned(),
            "validation_error",
            "time_to_remind",
        ),
        // Dates at both ends of the calendar and beyond.
        (
            &post,
            &day,
            r#"{"status": "done", "execution_date": "0001-01-01"}"#.to_owned(),
            "date_out_of_range",
            "execution_date",
        ),
        (
            &post,
            &day,
            r#"{"status": "done", "execution_date": "9999-12-31"}"#.to_owned(),
            "date_out_of_range",
            "execution_date",
        ),
        (
            &post,
            &day,
            r#"{"status": "done", "execution_date": "+262142-12-31"}"#.to_owned(),
            "date_out_of_range",
            "execution_date",
        ),
        (
            &post,
            &day,
            r#"{"status": "done", "execution_date": "-262143-01-01"}"#.to_owned(),
            "date_out_of_range",
            "execution_date",
        ),
        (
            &post,
            &day,
            r#"{"status": "done", "execution_date": "2026-02-30"}"#.to_owned(),
            "validation_error",
            "execution_date",
        ),
        (&post, "/pauses", r#"{"from_date": "0001-01-01"}"#.to_owned(), "date_out_of_range", "from_date"),
        (&post, "/pauses", r#"{"from_date": "9999-12-31"}"#.to_owned(), "date_out_of_range", "from_date"),
        (&post, "/pauses", r#"{"to_date": "9999-12-31"}"#.to_owned(), "date_out_of_range", "to_date"),
        // Zones that are none.
        (&patch, "/users/me", r#"{"timezone": "localtime"}"#.to_owned(), "unknown_time_zone", "timezone"),
        (&patch, "/users/me", r#"{"timezone": "right/UTC"}"#.to_owned(), "unknown_time_zone", "timezone"),
        (&patch, "/users/me", r#"{"timezone": "EST"}"#.to_owned(), "unknown_time_zone", "timezone"),
        (&patch, "/users/me", r#"{"timezone": "Europe/"}"#.to_owned(), "unknown_time_zone", "timezone"),
        (&patch, "/users/me", r#"{"timezone": ""}"#.to_owned(), "unknown_time_zone", "timezone"),
        // Other things than an object, and no JSON at all.
        (&post, "/habits/", "null".to_owned(), "validation_error", ""),
        (&post, "/habits/", "[]".to_owned(), "validation_error", ""),
        (&post, "/habits/", r#""x""#.to_owned(), "validation_error", ""),
        (&post, "/habits/", String::new(), "json_invalid", ""),
        (&post, "/habits/", "[".repeat(20_000), "json_invalid", ""),
        (
            &put,
            "/users/me/dialogue",
            format!(r#"{{"state": {}1{}}}"#, "[".repeat(200), "]".repeat(200)),
            "json_invalid",
            "",
        ),
        (&put, "/users/me/dialogue", r#"{"state": "\u0000"}"#.to_owned(), "validation_error", ""),
    ] {
        let reply = send(&server, &person, method.clone(), path, body.clone()).await;
        let shown: String = body.chars().take(80).collect();
        assert_eq!(reply.error(), (422, kind), "{method} {path} {shown}: {}", reply.body);
        let expected = if loc.is_empty() { json!(["body"]) } else { json!(["body", loc]) };
        assert_eq!(reply.body["detail"]["loc"], expected, "{method} {path} {shown}");
    }
    assert_eq!(written(&pool).await, before);
}

#[sqlx::test(migrations = "../migrations")]
async fn bytes_that_are_no_utf8_are_refused(pool: PgPool) {
    let server = Server::new(pool);
    let person = server.person(7, "UTC").await;
    let body: &[u8] = b"{\"name\": \"\xFF\xFE\", \"time_to_remind\": \"09:00\"}";
    let reply = send(&server, &person, Method::POST, "/habits/", body).await;
    assert_eq!(reply.status, 422, "{}", reply.body);
    assert_eq!(reply.error().0, 422);
}

#[sqlx::test(migrations = "../migrations")]
async fn a_body_of_ten_megabytes_is_refused_and_not_kept(pool: PgPool) {
    let server = Server::new(pool);
    let person = server.person(7, "UTC").await;
    let body = format!(r#"{{{HABIT}, "description": "{}"}}"#, "x".repeat(10_000_000));
    let reply = send(&server, &person, Method::POST, "/habits/", body).await;
    assert_eq!(reply.error(), (413, "body_too_large"));
}

#[sqlx::test(migrations = "../migrations")]
async fn paths_and_queries_that_say_nothing_are_refused(pool: PgPool) {
    let server = Server::new(pool);
    let person = server.person(7, "UTC").await;
    for (path, status, kind, loc) in [
        ("/habits/x", 422, "validation_error", json!(["path", "habit_id"])),
        ("/habits/%FF", 422, "validation_error", json!(["path", "habit_id"])),
        ("/habits/%00", 422, "validation_error", json!(["path", "habit_id"])),
        ("/habits/1e3", 422, "validation_error", json!(["path", "habit_id"])),
        ("/habits/9223372036854775808", 422, "validation_error", json!(["path", "habit_id"])),
        ("/habits/9223372036854775807", 404, "habit_not_found", json!(["path", "habit_id"])),
        ("/habits/?limit=0", 422, "validation_error", json!(["query", "limit"])),
        ("/habits/?limit=201", 422, "validation_error", json!(["query", "limit"])),
        ("/habits/?limit=", 422, "validation_error", json!(["query", "limit"])),
        ("/habits/?skip=-1", 422, "validation_error", json!(["query", "skip"])),
        ("/habits/?skip=9223372036854775808", 422, "validation_error", json!(["query", "skip"])),
        ("/habits/?skip=NaN", 422, "validation_error", json!(["query", "skip"])),
        ("/habits/?active_only=perhaps", 422, "validation_error", json!(["query", "active_only"])),
        ("/habits/?active_only=null", 422, "validation_error", json!(["query", "active_only"])),
        ("/habits/..%2F", 422, "validation_error", json!(["path", "habit_id"])),
    ] {
        let reply = person.get(path).await;
        assert_eq!(reply.error(), (status, kind), "{path}");
        assert_eq!(reply.body["detail"]["loc"], loc, "{path}");
    }
    person.get("/habits/?skip=9223372036854775807&limit=200&colour=red").await.ok(200);
}

#[sqlx::test(migrations = "../migrations")]
async fn bounds_belong_to_what_is_allowed(pool: PgPool) {
    let server = Server::new(pool);
    let person = server.person(7, "UTC").await;
    let habit = |name: String, days: i64| json!({"name": name, "time_to_remind": "23:59:59", "target_days": days});
    for (name, days) in [("x".to_owned(), 1), ("ж".repeat(255), i64::from(i32::MAX))] {
        assert_eq!(person.post("/habits/", habit(name.clone(), days)).await.ok(201)["name"], Value::String(name));
    }
    for days in [i64::MIN, -1, 0, i64::from(i32::MAX) + 1, i64::MAX] {
        assert_eq!(person.post("/habits/", habit("x".to_owned(), days)).await.error(), (422, "validation_error"));
    }
}
