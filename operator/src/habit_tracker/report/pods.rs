//! Why pods do not serve: what programs, nodes and the API server say about it.
use k8s_openapi::api::{
    apps::v1::Deployment,
    core::v1::{ContainerStateTerminated, ContainerStatus, Event, ObjectReference, Pod},
};
use kube::ResourceExt as _;

use crate::habit_tracker::{
    gather::Gathered,
    labels,
    names::{self, Component},
    validate::Valid,
};

/// States of a container from which waiting does not help.
const STUCK: [&str; 7] = [
    "ImagePullBackOff",
    "ErrImagePull",
    "ErrImageNeverPull",
    "InvalidImageName",
    "CreateContainerConfigError",
    "CreateContainerError",
    "RunContainerError",
];

/// A reason in CamelCase, and what it means.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cause {
    pub reason: String,
    pub message: String,
}

impl Cause {
    fn new(reason: &str, message: impl Into<String>) -> Self {
        Self { reason: reason.to_owned(), message: message.into() }
    }
}

/// The pods of a component that are not on their way out.
pub fn of(pods: &[Pod], component: Component) -> impl Iterator<Item = &Pod> {
    pods.iter().filter(move |pod| {
        pod.metadata.deletion_timestamp.is_none()
            && pod.labels().get(labels::COMPONENT).is_some_and(|label| label == component.as_str())
    })
}

/// What a pod's container left when it succeeded.
pub fn success_message(pod: &Pod) -> Option<&str> {
    let ended = |status: &ContainerStatus| status.state.as_ref()?.terminated.as_ref().map(|ended| ended.exit_code);
    let succeeded = containers(pod).find(|status| ended(status) == Some(0))?;
    succeeded.state.as_ref()?.terminated.as_ref()?.message.as_deref()
}

/// Why the pods of a component do not serve, the plainest cause first.
pub fn cause(
    valid: &Valid,
    gathered: &Gathered,
    component: Component,
    deployment: Option<&Deployment>,
) -> Option<Cause> {
    let mut pods: Vec<_> = of(&gathered.pods, component).filter(|pod| !is_ready(pod)).collect();
    pods.sort_by_key(|pod| std::cmp::Reverse(pod.metadata.creation_timestamp.clone()));
    pods.iter()
        .find_map(|pod| stuck(pod))
        .or_else(|| pods.iter().find_map(|pod| crashed(pod)))
        .or_else(|| pods.iter().find_map(|pod| unschedulable(pod)))
        .or_else(|| deployment.and_then(refused))
        .or_else(|| warned(valid, &gathered.warnings, &pods, component))
        .or_else(|| pods.iter().find_map(|pod| unready(pod)))
}

fn containers(pod: &Pod) -> impl Iterator<Item = &ContainerStatus> {
    pod.status.iter().flat_map(|status| status.container_statuses.iter().flatten())
}

fn is_ready(pod: &Pod) -> bool {
    containers(pod).count() > 0 && containers(pod).all(|status| status.ready)
}

fn stuck(pod: &Pod) -> Option<Cause> {
    containers(pod).find_map(|status| {
        let waiting = status.state.as_ref()?.waiting.as_ref()?;
        let reason = waiting.reason.as_deref().filter(|reason| STUCK.contains(reason))?;
        let said = waiting.message.as_deref().unwrap_or("the node says no more");
        let next = if reason.contains("Image") {
            format!("; check that {} exists and that the node may pull it (spec.images)", status.image)
        } else {
            format!("; see kubectl describe pod {}", pod.name_any())
        };
        Some(Cause::new(reason, format!("pod {}: {said}{next}", pod.name_any())))
    })
}

/// The last end of a container that was a failure.
fn crashed(pod: &Pod) -> Option<Cause> {
    containers(pod).find_map(|status| {
        let states = [status.state.as_ref(), status.last_state.as_ref()];
        let ended = states.into_iter().flatten().find_map(|state| state.terminated.as_ref())?;
        (ended.exit_code != 0).then(|| end(pod, ended))
    })
}

fn end(pod: &Pod, ended: &ContainerStateTerminated) -> Cause {
    if ended.reason.as_deref() == Some("OOMKilled") {
        let message = format!("pod {} used more memory than its limit; raise resources.limits.memory", pod.name_any());
        return Cause::new("OOMKilled", message);
    }
    let said = ended.message.as_deref().unwrap_or_default().trim();
    if let Some((reason, message)) = told(said) {
        return Cause::new(reason, message);
    }
    let last_words = said.lines().last().unwrap_or_default();
    let colon = if last_words.is_empty() { "" } else { ": " };
    Cause::new(
        "Crashed",
        format!(
            "pod {} ended with exit code {}{colon}{last_words}; see kubectl logs --previous {0}",
            pod.name_any(),
            ended.exit_code
        ),
    )
}

/// `Reason: message; next step`, as our programs leave it when they cannot go on.
fn told(said: &str) -> Option<(&str, &str)> {
    let (reason, message) = said.split_once(": ")?;
    let is_reason = reason.len() >= 3
        && reason.starts_with(|c: char| c.is_ascii_uppercase())
        && reason.chars().all(|c| c.is_ascii_alphanumeric());
    is_reason.then_some((reason, message))
}

fn unschedulable(pod: &Pod) -> Option<Cause> {
    let conditions = pod.status.as_ref()?.conditions.as_ref()?;
    let scheduled = conditions.iter().find(|each| each.type_ == "PodScheduled" && each.status == "False")?;
    let said = scheduled.message.as_deref().unwrap_or("no node takes it");
    Some(Cause::new("Unschedulable", format!("pod {}: {said}", pod.name_any())))
}

/// A quota, a limit range or a pod security standard that keeps pods from being made.
fn refused(deployment: &Deployment) -> Option<Cause> {
    let conditions = deployment.status.as_ref()?.conditions.as_ref()?;
    let failure = conditions.iter().find(|each| each.type_ == "ReplicaFailure" && each.status == "True")?;
    let reason = failure.reason.as_deref().unwrap_or("FailedCreate");
    Some(Cause::new(reason, failure.message.clone().unwrap_or_default()))
}

/// The last warning about a component: Postgres and Jobs tell of refused pods in events only, and so do volumes.
fn warned(valid: &Valid, warnings: &[Event], pods: &[&Pod], component: Component) -> Option<Cause> {
    let latest = warnings
        .iter()
        .filter(|event| is_about(valid, &event.involved_object, pods, component))
        .filter(|event| matches!(event.reason.as_deref(), Some("FailedCreate" | "FailedMount" | "FailedAttachVolume")))
        .max_by_key(|event| event.last_timestamp.clone())?;
    let reason = latest.reason.as_deref().unwrap_or("Warning");
    Some(Cause::new(reason, latest.message.clone().unwrap_or_default()))
}

/// Whether an object is this very component's. A name that begins alike may be another deployment's child.
fn is_about(valid: &Valid, object: &ObjectReference, pods: &[&Pod], component: Component) -> bool {
    let Some(name) = object.name.as_deref() else {
        return false;
    };
    let child = names::child(&valid.name, component);
    match object.kind.as_deref() {
        Some("Pod") => pods.iter().any(|pod| pod.name_any() == name),
        Some("ReplicaSet") => name.rsplit_once('-').is_some_and(|(deployment, _hash)| deployment == child),
        Some("Job") => component == Component::Migrate && name == names::migrate_job(&valid.name, &valid.version),
        _ => name == child,
    }
}

fn unready(pod: &Pod) -> Option<Cause> {
    let running = containers(pod).any(|status| status.state.as_ref().is_some_and(|state| state.running.is_some()));
    let name = pod.name_any();
    running.then(|| Cause::new("NotReady", format!("pod {name} runs and is not ready yet; see kubectl logs {name}")))
}
