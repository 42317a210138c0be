use serde_json::{Value, json};
use sqlx::PgPool;

use crate::server::{Person, Server};

async fn names(person: &Person<'_>, path: &str) -> Vec<String> {
    let habits = person.get(path).await.ok(200);
    habits.as_array().unwrap().iter().map(|habit| habit["name"].as_str().unwrap().to_owned()).collect()
}

#[sqlx::test(migrations = "../migrations")]
async fn a_new_habit_has_all_fields_of_the_contract(pool: PgPool) {
    let server = Server::new(pool);
    let person = server.person(7, "UTC").await;
    let body = json!({"name": " Read <3 ", "description": null, "time_to_remind": "21:30", "target_days": null});
    insta::assert_json_snapshot!(person.post("/habits/", body).await.ok(201));
}

#[sqlx::test(migrations = "../migrations")]
async fn nobody_creates_more_habits_than_allowed(pool: PgPool) {
    let server = Server::new(pool.clone());
    let person = server.person(7, "UTC").await;
    person.habit("read", "09:00:00").await;
    sqlx::query(
        "insert into habits (user_id, name, target_days, time_to_remind, origin, created_at, updated_at)
         select user_id, name || n, target_days, time_to_remind, origin, created_at, updated_at
         from habits, generate_series(1, 498) n",
    )
    .execute(&pool)
    .await
    .unwrap();
    let body = json!({"name": "one more", "time_to_remind": "09:00:00"});
    person.post("/habits/", body.clone()).await.ok(201);
    assert_eq!(person.post("/habits/", body).await.error(), (409, "too_many_habits"));
}

#[sqlx::test(migrations = "../migrations")]
async fn active_habits_come_by_time_and_name(pool: PgPool) {
    let server = Server::new(pool);
    let person = server.person(7, "UTC").await;
    person.habit("b", "09:00:00").await;
    person.habit("late", "23:00:00").await;
    person.habit("a", "09:00:00").await;
    let archived = person.habit("archived", "01:00:00").await;
    person.patch(&format!("/habits/{archived}"), json!({"is_active": false})).await.ok(200);
    assert_eq!(names(&person, "/habits/").await, ["a", "b", "late"]);
}

#[sqlx::test(migrations = "../migrations")]
async fn all_habits_come_newest_first(pool: PgPool) {
    let server = Server::new(pool);
    let person = server.person(7, "UTC").await;
    for name in ["first", "second", "third"] {
        person.habit(name, "09:00:00").await;
    }
    assert_eq!(names(&person, "/habits/?active_only=false").await, ["third", "second", "first"]);
}

#[sqlx::test(migrations = "../migrations")]
async fn pages_of_equal_habits_show_each_once(pool: PgPool) {
    let server = Server::new(pool);
    let person = server.person(7, "UTC").await;
    for _ in 0..7 {
        person.habit("same", "09:00:00").await;
    }
    for active_only in [true, false] {
        let mut seen = Vec::new();
        for skip in (0..8).step_by(2) {
            let page = person.get(&format!("/habits/?skip={skip}&limit=2&active_only={active_only}")).await.ok(200);
            seen.extend(page.as_array().unwrap().iter().map(|habit| habit["id"].as_i64().unwrap()));
        }
        seen.sort_unstable();
        seen.dedup();
        assert_eq!(seen.len(), 7);
    }
}

#[sqlx::test(migrations = "../migrations")]
async fn a_parameter_out_of_its_range_is_refused(pool: PgPool) {
    let server = Server::new(pool);
    let person = server.person(7, "UTC").await;
    for query in ["skip=-1", "limit=0", "limit=201", "limit=99999999999999999999", "limit=%C2%B2", "active_only=maybe"]
    {
        let reply = person.get(&format!("/habits/?{query}")).await;
        assert_eq!(reply.error(), (422, "validation_error"), "{query}");
        let (field, _) = query.split_once('=').unwrap();
        assert_eq!(reply.body["detail"]["loc"], json!(["query", field]));
    }
}

#[sqlx::test(migrations = "../migrations")]
async fn both_forms_of_a_path_are_served(pool: PgPool) {
    let server = Server::new(pool);
    let person = server.person(7, "UTC").await;
    let body = json!({"name": "read", "time_to_remind": "09:00:00"});
    let id = person.post("/habits", body).await.ok(201)["id"].as_i64().unwrap();
    assert_eq!(names(&person, "/habits").await, ["read"]);
    assert_eq!(names(&person, "/habits/?limit=1").await, ["read"]);
    person.get(&format!("/habits/{id}/")).await.ok(200);
    person.post(&format!("/habits/{id}/executions"), json!({"status": "done"})).await.ok(201);
}

#[sqlx::test(migrations = "../migrations")]
async fn whose_habit_it_is_decides(pool: PgPool) {
    let server = Server::new(pool);
    let (ada, ben) = (server.person(7, "UTC").await, server.person(8, "UTC").await);
    let id = ada.habit("read", "09:00:00").await;
    let habit = format!("/habits/{id}");
    assert_eq!(ben.get(&habit).await.error(), (403, "habit_access_forbidden"));
    assert_eq!(ben.patch(&habit, json!({"name": "mine"})).await.error(), (403, "habit_access_forbidden"));
    assert_eq!(ben.delete(&habit).await.error(), (403, "habit_access_forbidden"));
    let tick = ben.post(&format!("{habit}/executions/"), json!({"status": "done"})).await;
    assert_eq!(tick.error(), (403, "habit_forbidden"));
    assert_eq!(ada.get("/habits/0").await.error(), (404, "habit_not_found"));
    assert_eq!(ada.post("/habits/0/executions/", json!({"status": "done"})).await.error(), (422, "validation_error"));
    assert_eq!(ada.get("/habits/99999999999999999999").await.error(), (422, "validation_error"));
}

#[sqlx::test(migrations = "../migrations")]
async fn a_deleted_habit_is_gone(pool: PgPool) {
    let server = Server::new(pool);
    let person = server.person(7, "UTC").await;
    let id = person.habit("read", "09:00:00").await;
    person.set(id, "done", "2026-11-22").await;
    assert_eq!(person.delete(&format!("/habits/{id}")).await.ok(204), Value::Null);
    assert_eq!(person.get(&format!("/habits/{id}")).await.error(), (404, "habit_not_found"));
    assert_eq!(person.delete(&format!("/habits/{id}")).await.error(), (404, "habit_not_found"));
}

#[sqlx::test(migrations = "../migrations")]
async fn a_description_of_null_is_cleared_and_other_nulls_change_nothing(pool: PgPool) {
    let server = Server::new(pool);
    let person = server.person(7, "UTC").await;
    let body = json!({"name": "read", "description": "20\npages", "time_to_remind": "09:00:00", "target_days": 5});
    let before = person.post("/habits/", body).await.ok(201);
    let path = format!("/habits/{}", before["id"]);
    let nulls = json!({"name": null, "time_to_remind": null, "target_days": null, "is_active": null});
    assert_eq!(person.patch(&path, nulls).await.ok(200), before);
    assert_eq!(person.patch(&path, json!({})).await.ok(200)["description"], "20\npages");
    assert_eq!(person.patch(&path, json!({"description": null})).await.ok(200)["description"], Value::Null);
}

#[sqlx::test(migrations = "../migrations")]
async fn what_breaks_a_rule_is_refused_with_its_field(pool: PgPool) {
    let server = Server::new(pool);
    let person = server.person(7, "UTC").await;
    let path = format!("/habits/{}", person.habit("read", "09:00:00").await);
    for (field, value) in [
        ("name", json!("")),
        ("name", json!("\u{0}\u{202E} ")),
        ("name", json!("\u{200B}\u{301}")),
        ("name", json!("x".repeat(256))),
        ("name", json!(7)),
        ("time_to_remind", json!("25:00:00")),
        ("time_to_remind", json!("soon")),
        ("target_days", json!(0)),
        ("target_days", json!(-1)),
        ("target_days", json!(99_999_999_999_i64)),
    ] {
        let mut body = json!({"name": "read", "time_to_remind": "09:00:00"});
        body[field] = value.clone();
        for reply in [person.post("/habits/", body).await, person.patch(&path, json!({field: value})).await] {
            assert_eq!(reply.error(), (422, "validation_error"), "{field} {value}");
            assert_eq!(reply.body["detail"]["loc"], json!(["body", field]), "{value}");
        }
    }
}

#[sqlx::test(migrations = "../migrations")]
async fn an_update_that_comes_twice_creates_one_habit(pool: PgPool) {
    let server = Server::new(pool);
    let person = server.person(7, "UTC").await;
    let create = || person.post_for_update("/habits/", json!({"name": "read", "time_to_remind": "09:00:00"}), 31);
    let (one, other) = tokio::join!(create(), create());
    let again = create().await;
    let mut statuses = [one.status.as_u16(), other.status.as_u16()];
    statuses.sort_unstable();
    assert_eq!(statuses, [201, 409]);
    assert_eq!(again.error(), (409, "update_already_applied"));
    assert_eq!(names(&person, "/habits/").await, ["read"]);
}

#[sqlx::test(migrations = "../migrations")]
async fn nobody_uses_up_the_update_of_another(pool: PgPool) {
    let server = Server::new(pool);
    for id in [7, 8] {
        let person = server.person(id, "UTC").await;
        let body = json!({"name": "read", "time_to_remind": "09:00:00"});
        person.post_for_update("/habits/", body, 31).await.ok(201);
    }
}

#[sqlx::test(migrations = "../migrations")]
async fn a_refused_habit_leaves_its_update_open(pool: PgPool) {
    let server = Server::new(pool);
    let person = server.person(7, "UTC").await;
    let habit = |name: &str| json!({"name": name, "time_to_remind": "09:00:00"});
    assert_eq!(person.post_for_update("/habits/", habit(""), 31).await.error(), (422, "validation_error"));
    person.post_for_update("/habits/", habit("read"), 31).await.ok(201);
}

#[sqlx::test(migrations = "../migrations")]
async fn the_next_reminder_follows_time_and_activity(pool: PgPool) {
    let server = Server::new(pool.clone());
    let person = server.person(7, "UTC").await;
    let path = format!("/habits/{}", person.habit("read", "09:00:00").await);
    let next = async || -> Option<String> {
        let next = sqlx::query_scalar("select to_char(next_reminder_at at time zone 'UTC', 'DD HH24:MI') from habits");
        next.fetch_one(&pool).await.unwrap()
    };
    assert_eq!(next().await.as_deref(), Some("23 09:00"));
    person.patch(&path, json!({"time_to_remind": "18:15:30"})).await.ok(200);
    assert_eq!(next().await.as_deref(), Some("22 18:15"));
    person.patch(&path, json!({"is_active": false})).await.ok(200);
    assert_eq!(next().await, None);
    person.patch(&path, json!({"is_active": true})).await.ok(200);
    assert_eq!(next().await.as_deref(), Some("22 18:15"));
}
