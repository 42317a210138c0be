use api::Defaults;
use axum::{body::Body, http::Request};
use rstest::rstest;
use serde_json::{Value, json};
use sqlx::PgPool;
use wire::user::Language;

use crate::server::{Person, SUNDAY_NOON, Server};

async fn with_key(server: &Server, key: Option<&str>) -> (u16, String) {
    let mut request = Request::post("/api/v1/auth/token");
    if let Some(key) = key {
        request = request.header("X-BOT-API-KEY", key);
    }
    let reply = server.send(request.body(Body::from("not even JSON")).unwrap()).await;
    let (status, kind) = reply.error();
    (status, kind.to_owned())
}

#[sqlx::test(migrations = "../migrations")]
async fn only_the_bot_gets_tokens(pool: PgPool) {
    let server = Server::new(pool);
    assert_eq!(with_key(&server, None).await, (403, "bot_api_key_missing".to_owned()));
    assert_eq!(with_key(&server, Some("the-key")).await, (403, "bot_api_key_invalid".to_owned()));
    assert_eq!(with_key(&server, Some("the-key-of-the-bot!")).await, (403, "bot_api_key_invalid".to_owned()));
}

#[sqlx::test(migrations = "../migrations")]
async fn the_first_login_creates_the_person(pool: PgPool) {
    let server = Server::new(pool);
    let request =
        json!({"telegram_id": 7, "first_name": " Асель ", "timezone": "asia/kathmandu", "language_code": "ru-KZ"});
    let token = server.log_in(request).await.ok(200);
    assert_eq!(token["token_type"], "bearer");

    let me = server.silent(7).await.get("/users/me").await.ok(200);
    insta::assert_json_snapshot!(me);
}

#[sqlx::test(migrations = "../migrations")]
async fn a_later_login_refreshes_names_and_zone_and_leaves_the_language(pool: PgPool) {
    let server = Server::new(pool);
    server
        .log_in(json!({"telegram_id": 7, "username": "old", "timezone": "Asia/Tokyo", "language_code": "en"}))
        .await
        .ok(200);
    server.set_time("2026-11-23T12:00:00Z");
    server.log_in(json!({"telegram_id": 7, "username": "new", "timezone": "utc", "language_code": "ru"})).await.ok(200);
    let me = server.silent(7).await.get("/users/me").await.ok(200);
    let known: Vec<_> = ["username", "timezone", "language", "updated_at"].map(|field| me[field].clone()).into();
    assert_eq!(known, ["new", "UTC", "en", "2026-11-23T12:00:00Z"]);
}

/// 20:00 in the zone that was assumed is the next date in his own: he has lost no day.
#[sqlx::test(migrations = "../migrations")]
async fn who_tells_his_zone_has_not_travelled(pool: PgPool) {
    let server = Server::new(pool.clone());
    server.set_time("2026-11-22T20:00:00Z");
    server.person(7, "Asia/Tokyo").await;
    server.log_in(json!({"telegram_id": 8})).await.ok(200);
    server.person(8, "Asia/Tokyo").await;
    let pauses: i64 = sqlx::query_scalar("select count(*) from pauses").fetch_one(&pool).await.unwrap();
    assert_eq!(pauses, 0);
}

#[sqlx::test(migrations = "../migrations")]
async fn a_login_without_a_zone_leaves_the_chosen_one(pool: PgPool) {
    let server = Server::new(pool);
    let me = server.silent(7).await.get("/users/me").await.ok(200);
    assert_eq!((&me["timezone"], &me["timezone_chosen"]), (&json!("UTC"), &json!(false)));
    server.person(7, "Asia/Tokyo").await;
    let me = server.silent(7).await.get("/users/me").await.ok(200);
    assert_eq!((&me["timezone"], &me["timezone_chosen"]), (&json!("Asia/Tokyo"), &json!(true)));
}

#[sqlx::test(migrations = "../migrations")]
async fn reminders_follow_a_zone_that_a_login_tells(pool: PgPool) {
    let server = Server::new(pool.clone());
    server.person(7, "UTC").await.habit("read", "21:00:00").await;
    server.person(7, "asia/kathmandu").await;
    assert_eq!(next_reminder(&pool).await, "2026-11-22 15:15:00");
}

#[sqlx::test(migrations = "../migrations")]
async fn a_language_that_nobody_told_is_kept_as_the_default_one(pool: PgPool) {
    let russian = Defaults { language: Language::Ru, ..Defaults::default() };
    let server = Server::with(pool.clone(), |app| app.with_defaults(russian));
    let kept = async || -> Vec<String> {
        sqlx::query_scalar("select language from users order by telegram_id").fetch_all(&pool).await.unwrap()
    };
    server.log_in(json!({"telegram_id": 7})).await.ok(200);
    server.log_in(json!({"telegram_id": 8, "language_code": "kk"})).await.ok(200);
    server.log_in(json!({"telegram_id": 9, "language_code": "en-GB"})).await.ok(200);
    assert_eq!(kept().await, ["ru", "ru", "en"]);

    sqlx::query("update users set language = null").execute(&pool).await.unwrap();
    server.log_in(json!({"telegram_id": 7})).await.ok(200);
    server.log_in(json!({"telegram_id": 8, "language_code": "en"})).await.ok(200);
    server.log_in(json!({"telegram_id": 9})).await.ok(200);
    assert_eq!(kept().await, ["ru", "en", "ru"]);
}

#[sqlx::test(migrations = "../migrations")]
async fn a_login_that_tells_nothing_new_writes_nothing(pool: PgPool) {
    let server = Server::new(pool);
    server.log_in(json!({"telegram_id": 7, "username": "ada"})).await.ok(200);
    server.set_time("2026-11-22T12:10:00Z");
    let token = server.log_in(json!({"telegram_id": 7, "username": "ada"})).await.ok(200);
    assert!(token["access_token"].is_string());
    let me = server.silent(7).await.get("/users/me").await.ok(200);
    assert_eq!(me["updated_at"], SUNDAY_NOON);
}

#[sqlx::test(migrations = "../migrations")]
async fn first_logins_at_the_same_time_all_succeed(pool: PgPool) {
    let server = Server::new(pool.clone());
    let log_in = || server.log_in(json!({"telegram_id": 7}));
    let replies = tokio::join!(log_in(), log_in(), log_in(), log_in(), log_in(), log_in());
    for reply in [replies.0, replies.1, replies.2, replies.3, replies.4, replies.5] {
        reply.ok(200);
    }
    let people: Option<i64> = sqlx::query_scalar("select count(*) from users").fetch_one(&pool).await.unwrap();
    assert_eq!(people, Some(1));
}

/// Blocked, with a reminder that was due in the meantime.
async fn blocked_since_noon(pool: &PgPool, person: &Person<'_>) {
    let me = person.patch("/users/me", json!({"is_bot_blocked": true})).await.ok(200);
    assert_eq!(me["is_bot_blocked"], true);
    sqlx::query("update habits set next_reminder_at = '2026-11-22T12:10:00Z'").execute(pool).await.unwrap();
}

async fn next_reminder(pool: &PgPool) -> String {
    let next = sqlx::query_scalar("select (next_reminder_at at time zone 'UTC')::text from habits");
    next.fetch_one(pool).await.unwrap()
}

#[sqlx::test(migrations = "../migrations")]
async fn who_comes_back_after_blocking_is_reminded_again(pool: PgPool) {
    let server = Server::new(pool.clone());
    let person = server.person(7, "UTC").await;
    person.habit("read", "21:00:00").await;
    blocked_since_noon(&pool, &person).await;

    server.set_time("2026-12-01T12:00:00Z");
    let me = server.silent(7).await.get("/users/me").await.ok(200);

    assert_eq!(me["is_bot_blocked"], false);
    assert_eq!(next_reminder(&pool).await, "2026-12-01 21:00:00");
}

#[sqlx::test(migrations = "../migrations")]
async fn an_update_of_a_blocked_person_shows_that_he_is_back(pool: PgPool) {
    let server = Server::new(pool.clone());
    let person = server.person(7, "UTC").await;
    person.habit("read", "21:00:00").await;
    blocked_since_noon(&pool, &person).await;

    server.set_time("2026-11-22T12:20:00Z");
    assert_eq!(person.get("/users/me").await.ok(200)["is_bot_blocked"], true);
    assert_eq!(person.get_for_update("/users/me", 31).await.ok(200)["is_bot_blocked"], false);
    assert_eq!(person.get_for_update("/users/me", 31).await.ok(200)["is_bot_blocked"], false);
    assert_eq!(next_reminder(&pool).await, "2026-11-22 21:00:00");
}

#[sqlx::test(migrations = "../migrations")]
async fn the_update_that_tells_of_blocking_blocks(pool: PgPool) {
    let server = Server::new(pool.clone());
    let person = server.person(7, "UTC").await;
    for _ in 0..2 {
        let me = person.patch_for_update("/users/me", json!({"is_bot_blocked": true}), 31).await.ok(200);
        assert_eq!(me["is_bot_blocked"], true);
    }
    assert_eq!(person.get("/users/me").await.ok(200)["is_bot_blocked"], true);
}

#[sqlx::test(migrations = "../migrations")]
async fn an_inactive_person_gets_no_token(pool: PgPool) {
    let server = Server::new(pool.clone());
    let person = server.person(7, "UTC").await;
    sqlx::query("update users set is_active = false").execute(&pool).await.unwrap();
    assert_eq!(server.log_in(json!({"telegram_id": 7})).await.error(), (400, "user_inactive"));
    assert_eq!(person.get("/users/me").await.error(), (403, "user_inactive"));
}

#[rstest]
#[case::no_id(json!({}), "validation_error", "telegram_id")]
#[case::zero(json!({"telegram_id": 0}), "validation_error", "telegram_id")]
#[case::too_big(json!({"telegram_id": 99_999_999_999_999_999_999_f64}), "validation_error", "telegram_id")]
#[case::long_name(json!({"telegram_id": 7, "first_name": "x".repeat(101)}), "validation_error", "first_name")]
#[case::no_zone(json!({"telegram_id": 7, "timezone": "Mars/Olympus"}), "unknown_time_zone", "timezone")]
#[case::half_a_zone(json!({"telegram_id": 7, "timezone": "Europe/"}), "unknown_time_zone", "timezone")]
#[tokio::test]
async fn what_cannot_be_is_refused_with_its_field(#[case] body: Value, #[case] kind: &str, #[case] field: &str) {
    // Refused before the database is asked: none is needed.
    let pool = PgPool::connect_lazy("postgres://127.0.0.1:1/none").unwrap();
    let reply = Server::new(pool).log_in(body).await;
    assert_eq!(reply.error(), (422, kind));
    assert_eq!(reply.body["detail"]["loc"], json!(["body", field]));
}

#[sqlx::test(migrations = "../migrations")]
async fn nul_characters_and_explicit_nulls_never_break_a_login(pool: PgPool) {
    let server = Server::new(pool);
    let request =
        json!({"telegram_id": 7, "username": null, "first_name": "A\u{0}da", "last_name": null, "timezone": null});
    server.log_in(request).await.ok(200);
    let me = server.silent(7).await.get("/users/me").await.ok(200);
    assert_eq!(me["first_name"], "Ada");
}

#[sqlx::test(migrations = "../migrations")]
async fn a_login_tells_the_person_and_his_dialogue_where_it_is_asked_to(pool: PgPool) {
    let server = Server::new(pool);
    let person = server.person(7, "Asia/Kathmandu").await;
    person.put("/users/me/dialogue", json!({"state": "asked for a name"})).await.ok(204);
    let request = Request::post("/api/v1/auth/token?include=user").header("X-BOT-API-KEY", crate::server::BOT_KEY);
    let request = request.header("content-type", "application/json");
    let told = server.send(request.body(Body::from(json!({"telegram_id": 7}).to_string())).unwrap()).await.ok(200);
    assert_eq!(told["user"], person.get("/users/me").await.ok(200));
    assert_eq!(told["dialogue"], json!({"state": "asked for a name"}));
    let plain = server.log_in(json!({"telegram_id": 7})).await.ok(200);
    assert_eq!((plain.get("user"), plain.get("dialogue")), (None, None));
}
