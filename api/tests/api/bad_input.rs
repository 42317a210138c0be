//! What no rule allows: a clear 4xx that says where, and nothing written.

mod bounds;

use axum::{
    body::Body,
    http::{Method, Request, header},
};
use serde_json::{Value, json};
use sqlx::PgPool;

use crate::server::{Person, Reply, Server};

const INVALID: &str = "validation_error";

/// A person with a habit, to whom all is refused.
struct Refused {
    server: Server,
    pool: PgPool,
    token: String,
    habit: String,
    days: String,
    before: Vec<String>,
}

impl Refused {
    async fn new(pool: PgPool) -> Self {
        let server = Server::new(pool.clone());
        let person = server.person(7, "UTC").await;
        let id = person.habit("read", "09:00:00").await;
        let (token, before) = (person.token.clone(), written(&pool).await);
        Self { server, pool, token, habit: format!("/habits/{id}"), days: format!("/habits/{id}/executions/"), before }
    }

    fn person(&self) -> Person<'_> {
        self.server.bearer(&self.token)
    }

    async fn send(&self, method: Method, path: &str, body: impl Into<Body>) -> Reply {
        let request = Request::builder()
            .method(method)
            .uri(format!("/api/v1{path}"))
            .header(header::AUTHORIZATION, format!("Bearer {}", self.token))
            .header(header::CONTENT_TYPE, "application/json")
            .body(body.into())
            .unwrap();
        self.server.send(request).await
    }

    /// Refused with 422 for this place in the body, all of it where that has no name.
    async fn body(&self, method: Method, path: &str, body: &str, kind: &str, field: Option<&str>) {
        let reply = self.send(method.clone(), path, body.to_owned()).await;
        let shown: String = body.chars().take(80).collect();
        assert_eq!(reply.error(), (422, kind), "{method} {path} {shown}: {}", reply.body);
        let loc: Vec<_> = ["body"].into_iter().chain(field).collect();
        assert_eq!(reply.body["detail"]["loc"], json!(loc), "{method} {path} {shown}");
        self.nothing_is_written(&shown).await;
    }

    async fn new_habit(&self, body: &str, field: &str) {
        self.body(Method::POST, "/habits/", body, INVALID, Some(field)).await;
    }

    async fn nothing_is_written(&self, after: &str) {
        assert_eq!(written(&self.pool).await, self.before, "{after}");
    }
}

/// All rows there are.
async fn written(pool: &PgPool) -> Vec<String> {
    let tables = "select format('select %L || t::text from %I t', tablename, tablename) from pg_tables
        where schemaname = 'public' and tablename <> '_sqlx_migrations'";
    let selects: Vec<String> = sqlx::query_scalar(tables).fetch_all(pool).await.unwrap();
    let all = format!("{} order by 1", selects.join(" union all "));
    sqlx::query_scalar(sqlx::AssertSqlSafe(all)).fetch_all(pool).await.unwrap()
}

const HABIT: &str = r#""name": "read", "time_to_remind": "09:00:00""#;

#[sqlx::test(migrations = "../migrations")]
async fn text_that_is_no_text_is_refused(pool: PgPool) {
    let refused = Refused::new(pool).await;
    refused.new_habit(r#"{"name": "\u0000", "time_to_remind": "09:00"}"#, "name").await;
    refused.new_habit(r#"{"name": "\ud800", "time_to_remind": "09:00"}"#, "name").await;
    refused.body(Method::PATCH, &refused.habit, r#"{"name": "\udc00x"}"#, INVALID, Some("name")).await;
    let blank = format!(r#"{{"name": "{}x"}}"#, " ".repeat(255));
    refused.body(Method::PATCH, &refused.habit, &blank, INVALID, Some("name")).await;
    let path = "/users/me/dialogue";
    refused.body(Method::PUT, path, r#"{"state": "\u0000"}"#, INVALID, None).await;
}

#[sqlx::test(migrations = "../migrations")]
async fn bytes_that_are_no_utf8_are_refused(pool: PgPool) {
    let refused = Refused::new(pool).await;
    let body: &[u8] = b"{\"name\": \"\xFF\xFE\", \"time_to_remind\": \"09:00\"}";
    let reply = refused.send(Method::POST, "/habits/", body).await;
    assert_eq!(reply.error().0, 422, "{}", reply.body);
    refused.nothing_is_written("bytes").await;
}

#[sqlx::test(migrations = "../migrations")]
async fn numbers_that_json_does_not_have_are_refused(pool: PgPool) {
    let refused = Refused::new(pool).await;
    for number in ["NaN", "Infinity", "-Infinity", "0x10", "+1", "1_000"] {
        let days = format!(r#"{{{HABIT}, "target_days": {number}}}"#);
        refused.body(Method::POST, "/habits/", &days, "json_invalid", None).await;
        let amount = format!(r#"{{"amount": {number}}}"#);
        refused.body(Method::POST, &refused.days, &amount, "json_invalid", None).await;
    }
}

#[sqlx::test(migrations = "../migrations")]
async fn numbers_of_another_kind_are_refused(pool: PgPool) {
    let refused = Refused::new(pool).await;
    for number in ["1e400", "2147483648", "1.5", r#""7""#, "true", "[7]", r#""NaN""#] {
        refused.new_habit(&format!(r#"{{{HABIT}, "target_days": {number}}}"#), "target_days").await;
    }
    for number in ["1e400", r#""7""#, r#""NaN""#, "true"] {
        let amount = format!(r#"{{"amount": {number}}}"#);
        refused.body(Method::POST, &refused.days, &amount, INVALID, Some("amount")).await;
    }
}

#[sqlx::test(migrations = "../migrations")]
async fn a_null_where_a_value_is_needed_is_refused(pool: PgPool) {
    let refused = Refused::new(pool).await;
    refused.new_habit(r#"{"name": null, "time_to_remind": "09:00"}"#, "name").await;
    refused.new_habit(r#"{"name": "x", "time_to_remind": null}"#, "time_to_remind").await;
}

/// The ends of the calendar as people and as chrono know it, and a date with one digit too many.
const DATES: [&str; 5] = ["0001-01-01", "9999-12-31", "+262142-12-31", "-262143-01-01", "10000-01-01"];

#[sqlx::test(migrations = "../migrations")]
async fn dates_at_both_ends_of_the_calendar_and_beyond_are_refused(pool: PgPool) {
    let refused = Refused::new(pool).await;
    for date in DATES {
        let kind = if date.starts_with("10000") { INVALID } else { "date_out_of_range" };
        let day = format!(r#"{{"status": "done", "execution_date": "{date}"}}"#);
        refused.body(Method::POST, &refused.days, &day, kind, Some("execution_date")).await;
        for field in ["from_date", "to_date"] {
            let pause = format!(r#"{{"{field}": "{date}"}}"#);
            refused.body(Method::POST, "/pauses", &pause, kind, Some(field)).await;
        }
        let schedule = format!(r#"{{"type": "every_n_days", "days": 3, "start": "{date}"}}"#);
        refused.new_habit(&format!(r#"{{{HABIT}, "schedule": {schedule}}}"#), "schedule").await;
    }
    let schedule = r#"{"type": "every_n_days", "days": 3, "start": "soon"}"#;
    refused.new_habit(&format!(r#"{{{HABIT}, "schedule": {schedule}}}"#), "schedule").await;
    let no_date = r#"{"status": "done", "execution_date": "2026-02-30"}"#;
    refused.body(Method::POST, &refused.days, no_date, INVALID, Some("execution_date")).await;
}

#[sqlx::test(migrations = "../migrations")]
async fn zones_that_are_no_place_are_refused(pool: PgPool) {
    let refused = Refused::new(pool).await;
    for zone in ["localtime", "right/UTC", "posix/UTC", "EST", "Europe/", "../etc/passwd", "UTC\u{0}x", "+02:00", ""] {
        let body = json!({"timezone": zone}).to_string();
        refused.body(Method::PATCH, "/users/me", &body, "unknown_time_zone", Some("timezone")).await;
        let reply = refused.server.log_in(json!({"telegram_id": 8, "timezone": zone})).await;
        assert_eq!(reply.error(), (422, "unknown_time_zone"), "{zone:?}");
        assert_eq!(reply.body["detail"]["loc"], json!(["body", "timezone"]));
        refused.nothing_is_written(zone).await;
    }
}

#[sqlx::test(migrations = "../migrations")]
async fn other_things_than_an_object_are_refused(pool: PgPool) {
    let refused = Refused::new(pool).await;
    for body in ["null", "[]", r#""x""#, "1", "true"] {
        refused.body(Method::POST, "/habits/", body, INVALID, None).await;
    }
    for body in ["", "{", "{}}", "{'name': 'x'}"] {
        refused.body(Method::POST, "/habits/", body, "json_invalid", None).await;
    }
}

#[sqlx::test(migrations = "../migrations")]
async fn json_that_is_very_deep_is_refused(pool: PgPool) {
    let refused = Refused::new(pool).await;
    refused.body(Method::POST, "/habits/", &"[".repeat(20_000), "json_invalid", None).await;
    let state = format!(r#"{{"state": {}1{}}}"#, "[".repeat(200), "]".repeat(200));
    refused.body(Method::PUT, "/users/me/dialogue", &state, "json_invalid", None).await;
}

#[sqlx::test(migrations = "../migrations")]
async fn a_body_of_ten_megabytes_is_refused_wherever_it_is_sent(pool: PgPool) {
    let refused = Refused::new(pool).await;
    let text = "x".repeat(10_000_000);
    for (method, path, body) in bounds::bodies(&refused) {
        let mut body = body;
        body["description"] = Value::String(text.clone());
        let reply = refused.send(method.clone(), &path, body.to_string()).await;
        assert_eq!(reply.error(), (413, "body_too_large"), "{method} {path}");
        assert_eq!(reply.body["detail"]["loc"], json!(["body"]), "{method} {path}");
    }
    refused.nothing_is_written("ten megabytes").await;
}

#[sqlx::test(migrations = "../migrations")]
async fn paths_and_queries_that_say_nothing_are_refused(pool: PgPool) {
    let refused = Refused::new(pool).await;
    let person = refused.person();
    for (path, status, kind, loc) in [
        ("/habits/x", 422, INVALID, json!(["path", "habit_id"])),
        ("/habits/%FF", 422, INVALID, json!(["path", "habit_id"])),
        ("/habits/%00", 422, INVALID, json!(["path", "habit_id"])),
        ("/habits/1e3", 422, INVALID, json!(["path", "habit_id"])),
        ("/habits/9223372036854775808", 422, INVALID, json!(["path", "habit_id"])),
        ("/habits/9223372036854775807", 404, "habit_not_found", json!(["path", "habit_id"])),
        ("/habits/?limit=", 422, INVALID, json!(["query", "limit"])),
        ("/habits/?skip=9223372036854775808", 422, INVALID, json!(["query", "skip"])),
        ("/habits/?skip=NaN", 422, INVALID, json!(["query", "skip"])),
        ("/habits/?active_only=perhaps", 422, INVALID, json!(["query", "active_only"])),
        ("/habits/?active_only=null", 422, INVALID, json!(["query", "active_only"])),
        ("/habits/..%2F", 422, INVALID, json!(["path", "habit_id"])),
    ] {
        let reply = person.get(path).await;
        assert_eq!(reply.error(), (status, kind), "{path}");
        assert_eq!(reply.body["detail"]["loc"], loc, "{path}");
    }
    person.get("/habits/?skip=9223372036854775807&limit=200&colour=red").await.ok(200);
    refused.nothing_is_written("queries").await;
}

#[sqlx::test(migrations = "../migrations")]
async fn the_longest_name_and_the_most_days_are_taken(pool: PgPool) {
    let server = Server::new(pool);
    let person = server.person(7, "UTC").await;
    for (name, days) in [("x".to_owned(), 1), ("ж".repeat(255), i32::MAX)] {
        let habit = json!({"name": name, "time_to_remind": "23:59:59", "target_days": days});
        assert_eq!(person.post("/habits/", habit).await.ok(201)["name"], Value::String(name));
    }
}
