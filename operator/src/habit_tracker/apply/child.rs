//! Writing one child, or leaving it alone.
use std::{
    collections::HashMap,
    fmt,
    sync::{Mutex, PoisonError},
};

use k8s_openapi::{
    api::core::v1::{PersistentVolumeClaim, PersistentVolumeClaimSpec, VolumeResourceRequirements},
    apimachinery::pkg::api::resource::Quantity,
};
use kube::{
    Api, Client, ResourceExt as _,
    api::{DeleteParams, ObjectMeta, Patch, PatchParams, PostParams, Preconditions},
    core::NamespaceResourceScope,
};
use serde::{Serialize, de::DeserializeOwned};

use crate::habit_tracker::{FIELD_MANAGER, gather::requested_size, labels, names::hex, validate::Valid};

/// What a child of ours is: namespaced and known at compile time.
pub(super) trait Child:
    kube::Resource<Scope = NamespaceResourceScope, DynamicType = ()>
    + k8s_openapi::Resource
    + Clone
    + fmt::Debug
    + Serialize
    + DeserializeOwned
{
}

impl<K> Child for K where
    K: kube::Resource<Scope = NamespaceResourceScope, DynamicType = ()>
        + k8s_openapi::Resource
        + Clone
        + fmt::Debug
        + Serialize
        + DeserializeOwned
{
}

/// A child that could not be written.
#[derive(Debug, thiserror::Error)]
#[error("failed to {action} {kind} {name}")]
pub struct ApplyError {
    action: &'static str,
    kind: &'static str,
    name: String,
    source: Box<kube::Error>,
}

impl ApplyError {
    fn new<K: Child>(action: &'static str, child: &K, source: kube::Error) -> Self {
        Self { action, kind: K::KIND, name: child.name_any(), source: Box::new(source) }
    }

    /// Whether the same request may succeed later: the server did not refuse what it says.
    pub fn is_transient(&self) -> bool {
        match &*self.source {
            kube::Error::Api(status) => matches!(status.code, 409 | 429) || status.code >= 500,
            _ => true,
        }
    }

    /// What the API server said, or what kept the request from reaching it.
    pub fn details(&self) -> String {
        match &*self.source {
            kube::Error::Api(status) => status.message.clone(),
            other => other.to_string(),
        }
    }
}

/// Writes children, and remembers what it wrote: a child that is as it was left is not written again.
#[derive(Debug, Default)]
pub struct Applier {
    /// By the deployment's namespace and name, then by the child's kind and name.
    written: Mutex<HashMap<String, HashMap<String, Fingerprint>>>,
}

/// What was asked for, and what the server made of it.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Fingerprint {
    asked: String,
    held: String,
}

impl Applier {
    /// Brings a child to what is asked for, unless nothing has changed since that was done.
    pub(super) async fn ensure<K: Child>(
        &self,
        client: &Client,
        present: Option<&K>,
        asked: &K,
    ) -> Result<Box<K>, ApplyError> {
        let fingerprint = |held: &K| Fingerprint { asked: hash(asked), held: revision(held) };
        if let Some(present) = present
            && self.is_written(present, &fingerprint(present))
        {
            return Ok(Box::new(present.clone()));
        }
        let held = self.patch(client, asked).await?;
        tracing::info!(kind = K::KIND, namespace = held.namespace(), name = held.name_any(), "applied");
        self.remember(&*held, fingerprint(&held));
        Ok(held)
    }

    async fn patch<K: Child>(&self, client: &Client, asked: &K) -> Result<Box<K>, ApplyError> {
        let parameters = PatchParams::apply(FIELD_MANAGER).force();
        // On the heap: several children are written at once, and requests are large.
        Box::pin(api::<K>(client, asked).patch(&asked.name_any(), &parameters, &Patch::Apply(asked)))
            .await
            .map(Box::new)
            .map_err(|error| ApplyError::new("apply", asked, error))
    }

    /// Makes an object that is never written again. One that is there already stays as it is.
    pub(super) async fn create_once<K: Child>(&self, client: &Client, asked: &K) -> Result<(), ApplyError> {
        let parameters = PostParams { field_manager: Some(FIELD_MANAGER.to_owned()), ..PostParams::default() };
        match api::<K>(client, asked).create(&parameters, asked).await {
            Ok(_) => Ok(()),
            Err(kube::Error::Api(status)) if status.reason == "AlreadyExists" => Ok(()),
            Err(error) => Err(ApplyError::new("create", asked, error)),
        }
    }

    /// Removes a child that is not asked for any more, if it is ours.
    pub(super) async fn remove<K: Child>(
        &self,
        client: &Client,
        valid: &Valid,
        present: Option<&K>,
    ) -> Result<(), ApplyError> {
        let Some(present) = present.filter(|child| is_owned(*child, valid)) else {
            return Ok(());
        };
        delete(client, present).await
    }

    /// Makes a claim ask for more, where it exists and asks for something else.
    pub(super) async fn grow(
        &self,
        client: &Client,
        present: Option<&PersistentVolumeClaim>,
        size: &Quantity,
    ) -> Result<(), ApplyError> {
        let Some(present) = present.filter(|claim| requested_size(claim) != Some(size)) else {
            return Ok(());
        };
        let claim = PersistentVolumeClaim {
            metadata: ObjectMeta {
                name: present.metadata.name.clone(),
                namespace: present.metadata.namespace.clone(),
                ..ObjectMeta::default()
            },
            spec: Some(PersistentVolumeClaimSpec {
                resources: Some(VolumeResourceRequirements {
                    requests: Some([("storage".to_owned(), size.clone())].into()),
                    ..VolumeResourceRequirements::default()
                }),
                ..PersistentVolumeClaimSpec::default()
            }),
            ..PersistentVolumeClaim::default()
        };
        self.ensure(client, Some(present), &claim).await.map(|_| ())
    }

    /// Forgets the children of all deployments but these, each given as `<namespace>/<name>`.
    pub fn keep(&self, is_there: impl Fn(&str) -> bool) {
        self.written.lock().unwrap_or_else(PoisonError::into_inner).retain(|deployment, _| is_there(deployment));
    }

    fn is_written<K: Child>(&self, child: &K, fingerprint: &Fingerprint) -> bool {
        let written = self.written.lock().unwrap_or_else(PoisonError::into_inner);
        written.get(&deployment_of(child)).and_then(|children| children.get(&key(child))) == Some(fingerprint)
    }

    fn remember<K: Child>(&self, child: &K, fingerprint: Fingerprint) {
        let mut written = self.written.lock().unwrap_or_else(PoisonError::into_inner);
        written.entry(deployment_of(child)).or_default().insert(key(child), fingerprint);
    }
}

/// Removes exactly this object, and what hangs on it.
pub(super) async fn delete<K: Child>(client: &Client, present: &K) -> Result<(), ApplyError> {
    let parameters = DeleteParams {
        preconditions: Some(Preconditions { uid: present.uid(), resource_version: None }),
        ..DeleteParams::background()
    };
    match api::<K>(client, present).delete(&present.name_any(), &parameters).await {
        Ok(_) => {
            tracing::info!(kind = K::KIND, namespace = present.namespace(), name = present.name_any(), "removed");
            Ok(())
        }
        Err(kube::Error::Api(status)) if status.code == 404 => Ok(()),
        Err(error) => Err(ApplyError::new("remove", present, error)),
    }
}

fn api<K: Child>(client: &Client, child: &K) -> Api<K> {
    Api::namespaced(client.clone(), &child.namespace().unwrap_or_default())
}

/// Namespace and name of the deployment that a child is labelled with.
fn deployment_of<K: Child>(child: &K) -> String {
    let name = child.labels().get(labels::INSTANCE).map_or("", String::as_str);
    format!("{}/{name}", child.namespace().unwrap_or_default())
}

fn key<K: Child>(child: &K) -> String {
    format!("{}/{}", K::KIND, child.name_any())
}

fn hash<K: Child>(child: &K) -> String {
    serde_json::to_vec(child).map(|json| hex(&json)).unwrap_or_default()
}

/// Changes whenever somebody edits the object. A status alone changes no generation, but not every kind has one.
fn revision<K: Child>(child: &K) -> String {
    let meta = child.meta();
    let edits = match meta.generation {
        Some(generation) => generation.to_string(),
        None => meta.resource_version.clone().unwrap_or_default(),
    };
    format!("{}/{edits}", meta.uid.as_deref().unwrap_or_default())
}

fn is_owned<K: Child>(child: &K, valid: &Valid) -> bool {
    child.owner_references().iter().any(|owner| owner.uid == valid.owner.uid)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::habit_tracker::fixture;

    #[test]
    fn the_children_of_a_deployment_that_is_gone_are_forgotten() {
        let applier = Applier::default();
        let child = fixture::children(&fixture::deployment()).bot;
        let fingerprint = Fingerprint { asked: hash(&child), held: revision(&child) };
        applier.remember(&child, fingerprint.clone());
        applier.keep(|deployment| deployment == "habits/family");
        assert!(applier.is_written(&child, &fingerprint));
        applier.keep(|_| false);
        assert!(applier.written.into_inner().unwrap().is_empty());
    }
}
