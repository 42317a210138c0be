//! Habits on a real API server, applied to a real Postgres.

use std::num::NonZeroU32;

use chrono::TimeDelta;
use crds::habit::{DeploymentRef, HabitReminder, HabitSpec, HabitStatus, HabitUser, Schedule};
use e2e::api_server::ApiServer;
use kube::{
    api::{Patch, PatchParams, PostParams},
    runtime::wait::await_condition,
};
use outbound::{Keys, Queue, connection};
use process::Readiness;
use prometheus::Registry;
use sqlx::PgPool;

use super::*;
use crate::loops::{LoopMetrics, leader::Leadership};

const NAMESPACE: &str = "habits";
const SOON: Duration = Duration::from_mins(1);

async fn context(db: PgPool) -> Context {
    let mut conn = db.acquire().await.unwrap();
    let epoch = store::leader::acquire(&mut conn, "test", Duration::from_mins(5)).await.unwrap().unwrap();
    let leadership = Leadership::default();
    leadership.begin(epoch);
    // Habits need no Redis.
    let redis = connection::lazy(connection::client("redis://127.0.0.1:9").unwrap()).unwrap();
    Context {
        db,
        queue: Queue::new(redis, Keys::default()),
        expire_after: TimeDelta::hours(2),
        messages_per_second: NonZeroU32::MIN,
        leadership,
        readiness: Readiness::default(),
        metrics: LoopMetrics::register(&Registry::new()).unwrap(),
    }
}

fn declared(name: &str, deployment: &str) -> Habit {
    let spec = HabitSpec {
        deployment_ref: DeploymentRef { name: deployment.to_owned() },
        user: HabitUser { telegram_id: 7 },
        name: "Read 20 pages".to_owned(),
        description: None,
        schedule: Schedule::default(),
        target_days: 21,
        reminders: vec![HabitReminder { time: "07:30".to_owned() }],
    };
    Habit::new(name, spec)
}

async fn until_reason(api: &Api<Habit>, name: &str, reason: &'static str) -> HabitStatus {
    let is_reported = |habit: Option<&Habit>| {
        habit.and_then(|habit| habit.status.as_ref()).is_some_and(|status| {
            status.conditions.iter().any(|condition| condition.type_ == "Ready" && condition.reason == reason)
        })
    };
    let habit = tokio::time::timeout(SOON, await_condition(api.clone(), name, is_reported)).await.unwrap().unwrap();
    habit.and_then(|habit| habit.status).unwrap()
}

#[sqlx::test(migrations = "../migrations")]
async fn a_declared_habit_waits_for_its_person_and_becomes_ready(db: PgPool) {
    let server = ApiServer::with_custom_resources().await.unwrap();
    server.create_restricted_namespace(NAMESPACE).await.unwrap();
    let api: Api<Habit> = Api::namespaced(server.client.clone(), NAMESPACE);
    let context = context(db.clone()).await;
    let shutdown = Shutdown::new();
    let act = async {
        api.create(&PostParams::default(), &declared("anna-reading", "family")).await.unwrap();
        api.create(&PostParams::default(), &declared("of-another", "club")).await.unwrap();
        until_reason(&api, "anna-reading", "UserNotFound").await;

        sqlx::query("insert into users (telegram_id, created_at, updated_at) values (7, now(), now())")
            .execute(&db)
            .await
            .unwrap();
        // Any change wakes the loop, which else looks every few seconds.
        let touch = Patch::Merge(serde_json::json!({"metadata": {"annotations": {"touched": "yes"}}}));
        api.patch("anna-reading", &PatchParams::default(), &touch).await.unwrap();
        let status = until_reason(&api, "anna-reading", "Applied").await;
        assert_eq!((status.observed_generation, status.applied_generation), (Some(1), Some(1)));

        let names: Vec<String> = sqlx::query_scalar("select name from habits").fetch_all(&db).await.unwrap();
        assert_eq!(names, ["Read 20 pages"]);
        assert_eq!(api.get("of-another").await.unwrap().status, None);
        shutdown.stop_now();
    };
    let (followed, ()) = tokio::join!(follow(&context, api.clone(), "family", &shutdown), act);
    followed.unwrap();
}
