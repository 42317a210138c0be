//! The loops as pods of their own, the only ones that talk to the API server: they apply Habits of their namespace.
use k8s_openapi::api::{
    core::v1::ServiceAccount,
    rbac::v1::{RoleBinding, RoleRef, Subject},
};

use super::{
    LoopsChildren, owned,
    program::{Program, Replacement, literals},
    secret::SecretFile,
};
use crate::habit_tracker::{
    gather::Secrets,
    names::{Component, child},
    validate::{Valid, Workload},
};

/// The role of the chart that says what loops may do; bound within the namespace only.
pub(super) const CLUSTER_ROLE: &str = "habit-tracker-loops";

pub(super) fn children(valid: &Valid, workload: &Workload, secrets: &Secrets) -> LoopsChildren {
    let account = child(&valid.name, Component::Loops);
    let program = Program {
        component: Component::Loops,
        image: &valid.images.operator,
        args: &["loops"],
        env: literals([
            ("HABIT_NAMESPACE", valid.namespace.clone()),
            ("HABIT_DEPLOYMENT", valid.name.clone()),
            ("REMINDERS_EXPIRE_AFTER_SECONDS", valid.reminders.expire_after_seconds.to_string()),
        ]),
        files: vec![
            SecretFile { variable: "DATABASE_URL", value: &secrets.database_url },
            SecretFile { variable: "REDIS_URL", value: &secrets.redis_url },
        ],
        port: None,
        replacement: Replacement::Rolling,
        service_account: Some(account.clone()),
    };
    LoopsChildren {
        service_account: ServiceAccount {
            metadata: owned(valid, Component::Loops, &valid.version),
            automount_service_account_token: Some(false),
            ..ServiceAccount::default()
        },
        role_binding: RoleBinding {
            metadata: owned(valid, Component::Loops, &valid.version),
            role_ref: RoleRef {
                api_group: "rbac.authorization.k8s.io".to_owned(),
                kind: "ClusterRole".to_owned(),
                name: CLUSTER_ROLE.to_owned(),
            },
            subjects: Some(vec![Subject {
                kind: "ServiceAccount".to_owned(),
                name: account,
                namespace: Some(valid.namespace.clone()),
                api_group: None,
            }]),
        },
        deployment: program.deployment(valid, secrets, workload),
    }
}
