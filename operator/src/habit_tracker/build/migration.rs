//! The Job that brings the database to a version's schema. A Job's template cannot change: it is named by its version.
use k8s_openapi::api::{
    batch::v1::{Job, JobSpec},
    core::v1::{Container, PodSpec, PodTemplateSpec},
};
use kube::api::ObjectMeta;

use super::{
    owned,
    program::{Program, Replacement, literals},
    secret::SecretFile,
};
use crate::habit_tracker::{
    gather::{Gathered, Secrets},
    labels,
    names::{self, Component, hex},
    validate::{Valid, Workload},
};

/// How long a migration may take, in seconds, all attempts together.
const DEADLINE_SECONDS: i64 = 1800;
/// How long one attempt waits for the database to answer; then the reason stands in the status, and the next one begins.
const DATABASE_WAIT_SECONDS: u32 = 30;
/// Attempts after the first.
const RETRIES: i32 = 5;
/// A Job that ended is forgotten after a day; what it said stands in the status.
const FORGOTTEN_AFTER_SECONDS: i32 = 86_400;

pub(super) fn job(valid: &Valid, gathered: &Gathered) -> Job {
    let spec = JobSpec {
        active_deadline_seconds: Some(DEADLINE_SECONDS),
        backoff_limit: Some(RETRIES),
        ttl_seconds_after_finished: Some(FORGOTTEN_AFTER_SECONDS),
        template: template(valid, &gathered.secrets),
        ..JobSpec::default()
    };
    // What would be asked for now and of which database, to be compared with what a Job was asked for.
    let asked = serde_json::to_vec(&(&spec, gathered.database())).map(|asked| hex(&asked)).unwrap_or_default();
    Job {
        metadata: ObjectMeta {
            name: Some(names::migrate_job(&valid.name, &valid.version)),
            annotations: Some([(labels::SPEC_HASH.to_owned(), asked)].into()),
            ..owned(valid, Component::Migrate, &valid.version)
        },
        spec: Some(spec),
        ..Job::default()
    }
}

fn template(valid: &Valid, secrets: &Secrets) -> PodTemplateSpec {
    let program = Program {
        component: Component::Migrate,
        image: &valid.images.operator,
        args: &["migrate"],
        env: literals([("DATABASE_WAIT_SECONDS", DATABASE_WAIT_SECONDS.to_string())]),
        files: vec![SecretFile { variable: "DATABASE_URL", value: &secrets.database_url }],
        port: None,
        replacement: Replacement::Recreate,
        service_account: None,
    };
    let PodTemplateSpec { metadata, spec } =
        program.template(valid, secrets, &Workload { replicas: 1, resources: None });
    PodTemplateSpec {
        metadata,
        spec: spec.map(|spec| PodSpec {
            // A failed pod stays, and with it the message it left.
            restart_policy: Some("Never".to_owned()),
            containers: spec.containers.into_iter().map(without_probes).collect(),
            ..spec
        }),
    }
}

/// A migration serves nothing: it ends.
fn without_probes(container: Container) -> Container {
    Container { liveness_probe: None, readiness_probe: None, ports: None, ..container }
}
