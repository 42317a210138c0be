//! What the API server accepts and refuses, on a real one.
use crds::{Habit, HabitTrackerDeployment};
use e2e::api_server::ApiServer;
use kube::{
    Api,
    api::{DeleteParams, PostParams},
    core::NamespaceResourceScope,
};
use serde_json::{Value, json};

mod cases;

use cases::{Case, Outcome};

#[tokio::test]
async fn the_api_server_accepts_what_is_served_and_refuses_the_rest_with_a_hint() -> anyhow::Result<()> {
    let server = ApiServer::with_custom_resources().await?;
    let mut failures = Vec::new();
    for case in cases::deployments().into_iter().chain(cases::deployment_changes()) {
        failures.extend(failure::<HabitTrackerDeployment>(&server, &case).await?);
    }
    for case in cases::habits() {
        failures.extend(failure::<Habit>(&server, &case).await?);
    }
    assert!(failures.is_empty(), "{}", failures.join("\n"));
    Ok(())
}

/// What is wrong with the server's answer to a case, if anything.
async fn failure<K>(server: &ApiServer, case: &Case) -> anyhow::Result<Option<String>>
where
    K: kube::Resource<Scope = NamespaceResourceScope, DynamicType = ()>,
{
    // Untyped on the way in: the point is what the server says, not what the types can hold.
    let resource = kube::discovery::ApiResource::erase::<K>(&());
    let api: Api<kube::api::DynamicObject> = Api::namespaced_with(server.client.clone(), "default", &resource);
    let created = api.create(&PostParams::default(), &object(&resource, &case.created)?).await;
    let answer = match (created, &case.updated) {
        (Ok(created), Some(updated)) => {
            let mut object = object(&resource, updated)?;
            object.metadata.resource_version.clone_from(&created.metadata.resource_version);
            let answer = api.replace(&case.name(), &PostParams::default(), &object).await;
            api.delete(&case.name(), &DeleteParams::default()).await?;
            answer
        }
        (Ok(created), None) => {
            api.delete(&case.name(), &DeleteParams::default()).await?;
            Ok(created)
        }
        (Err(error), _) => Err(error),
    };
    Ok(match (&case.outcome, answer) {
        (Outcome::Accepted, Ok(_)) => None,
        (Outcome::Accepted, Err(error)) => Some(format!("{}: refused: {error}", case.title)),
        (Outcome::Refused(hint), Ok(_)) => Some(format!("{}: accepted, but should say {hint:?}", case.title)),
        (Outcome::Refused(hint), Err(error)) => {
            let said = error.to_string();
            (!said.contains(hint)).then(|| format!("{}: should say {hint:?}, said {said}", case.title))
        }
    })
}

fn object(resource: &kube::discovery::ApiResource, value: &Value) -> anyhow::Result<kube::api::DynamicObject> {
    let mut value = value.clone();
    value["apiVersion"] = json!(resource.api_version);
    value["kind"] = json!(resource.kind);
    Ok(serde_json::from_value(value)?)
}

#[tokio::test]
async fn defaults_are_filled_in_by_the_server() -> anyhow::Result<()> {
    let server = ApiServer::with_custom_resources().await?;
    let api: Api<HabitTrackerDeployment> = Api::namespaced(server.client.clone(), "default");
    let resource = kube::discovery::ApiResource::erase::<HabitTrackerDeployment>(&());
    let dynamic: Api<kube::api::DynamicObject> = Api::namespaced_with(server.client.clone(), "default", &resource);
    dynamic.create(&PostParams::default(), &object(&resource, &cases::minimal("family"))?).await?;
    let spec = serde_json::to_value(api.get("family").await?.spec)?;
    assert_eq!(
        spec,
        json!({
            "version": "1.4.2",
            "images": {"registry": "ghcr.io/habit-tracker", "pullPolicy": "IfNotPresent"},
            "telegram": {
                "tokenSecretRef": {"name": "family-bot", "key": "token"},
                "apiUrl": "https://api.telegram.org"
            },
            "postgres": {"mode": "Managed", "managed": {"majorVersion": 18, "storage": {"size": "10Gi"}}},
            "redis": {"mode": "Managed", "managed": {"maxMemoryMebibytes": 128}},
            "api": {}, "bot": {}, "sender": {},
            "loops": {"placement": "Dedicated"},
            "reminders": {"expireAfterSeconds": 7200, "defaultTimeZone": "UTC", "defaultLocale": "en"}
        })
    );
    Ok(())
}
