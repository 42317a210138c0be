//! How far the pods of a Deployment or of Postgres are.
use k8s_openapi::api::apps::v1::{Deployment, StatefulSet};

/// Counts of pods, as its controller tells them.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Rollout {
    pub desired: i32,
    /// Pods of any generation.
    total: i32,
    /// Pods of the newest template.
    updated: i32,
    /// Pods of any generation that are available.
    pub available: i32,
    /// Whether the counts are about the generation that is asked for.
    observed: bool,
}

impl Rollout {
    pub fn of_deployment(deployment: &Deployment) -> Self {
        let status = deployment.status.clone().unwrap_or_default();
        Self {
            desired: deployment.spec.as_ref().and_then(|spec| spec.replicas).unwrap_or(1),
            total: status.replicas.unwrap_or_default(),
            updated: status.updated_replicas.unwrap_or_default(),
            available: status.available_replicas.unwrap_or_default(),
            observed: is_observed(deployment.metadata.generation, status.observed_generation),
        }
    }

    pub fn of_stateful_set(stateful_set: &StatefulSet) -> Self {
        let status = stateful_set.status.clone().unwrap_or_default();
        Self {
            desired: stateful_set.spec.as_ref().and_then(|spec| spec.replicas).unwrap_or(1),
            total: status.replicas,
            updated: status.updated_replicas.unwrap_or_default(),
            available: status.available_replicas.unwrap_or_default(),
            observed: is_observed(stateful_set.metadata.generation, status.observed_generation),
        }
    }

    /// Whether exactly the pods that are asked for run, and serve.
    pub fn is_complete(&self) -> bool {
        self.observed && self.total == self.desired && self.updated == self.desired && self.available == self.desired
    }

    /// Whether as many pods serve as are asked for, though some may be of a generation before.
    pub fn is_serving(&self) -> bool {
        self.available > 0 && self.available >= self.desired
    }

    /// Pods of the newest template that are available, at the least.
    pub fn available_of_current(&self) -> i32 {
        if self.observed { (self.updated - (self.total - self.available)).clamp(0, self.updated) } else { 0 }
    }
}

fn is_observed(generation: Option<i64>, observed: Option<i64>) -> bool {
    observed.is_some() && observed >= generation
}
