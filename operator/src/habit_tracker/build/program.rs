//! A program of ours as a Deployment: probes, secrets as files, restricted.
use std::collections::BTreeMap;

use k8s_openapi::{
    api::{
        apps::v1::{Deployment, DeploymentSpec, DeploymentStrategy, RollingUpdateDeployment},
        core::v1::{Container, ContainerPort, EnvVar, HTTPGetAction, PodSpec, PodTemplateSpec, Probe},
    },
    apimachinery::pkg::{
        apis::meta::v1::{LabelSelector, ObjectMeta},
        util::intstr::IntOrString,
    },
};

use super::{
    owned,
    pod::{self, PROGRAM_USER},
    secret::{self, SecretFile},
};
use crate::habit_tracker::{
    gather::Secrets,
    labels,
    names::Component,
    validate::{Valid, Workload},
};

/// Port of `/livez`, `/readyz` and `/metrics` in every program.
const PROBE_PORT: i32 = 9090;

/// What tells one program from another.
pub(super) struct Program<'a> {
    pub(super) component: Component,
    pub(super) image: &'a str,
    /// Subcommand, for the operator's image.
    pub(super) args: &'a [&'a str],
    pub(super) env: Vec<EnvVar>,
    pub(super) files: Vec<SecretFile<'a>>,
    /// A port beside the probes', with its name.
    pub(super) port: Option<(&'a str, i32)>,
    pub(super) replacement: Replacement,
    /// A program that talks to the API server, by this account.
    pub(super) service_account: Option<String>,
}

/// How old pods make way for new ones.
pub(super) enum Replacement {
    /// New ones are ready before old ones go.
    Rolling,
    /// Old ones are gone before new ones come.
    Recreate,
}

impl Program<'_> {
    pub(super) fn deployment(self, valid: &Valid, secrets: &Secrets, workload: &Workload) -> Deployment {
        let strategy = match self.replacement {
            Replacement::Recreate => {
                DeploymentStrategy { type_: Some("Recreate".to_owned()), ..DeploymentStrategy::default() }
            }
            Replacement::Rolling => DeploymentStrategy {
                type_: Some("RollingUpdate".to_owned()),
                rolling_update: Some(RollingUpdateDeployment {
                    max_unavailable: Some(IntOrString::Int(0)),
                    max_surge: Some(IntOrString::Int(1)),
                }),
            },
        };
        Deployment {
            metadata: owned(valid, self.component, &valid.version),
            spec: Some(DeploymentSpec {
                replicas: Some(workload.replicas),
                revision_history_limit: Some(2),
                selector: LabelSelector {
                    match_labels: Some(labels::selector(&valid.name, self.component)),
                    ..LabelSelector::default()
                },
                strategy: Some(strategy),
                template: self.template(valid, secrets, workload),
                ..DeploymentSpec::default()
            }),
            ..Deployment::default()
        }
    }

    pub(super) fn template(&self, valid: &Valid, secrets: &Secrets, workload: &Workload) -> PodTemplateSpec {
        let values: Vec<_> = self.files.iter().map(|file| file.value).collect();
        let container =
            Container { resources: pod::requirements(workload.resources.as_ref()), ..self.container(valid) };
        PodTemplateSpec {
            metadata: Some(ObjectMeta {
                labels: Some(labels::all(&valid.name, self.component, &valid.version)),
                annotations: Some(secret::annotations(secrets.fingerprint(&values))),
                ..ObjectMeta::default()
            }),
            spec: Some(PodSpec {
                automount_service_account_token: Some(self.service_account.is_some()),
                service_account_name: self.service_account.clone(),
                containers: vec![container],
                volumes: Some(vec![secret::files(&self.files)]),
                ..pod::spec(valid, PROGRAM_USER)
            }),
        }
    }

    fn container(&self, valid: &Valid) -> Container {
        let mut env: Vec<_> = self.files.iter().map(SecretFile::env).collect();
        env.extend(self.env.iter().cloned());
        let ports = self.port.into_iter().chain([("probes", PROBE_PORT)]);
        Container {
            name: self.component.as_str().to_owned(),
            image: Some(self.image.to_owned()),
            image_pull_policy: Some(valid.images.pull_policy.to_owned()),
            args: (!self.args.is_empty()).then(|| self.args.iter().map(|&arg| arg.to_owned()).collect()),
            env: Some(env),
            ports: Some(ports.map(|(name, port)| container_port(name, port)).collect()),
            liveness_probe: Some(Probe { period_seconds: Some(10), timeout_seconds: Some(5), ..http_probe("/livez") }),
            readiness_probe: Some(Probe { period_seconds: Some(2), timeout_seconds: Some(2), ..http_probe("/readyz") }),
            security_context: Some(pod::security_context()),
            // A program that dies without a word leaves the end of its log.
            termination_message_policy: Some("FallbackToLogsOnError".to_owned()),
            volume_mounts: Some(vec![pod::mount_read_only(secret::VOLUME, secret::FOLDER)]),
            ..Container::default()
        }
    }
}

pub(super) fn container_port(name: &str, port: i32) -> ContainerPort {
    ContainerPort {
        name: Some(name.to_owned()),
        container_port: port,
        protocol: Some("TCP".to_owned()),
        ..ContainerPort::default()
    }
}

fn http_probe(path: &str) -> Probe {
    Probe {
        http_get: Some(HTTPGetAction {
            path: Some(path.to_owned()),
            port: IntOrString::String("probes".to_owned()),
            ..HTTPGetAction::default()
        }),
        ..Probe::default()
    }
}

/// Variables with literal values.
pub(super) fn literals<const N: usize>(values: [(&str, String); N]) -> Vec<EnvVar> {
    let sorted: BTreeMap<_, _> = values.into();
    sorted
        .into_iter()
        .map(|(name, value)| EnvVar { name: name.to_owned(), value: Some(value), ..EnvVar::default() })
        .collect()
}
