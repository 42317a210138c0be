use chrono::{DateTime, TimeDelta, Utc};
use crds::HabitTrackerDeploymentStatus;
use k8s_openapi::api::{
    apps::v1::{Deployment, StatefulSet},
    core::v1::{Event, Pod},
};
use serde_json::{Value, json};

use super::*;
use crate::habit_tracker::{apply::WaitingFor, fixture, gather::SecretState};

fn noon() -> DateTime<Utc> {
    "2026-11-22T12:00:00Z".parse().unwrap()
}

/// A child whose controller has done all it was asked for.
fn settled<K: serde::Serialize + serde::de::DeserializeOwned>(child: &K) -> K {
    with_counts(child, 1, 1, 1, 1)
}

fn with_counts<K: serde::Serialize + serde::de::DeserializeOwned>(
    child: &K,
    observed: i64,
    total: i32,
    updated: i32,
    available: i32,
) -> K {
    let mut child = serde_json::to_value(child).unwrap();
    child["metadata"]["generation"] = json!(1);
    child["status"] = json!({
        "observedGeneration": observed, "replicas": total, "updatedReplicas": updated, "availableReplicas": available
    });
    serde_json::from_value(child).unwrap()
}

fn all_applied() -> Applied {
    let children = fixture::children(&fixture::deployment());
    let deployment = |deployment: &Deployment| Outcome::Applied(Box::new(settled(deployment)));
    let postgres: StatefulSet = settled(&children.postgres.unwrap().stateful_set);
    Applied {
        postgres: Outcome::Applied(Box::new(postgres)),
        storage: None,
        redis: deployment(&children.redis.unwrap().deployment),
        migration: Outcome::Applied(Migration::Done { schema_version: Some(41) }),
        api: deployment(&children.api.deployment),
        bot: deployment(&children.bot),
        sender: deployment(&children.sender),
        loops: deployment(&children.loops.unwrap().deployment),
    }
}

fn status_of(gathered: &Gathered, applied: &Applied) -> HabitTrackerDeploymentStatus {
    let deployment = fixture::deployment();
    status(&deployment, &fixture::valid(&deployment), gathered, applied, None, noon())
}

fn condition<'a>(status: &'a HabitTrackerDeploymentStatus, type_: &str) -> (&'a str, &'a str, &'a str) {
    let found = status.conditions.iter().find(|each| each.type_ == type_).unwrap();
    (&found.status, &found.reason, &found.message)
}

fn pod(component: &str, container: &Value) -> Pod {
    let mut status = json!({"name": component, "image": "i:1", "imageID": "", "ready": false, "restartCount": 0});
    status.as_object_mut().unwrap().extend(container.as_object().unwrap().clone());
    serde_json::from_value(json!({
        "metadata": {"name": format!("family-{component}-x"), "labels": {"app.kubernetes.io/component": component}},
        "status": {"containerStatuses": [status]}
    }))
    .unwrap()
}

fn warning(kind: &str, name: &str) -> Event {
    serde_json::from_value(json!({
        "metadata": {}, "involvedObject": {"kind": kind, "name": name}, "reason": "FailedCreate",
        "message": "violates PodSecurity"
    }))
    .unwrap()
}

fn cause(
    pods: Vec<Pod>,
    warnings: Vec<Event>,
    component: Component,
    deployment: Option<&Deployment>,
) -> Option<pods::Cause> {
    let gathered = Gathered { pods, warnings, ..fixture::gathered() };
    pods::cause(&fixture::valid(&fixture::deployment()), &gathered, component, deployment)
}

#[test]
fn ready_is_true_only_when_every_part_is() {
    let status = status_of(&fixture::gathered(), &all_applied());
    insta::assert_yaml_snapshot!("all_is_well", status);
    assert!(status.is_ready());
}

#[test]
fn all_conditions_are_there_on_the_first_visit() {
    let status = status_of(&fixture::gathered(), &Applied::waiting_for_own_secrets());
    let types: Vec<_> = status.conditions.iter().map(|each| each.type_.as_str()).collect();
    assert_eq!(types.len(), 9);
    assert_eq!(condition(&status, "ApiAvailable").0, "Unknown");
    assert_eq!(condition(&status, "Ready").0, "False");
}

#[test]
fn a_generation_that_its_controller_has_not_seen_is_not_ready() {
    let mut applied = all_applied();
    let children = fixture::children(&fixture::deployment());
    applied.sender = Outcome::Applied(Box::new(with_counts(&children.sender, 0, 1, 1, 1)));
    let status = status_of(&fixture::gathered(), &applied);
    assert_eq!(condition(&status, "SenderAvailable").0, "True");
    assert_eq!(condition(&status, "Ready").0, "False");
}

#[test]
fn pods_of_the_generation_before_are_not_ready_for_this_one() {
    let mut applied = all_applied();
    let children = fixture::children(&fixture::deployment());
    applied.api = Outcome::Applied(Box::new(with_counts(&children.api.deployment, 1, 2, 1, 1)));
    let status = status_of(&fixture::gathered(), &applied);
    assert_eq!(condition(&status, "ApiAvailable").0, "True");
    assert_eq!(condition(&status, "Ready").1, "RollingOut");
}

#[test]
fn a_missing_token_is_told_with_the_command_that_creates_it() {
    let mut gathered = fixture::gathered();
    gathered.secrets.telegram_token.state = SecretState::NoSecret;
    let mut applied = all_applied();
    applied.bot = Outcome::Waiting(WaitingFor::TelegramToken);
    let status = status_of(&gathered, &applied);
    for type_ in ["Ready", "Accepted", "BotAvailable"] {
        let (state, reason, message) = condition(&status, type_);
        assert_eq!((state, reason), ("False", "TokenSecretMissing"), "{type_}");
        assert!(message.contains("kubectl create secret generic family-bot --namespace habits"), "{message}");
    }
    assert_eq!(condition(&status, "ApiAvailable").0, "True");
}

#[test]
fn a_missing_key_is_told_apart_from_a_missing_secret() {
    let mut gathered = fixture::gathered();
    gathered.secrets.telegram_token.state = SecretState::NoKey;
    let status = status_of(&gathered, &all_applied());
    assert!(condition(&status, "Accepted").2.contains("has no key token"));
}

#[test]
fn what_a_program_said_when_it_ended_stands_in_its_condition() {
    let mut gathered = fixture::gathered();
    gathered.pods = vec![pod(
        "bot",
        &json!({"lastState": {"terminated": {
            "exitCode": 1, "message": "TokenRejected: Telegram refuses the token; put a new one into the Secret"
        }}}),
    )];
    let mut applied = all_applied();
    let children = fixture::children(&fixture::deployment());
    applied.bot = Outcome::Applied(Box::new(with_counts(&children.bot, 1, 1, 1, 0)));
    let status = status_of(&gathered, &applied);
    assert_eq!(
        condition(&status, "BotAvailable"),
        ("False", "TokenRejected", "Telegram refuses the token; put a new one into the Secret")
    );
    assert_eq!(condition(&status, "Ready").1, "TokenRejected");
}

#[test]
fn causes_are_found_wherever_kubernetes_tells_them() {
    let waiting =
        |reason: &str| pod("api", &json!({"state": {"waiting": {"reason": reason, "message": "no such image"}}}));
    let ended = |fields: Value| pod("api", &json!({"state": {"terminated": fields}}));
    let unscheduled: Pod = serde_json::from_value(json!({
        "metadata": {"name": "family-api-x", "labels": {"app.kubernetes.io/component": "api"}},
        "status": {"conditions": [{"type": "PodScheduled", "status": "False", "message": "0/1 nodes: no memory"}]}
    }))
    .unwrap();
    let cases = vec![
        (waiting("ImagePullBackOff"), "ImagePullBackOff", "no such image"),
        (waiting("CreateContainerConfigError"), "CreateContainerConfigError", "kubectl describe pod"),
        (ended(json!({"exitCode": 137, "reason": "OOMKilled"})), "OOMKilled", "raise resources.limits.memory"),
        (ended(json!({"exitCode": 101, "message": "one\nthread panicked"})), "Crashed", "thread panicked"),
        (ended(json!({"exitCode": 2})), "Crashed", "exit code 2"),
        (unscheduled, "Unschedulable", "no memory"),
        (pod("api", &json!({"state": {"running": {}}})), "NotReady", "kubectl logs"),
    ];
    for (pod, reason, said) in cases {
        let cause = cause(vec![pod], vec![], Component::Api, None).unwrap();
        assert_eq!(cause.reason, reason);
        assert!(cause.message.contains(said), "{}", cause.message);
    }
}

#[test]
fn pods_that_are_never_made_have_a_cause_too() {
    let mut refused = fixture::children(&fixture::deployment()).api.deployment;
    refused.status = serde_json::from_value(json!({"conditions": [
        {"type": "ReplicaFailure", "status": "True", "reason": "FailedCreate", "message": "exceeded quota"}
    ]}))
    .unwrap();
    let told = cause(vec![], vec![], Component::Api, Some(&refused)).unwrap();
    assert_eq!((told.reason.as_str(), told.message.as_str()), ("FailedCreate", "exceeded quota"));
    let warnings = vec![warning("Job", "family-migrate-1-4-2")];
    assert_eq!(cause(vec![], warnings, Component::Migrate, None).unwrap().message, "violates PodSecurity");
}

#[test]
fn warnings_of_another_deployment_are_no_cause_of_this_one() {
    let of_others = [
        ("ReplicaSet", "family-two-api-5d9c", Component::Api),
        ("ReplicaSet", "family-api-api-5d9c", Component::Api),
        ("StatefulSet", "family-two-postgres", Component::Postgres),
        ("Job", "family-two-migrate-1-4-2", Component::Migrate),
        ("Job", "family-migrate-1-4-1", Component::Migrate),
        ("Pod", "family-api-two-api-5d9c-x", Component::Api),
    ];
    for (kind, name, component) in of_others {
        assert_eq!(cause(vec![], vec![warning(kind, name)], component, None), None, "{name}");
    }
    let mine = [
        ("ReplicaSet", "family-api-5d9c", Component::Api),
        ("StatefulSet", "family-postgres", Component::Postgres),
        ("Pod", "family-api-x", Component::Api),
    ];
    for (kind, name, component) in mine {
        let pods = vec![pod("api", &json!({"state": {"waiting": {"reason": "ContainerCreating"}}}))];
        let told = cause(pods, vec![warning(kind, name)], component, None);
        assert_eq!(told.unwrap().message, "violates PodSecurity", "{name}");
    }
}

#[test]
fn a_failed_migration_leaves_the_version_before_serving() {
    let mut gathered = fixture::gathered();
    let children = fixture::children(&fixture::deployment_with(json!({"version": "1.4.1"})));
    gathered.present.api = Some(Box::new(settled(&children.api.deployment)));
    gathered.pods = vec![pod(
        "migrate",
        &json!({"state": {"terminated": {"exitCode": 1, "message": "DatabaseNewer: 42 is unknown; use 1.5"}}}),
    )];
    let mut applied = all_applied();
    applied.migration = Outcome::Applied(Migration::Failed(Box::new(children.migration)));
    applied.api = Outcome::Waiting(WaitingFor::Migration);
    let status = status_of(&gathered, &applied);
    let (state, reason, message) = condition(&status, "MigrationSucceeded");
    assert_eq!((state, reason), ("False", "DatabaseNewer"));
    assert!(message.contains("kubectl delete job family-migrate-1-4-1"), "{message}");
    assert_eq!(condition(&status, "ApiAvailable").1, "PreviousVersion");
    assert_eq!(condition(&status, "Ready").1, "DatabaseNewer");
    assert_eq!(status.workloads[0].version, "1.4.1");
}

#[test]
fn a_condition_keeps_its_time_until_its_status_changes() {
    let mut deployment = fixture::deployment();
    let valid = fixture::valid(&deployment);
    let at = |deployment: &_, applied: &_, now| status(deployment, &valid, &fixture::gathered(), applied, None, now);
    let first = at(&deployment, &all_applied(), noon());
    deployment.status = Some(first.clone());
    let later = noon() + TimeDelta::hours(1);
    assert_eq!(at(&deployment, &all_applied(), later), first);
    let mut applied = all_applied();
    applied.bot = Outcome::Waiting(WaitingFor::Api);
    let changed = at(&deployment, &applied, later);
    let time = |status: &HabitTrackerDeploymentStatus, type_: &str| {
        status.conditions.iter().find(|each| each.type_ == type_).unwrap().last_transition_time.clone()
    };
    assert_ne!(time(&changed, "BotAvailable"), time(&first, "BotAvailable"));
    assert_eq!(time(&changed, "ApiAvailable"), time(&first, "ApiAvailable"));
}

#[test]
fn an_invalid_spec_is_told_and_what_runs_is_left_alone() {
    let mut deployment = fixture::deployment();
    let before = status(&deployment, &fixture::valid(&deployment), &fixture::gathered(), &all_applied(), None, noon());
    deployment.status = Some(before);
    deployment.metadata.generation = Some(4);
    let fault = Invalid::InvalidTimeZone("Mars/Olympus".to_owned());
    let status = invalid(&deployment, &fault, noon());
    assert_eq!(condition(&status, "Accepted").1, "InvalidTimeZone");
    assert_eq!(condition(&status, "Ready").0, "False");
    assert_eq!(condition(&status, "ApiAvailable").0, "True");
    assert_eq!(status.version.as_deref(), Some("1.4.2"));
    assert!(!status.is_ready());
}

#[test]
fn an_invalid_spec_of_a_new_object_leaves_nothing_out() {
    let status = invalid(&fixture::deployment(), &Invalid::TooManyPollers(2), noon());
    assert_eq!(status.conditions.len(), 9);
    assert_eq!(condition(&status, "PostgresReady").0, "Unknown");
}
