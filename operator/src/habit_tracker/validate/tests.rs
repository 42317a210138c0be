use serde_json::json;

use super::{Database, Invalid, Queue, validate};
use crate::habit_tracker::fixture;

#[test]
fn faults_are_named_with_what_to_do() {
    let cases = [
        (
            json!({"reminders": {"defaultTimeZone": "Mars/Olympus"}}),
            Invalid::InvalidTimeZone("Mars/Olympus".to_owned()),
        ),
        (json!({"reminders": {"defaultTimeZone": "EST"}}), Invalid::InvalidTimeZone("EST".to_owned())),
        (json!({"api": {"replicas": -1}}), Invalid::InvalidReplicas("api", -1, 0)),
        (json!({"sender": {"replicas": -5}}), Invalid::InvalidReplicas("sender", -5, 0)),
        (json!({"loops": {"replicas": -1}}), Invalid::InvalidReplicas("loops", -1, 0)),
        (json!({"bot": {"replicas": 2}}), Invalid::TooManyPollers(2)),
        (json!({"postgres": {"mode": "External"}}), Invalid::DataStoreMissing("postgres", "external", "External")),
        (json!({"postgres": {"mode": "Managed"}}), Invalid::DataStoreMissing("postgres", "managed", "Managed")),
        (json!({"redis": {"mode": "Managed"}}), Invalid::DataStoreMissing("redis", "managed", "Managed")),
        (json!({"redis": {"mode": "External"}}), Invalid::DataStoreMissing("redis", "external", "External")),
    ];
    for (fields, expected) in cases {
        let found = validate(&fixture::deployment_with(fields.clone())).map(|_| ());
        assert_eq!(found, Err(expected), "{fields}");
    }
}

#[test]
fn a_name_no_service_may_have_is_refused() {
    for name in ["1family", "Family", "my.family", "family-", &"a".repeat(41)] {
        let mut deployment = fixture::deployment();
        deployment.metadata.name = Some(name.to_owned());
        assert!(matches!(validate(&deployment), Err(Invalid::InvalidName(_))), "{name}");
    }
}

#[test]
fn what_is_left_out_has_its_default() {
    let valid = fixture::valid(&fixture::deployment());
    assert_eq!((valid.api.replicas, valid.bot.replicas, valid.loops.map(|loops| loops.replicas)), (1, 1, Some(1)));
    assert_eq!((valid.reminders.time_zone.name(), valid.reminders.expire_after_seconds), ("UTC", 7200));
    assert!(matches!(valid.database, Database::Managed(database) if database.major_version == 18));
    assert!(matches!(valid.queue, Queue::Managed { max_memory_mebibytes: 128, .. }));
}

#[test]
fn images_come_from_the_registry_that_is_named() {
    let ours = fixture::valid(&fixture::deployment()).images;
    assert_eq!(ours.api, "ghcr.io/habit-tracker/api:1.4.2");
    assert_eq!(ours.postgres, "docker.io/library/postgres:18");
    let mirror = fixture::deployment_with(json!({"images": {
        "registry": "localhost/habit-tracker", "overrides": [{"component": "redis", "image": "valkey:8"}]
    }}));
    let mirror = fixture::valid(&mirror).images;
    assert_eq!(mirror.operator, "localhost/habit-tracker/operator:1.4.2");
    assert_eq!(mirror.postgres, "localhost/habit-tracker/postgres:18");
    assert_eq!(mirror.redis, "valkey:8");
}
