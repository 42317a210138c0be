//! The managed Redis: nothing in it has to be kept.
use crds::deployment::Resources;
use k8s_openapi::{
    api::{
        apps::v1::{Deployment, DeploymentSpec, DeploymentStrategy},
        core::v1::{Container, PodSpec, PodTemplateSpec, Probe, TCPSocketAction},
    },
    apimachinery::pkg::{
        apis::meta::v1::{LabelSelector, ObjectMeta},
        util::intstr::IntOrString,
    },
};

use super::{
    RedisChildren, owned,
    pod::{self, STORE_USER, mount, mount_read_only, scratch},
    program::container_port,
    secret::{self, Passwords},
    service::service,
};
use crate::habit_tracker::{
    gather::Secrets,
    labels,
    names::{Component, child},
    validate::Valid,
};

const PORT: i32 = 6379;
const CONFIGURATION: &str = "redis.conf";
/// As the label has it; the image may be of any release since 6.2.
const VERSION: &str = "7";

pub(super) fn children(
    valid: &Valid,
    max_memory_mebibytes: i32,
    resources: Option<&Resources>,
    secrets: &Secrets,
    fresh: &Passwords,
) -> RedisChildren {
    let name = child(&valid.name, Component::Redis);
    let password = &fresh.redis;
    RedisChildren {
        secret: secret::secret(
            owned(valid, Component::Redis, VERSION),
            [
                ("password", password.clone()),
                ("url", format!("redis://:{password}@{name}.{}.svc:{PORT}", valid.namespace)),
                (CONFIGURATION, format!("requirepass {password}\n")),
            ],
        ),
        service: service(valid, Component::Redis, VERSION, "redis", PORT),
        deployment: deployment(valid, container(valid, max_memory_mebibytes, resources), secrets),
    }
}

fn deployment(valid: &Valid, container: Container, secrets: &Secrets) -> Deployment {
    Deployment {
        metadata: owned(valid, Component::Redis, VERSION),
        spec: Some(DeploymentSpec {
            replicas: Some(1),
            revision_history_limit: Some(2),
            selector: LabelSelector {
                match_labels: Some(labels::selector(&valid.name, Component::Redis)),
                ..LabelSelector::default()
            },
            // Two servers behind one address would each have half of the queue.
            strategy: Some(DeploymentStrategy { type_: Some("Recreate".to_owned()), ..DeploymentStrategy::default() }),
            template: PodTemplateSpec {
                metadata: Some(ObjectMeta {
                    labels: Some(labels::all(&valid.name, Component::Redis, VERSION)),
                    annotations: Some(secret::annotations(secrets.fingerprint(&[&secrets.redis_url]))),
                    ..ObjectMeta::default()
                }),
                spec: Some(PodSpec {
                    containers: vec![container],
                    volumes: Some(vec![
                        scratch("tmp", 16),
                        secret::file(&child(&valid.name, Component::Redis), CONFIGURATION),
                    ]),
                    ..pod::spec(valid, STORE_USER)
                }),
            },
            ..DeploymentSpec::default()
        }),
        ..Deployment::default()
    }
}

fn container(valid: &Valid, max_memory_mebibytes: i32, resources: Option<&Resources>) -> Container {
    Container {
        name: Component::Redis.as_str().to_owned(),
        image: Some(valid.images.redis.clone()),
        image_pull_policy: Some(valid.images.pull_policy.to_owned()),
        args: Some(arguments(max_memory_mebibytes)),
        ports: Some(vec![container_port("redis", PORT)]),
        readiness_probe: Some(Probe {
            tcp_socket: Some(TCPSocketAction { port: IntOrString::Int(PORT), host: None }),
            period_seconds: Some(2),
            ..Probe::default()
        }),
        resources: pod::requirements(resources),
        security_context: Some(pod::security_context()),
        termination_message_policy: Some("FallbackToLogsOnError".to_owned()),
        volume_mounts: Some(vec![mount("tmp", "/tmp"), mount_read_only(secret::VOLUME, secret::FOLDER)]),
        ..Container::default()
    }
}

/// The password stands in the file; what the spec may change stands here, so that a change rolls the pod.
fn arguments(max_memory_mebibytes: i32) -> Vec<String> {
    let max_memory = format!("{max_memory_mebibytes}mb");
    let configuration = format!("{}/{CONFIGURATION}", secret::FOLDER);
    [
        "redis-server",
        &configuration,
        "--maxmemory",
        &max_memory,
        // A full server refuses writes and messages wait in Postgres: evicting would lose parts of the queue unseen.
        "--maxmemory-policy",
        "noeviction",
        "--save",
        "",
        "--appendonly",
        "no",
        "--dir",
        "/tmp",
    ]
    .map(str::to_owned)
    .into()
}
