use insta::assert_yaml_snapshot;
use serde_json::json;

use crate::habit_tracker::{fixture, gather::SecretState};

#[test]
fn postgres_is_one_pod_on_a_volume_that_stays() {
    let postgres = fixture::children(&fixture::deployment()).postgres.unwrap();
    assert_yaml_snapshot!("postgres_stateful_set", postgres.stateful_set);
    assert_yaml_snapshot!("postgres_service", postgres.service);
}

#[test]
fn redis_is_one_disposable_pod() {
    let redis = fixture::children(&fixture::deployment()).redis.unwrap();
    assert_yaml_snapshot!("redis_deployment", redis.deployment);
}

#[test]
fn the_migration_is_a_job_of_its_version() {
    assert_yaml_snapshot!("migration_job", fixture::children(&fixture::deployment()).migration);
}

#[test]
fn the_api_is_rolled_without_a_gap() {
    let api = fixture::children(&fixture::deployment()).api;
    assert_yaml_snapshot!("api_deployment", api.deployment);
    assert_yaml_snapshot!("api_service", api.service);
}

#[test]
fn the_bot_is_replaced_before_another_polls() {
    assert_yaml_snapshot!("bot_deployment", fixture::children(&fixture::deployment()).bot);
}

#[test]
fn the_sender_takes_everything_the_spec_says() {
    let deployment = fixture::deployment_with(json!({
        "images": {
            "registry": "registry.example.com/mirror", "pullPolicy": "Always", "pullSecrets": [{"name": "mirror"}],
            "overrides": [{"component": "sender", "image": "example.com/sender@sha256:0123"}]
        },
        "sender": {"replicas": 3, "resources": {"requests": {"cpu": "50m"}, "limits": {"memory": "96Mi"}}},
    }));
    assert_yaml_snapshot!("sender_deployment", fixture::children(&deployment).sender);
}

#[test]
fn the_loops_alone_may_talk_to_the_api_server() {
    let loops = fixture::children(&fixture::deployment()).loops.unwrap();
    assert_yaml_snapshot!("loops_deployment", loops.deployment);
    assert_yaml_snapshot!("loops_role_binding", loops.role_binding);
}

#[test]
fn loops_within_the_operator_have_no_pods() {
    let deployment = fixture::deployment_with(json!({"loops": {"placement": "Operator"}}));
    assert!(fixture::children(&deployment).loops.is_none());
}

#[test]
fn external_data_stores_have_no_children() {
    let external = json!({"mode": "External", "external": {"urlSecretRef": {"name": "db", "key": "url"}}});
    let children = fixture::children(&fixture::deployment_with(json!({"postgres": external, "redis": external})));
    assert!(children.postgres.is_none() && children.redis.is_none());
}

#[test]
fn what_locks_the_data_outlives_the_deployment() {
    let children = fixture::children(&fixture::deployment());
    assert_eq!(children.postgres.unwrap().secret.metadata.owner_references, None);
    assert_eq!(children.api.secret.metadata.owner_references, None);
    assert!(children.redis.unwrap().secret.metadata.owner_references.is_some());
}

#[test]
fn a_changed_token_rolls_bot_and_sender_alone() {
    let valid = fixture::valid(&fixture::deployment());
    let (before, mut after) = (fixture::gathered(), fixture::gathered());
    after.secrets.telegram_token.state = SecretState::Present(b"another".to_vec().into());
    let build = |gathered| super::build(&valid, gathered, &super::Passwords::generate());
    let (before, after) = (build(&before), build(&after));
    assert_ne!(before.bot, after.bot);
    assert_ne!(before.sender, after.sender);
    assert_eq!(before.api.deployment, after.api.deployment);
    assert_eq!(before.loops.unwrap().deployment, after.loops.unwrap().deployment);
}

#[test]
fn the_template_of_a_claim_stays_when_storage_grows() {
    let valid = fixture::valid(&fixture::deployment_with(json!({
        "postgres": {"mode": "Managed", "managed": {"storage": {"size": "20Gi"}}}
    })));
    let mut gathered = fixture::gathered();
    let before = fixture::children(&fixture::deployment()).postgres.unwrap().stateful_set;
    gathered.present.postgres = Some(Box::new(before));
    let postgres = super::build(&valid, &gathered, &super::Passwords::generate()).postgres.unwrap();
    let templates = postgres.stateful_set.spec.unwrap().volume_claim_templates.unwrap();
    assert_eq!(crate::habit_tracker::gather::requested_size(&templates[0]).unwrap().0, "10Gi");
    assert_eq!(postgres.claim_size.0, "20Gi");
}

#[test]
fn passwords_are_long_and_need_no_quoting() {
    let passwords = super::Passwords::generate();
    assert_eq!(passwords.postgres.len(), 32);
    assert!(passwords.redis.chars().all(|c| c.is_ascii_alphanumeric()));
    assert_ne!(passwords.postgres, passwords.redis);
}
