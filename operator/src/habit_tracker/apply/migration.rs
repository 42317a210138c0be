//! The migration's Job: made once for a version and a database, and again only when it failed and something else is asked
//! for. Running it on a database that has the schema already is harmless.
use crds::{HabitTrackerDeployment, deployment::SchemaStatus};
use k8s_openapi::api::batch::v1::Job;
use kube::ResourceExt as _;
use serde::Deserialize;

use super::{Order, Outcome, WaitingFor, child};
use crate::habit_tracker::{labels, names::Component, report::pods};

/// How far the migration of a version is.
#[derive(Debug)]
pub enum Migration {
    Running(Box<Job>),
    Failed(Box<Job>),
    /// The database has the version's schema, of this number where the Job told it.
    Done {
        schema_version: Option<i64>,
    },
}

/// What `operator migrate` leaves behind.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Report {
    schema_version: i64,
}

impl Order<'_> {
    pub(super) async fn migration(
        &self,
        deployment: &HabitTrackerDeployment,
        stores_ready: bool,
        asked: Job,
    ) -> Outcome<Migration> {
        // Without its Secret nothing is known about the database: what runs is left as it is.
        let Some(database) = self.gathered.database() else {
            return Outcome::Waiting(WaitingFor::DatabaseUrl);
        };
        if let Some(schema) = self.migrated_before(deployment, &database) {
            return Outcome::Applied(Migration::Done { schema_version: schema.version });
        }
        match self.gathered.present.migration.as_ref() {
            // Of another database, too: the hash names the one that was migrated.
            Some(job) if spec_hash(job) != spec_hash(&asked) => match child::delete(self.client, &**job).await {
                Ok(()) => Outcome::Waiting(WaitingFor::DataStores),
                Err(error) => Outcome::Failed(error),
            },
            Some(job) if has_condition(job, "Complete") => {
                Outcome::Applied(Migration::Done { schema_version: self.schema_version() })
            }
            Some(job) if has_condition(job, "Failed") => Outcome::Applied(Migration::Failed(job.clone())),
            Some(job) => Outcome::Applied(Migration::Running(job.clone())),
            None if !stores_ready => Outcome::Waiting(WaitingFor::DataStores),
            None => match self.applier.create_once(self.client, &asked).await {
                Ok(()) => Outcome::Applied(Migration::Running(Box::new(asked))),
                Err(error) => Outcome::Failed(error),
            },
        }
    }

    /// What the status says, where it is about this version and this very database. A pruned Job is no reason to run again.
    fn migrated_before<'a>(&self, deployment: &'a HabitTrackerDeployment, database: &str) -> Option<&'a SchemaStatus> {
        let status = deployment.status.as_ref()?;
        let schema = status.schema.as_ref()?;
        let is_same =
            status.version.as_ref() == Some(&self.valid.version) && schema.database.as_deref() == Some(database);
        is_same.then_some(schema)
    }

    /// The number in the message of the pod that succeeded.
    fn schema_version(&self) -> Option<i64> {
        let mut messages = pods::of(&self.gathered.pods, Component::Migrate)
            .filter(|pod| pod.labels().get(labels::VERSION) == Some(&self.valid.version))
            .filter_map(pods::success_message);
        messages.find_map(|message| serde_json::from_str::<Report>(message).ok()).map(|report| report.schema_version)
    }
}

fn spec_hash(job: &Job) -> Option<String> {
    job.annotations().get(labels::SPEC_HASH).cloned()
}

fn has_condition(job: &Job, type_: &str) -> bool {
    let conditions = job.status.as_ref().and_then(|status| status.conditions.as_ref());
    conditions.is_some_and(|all| all.iter().any(|each| each.type_ == type_ && each.status == "True"))
}
