use serde_json::{Value, json};
use sqlx::PgPool;

use crate::server::Server;

fn names(templates: &Value) -> Vec<&str> {
    templates.as_array().unwrap().iter().map(|template| template["name"].as_str().unwrap()).collect()
}

#[sqlx::test(migrations = "../migrations")]
async fn the_catalogue_speaks_the_persons_language_or_the_one_asked_for(pool: PgPool) {
    let server = Server::new(pool);
    let person = server.person(7, "UTC").await;
    let english = person.get("/templates").await.ok(200);
    insta::assert_json_snapshot!(english);
    person.patch("/users/me", json!({"language": "ru"})).await.ok(200);
    let russian = person.get("/templates").await.ok(200);
    assert_eq!(names(&russian)[..2], ["Пить воду", "Гулять"]);
    assert_eq!(person.get("/templates?locale=en-GB").await.ok(200), english);
    assert_eq!(person.get("/templates?locale=fr").await.ok(200), english);
    let reply = person.get("/templates?locale=%00").await;
    assert_eq!(reply.error(), (422, "validation_error"));
    assert_eq!(reply.body["detail"]["loc"], json!(["query", "locale"]));
}

#[sqlx::test(migrations = "../migrations")]
async fn every_template_can_be_made_a_habit(pool: PgPool) {
    let server = Server::new(pool);
    let person = server.person(7, "UTC").await;
    for locale in ["en", "ru"] {
        for template in person.get(&format!("/templates?locale={locale}")).await.ok(200).as_array().unwrap() {
            let habit = person.post("/habits/", template.clone()).await.ok(201);
            for field in ["name", "description", "time_to_remind", "more_reminder_times", "target_days", "goal"] {
                assert_eq!(habit[field], template[field], "{template}");
            }
            assert_eq!(habit["schedule"]["type"], template["schedule"]["type"]);
        }
    }
}

#[sqlx::test(migrations = "../migrations")]
async fn a_template_that_cannot_be_read_does_not_hide_the_others(pool: PgPool) {
    let server = Server::new(pool.clone());
    let person = server.person(7, "UTC").await;
    sqlx::query(r#"update templates set schedule = '{"type": "hourly"}' where slug = 'walk'"#)
        .execute(&pool)
        .await
        .unwrap();
    let templates = person.get("/templates").await.ok(200);
    assert_eq!(names(&templates)[..2], ["Drink water", "Go to bed on time"]);
}
