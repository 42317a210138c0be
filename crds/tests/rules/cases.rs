//! The table: an object, maybe a change to it, and the server's answer.
use serde_json::{Value, json};

pub(crate) enum Outcome {
    Accepted,
    /// The answer contains this.
    Refused(&'static str),
}

pub(crate) struct Case {
    pub(crate) title: &'static str,
    pub(crate) created: Value,
    pub(crate) updated: Option<Value>,
    pub(crate) outcome: Outcome,
}

impl Case {
    pub(crate) fn name(&self) -> String {
        self.created["metadata"]["name"].as_str().unwrap_or_default().to_owned()
    }
}

/// The least a deployment may say.
pub(crate) fn minimal(name: &str) -> Value {
    json!({
        "metadata": {"name": name, "namespace": "default"},
        "spec": {
            "version": "1.4.2",
            "telegram": {"tokenSecretRef": {"name": "family-bot"}},
            "postgres": {"managed": {"storage": {"size": "10Gi"}}},
            "redis": {"managed": {}}
        }
    })
}

fn habit() -> Value {
    json!({
        "metadata": {"name": "anna-reading", "namespace": "default"},
        "spec": {
            "deploymentRef": {"name": "family"},
            "user": {"telegramId": 123_456_789},
            "name": "Read 20 pages",
            "reminders": [{"time": "07:30"}]
        }
    })
}

/// `object` with the field at a JSON pointer below its spec set to `value`; `null` removes it.
fn with(mut object: Value, path: &str, value: Value) -> Value {
    let mut at = &mut object["spec"];
    for field in path.split('/') {
        at = &mut at[field];
    }
    *at = value;
    object
}

fn accepted(title: &'static str, created: Value) -> Case {
    Case { title, created, updated: None, outcome: Outcome::Accepted }
}

fn refused(title: &'static str, created: Value, hint: &'static str) -> Case {
    Case { title, created, updated: None, outcome: Outcome::Refused(hint) }
}

fn change_accepted(title: &'static str, created: Value, updated: Value) -> Case {
    Case { title, created, updated: Some(updated), outcome: Outcome::Accepted }
}

fn change_refused(title: &'static str, created: Value, updated: Value, hint: &'static str) -> Case {
    Case { title, created, updated: Some(updated), outcome: Outcome::Refused(hint) }
}

pub(crate) fn deployments() -> Vec<Case> {
    let family = |path, value| with(minimal("family"), path, value);
    let external = external();
    let storage = |value| family("postgres/managed/storage", value);
    vec![
        accepted("the least that works", minimal("family")),
        accepted("everything at once", full()),
        accepted("external data stores", with(family("postgres", external.clone()), "redis", external.clone())),
        accepted("a null is the same as nothing", family("postgres/external", Value::Null)),
        accepted("a name of 40 characters", minimal(&"a".repeat(40))),
        refused("a name of 41 characters", minimal(&"a".repeat(41)), "at most 40 characters"),
        refused("a name that no Service may have", minimal("1family"), "begins with a letter"),
        refused("a name with a dot", minimal("my.family"), "DNS label"),
        refused("no version", family("version", Value::Null), "spec.version: Required value"),
        refused("a moving tag", family("version", json!("latest")), "spec.version"),
        refused("no data stores", without(minimal("family"), &["postgres", "redis"]), "spec.postgres: Required value"),
        refused("no way to Redis", family("redis", json!({})), "set redis.managed exactly when mode is Managed"),
        refused(
            "no way to Postgres",
            family("postgres", json!({})),
            "set postgres.managed exactly when mode is Managed",
        ),
        refused(
            "two Postgres",
            family("postgres/external", external["external"].clone()),
            "set postgres.external exactly",
        ),
        refused("an external mode alone", family("redis", json!({"mode": "External"})), "set redis.external exactly"),
        refused("a storage of words", storage(json!({"size": "much"})), "spec.postgres.managed.storage.size"),
        refused("no storage", storage(json!({"size": "0"})), "more than nothing"),
        refused("an old Postgres", family("postgres/managed/majorVersion", json!(14)), "greater than or equal to 15"),
        refused("fewer than no pods", family("api/replicas", json!(-1)), "greater than or equal to 0"),
        refused("fewer than no loops", family("loops/replicas", json!(-1)), "greater than or equal to 0"),
        accepted("no bot for a while", family("bot/replicas", json!(0))),
        refused("two pollers", family("bot/replicas", json!(2)), "bot.replicas is at most 1"),
        accepted("loops in the operator", family("loops", json!({"placement": "Operator"}))),
        refused(
            "pods of loops that have none",
            family("loops", json!({"placement": "Operator", "replicas": 1})),
            "placement Operator has no pods of its own",
        ),
        accepted("a Bot API server of one's own", family("telegram/apiUrl", json!("http://telegram:8081"))),
        refused("another scheme", family("telegram/apiUrl", json!("ftp://example.com")), "http or https URL"),
        refused("no URL", family("telegram/apiUrl", json!("telegram")), "http or https URL"),
        accepted("a zone", family("reminders/defaultTimeZone", json!("Asia/Kathmandu"))),
        refused("no zone", family("reminders/defaultTimeZone", json!("half past nine")), "IANA time zone"),
        refused("a language without texts", family("reminders/defaultLocale", json!("tlh")), "Unsupported value"),
        refused(
            "reminders for a year",
            family("reminders/expireAfterSeconds", json!(86_401)),
            "less than or equal to 86400",
        ),
        refused(
            "two images of one component",
            family(
                "images/overrides",
                json!([{"component": "api", "image": "a:1"}, {"component": "api", "image": "b:1"}]),
            ),
            "Duplicate value",
        ),
        refused(
            "a component nobody knows",
            family("images/overrides", json!([{"component": "web", "image": "a:1"}])),
            "Unsupported value",
        ),
    ]
}

pub(crate) fn deployment_changes() -> Vec<Case> {
    let family = |path, value| with(minimal("family"), path, value);
    let storage = |value| family("postgres/managed/storage", value);
    let external = external();
    vec![
        change_accepted("a new version", minimal("family"), family("version", json!("1.5.0"))),
        change_accepted("more storage", minimal("family"), storage(json!({"size": "0.5Ti"}))),
        change_refused("less storage", minimal("family"), storage(json!({"size": "9Gi"})), "storage only grows"),
        change_refused(
            "another storage class",
            minimal("family"),
            storage(json!({"size": "10Gi", "storageClassName": "fast"})),
            "storageClassName is immutable",
        ),
        change_refused(
            "another Postgres",
            minimal("family"),
            family("postgres", external.clone()),
            "mode is immutable",
        ),
        change_refused(
            "another major version",
            minimal("family"),
            family("postgres/managed/majorVersion", json!(17)),
            "majorVersion is immutable",
        ),
        change_accepted("another Redis", minimal("family"), family("redis", external)),
    ]
}

fn external() -> Value {
    json!({"mode": "External", "external": {"urlSecretRef": {"name": "db"}}})
}

fn without(mut object: Value, fields: &[&str]) -> Value {
    if let Some(spec) = object["spec"].as_object_mut() {
        spec.retain(|field, _| !fields.contains(&field.as_str()));
    }
    object
}

fn full() -> Value {
    let resources = json!({"requests": {"cpu": 1, "memory": "32Mi"}, "limits": {"memory": "96Mi"}});
    let workload = json!({"replicas": 2, "resources": resources});
    json!({
        "metadata": {"name": "family", "namespace": "default"},
        "spec": {
            "version": "1.4.2-rc.1",
            "images": {
                "registry": "localhost:5000/habit-tracker", "pullPolicy": "Always", "pullSecrets": [{"name": "ghcr"}],
                "overrides": [{"component": "postgres", "image": "registry.example.com/postgres@sha256:0123"}]
            },
            "telegram": {"tokenSecretRef": {"name": "family-bot", "key": "bot.token"}, "apiUrl": "https://example.com/bots"},
            "postgres": {"mode": "Managed", "managed": {
                "majorVersion": 15, "storage": {"size": "20Gi", "storageClassName": "fast"}, "resources": resources
            }},
            "redis": {"mode": "Managed", "managed": {"maxMemoryMebibytes": 64, "resources": resources}},
            "api": workload, "bot": {"replicas": 1, "resources": resources}, "sender": workload,
            "loops": {"placement": "Dedicated", "replicas": 2, "resources": resources},
            "reminders": {"expireAfterSeconds": 3600, "defaultTimeZone": "Europe/Berlin", "defaultLocale": "ru"}
        }
    })
}

pub(crate) fn habits() -> Vec<Case> {
    let reading = |path, value| with(habit(), path, value);
    vec![
        accepted("a daily habit", habit()),
        accepted(
            "a daily habit in full",
            with(reading("schedule", json!({"type": "Daily"})), "description", json!("Any book")),
        ),
        refused("a schedule nobody serves", reading("schedule", json!({"type": "Hourly"})), "Unsupported value"),
        refused("no reminder", reading("reminders", json!([])), "should have at least 1 items"),
        refused("two reminders", reading("reminders", json!([{"time": "07:30"}, {"time": "21:00"}])), "at most 1 item"),
        refused("an hour nobody has", reading("reminders", json!([{"time": "24:00"}])), "spec.reminders[0].time"),
        refused("nobody", reading("user/telegramId", json!(0)), "greater than or equal to 1"),
        refused("no name", reading("name", json!("")), "spec.name"),
        refused("a goal of no days", reading("targetDays", json!(0)), "greater than or equal to 1"),
        change_accepted("another time", habit(), reading("reminders", json!([{"time": "21:00"}]))),
        change_refused("another person", habit(), reading("user/telegramId", json!(5)), "user is immutable"),
        change_refused(
            "another deployment",
            habit(),
            reading("deploymentRef/name", json!("work")),
            "deploymentRef is immutable",
        ),
    ]
}
