//! Objects that tests of the steps begin with.
use crds::HabitTrackerDeployment;
use serde_json::{Value, json};

use super::{
    build::{Children, Passwords, build},
    gather::{Gathered, Present, SecretState, SecretValue, Secrets},
    validate::{Valid, validate},
};

/// The least a deployment may say, as the API server returns it.
pub(crate) fn deployment() -> HabitTrackerDeployment {
    deployment_with(json!({}))
}

/// The same with other fields of its spec.
pub(crate) fn deployment_with(fields: Value) -> HabitTrackerDeployment {
    let mut spec = json!({
        "version": "1.4.2",
        "telegram": {"tokenSecretRef": {"name": "family-bot", "key": "token"}},
        "postgres": {"mode": "Managed", "managed": {"storage": {"size": "10Gi"}}},
        "redis": {"mode": "Managed", "managed": {}},
    });
    if let (Some(spec), Value::Object(fields)) = (spec.as_object_mut(), fields) {
        spec.extend(fields);
    }
    serde_json::from_value(json!({
        "apiVersion": "habittracker.dev/v1alpha1",
        "kind": "HabitTrackerDeployment",
        "metadata": {
            "name": "family", "namespace": "habits", "generation": 3,
            "uid": "00000000-0000-0000-0000-000000000001"
        },
        "spec": spec,
    }))
    .unwrap()
}

pub(crate) fn valid(deployment: &HabitTrackerDeployment) -> Valid {
    validate(deployment).unwrap()
}

/// A cluster that holds all Secrets and no child yet.
pub(crate) fn gathered() -> Gathered {
    Gathered {
        secrets: Secrets {
            telegram_token: secret("family-bot", "token"),
            database_url: secret("family-postgres", "url"),
            redis_url: secret("family-redis", "url"),
            jwt_secret: secret("family-api", "jwt-secret"),
            bot_key: secret("family-api", "bot-key"),
            database_url_is_given: false,
            redis_url_is_given: false,
        },
        present: Present::default(),
        pods: Vec::new(),
        warnings: Vec::new(),
    }
}

pub(crate) fn secret(name: &str, key: &str) -> SecretValue {
    let value = format!("value of {name}/{key}").into_bytes();
    let uid = Some(format!("uid-of-{name}"));
    SecretValue { name: name.to_owned(), key: key.to_owned(), uid, state: SecretState::Present(value.into()) }
}

pub(crate) fn children(deployment: &HabitTrackerDeployment) -> Children {
    let word = str::to_owned;
    let fresh = Passwords {
        postgres: word("postgres-password"),
        redis: word("redis-password"),
        jwt_secret: word("jwt-secret"),
        bot_key: word("bot-key"),
    };
    build(&valid(deployment), &gathered(), &fresh)
}
