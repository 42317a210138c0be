//! A service under test: requests go through its router, time stands still until a test moves it.

use std::sync::{Arc, Mutex};

use api::{App, Keys};
use axum::{
    Router,
    body::{Body, to_bytes},
    http::{HeaderMap, Method, Request, StatusCode, header},
    response::Response,
};
use chrono::{DateTime, Utc};
use process::Clock;
use serde_json::{Value, json};
use sqlx::PgPool;
use tower::ServiceExt as _;

pub(crate) const BOT_KEY: &str = "the-key-of-the-bot";
pub(crate) const JWT_SECRET: &str = "the secret of the tokens";
pub(crate) const SUNDAY_NOON: &str = "2026-11-22T12:00:00Z";

pub(crate) struct Server {
    router: Router,
    now: Arc<Mutex<DateTime<Utc>>>,
}

#[derive(Debug, Clone)]
pub(crate) struct Reply {
    pub(crate) status: StatusCode,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Value,
}

impl Reply {
    /// Status and type of an error, once its shape is seen to be the one of all errors.
    #[track_caller]
    pub(crate) fn error(&self) -> (u16, &str) {
        let detail = self.body["detail"].as_object().unwrap_or_else(|| panic!("no detail: {self:?}"));
        assert_eq!(self.body.as_object().map(serde_json::Map::len), Some(1));
        assert_eq!(detail.keys().collect::<Vec<_>>(), ["loc", "msg", "type"]);
        assert!(detail["loc"].is_array() && detail["msg"].as_str().is_some_and(|msg| !msg.is_empty()));
        (self.status.as_u16(), detail["type"].as_str().unwrap())
    }

    #[track_caller]
    pub(crate) fn ok(self, status: u16) -> Value {
        assert_eq!(self.status.as_u16(), status, "{}", self.body);
        self.body
    }
}

pub(crate) fn keys() -> Keys {
    Keys::new(BOT_KEY.to_owned().into(), &JWT_SECRET.to_owned().into())
}

impl Server {
    pub(crate) fn new(pool: PgPool) -> Self {
        Self::with(pool, |app| app)
    }

    pub(crate) fn with(pool: PgPool, change: impl Fn(App) -> App) -> Self {
        let now = Arc::new(Mutex::new(SUNDAY_NOON.parse().unwrap()));
        let clock = Clock::from_fn({
            let now = now.clone();
            move || *now.lock().unwrap()
        });
        let app = change(App::new(pool, clock, keys()).unwrap());
        Self { router: api::router(app), now }
    }

    pub(crate) fn set_time(&self, now: &str) {
        *self.now.lock().unwrap() = now.parse().unwrap();
    }

    pub(crate) async fn send(&self, request: Request<Body>) -> Reply {
        let (parts, body) = self.answer(request).await.into_parts();
        let bytes = to_bytes(body, usize::MAX).await.unwrap();
        let body = if bytes.is_empty() { Value::Null } else { serde_json::from_slice(&bytes).unwrap() };
        Reply { status: parts.status, headers: parts.headers, body }
    }

    /// A reply whose body is a file.
    pub(crate) async fn file(&self, request: Request<Body>) -> (StatusCode, HeaderMap, Vec<u8>) {
        let (parts, body) = self.answer(request).await.into_parts();
        (parts.status, parts.headers, to_bytes(body, usize::MAX).await.unwrap().to_vec())
    }

    /// The answer as it is. Each names its request.
    pub(crate) async fn answer(&self, request: Request<Body>) -> Response {
        let response = self.router.clone().oneshot(request).await.unwrap();
        assert!(response.headers().contains_key("x-request-id"));
        response
    }

    /// The status of a page that is no JSON.
    pub(crate) async fn page(&self, path: &str) -> StatusCode {
        let request = Request::get(path).body(Body::empty()).unwrap();
        self.answer(request).await.status()
    }

    /// The same person, or a program of his, by another token.
    pub(crate) fn bearer(&self, token: &str) -> Person<'_> {
        Person { server: self, token: token.to_owned() }
    }

    /// Headers and text of a page that is no JSON.
    pub(crate) async fn text(&self, path: &str) -> (HeaderMap, String) {
        let request = Request::get(path).body(Body::empty()).unwrap();
        let (parts, body) = self.answer(request).await.into_parts();
        (parts.headers, String::from_utf8(to_bytes(body, usize::MAX).await.unwrap().to_vec()).unwrap())
    }

    pub(crate) async fn log_in(&self, body: Value) -> Reply {
        let request = Request::post("/api/v1/auth/token")
            .header(wire::BOT_KEY_HEADER, BOT_KEY)
            .header(header::CONTENT_TYPE, "application/json")
            .body(Body::from(body.to_string()))
            .unwrap();
        self.send(request).await
    }

    /// A person who chose `timezone`, just logged in.
    pub(crate) async fn person(&self, telegram_id: i64, timezone: &str) -> Person<'_> {
        self.logged_in(json!({"telegram_id": telegram_id, "timezone": timezone})).await
    }

    /// Who tells nothing of himself at this login.
    pub(crate) async fn silent(&self, telegram_id: i64) -> Person<'_> {
        self.logged_in(json!({"telegram_id": telegram_id})).await
    }

    async fn logged_in(&self, login: Value) -> Person<'_> {
        let token = self.log_in(login).await.ok(200);
        Person { server: self, token: token["access_token"].as_str().unwrap().to_owned() }
    }
}

pub(crate) struct Person<'a> {
    server: &'a Server,
    pub(crate) token: String,
}

impl Person<'_> {
    pub(crate) async fn get(&self, path: &str) -> Reply {
        self.call(Method::GET, path, None, None).await
    }

    pub(crate) async fn delete(&self, path: &str) -> Reply {
        self.call(Method::DELETE, path, None, None).await
    }

    pub(crate) async fn post(&self, path: &str, body: Value) -> Reply {
        self.call(Method::POST, path, Some(body), None).await
    }

    pub(crate) async fn patch(&self, path: &str, body: Value) -> Reply {
        self.call(Method::PATCH, path, Some(body), None).await
    }

    pub(crate) async fn put(&self, path: &str, body: Value) -> Reply {
        self.call(Method::PUT, path, Some(body), None).await
    }

    pub(crate) async fn get_for_update(&self, path: &str, update_id: i64) -> Reply {
        self.call(Method::GET, path, None, Some(update_id)).await
    }

    pub(crate) async fn patch_for_update(&self, path: &str, body: Value, update_id: i64) -> Reply {
        self.call(Method::PATCH, path, Some(body), Some(update_id)).await
    }

    pub(crate) async fn post_for_update(&self, path: &str, body: Value, update_id: i64) -> Reply {
        self.call(Method::POST, path, Some(body), Some(update_id)).await
    }

    /// A new personal token of this scope.
    pub(crate) async fn personal_token(&self, scope: &str) -> (i64, String) {
        let made = self.post("/users/me/tokens", json!({"name": "script", "scope": scope})).await.ok(201);
        (made["id"].as_i64().unwrap(), made["token"].as_str().unwrap().to_owned())
    }

    /// A new habit of this name, its id.
    pub(crate) async fn habit(&self, name: &str, time_to_remind: &str) -> i64 {
        let body = json!({"name": name, "time_to_remind": time_to_remind});
        self.post("/habits/", body).await.ok(201)["id"].as_i64().unwrap()
    }

    /// Sets a day; the reply.
    pub(crate) async fn set(&self, habit_id: i64, status: &str, date: &str) -> Value {
        let body = json!({"status": status, "execution_date": date});
        self.post(&format!("/habits/{habit_id}/executions/"), body).await.ok(201)
    }

    pub(crate) async fn call(&self, method: Method, path: &str, body: Option<Value>, update_id: Option<i64>) -> Reply {
        let mut request = Request::builder()
            .method(method)
            .uri(format!("/api/v1{path}"))
            .header(header::AUTHORIZATION, format!("Bearer {}", self.token));
        if let Some(id) = update_id {
            request = request.header(wire::UPDATE_ID_HEADER, id);
        }
        let body = body.map_or(Body::empty(), |body| Body::from(body.to_string()));
        let request = request.header(header::CONTENT_TYPE, "application/json").body(body).unwrap();
        self.server.send(request).await
    }
}
