//! Third step: all children, as they are asked for. Pure, and nothing here can fail.
mod api;
mod bot;
mod loops;
mod migration;
mod pod;
mod postgres;
mod program;
mod redis;
mod secret;
mod sender;
mod service;

use k8s_openapi::{
    api::{
        apps::v1::{Deployment, StatefulSet},
        batch::v1::Job,
        core::v1::{Secret, Service, ServiceAccount},
        rbac::v1::RoleBinding,
    },
    apimachinery::pkg::{api::resource::Quantity, apis::meta::v1::ObjectMeta},
};

use super::{
    gather::Gathered,
    labels,
    names::{Component, child},
    validate::{Database, Queue, Valid},
};

pub use secret::Passwords;

/// Everything a deployment is made of, in the order it comes up.
#[derive(Debug)]
pub struct Children {
    /// None with an external database.
    pub postgres: Option<PostgresChildren>,
    /// None with an external Redis.
    pub redis: Option<RedisChildren>,
    pub migration: Job,
    pub api: ApiChildren,
    pub bot: Deployment,
    pub sender: Deployment,
    /// None when the loops run within the operator.
    pub loops: Option<LoopsChildren>,
}

#[derive(Debug)]
pub struct PostgresChildren {
    pub secret: Secret,
    pub service: Service,
    pub stateful_set: StatefulSet,
    /// What the claim of the volume shall ask for: a claim made from a template grows by itself only.
    pub claim_size: Quantity,
}

#[derive(Debug)]
pub struct RedisChildren {
    pub secret: Secret,
    pub service: Service,
    pub deployment: Deployment,
}

#[derive(Debug)]
pub struct ApiChildren {
    pub secret: Secret,
    pub service: Service,
    pub deployment: Deployment,
}

#[derive(Debug)]
pub struct LoopsChildren {
    pub service_account: ServiceAccount,
    pub role_binding: RoleBinding,
    pub deployment: Deployment,
}

/// All children of a deployment. `fresh` is used where no Secret exists yet.
pub fn build(valid: &Valid, gathered: &Gathered, fresh: &Passwords) -> Children {
    let secrets = &gathered.secrets;
    Children {
        postgres: match &valid.database {
            Database::Managed(database) => Some(postgres::children(valid, database, gathered, fresh)),
            Database::External(_) => None,
        },
        redis: match &valid.queue {
            Queue::Managed { max_memory_mebibytes, resources } => {
                Some(redis::children(valid, *max_memory_mebibytes, resources.as_ref(), secrets, fresh))
            }
            Queue::External(_) => None,
        },
        migration: migration::job(valid, gathered),
        api: api::children(valid, secrets, fresh),
        bot: bot::deployment(valid, secrets),
        sender: sender::deployment(valid, secrets),
        loops: valid.loops.as_ref().map(|workload| loops::children(valid, workload, secrets)),
    }
}

/// Metadata of a child that goes with its deployment.
fn owned(valid: &Valid, component: Component, version: &str) -> ObjectMeta {
    ObjectMeta { owner_references: Some(vec![valid.owner.clone()]), ..kept(valid, component, version) }
}

/// Metadata of a child that outlives its deployment, to be found again by one of the same name.
fn kept(valid: &Valid, component: Component, version: &str) -> ObjectMeta {
    ObjectMeta {
        name: Some(child(&valid.name, component)),
        namespace: Some(valid.namespace.clone()),
        labels: Some(labels::all(&valid.name, component, version)),
        ..ObjectMeta::default()
    }
}

#[cfg(test)]
mod tests;
