//! The managed database: one pod, one volume that outlives everything.
use crds::deployment::Resources;
use k8s_openapi::{
    api::{
        apps::v1::{StatefulSet, StatefulSetSpec},
        core::v1::{
            Container, ExecAction, PersistentVolumeClaim, PersistentVolumeClaimSpec, PodSpec, PodTemplateSpec, Probe,
            VolumeResourceRequirements,
        },
    },
    apimachinery::pkg::{
        api::resource::Quantity,
        apis::meta::v1::{LabelSelector, ObjectMeta},
    },
};

use super::{
    PostgresChildren, kept, owned,
    pod::{self, STORE_USER, mount, mount_read_only, scratch},
    program::{container_port, literals},
    secret::{self, Passwords},
    service::service,
};
use crate::habit_tracker::{
    gather::Gathered,
    labels,
    names::{Component, child},
    validate::{ManagedDatabase, Valid},
};

const PORT: i32 = 5432;
/// User and database.
const NAME: &str = "habits";
/// The volume is mounted above the data directory: a volume's root holds `lost+found`, and the official images up to 17
/// declare a volume of their own at `/var/lib/postgresql/data`, which would hide ours.
const VOLUME_PATH: &str = "/var/lib/postgresql";
const DATA_PATH: &str = "/var/lib/postgresql/pgdata";

pub(super) fn children(
    valid: &Valid,
    database: &ManagedDatabase,
    gathered: &Gathered,
    fresh: &Passwords,
) -> PostgresChildren {
    let version = database.major_version.to_string();
    let name = child(&valid.name, Component::Postgres);
    let url = format!("postgres://{NAME}:{}@{name}.{}.svc:{PORT}/{NAME}", fresh.postgres, valid.namespace);
    PostgresChildren {
        // Kept with the volume, which would be locked without it.
        secret: secret::secret(
            kept(valid, Component::Postgres, &version),
            [("password", fresh.postgres.clone()), ("url", url)],
        ),
        service: service(valid, Component::Postgres, &version, "postgres", PORT),
        stateful_set: stateful_set(valid, database, &version, gathered),
        claim_size: database.size.clone(),
    }
}

fn stateful_set(valid: &Valid, database: &ManagedDatabase, version: &str, gathered: &Gathered) -> StatefulSet {
    StatefulSet {
        metadata: owned(valid, Component::Postgres, version),
        spec: Some(StatefulSetSpec {
            replicas: Some(1),
            revision_history_limit: Some(2),
            service_name: Some(child(&valid.name, Component::Postgres)),
            selector: LabelSelector {
                match_labels: Some(labels::selector(&valid.name, Component::Postgres)),
                ..LabelSelector::default()
            },
            template: template(valid, database, version),
            volume_claim_templates: Some(vec![claim(valid, database, gathered)]),
            ..StatefulSetSpec::default()
        }),
        ..StatefulSet::default()
    }
}

/// A claim's template cannot change once its owner exists: the claim itself is made larger.
fn claim(valid: &Valid, database: &ManagedDatabase, gathered: &Gathered) -> PersistentVolumeClaim {
    let size = gathered.claim_template_size().unwrap_or(&database.size);
    PersistentVolumeClaim {
        metadata: ObjectMeta {
            name: Some("data".to_owned()),
            labels: Some(labels::selector(&valid.name, Component::Postgres)),
            ..ObjectMeta::default()
        },
        spec: Some(PersistentVolumeClaimSpec {
            access_modes: Some(vec!["ReadWriteOnce".to_owned()]),
            storage_class_name: database.storage_class.clone(),
            resources: Some(VolumeResourceRequirements {
                requests: Some([("storage".to_owned(), Quantity(size.0.clone()))].into()),
                ..VolumeResourceRequirements::default()
            }),
            ..PersistentVolumeClaimSpec::default()
        }),
        ..PersistentVolumeClaim::default()
    }
}

fn template(valid: &Valid, database: &ManagedDatabase, version: &str) -> PodTemplateSpec {
    PodTemplateSpec {
        metadata: Some(ObjectMeta {
            labels: Some(labels::all(&valid.name, Component::Postgres, version)),
            ..ObjectMeta::default()
        }),
        spec: Some(PodSpec {
            containers: vec![container(valid, database.resources.as_ref())],
            // A checkpoint is written before the server ends.
            termination_grace_period_seconds: Some(60),
            volumes: Some(vec![
                scratch("tmp", 256),
                scratch("run", 16),
                secret::file(&child(&valid.name, Component::Postgres), "password"),
            ]),
            ..pod::spec(valid, STORE_USER)
        }),
    }
}

fn container(valid: &Valid, resources: Option<&Resources>) -> Container {
    Container {
        name: Component::Postgres.as_str().to_owned(),
        image: Some(valid.images.postgres.clone()),
        image_pull_policy: Some(valid.images.pull_policy.to_owned()),
        env: Some(literals([
            ("PGDATA", DATA_PATH.to_owned()),
            ("POSTGRES_DB", NAME.to_owned()),
            ("POSTGRES_USER", NAME.to_owned()),
            ("POSTGRES_PASSWORD_FILE", format!("{}/password", secret::FOLDER)),
        ])),
        ports: Some(vec![container_port("postgres", PORT)]),
        readiness_probe: Some(ready()),
        resources: pod::requirements(resources),
        security_context: Some(pod::security_context()),
        termination_message_policy: Some("FallbackToLogsOnError".to_owned()),
        volume_mounts: Some(vec![
            mount("data", VOLUME_PATH),
            mount("tmp", "/tmp"),
            // The socket's folder, by its other name /var/run/postgresql too.
            mount("run", "/run"),
            mount_read_only(secret::VOLUME, secret::FOLDER),
        ]),
        ..Container::default()
    }
}

/// Through the network: while a database is being made, the server answers on its socket alone.
fn ready() -> Probe {
    let command = ["pg_isready", "--host", "127.0.0.1", "--username", NAME, "--dbname", NAME];
    Probe {
        exec: Some(ExecAction { command: Some(command.map(str::to_owned).into()) }),
        period_seconds: Some(2),
        timeout_seconds: Some(3),
        ..Probe::default()
    }
}
