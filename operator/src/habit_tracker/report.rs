//! Fifth step: what was observed becomes the status, which is written only if it changed.
pub mod condition;
mod findings;
pub mod pods;

use chrono::{DateTime, Utc};
use crds::{
    HabitTrackerDeployment, HabitTrackerDeploymentStatus,
    deployment::{Endpoints, SchemaStatus, WorkloadStatus},
};
use k8s_openapi::api::apps::v1::Deployment;
use kube::{
    Api, Client, Resource as _, ResourceExt as _,
    api::{Patch, PatchParams},
};
use serde_json::json;

use self::condition::{Conditions, Finding, Type};
use super::{
    FIELD_MANAGER,
    apply::{self, Applied, Migration, Outcome},
    embedded_loops::LoopsState,
    gather::Gathered,
    names::{Component, child},
    rollout::Rollout,
    validate::{Invalid, Valid},
};

#[derive(Debug, thiserror::Error)]
pub enum ReportError {
    #[error("the API server refused the status")]
    Refused(#[source] Box<kube::Error>),
}

/// The status of an object that nothing is made of.
pub fn invalid(
    deployment: &HabitTrackerDeployment,
    invalid: &Invalid,
    now: DateTime<Utc>,
) -> HabitTrackerDeploymentStatus {
    let before = deployment.status.clone().unwrap_or_default();
    let generation = deployment.metadata.generation.unwrap_or_default();
    let mut conditions = Conditions::after(&before.conditions, generation, now);
    let refused = Finding::broken(invalid.reason(), invalid.to_string());
    conditions.set(Type::Accepted, refused.clone());
    conditions.keep_others("NotAccepted", "the spec is not accepted; see condition Accepted");
    conditions.set(Type::Ready, refused);
    HabitTrackerDeploymentStatus {
        observed_generation: Some(generation),
        target_version: Some(deployment.spec.version.clone()),
        conditions: conditions.into_list(),
        ..before
    }
}

/// The status after a pass.
pub fn status(
    deployment: &HabitTrackerDeployment,
    valid: &Valid,
    gathered: &Gathered,
    applied: &Applied,
    loops: Option<&LoopsState>,
    now: DateTime<Utc>,
) -> HabitTrackerDeploymentStatus {
    let before = deployment.status.clone().unwrap_or_default();
    let mut conditions = Conditions::after(&before.conditions, valid.generation, now);
    for (type_, finding) in findings::all(valid, gathered, applied, loops) {
        conditions.set(type_, finding);
    }
    conditions.summarize(&format!("{} serves on generation {}", valid.version, valid.generation));
    let (version, schema) = migrated(valid, gathered, applied, &before);
    HabitTrackerDeploymentStatus {
        observed_generation: Some(valid.generation),
        version,
        target_version: Some(valid.version.clone()),
        schema,
        endpoints: Some(Endpoints {
            api: format!("http://{}.{}.svc:8000", child(&valid.name, Component::Api), valid.namespace),
        }),
        workloads: workloads(gathered, applied),
        conditions: conditions.into_list(),
    }
}

/// The last migration that succeeded: it is not run again, whatever becomes of its Job.
fn migrated(
    valid: &Valid,
    gathered: &Gathered,
    applied: &Applied,
    before: &HabitTrackerDeploymentStatus,
) -> (Option<String>, Option<SchemaStatus>) {
    match &applied.migration {
        Outcome::Applied(Migration::Done { schema_version }) => {
            let schema = SchemaStatus { version: *schema_version, database: gathered.database() };
            (Some(valid.version.clone()), Some(schema))
        }
        _ => (before.version.clone(), before.schema.clone()),
    }
}

fn workloads(gathered: &Gathered, applied: &Applied) -> Vec<WorkloadStatus> {
    let present = &gathered.present;
    [
        (Component::Api, &applied.api, &present.api),
        (Component::Bot, &applied.bot, &present.bot),
        (Component::Sender, &applied.sender, &present.sender),
        (Component::Loops, &applied.loops, &present.loops),
    ]
    .into_iter()
    .filter_map(|(component, outcome, present)| {
        let deployment = latest(outcome, present.as_deref())?;
        let rollout = Rollout::of_deployment(deployment);
        Some(WorkloadStatus {
            name: component.as_str().to_owned(),
            ready: rollout.available_of_current(),
            desired: rollout.desired,
            version: apply::version(deployment).cloned().unwrap_or_default(),
        })
    })
    .collect()
}

/// A Deployment as the server held it last in this pass.
fn latest<'a>(outcome: &'a Outcome<Box<Deployment>>, present: Option<&'a Deployment>) -> Option<&'a Deployment> {
    match outcome {
        Outcome::Applied(deployment) => Some(deployment),
        Outcome::NotAskedFor => None,
        Outcome::Waiting(_) | Outcome::Failed(_) => present,
    }
}

/// Writes the status, if it is another than before.
///
/// # Errors
/// The API server refuses it or cannot be asked.
pub async fn write(
    client: &Client,
    deployment: &HabitTrackerDeployment,
    status: HabitTrackerDeploymentStatus,
) -> Result<(), ReportError> {
    if deployment.status.as_ref() == Some(&status) {
        return Ok(());
    }
    log_transition(deployment, &status);
    let api: Api<HabitTrackerDeployment> = Api::namespaced(client.clone(), &deployment.namespace().unwrap_or_default());
    let patch = json!({
        "apiVersion": HabitTrackerDeployment::api_version(&()),
        "kind": HabitTrackerDeployment::kind(&()),
        "status": status,
    });
    api.patch_status(&deployment.name_any(), &PatchParams::apply(FIELD_MANAGER).force(), &Patch::Apply(&patch))
        .await
        .map(|_| ())
        .map_err(|error| ReportError::Refused(Box::new(error)))
}

fn log_transition(deployment: &HabitTrackerDeployment, status: &HabitTrackerDeploymentStatus) {
    let ready = |status: &HabitTrackerDeploymentStatus| {
        status.conditions.iter().find(|each| each.type_ == Type::Ready.as_str()).cloned()
    };
    let before = deployment.status.as_ref().and_then(ready);
    if let Some(now) = ready(status)
        && before.as_ref().map(|before| (&before.status, &before.reason)) != Some((&now.status, &now.reason))
    {
        let (namespace, name) = (deployment.namespace(), deployment.name_any());
        tracing::info!(namespace, name, ready = now.status, reason = now.reason, message = now.message, "reported");
    }
}

#[cfg(test)]
mod tests;
