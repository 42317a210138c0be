use serde_json::json;
use sqlx::PgPool;

use crate::server::Server;

#[sqlx::test(migrations = "../migrations")]
async fn a_dialogue_is_kept_until_it_is_closed(pool: PgPool) {
    let server = Server::new(pool);
    let person = server.person(7, "UTC").await;
    assert_eq!(person.get("/users/me/dialogue").await.ok(200), json!({"state": null}));
    let open = json!({"state": {"step": "name", "message_id": 12}});
    person.put("/users/me/dialogue", open.clone()).await.ok(204);
    assert_eq!(person.get("/users/me/dialogue").await.ok(200), open);
    person.put("/users/me/dialogue", json!({"state": null})).await.ok(204);
    assert_eq!(person.get("/users/me/dialogue").await.ok(200), json!({"state": null}));
}

#[sqlx::test(migrations = "../migrations")]
async fn everybody_has_his_own_dialogue(pool: PgPool) {
    let server = Server::new(pool);
    let (ada, ben) = (server.person(7, "UTC").await, server.person(8, "UTC").await);
    ada.put("/users/me/dialogue", json!({"state": "ada's"})).await.ok(204);
    assert_eq!(ben.get("/users/me/dialogue").await.ok(200), json!({"state": null}));
}

#[sqlx::test(migrations = "../migrations")]
async fn a_state_that_cannot_be_stored_is_refused(pool: PgPool) {
    let server = Server::new(pool);
    let person = server.person(7, "UTC").await;
    let too_large = json!({"state": "x".repeat(16 * 1024)});
    assert_eq!(person.put("/users/me/dialogue", too_large).await.error(), (422, "validation_error"));
    let nul = json!({"state": {"text": "a\u{0}b"}});
    assert_eq!(person.put("/users/me/dialogue", nul).await.error(), (422, "validation_error"));
}

#[sqlx::test(migrations = "../migrations")]
async fn a_dialogue_moves_on_only_from_where_it_is_expected_to_be(pool: PgPool) {
    let server = Server::new(pool);
    let person = server.person(7, "UTC").await;
    let put = async |state: serde_json::Value, expected: serde_json::Value| {
        person.put("/users/me/dialogue", json!({"state": state, "expected": expected})).await
    };
    put(json!("one"), json!(null)).await.ok(204);
    assert_eq!(put(json!("other"), json!(null)).await.error(), (409, "dialogue_changed"));
    put(json!("two"), json!("one")).await.ok(204);
    assert_eq!(put(json!("three"), json!("one")).await.error(), (409, "dialogue_changed"));
    assert_eq!(put(json!(null), json!("one")).await.error(), (409, "dialogue_changed"));
    assert_eq!(put(json!(null), json!(null)).await.error(), (409, "dialogue_changed"));
    assert_eq!(person.get("/users/me/dialogue").await.ok(200), json!({"state": "two"}));
    put(json!(null), json!("two")).await.ok(204);
    put(json!(null), json!(null)).await.ok(204);
}

#[sqlx::test(migrations = "../migrations")]
async fn the_habit_that_a_dialogue_leads_to_closes_it(pool: PgPool) {
    let server = Server::new(pool);
    let person = server.person(7, "UTC").await;
    let habit = json!({"name": "Read", "time_to_remind": "21:00:00"});
    person.put("/users/me/dialogue", json!({"state": "one"})).await.ok(204);
    person.post("/habits/", habit.clone()).await.ok(201);
    assert_eq!(person.get("/users/me/dialogue").await.ok(200), json!({"state": "one"}));
    person.post("/habits/?close_dialogue=maybe", habit.clone()).await.error();
    person.post("/habits/?close_dialogue=true", habit).await.ok(201);
    assert_eq!(person.get("/users/me/dialogue").await.ok(200), json!({"state": null}));
    assert_eq!(person.get("/habits/").await.ok(200).as_array().map(Vec::len), Some(2));
}
