use serde_json::{Value, json};
use sqlx::PgPool;

use crate::server::{Person, Server};

/// The code of a new invite.
async fn invite(owner: &Person<'_>, habit: i64, uses: i32) -> String {
    let invite = owner.post(&format!("/habits/{habit}/invites"), json!({"uses": uses})).await.ok(201);
    invite["code"].as_str().unwrap().to_owned()
}

async fn accept(guest: &Person<'_>, code: &str, own: Option<i64>) -> Value {
    guest.post(&format!("/invites/{code}/accept"), json!({"habit_id": own})).await.ok(200)
}

async fn shared(person: &Person<'_>) -> Vec<Value> {
    person.get("/shared").await.ok(200).as_array().unwrap().clone()
}

async fn partners(owner: &Person<'_>, habit: i64) -> Vec<Value> {
    owner.get(&format!("/habits/{habit}/partners")).await.ok(200).as_array().unwrap().clone()
}

#[sqlx::test(migrations = "../migrations")]
async fn a_partner_sees_streak_and_last_days_and_no_more(pool: PgPool) {
    let server = Server::new(pool);
    let (ada, ben) = (server.person(7, "UTC").await, server.person(8, "UTC").await);
    ada.patch("/users/me", json!({"first_name": "Ada"})).await.ok(200);
    let body = json!({"name": "read", "description": "in secret", "time_to_remind": "21:00:00"});
    let habit = ada.post("/habits/", body).await.ok(201)["id"].as_i64().unwrap();
    for (date, status) in [("2026-11-19", "not_done"), ("2026-11-21", "done"), ("2026-11-22", "done")] {
        ada.set(habit, status, date).await;
    }

    let code = invite(&ada, habit, 1).await;
    let seen = accept(&ben, &code, None).await;

    insta::assert_json_snapshot!(seen);
    assert_eq!(shared(&ben).await, [seen]);
    let partner = &partners(&ada, habit).await[0];
    assert_eq!((&partner["since"], &partner["habit"]), (&json!("2026-11-22T12:00:00Z"), &Value::Null));
    assert_eq!(shared(&ada).await, Vec::<Value>::new());
    assert_eq!(ben.get(&format!("/habits/{habit}")).await.error(), (403, "habit_access_forbidden"));
}

#[sqlx::test(migrations = "../migrations")]
async fn a_partners_today_is_the_owners(pool: PgPool) {
    let server = Server::new(pool);
    let (ada, ben) = (server.person(7, "Asia/Tokyo").await, server.person(8, "America/Los_Angeles").await);
    let habit = ada.habit("read", "21:00:00").await;
    accept(&ben, &invite(&ada, habit, 1).await, None).await;
    let seen_at = async |now: &str| {
        server.set_time(now);
        shared(&server.silent(8).await).await[0].clone()
    };

    // 21:00 of the 22nd in Tokyo, 04:00 in Los Angeles.
    ada.set(habit, "done", "2026-11-22").await;
    let seen = seen_at("2026-11-22T12:00:00Z").await;
    assert_eq!((&seen["is_done_today"], &seen["current_streak"]), (&json!(true), &json!(1)));
    // Past midnight in Tokyo.
    let seen = seen_at("2026-11-22T15:30:00Z").await;
    assert_eq!((&seen["is_done_today"], &seen["current_streak"]), (&json!(false), &json!(1)));
    assert_eq!(seen["last_days"][6], json!({"date": "2026-11-23", "status": "pending"}));
    assert_eq!(seen["last_days"][5], json!({"date": "2026-11-22", "status": "done"}));
    // A missed day later.
    assert_eq!(seen_at("2026-11-23T15:00:00Z").await["current_streak"], 0);
}

#[sqlx::test(migrations = "../migrations")]
async fn who_shows_a_habit_in_return_is_seen_as_well(pool: PgPool) {
    let server = Server::new(pool);
    let (ada, ben) = (server.person(7, "UTC").await, server.person(8, "UTC").await);
    let (read, run) = (ada.habit("read", "21:00:00").await, ben.habit("run", "07:00:00").await);
    accept(&ben, &invite(&ada, read, 1).await, Some(run)).await;
    ben.set(run, "done", "2026-11-22").await;

    let partner = &partners(&ada, read).await[0];
    assert_eq!((&partner["habit"]["name"], &partner["habit"]["is_done_today"]), (&json!("run"), &json!(true)));
    assert_eq!(shared(&ada).await[0]["habit_id"], run);
    assert_eq!(partners(&ben, run).await[0]["habit"]["name"], "read");
}

#[sqlx::test(migrations = "../migrations")]
async fn who_leaves_sees_nothing_and_is_seen_no_more(pool: PgPool) {
    let server = Server::new(pool);
    let (ada, ben) = (server.person(7, "UTC").await, server.person(8, "UTC").await);
    let (read, run) = (ada.habit("read", "21:00:00").await, ben.habit("run", "07:00:00").await);
    accept(&ben, &invite(&ada, read, 1).await, Some(run)).await;
    let path = format!("/habits/{read}/partners/me");
    ben.delete(&path).await.ok(204);
    assert!(shared(&ada).await.is_empty() && shared(&ben).await.is_empty());
    assert_eq!(ben.delete(&path).await.error(), (404, "partner_not_found"));
}

#[sqlx::test(migrations = "../migrations")]
async fn the_owner_removes_a_partner(pool: PgPool) {
    let server = Server::new(pool);
    let (ada, ben) = (server.person(7, "UTC").await, server.person(8, "UTC").await);
    let habit = ada.habit("read", "21:00:00").await;
    accept(&ben, &invite(&ada, habit, 1).await, None).await;
    let path = format!("/habits/{habit}/partners/{}", partners(&ada, habit).await[0]["user_id"]);
    assert_eq!(ben.delete(&path).await.error(), (403, "habit_access_forbidden"));
    ada.delete(&path).await.ok(204);
    assert!(shared(&ben).await.is_empty());
    assert_eq!(ada.delete(&path).await.error(), (404, "partner_not_found"));
    let reply = ada.delete(&format!("/habits/{habit}/partners/somebody")).await;
    assert_eq!(reply.error(), (422, "validation_error"));
    assert_eq!(reply.body["detail"]["loc"], json!(["path", "user_id"]));
}

#[sqlx::test(migrations = "../migrations")]
async fn an_invite_tells_what_it_is_about(pool: PgPool) {
    let server = Server::new(pool);
    let (ada, ben) = (server.person(7, "UTC").await, server.person(8, "UTC").await);
    ada.patch("/users/me", json!({"first_name": "Ada"})).await.ok(200);
    let code = invite(&ada, ada.habit("read", "21:00:00").await, 2).await;
    assert!(code.len() <= 64 && code.bytes().all(|byte| byte.is_ascii_alphanumeric()));
    let path = format!("/invites/{code}");
    let offer = json!({
        "habit_name": "read", "owner_first_name": "Ada", "is_own": false, "is_partner": false,
        "expires_at": "2026-11-29T12:00:00Z",
    });
    assert_eq!(ben.get(&path).await.ok(200), offer);
    accept(&ben, &code, None).await;
    assert_eq!(ben.get(&path).await.ok(200)["is_partner"], true);
    assert_eq!(ada.get(&path).await.ok(200)["is_own"], true);
    assert_eq!(ada.post(&format!("{path}/accept"), json!({})).await.error(), (409, "own_invite"));
}

#[sqlx::test(migrations = "../migrations")]
async fn accepting_again_changes_nothing_but_what_is_shown_in_return(pool: PgPool) {
    let server = Server::new(pool);
    let (ada, ben, eve) = (server.person(7, "UTC").await, server.person(8, "UTC").await, server.person(9, "UTC").await);
    let (read, run) = (ada.habit("read", "21:00:00").await, ben.habit("run", "07:00:00").await);
    let code = invite(&ada, read, 1).await;
    let first = accept(&ben, &code, None).await;
    server.set_time("2026-11-22T12:10:00Z");
    assert_eq!(accept(&ben, &code, Some(run)).await, first);
    assert_eq!(accept(&ben, &code, None).await, first);
    assert_eq!(partners(&ada, read).await[0]["habit"]["habit_id"], run);
    let path = format!("/invites/{code}");
    assert_eq!(eve.post(&format!("{path}/accept"), json!({})).await.error(), (404, "invite_not_found"));
    assert_eq!(eve.get(&path).await.error(), (404, "invite_not_found"));
}

#[sqlx::test(migrations = "../migrations")]
async fn an_invite_that_is_over_or_never_was_opens_nothing(pool: PgPool) {
    let server = Server::new(pool);
    let (ada, ben) = (server.person(7, "UTC").await, server.person(8, "UTC").await);
    let habit = ada.habit("read", "21:00:00").await;
    let invites = format!("/habits/{habit}/invites");
    let revoked = ada.post(&invites, json!({})).await.ok(201);
    let kept = invite(&ada, habit, 1).await;
    assert_eq!(ada.get(&invites).await.ok(200).as_array().unwrap().len(), 2);
    let path = format!("{invites}/{}", revoked["id"]);
    assert_eq!(ben.delete(&path).await.error(), (403, "habit_access_forbidden"));
    ada.delete(&path).await.ok(204);
    assert_eq!(ada.delete(&path).await.error(), (404, "invite_not_found"));

    for code in [revoked["code"].as_str().unwrap(), "0123", "%00", "%FF", "a%20b", &"a".repeat(5_000)] {
        let reply = ben.post(&format!("/invites/{code}/accept"), json!({})).await;
        assert_eq!(reply.error(), (404, "invite_not_found"), "{code}");
        assert_eq!(ben.get(&format!("/invites/{code}")).await.error(), (404, "invite_not_found"), "{code}");
    }
    server.set_time("2026-11-29T12:00:00Z");
    let (ada, ben) = (server.silent(7).await, server.silent(8).await);
    assert_eq!(ben.post(&format!("/invites/{kept}/accept"), json!({})).await.error(), (404, "invite_not_found"));
    assert_eq!(ada.get(&invites).await.ok(200), json!([]));
    assert!(partners(&ada, habit).await.is_empty());
}

#[sqlx::test(migrations = "../migrations")]
async fn one_invite_for_one_person_admits_one_of_many_at_once(pool: PgPool) {
    let server = Server::new(pool);
    let ada = server.person(7, "UTC").await;
    let habit = ada.habit("read", "21:00:00").await;
    let path = format!("/invites/{}/accept", invite(&ada, habit, 1).await);
    let guests = [server.person(8, "UTC").await, server.person(9, "UTC").await, server.person(10, "UTC").await];
    let ask = |guest: usize| guests[guest].post(&path, json!({}));
    let (one, two, three) = tokio::join!(ask(0), ask(1), ask(2));
    let mut statuses = [one, two, three].map(|reply| reply.status.as_u16());
    statuses.sort_unstable();
    assert_eq!(statuses, [200, 404, 404]);
    assert_eq!(partners(&ada, habit).await.len(), 1);
}

#[sqlx::test(migrations = "../migrations")]
async fn bounds_hold(pool: PgPool) {
    let server = Server::new(pool.clone());
    let ada = server.person(7, "UTC").await;
    let habit = ada.habit("read", "21:00:00").await;
    let invites = format!("/habits/{habit}/invites");
    for uses in [json!(0), json!(11), json!(-1), json!("many"), json!(1.5)] {
        let reply = ada.post(&invites, json!({"uses": uses})).await;
        assert_eq!(reply.error(), (422, "validation_error"), "{uses}");
        assert_eq!(reply.body["detail"]["loc"], json!(["body", "uses"]));
    }
    let (first, second) = (invite(&ada, habit, 10).await, invite(&ada, habit, 1).await);
    for guest in 100..110 {
        accept(&server.person(guest, "UTC").await, &first, None).await;
    }
    let one_more = server.person(110, "UTC").await;
    let reply = one_more.post(&format!("/invites/{second}/accept"), json!({})).await;
    assert_eq!(reply.error(), (409, "too_many_partners"));
    assert_eq!(partners(&ada, habit).await.len(), 10);

    for _ in 1..20 {
        invite(&ada, habit, 1).await;
    }
    assert_eq!(ada.post(&invites, json!({})).await.error(), (409, "too_many_invites"));
}

#[sqlx::test(migrations = "../migrations")]
async fn many_who_accept_at_once_stay_within_the_bound(pool: PgPool) {
    let server = Server::new(pool);
    let ada = server.person(7, "UTC").await;
    let habit = ada.habit("read", "21:00:00").await;
    let code = invite(&ada, habit, 10).await;
    for guest in 100..109 {
        accept(&server.person(guest, "UTC").await, &code, None).await;
    }
    let mut paths = Vec::new();
    let mut guests = Vec::new();
    for guest in 8..11 {
        paths.push(format!("/invites/{}/accept", invite(&ada, habit, 1).await));
        guests.push(server.person(guest, "UTC").await);
    }
    let ask = |guest: usize| guests[guest].post(&paths[guest], json!({}));
    let (one, two, three) = tokio::join!(ask(0), ask(1), ask(2));
    let mut statuses = [one, two, three].map(|reply| reply.status.as_u16());
    statuses.sort_unstable();
    assert_eq!(statuses, [200, 409, 409]);
    assert_eq!(partners(&ada, habit).await.len(), 10);
}

#[sqlx::test(migrations = "../migrations")]
async fn nobody_shows_what_is_not_his(pool: PgPool) {
    let server = Server::new(pool);
    let (ada, ben) = (server.person(7, "UTC").await, server.person(8, "UTC").await);
    let habit = ada.habit("read", "21:00:00").await;
    let path = format!("/invites/{}/accept", invite(&ada, habit, 1).await);
    for own in [habit, 999_999, 0] {
        let reply = ben.post(&path, json!({"habit_id": own})).await;
        assert_eq!(reply.error(), (422, "validation_error"));
        assert_eq!(reply.body["detail"]["loc"], json!(["body", "habit_id"]));
    }
    assert!(partners(&ada, habit).await.is_empty());
    assert_eq!(ben.get(&format!("/habits/{habit}/partners")).await.error(), (403, "habit_access_forbidden"));
    assert_eq!(ben.get(&format!("/habits/{habit}/invites")).await.error(), (403, "habit_access_forbidden"));
    let reply = ben.post(&format!("/habits/{habit}/invites"), json!({})).await;
    assert_eq!(reply.error(), (403, "habit_access_forbidden"));
    assert_eq!(ben.get("/habits/999999/partners").await.error(), (404, "habit_not_found"));
}

#[sqlx::test(migrations = "../migrations")]
async fn a_deleted_habit_is_shared_no_more_nor_what_was_shown_in_return(pool: PgPool) {
    let server = Server::new(pool);
    let (ada, ben) = (server.person(7, "UTC").await, server.person(8, "UTC").await);
    let mut read = 0;
    for deletes in [&ada, &ben] {
        read = ada.habit("read", "21:00:00").await;
        let run = ben.habit("run", "07:00:00").await;
        accept(&ben, &invite(&ada, read, 1).await, Some(run)).await;
        assert_eq!((shared(&ada).await.len(), shared(&ben).await.len()), (1, 1));
        let own = if deletes.token == ada.token { read } else { run };
        deletes.delete(&format!("/habits/{own}")).await.ok(204);
        assert!(shared(&ada).await.is_empty() && shared(&ben).await.is_empty());
    }
    accept(&ben, &invite(&ada, read, 1).await, None).await;
    ada.delete("/users/me?telegram_id=7").await.ok(204);
    assert!(shared(&ben).await.is_empty());
}
