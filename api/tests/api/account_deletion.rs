use serde_json::json;
use sqlx::PgPool;

use crate::server::Server;

#[sqlx::test(migrations = "../migrations")]
async fn who_leaves_takes_everything_along_and_starts_anew(pool: PgPool) {
    let server = Server::new(pool);
    let (ada, ben) = (server.person(7, "Asia/Tokyo").await, server.person(8, "UTC").await);
    let habit = ada.habit("read", "21:00:00").await;
    ada.set(habit, "done", "2026-11-22").await;
    ben.habit("run", "07:00:00").await;

    ada.delete("/users/me?telegram_id=7").await.ok(204);

    assert_eq!(ada.get("/users/me").await.error(), (401, "token_user_not_found"));
    assert_eq!(ada.delete("/users/me?telegram_id=7").await.error(), (401, "token_user_not_found"));
    assert_eq!(ben.get("/habits/").await.ok(200).as_array().unwrap().len(), 1);
    let ada = server.silent(7).await;
    assert_eq!(ada.get("/habits/").await.ok(200), json!([]));
    assert_eq!(ada.get("/users/me").await.ok(200)["timezone"], "UTC");
}

#[sqlx::test(migrations = "../migrations")]
async fn nobody_is_deleted_by_mistake(pool: PgPool) {
    let server = Server::new(pool);
    let person = server.person(7, "UTC").await;
    server.person(8, "UTC").await;
    for query in ["", "?telegram_id=8", "?telegram_id=0", "?telegram_id=seven", "?telegram_id="] {
        let reply = person.delete(&format!("/users/me{query}")).await;
        assert_eq!(reply.error(), (422, "validation_error"), "{query}");
        assert_eq!(reply.body["detail"]["loc"], json!(["query", "telegram_id"]));
    }
    person.get("/users/me").await.ok(200);
}

#[sqlx::test(migrations = "../migrations")]
async fn a_day_set_while_the_person_leaves_breaks_nothing(pool: PgPool) {
    let server = Server::new(pool);
    let person = server.person(7, "UTC").await;
    let path = format!("/habits/{}/executions/", person.habit("read", "21:00:00").await);
    let set = || person.post(&path, json!({"status": "done"}));
    let (left, one, two) = tokio::join!(person.delete("/users/me?telegram_id=7"), set(), set());
    left.ok(204);
    for reply in [one, two] {
        assert!(matches!(reply.status.as_u16(), 201 | 401 | 404), "{reply:?}");
    }
}
