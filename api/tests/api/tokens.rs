use std::num::NonZeroU32;

use api::limit::Limits;
use axum::http::{Method, header};
use serde_json::json;
use sqlx::PgPool;

use crate::server::Server;

const TOKENS: &str = "/users/me/tokens";

#[sqlx::test(migrations = "../migrations")]
async fn a_token_is_shown_once_and_only_its_hash_is_kept(pool: PgPool) {
    let server = Server::new(pool.clone());
    let person = server.person(7, "UTC").await;
    let made = person
        .post(TOKENS, json!({"name": " Home ", "scope": "read", "expires_at": "2027-01-01T00:00:00Z"}))
        .await
        .ok(201);
    let token = made["token"].as_str().unwrap();
    assert!(token.starts_with("hbt_") && token.len() == 68);

    let listed = person.get(TOKENS).await.ok(200);
    assert_eq!(
        listed,
        json!([{"id": made["id"], "name": "Home", "scope": "read", "last_four": &token[64..],
            "created_at": "2026-11-22T12:00:00Z", "expires_at": "2027-01-01T00:00:00Z", "last_used_at": null}])
    );
    let row: String = sqlx::query_scalar("select t::text from api_tokens t").fetch_one(&pool).await.unwrap();
    assert!(!row.contains(&token[4..60]));
    let kept: bool = sqlx::query_scalar("select token_hash = sha256(convert_to($1, 'UTF8')) from api_tokens")
        .bind(token)
        .fetch_one(&pool)
        .await
        .unwrap();
    assert!(kept);
}

#[sqlx::test(migrations = "../migrations")]
async fn a_read_token_reads_and_changes_nothing(pool: PgPool) {
    let server = Server::new(pool);
    let person = server.person(7, "UTC").await;
    let habit = person.habit("read", "21:00:00").await;
    let program = server.bearer(&person.personal_token("read").await.1);
    assert_eq!(program.get("/habits/").await.ok(200)[0]["id"], habit);
    program.call(Method::HEAD, "/habits/", None, None).await.ok(200);
    for refused in [
        program.patch(&format!("/habits/{habit}"), json!({"name": "other"})).await,
        program.delete(&format!("/habits/{habit}")).await,
        program.post("/habits/", json!({"not": "even a habit"})).await,
    ] {
        assert_eq!(refused.error(), (403, "token_read_only"));
        assert_eq!(refused.body["detail"]["loc"], json!(["header", "Authorization"]));
        assert_eq!(refused.headers[header::WWW_AUTHENTICATE], r#"Bearer error="insufficient_scope""#);
    }
    assert_eq!(person.get(&format!("/habits/{habit}")).await.ok(200)["name"], "read");
}

#[sqlx::test(migrations = "../migrations")]
async fn a_write_token_changes_what_is_the_persons_but_neither_tokens_nor_account(pool: PgPool) {
    let server = Server::new(pool);
    let person = server.person(7, "UTC").await;
    let (id, token) = person.personal_token("write").await;
    let program = server.bearer(&token);
    let habit = program.habit("read", "21:00:00").await;
    assert_eq!(person.get(&format!("/habits/{habit}")).await.ok(200)["name"], "read");
    for refused in [
        program.get(TOKENS).await,
        program.post(TOKENS, json!({"name": "more", "scope": "write"})).await,
        program.delete(&format!("{TOKENS}/{id}")).await,
        program.delete("/users/me?telegram_id=7").await,
        program.patch("/users/me", json!({"is_bot_blocked": true})).await,
        program.get("/users/me/dialogue").await,
        program.put("/users/me/dialogue", json!({"state": {}})).await,
    ] {
        assert_eq!(refused.error(), (403, "session_required"));
    }
    program.patch("/users/me", json!({"is_bot_blocked": false, "first_name": "Ada"})).await.ok(200);
}

#[sqlx::test(migrations = "../migrations")]
async fn a_revoked_token_is_no_good_at_once_and_others_stay(pool: PgPool) {
    let server = Server::new(pool);
    let person = server.person(7, "UTC").await;
    let ((id, token), (_, other)) = (person.personal_token("write").await, person.personal_token("write").await);
    person.delete(&format!("{TOKENS}/{id}")).await.ok(204);
    assert_eq!(server.bearer(&token).get("/users/me").await.error(), (401, "invalid_token"));
    server.bearer(&other).get("/users/me").await.ok(200);
    assert_eq!(person.delete(&format!("{TOKENS}/{id}")).await.error(), (404, "token_not_found"));
}

#[sqlx::test(migrations = "../migrations")]
async fn nobody_revokes_or_sees_tokens_of_another(pool: PgPool) {
    let server = Server::new(pool);
    let (ada, ben) = (server.person(7, "UTC").await, server.person(8, "UTC").await);
    let (id, token) = ada.personal_token("read").await;
    assert_eq!(ben.delete(&format!("{TOKENS}/{id}")).await.error(), (404, "token_not_found"));
    assert_eq!(ben.get(TOKENS).await.ok(200), json!([]));
    assert_eq!(server.bearer(&token).get("/users/me").await.ok(200)["telegram_id"], 7);
}

#[sqlx::test(migrations = "../migrations")]
async fn a_token_ends_when_it_was_to(pool: PgPool) {
    let server = Server::new(pool);
    let person = server.person(7, "UTC").await;
    let body = json!({"name": "a", "scope": "read", "expires_at": "2026-11-22T12:30:00Z"});
    let made = person.post(TOKENS, body).await.ok(201);
    let program = server.bearer(made["token"].as_str().unwrap());
    server.set_time("2026-11-22T12:29:59Z");
    program.get("/users/me").await.ok(200);
    server.set_time("2026-11-22T12:30:00Z");
    assert_eq!(program.get("/users/me").await.error(), (401, "token_expired"));
}

#[sqlx::test(migrations = "../migrations")]
async fn the_last_use_is_written_once_a_minute(pool: PgPool) {
    let server = Server::new(pool);
    let person = server.person(7, "UTC").await;
    let program = server.bearer(&person.personal_token("read").await.1);
    for (now, noted) in [
        ("2026-11-22T12:00:10Z", "2026-11-22T12:00:10Z"),
        ("2026-11-22T12:01:09Z", "2026-11-22T12:00:10Z"),
        ("2026-11-22T12:01:10Z", "2026-11-22T12:01:10Z"),
        ("2026-11-22T12:09:00Z", "2026-11-22T12:09:00Z"),
    ] {
        server.set_time(now);
        program.get("/users/me").await.ok(200);
        assert_eq!(person.get(TOKENS).await.ok(200)[0]["last_used_at"], noted, "{now}");
    }
}

#[sqlx::test(migrations = "../migrations")]
async fn a_person_has_at_most_20_tokens_even_when_made_at_once(pool: PgPool) {
    let server = Server::new(pool);
    let person = server.person(7, "UTC").await;
    for _ in 0..19 {
        person.personal_token("read").await;
    }
    let make = || person.post(TOKENS, json!({"name": "a", "scope": "read"}));
    let (one, other) = tokio::join!(make(), make());
    let mut made = [one.status.as_u16(), other.status.as_u16()];
    made.sort_unstable();
    assert_eq!(made, [201, 409]);
    assert_eq!(make().await.error(), (409, "too_many_tokens"));
    assert_eq!(person.get(TOKENS).await.ok(200).as_array().unwrap().len(), 20);
}

#[sqlx::test(migrations = "../migrations")]
async fn a_token_that_breaks_a_rule_is_refused(pool: PgPool) {
    let server = Server::new(pool);
    let person = server.person(7, "UTC").await;
    for (body, field) in [
        (json!({"scope": "read"}), "name"),
        (json!({"name": "", "scope": "read"}), "name"),
        (json!({"name": "\u{0}\u{200b}", "scope": "read"}), "name"),
        (json!({"name": "a".repeat(101), "scope": "read"}), "name"),
        (json!({"name": null, "scope": "read"}), "name"),
        (json!({"name": "a"}), "scope"),
        (json!({"name": "a", "scope": "admin"}), "scope"),
        (json!({"name": "a", "scope": "Read"}), "scope"),
        (json!({"name": "a", "scope": "read", "expires_at": "2026-11-22T12:00:00Z"}), "expires_at"),
        (json!({"name": "a", "scope": "read", "expires_at": "0001-01-01T00:00:00Z"}), "expires_at"),
        (json!({"name": "a", "scope": "read", "expires_at": "+10000-01-01T00:00:00Z"}), "expires_at"),
        (json!({"name": "a", "scope": "read", "expires_at": "tomorrow"}), "expires_at"),
        (json!({"name": "a", "scope": "read", "expires_at": 1_900_000_000}), "expires_at"),
    ] {
        let refused = person.post(TOKENS, body.clone()).await;
        assert_eq!(refused.error(), (422, "validation_error"), "{body}");
        assert_eq!(refused.body["detail"]["loc"], json!(["body", field]), "{body}");
    }
    assert_eq!(person.get(TOKENS).await.ok(200), json!([]));
}

#[sqlx::test(migrations = "../migrations")]
async fn a_busy_token_is_slowed_and_leaves_the_person_alone(pool: PgPool) {
    let limits = || Limits::per_second(NonZeroU32::new(500).unwrap(), NonZeroU32::MIN);
    let server = Server::with(pool, |app| app.with_limits(limits()));
    let person = server.person(7, "UTC").await;
    let program = server.bearer(&person.personal_token("read").await.1);
    program.get("/users/me").await.ok(200);
    let refused = program.get("/users/me").await;
    assert_eq!(refused.error(), (429, "rate_limited"));
    assert_eq!(refused.headers[header::RETRY_AFTER], "1");
    person.get("/users/me").await.ok(200);
}

#[sqlx::test(migrations = "../migrations")]
async fn many_tokens_of_a_person_share_his_limit(pool: PgPool) {
    let limits = || Limits::per_second(NonZeroU32::new(3).unwrap(), NonZeroU32::new(500).unwrap());
    let server = Server::with(pool, |app| app.with_limits(limits()));
    let person = server.person(7, "UTC").await;
    let (one, other) = (person.personal_token("read").await.1, person.personal_token("read").await.1);
    server.bearer(&one).get("/users/me").await.ok(200);
    assert_eq!(server.bearer(&other).get("/users/me").await.error(), (429, "rate_limited"));
}

#[sqlx::test(migrations = "../migrations")]
async fn a_program_of_a_blocked_person_does_not_show_that_he_is_back(pool: PgPool) {
    let server = Server::new(pool);
    let person = server.person(7, "UTC").await;
    let program = server.bearer(&person.personal_token("read").await.1);
    person.patch("/users/me", json!({"is_bot_blocked": true})).await.ok(200);
    assert_eq!(program.get_for_update("/users/me", 31).await.ok(200)["is_bot_blocked"], true);
}

#[sqlx::test(migrations = "../migrations")]
async fn tokens_of_an_inactive_person_are_no_good(pool: PgPool) {
    let server = Server::new(pool.clone());
    let person = server.person(7, "UTC").await;
    let program = server.bearer(&person.personal_token("read").await.1);
    sqlx::query("update users set is_active = false").execute(&pool).await.unwrap();
    assert_eq!(program.get("/users/me").await.error(), (403, "user_inactive"));
}
