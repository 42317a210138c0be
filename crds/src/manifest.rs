//! The definitions of the custom resources as the chart ships them.
use k8s_openapi::apiextensions_apiserver::pkg::apis::apiextensions::v1::CustomResourceDefinition;
use kube::CustomResourceExt as _;
use serde_json::{Value, json};

use crate::{Habit, HabitTrackerDeployment, deployment};

/// Client-side apply keeps a copy of the object in an annotation, and all annotations together may have 262144 bytes.
pub const MAX_BYTES: usize = 200_000;

/// One file of the chart.
pub struct Manifest {
    /// `<plural>.yaml`
    pub file_name: String,
    /// What stands in it.
    pub yaml: String,
}

/// Why no manifest can be written.
#[derive(Debug, thiserror::Error)]
pub enum ManifestError {
    #[error("failed to write {0} as a manifest")]
    Serialize(String, #[source] serde_json::Error),
    #[error("failed to write {0} as YAML")]
    Yaml(String, #[source] serde_yaml_ng::Error),
    #[error("{name} has {bytes} bytes, the limit is {MAX_BYTES}: shorten descriptions or drop embedded types")]
    TooLarge { name: String, bytes: usize },
}

/// The definitions of all resources, to be created in a cluster.
pub fn definitions() -> Result<Vec<CustomResourceDefinition>, ManifestError> {
    [HabitTrackerDeployment::crd(), Habit::crd()]
        .into_iter()
        .map(|definition| {
            let name = definition.metadata.name.clone().unwrap_or_default();
            let finished = finish(definition).map_err(|error| ManifestError::Serialize(name.clone(), error))?;
            serde_json::from_value(finished).map_err(|error| ManifestError::Serialize(name, error))
        })
        .collect()
}

/// The files of `charts/habit-tracker/templates/crds/`, one for each resource.
pub fn manifests() -> Result<Vec<Manifest>, ManifestError> {
    definitions()?.iter().map(manifest).collect()
}

fn manifest(definition: &CustomResourceDefinition) -> Result<Manifest, ManifestError> {
    let name = definition.metadata.name.clone().unwrap_or_default();
    let body = serde_yaml_ng::to_string(definition).map_err(|error| ManifestError::Yaml(name.clone(), error))?;
    let yaml = format!(
        "# Written by crdgen from the types in crds/: change those, then run `cargo run -p crds --bin crdgen`.\n{body}"
    );
    if yaml.len() > MAX_BYTES {
        return Err(ManifestError::TooLarge { name, bytes: yaml.len() });
    }
    Ok(Manifest { file_name: format!("{}.yaml", definition.spec.names.plural), yaml })
}

/// Adds what the derive cannot say: rules on the whole object, and that Helm leaves the definition when it uninstalls,
/// since with a definition go all its objects.
fn finish(definition: CustomResourceDefinition) -> Result<Value, serde_json::Error> {
    let is_deployment = definition.spec.names.kind == "HabitTrackerDeployment";
    let mut manifest = serde_json::to_value(definition)?;
    manifest["metadata"]["annotations"] = json!({"helm.sh/resource-policy": "keep"});
    let schema = &mut manifest["spec"]["versions"][0]["schema"]["openAPIV3Schema"];
    if is_deployment {
        schema["x-kubernetes-validations"] = deployment::object_rules();
    }
    drop_nullable(schema);
    Ok(manifest)
}

/// A field that is null is then the same as one that is left out: the API server prunes it, and `has()` tells the truth.
fn drop_nullable(schema: &mut Value) {
    match schema {
        Value::Object(fields) => {
            if fields.get("nullable").is_some_and(Value::is_boolean) {
                fields.remove("nullable");
            }
            fields.values_mut().for_each(drop_nullable);
        }
        Value::Array(items) => items.iter_mut().for_each(drop_nullable),
        _ => {}
    }
}
