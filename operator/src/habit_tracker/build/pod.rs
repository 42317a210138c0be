//! What all pods have in common: they are admitted in a `restricted` namespace.
use crds::deployment::Resources;
use k8s_openapi::{
    api::core::v1::{
        Capabilities, EmptyDirVolumeSource, LocalObjectReference, PodSecurityContext, PodSpec, ResourceRequirements,
        SeccompProfile, SecurityContext, Volume, VolumeMount,
    },
    apimachinery::pkg::api::resource::Quantity,
};

use crate::habit_tracker::validate::Valid;

/// User and group of our own images (distroless' nonroot).
pub(super) const PROGRAM_USER: i64 = 65532;
/// User and group of the official images of Postgres and Redis.
pub(super) const STORE_USER: i64 = 999;

/// A pod without containers, as `user`, without a token for the API server.
pub(super) fn spec(valid: &Valid, user: i64) -> PodSpec {
    let pull_secrets: Vec<_> =
        valid.images.pull_secrets.iter().map(|name| LocalObjectReference { name: name.clone() }).collect();
    PodSpec {
        automount_service_account_token: Some(false),
        enable_service_links: Some(false),
        image_pull_secrets: (!pull_secrets.is_empty()).then_some(pull_secrets),
        security_context: Some(PodSecurityContext {
            run_as_non_root: Some(true),
            run_as_user: Some(user),
            run_as_group: Some(user),
            fs_group: Some(user),
            // Volumes of many files are not walked at each start.
            fs_group_change_policy: Some("OnRootMismatch".to_owned()),
            seccomp_profile: Some(SeccompProfile { type_: "RuntimeDefault".to_owned(), ..SeccompProfile::default() }),
            ..PodSecurityContext::default()
        }),
        ..PodSpec::default()
    }
}

pub(super) fn security_context() -> SecurityContext {
    SecurityContext {
        allow_privilege_escalation: Some(false),
        read_only_root_filesystem: Some(true),
        capabilities: Some(Capabilities { drop: Some(vec!["ALL".to_owned()]), ..Capabilities::default() }),
        ..SecurityContext::default()
    }
}

pub(super) fn requirements(resources: Option<&Resources>) -> Option<ResourceRequirements> {
    resources.map(|resources| ResourceRequirements {
        requests: resources.requests.clone(),
        limits: resources.limits.clone(),
        claims: None,
    })
}

/// A folder that is empty at each start, with a bound, since it counts against the node.
pub(super) fn scratch(name: &str, mebibytes: u32) -> Volume {
    Volume {
        name: name.to_owned(),
        empty_dir: Some(EmptyDirVolumeSource {
            size_limit: Some(Quantity(format!("{mebibytes}Mi"))),
            ..EmptyDirVolumeSource::default()
        }),
        ..Volume::default()
    }
}

pub(super) fn mount(volume: &str, path: &str) -> VolumeMount {
    VolumeMount { name: volume.to_owned(), mount_path: path.to_owned(), ..VolumeMount::default() }
}

pub(super) fn mount_read_only(volume: &str, path: &str) -> VolumeMount {
    VolumeMount { read_only: Some(true), ..mount(volume, path) }
}
