use chrono::TimeDelta;
use serde_json::json;
use sqlx::PgPool;
use store::webhook::{self, Places};

use super::receiver::{Answer, Receiver, newest};

#[sqlx::test(migrations = "../migrations")]
async fn a_receiver_can_tell_who_sent_a_message(pool: PgPool) {
    let receiver = Receiver::new(pool, &[]).await;
    let person = receiver.server.person(7, "UTC").await;
    let webhook = receiver.create(&person).await;
    person.habit("read", "21:00:00").await;
    newest(&person, &webhook, |delivery| delivery["state"] == "delivered").await;
    let message = receiver.next().await;
    assert!(message.is_signed_by(&webhook["secret"]));
    assert_eq!(message.timestamp, "1795348800");
    let body = message.json();
    assert_eq!((&body["type"], &body["timestamp"]), (&json!("habit.created"), &json!("2026-11-22T12:00:00Z")));
    assert_eq!((&body["data"]["name"], &body["data"]["target_days"]), (&json!("read"), &json!(21)));
    let metrics = prometheus::TextEncoder::new().encode_to_string(&receiver.registry.gather()).unwrap();
    assert!(metrics.contains(r#"habit_webhook_deliveries_total{outcome="delivered"} 1"#), "{metrics}");
}

#[sqlx::test(migrations = "../migrations")]
async fn a_deleted_habit_is_told_of(pool: PgPool) {
    let receiver = Receiver::new(pool, &[]).await;
    let person = receiver.server.person(7, "UTC").await;
    let id = person.habit("read", "21:00:00").await;
    receiver.create(&person).await;
    person.delete(&format!("/habits/{id}")).await.ok(204);
    let body = receiver.next().await.json();
    assert_eq!((&body["type"], &body["data"]["habit_id"]), (&json!("habit.deleted"), &json!(id)));
}

#[sqlx::test(migrations = "../migrations")]
async fn both_secrets_sign_for_a_day_after_a_rotation(pool: PgPool) {
    let receiver = Receiver::new(pool, &[]).await;
    let person = receiver.server.person(7, "UTC").await;
    let first = receiver.create(&person).await;
    let path = format!("/webhooks/{}", first["id"]);
    let second = person.post(&format!("{path}/rotate-secret"), json!({})).await.ok(200);
    person.post(&format!("{path}/ping"), json!({})).await.ok(202);
    let message = receiver.next().await;
    assert_eq!(message.signatures.len(), 2);
    assert!(message.is_signed_by(&first["secret"]) && message.is_signed_by(&second["secret"]));

    receiver.server.set_time("2026-11-23T12:00:00Z");
    receiver.server.person(7, "UTC").await.post(&format!("{path}/ping"), json!({})).await.ok(202);
    let message = receiver.next().await;
    assert!(!message.is_signed_by(&first["secret"]) && message.is_signed_by(&second["secret"]));
}

#[sqlx::test(migrations = "../migrations")]
async fn a_failed_delivery_comes_again_with_the_same_id(pool: PgPool) {
    let receiver = Receiver::new(pool, &[Answer::Status(500)]).await;
    let person = receiver.server.person(7, "UTC").await;
    let webhook = receiver.create(&person).await;
    person.habit("read", "21:00:00").await;
    let failed = newest(&person, &webhook, |delivery| delivery["last_status"] == 500).await;
    assert_eq!((&failed["state"], &failed["last_error"]), (&json!("due"), &json!("answered 500")));
    let first = receiver.next().await;
    assert!(receiver.is_empty().await);
    receiver.server.set_time("2026-11-22T12:00:06Z");
    let second = receiver.next().await;
    assert_eq!((&first.id, &first.body), (&second.id, &second.body));
    assert_ne!(first.timestamp, second.timestamp);
    assert!(second.is_signed_by(&webhook["secret"]));
    newest(&person, &webhook, |delivery| delivery["state"] == "delivered" && delivery["attempts"] == 2).await;
    assert_eq!(person.get(&format!("/webhooks/{}", webhook["id"])).await.ok(200)["failures"], 0);
}

#[sqlx::test(migrations = "../migrations")]
async fn a_receiver_that_never_answers_has_failed(pool: PgPool) {
    let receiver = Receiver::new(pool, &[Answer::Never]).await;
    let person = receiver.server.person(7, "UTC").await;
    let webhook = receiver.create(&person).await;
    person.habit("read", "21:00:00").await;
    let failed = newest(&person, &webhook, |delivery| !delivery["last_error"].is_null()).await;
    assert_eq!((&failed["last_error"], &failed["last_status"]), (&json!("no answer in time"), &json!(null)));
}

#[sqlx::test(migrations = "../migrations")]
async fn a_redirect_is_not_followed(pool: PgPool) {
    let receiver = Receiver::new(pool, &[Answer::Redirect("/elsewhere".to_owned())]).await;
    let person = receiver.server.person(7, "UTC").await;
    let webhook = receiver.create(&person).await;
    person.habit("read", "21:00:00").await;
    let failed = newest(&person, &webhook, |delivery| !delivery["last_error"].is_null()).await;
    assert_eq!(failed["last_status"], 302);
    receiver.next().await;
    assert!(receiver.is_empty().await);
}

#[sqlx::test(migrations = "../migrations")]
async fn a_receiver_that_is_gone_is_told_nothing_more(pool: PgPool) {
    let receiver = Receiver::new(pool, &[Answer::Status(410)]).await;
    let person = receiver.server.person(7, "UTC").await;
    let webhook = receiver.create(&person).await;
    person.habit("read", "21:00:00").await;
    newest(&person, &webhook, |delivery| delivery["state"] == "failed").await;
    let path = format!("/webhooks/{}", webhook["id"]);
    let off = person.get(&path).await.ok(200);
    assert_eq!((&off["is_active"], &off["disabled_reason"]), (&json!(false), &json!("gone")));
    person.habit("write", "21:00:00").await;
    assert_eq!(person.get(&format!("{path}/deliveries")).await.ok(200).as_array().unwrap().len(), 1);

    let on = person.patch(&path, json!({"is_active": true})).await.ok(200);
    assert_eq!((&on["disabled_reason"], &on["failures"]), (&json!(null), &json!(0)));
}

#[sqlx::test(migrations = "../migrations")]
async fn a_private_address_is_not_delivered_to_once_that_is_forbidden(pool: PgPool) {
    let receiver = Receiver::delivering_with(pool, &[], false).await;
    let person = receiver.server.person(7, "UTC").await;
    let webhook = receiver.create(&person).await;
    person.habit("read", "21:00:00").await;
    let failed = newest(&person, &webhook, |delivery| !delivery["last_error"].is_null()).await;
    assert_eq!(failed["last_error"], "the URL leads to no public address");
    assert!(receiver.is_empty().await);
}

#[sqlx::test(migrations = "../migrations")]
async fn a_slow_receiver_does_not_delay_the_others(pool: PgPool) {
    let receiver = Receiver::new(pool, &[Answer::Never, Answer::Never]).await;
    let (ada, ben) = (receiver.server.person(7, "UTC").await, receiver.server.person(8, "UTC").await);
    let (slow, fast) = (receiver.create(&ada).await, receiver.create(&ben).await);
    for _ in 0..20 {
        ada.post(&format!("/webhooks/{}/ping", slow["id"]), json!({})).await.ok(202);
    }
    ben.post(&format!("/webhooks/{}/ping", fast["id"]), json!({})).await.ok(202);
    newest(&ben, &fast, |delivery| delivery["state"] == "delivered").await;
    let waiting = ada.get(&format!("/webhooks/{}/deliveries", slow["id"])).await.ok(200);
    assert!(waiting.as_array().unwrap().iter().all(|delivery| delivery["state"] == "due"));
}

#[sqlx::test(migrations = "../migrations")]
async fn what_a_dead_replica_had_in_hand_is_sent_after_its_lease(pool: PgPool) {
    let receiver = Receiver::new(pool.clone(), &[]).await;
    let person = receiver.server.person(7, "UTC").await;
    let id = receiver.create(&person).await["id"].as_i64().unwrap();
    let now = crate::server::SUNDAY_NOON.parse().unwrap();
    let mut tx = pool.begin().await.unwrap();
    webhook::enqueue_for(&mut tx, id, "ping", &json!({}), now).await.unwrap();
    let places = Places { free: 16, per_webhook: 2, per_person: 4 };
    let lost = webhook::claim(&mut tx, now, TimeDelta::minutes(1), places).await.unwrap().remove(0);
    tx.commit().await.unwrap();

    person.post(&format!("/webhooks/{id}/ping"), json!({})).await.ok(202);
    assert_ne!(receiver.next().await.id, lost.event_id.to_string(), "the lost one is still in its hand");
    receiver.server.set_time("2026-11-22T12:01:00Z");
    assert_eq!(receiver.next().await.id, lost.event_id.to_string());
}
