//! What a pass found out, condition by condition.
use k8s_openapi::api::apps::v1::Deployment;

use super::{
    condition::{Finding, Type},
    latest,
    pods::{self, Cause},
};
use crate::habit_tracker::{
    apply::{self, Applied, ApplyError, Migration, Outcome, WaitingFor},
    embedded_loops::LoopsState,
    gather::{Gathered, SecretState, SecretValue},
    names::Component,
    rollout::Rollout,
    validate::Valid,
};

/// One finding for each type but the summary.
pub(super) fn all(
    valid: &Valid,
    gathered: &Gathered,
    applied: &Applied,
    loops: Option<&LoopsState>,
) -> [(Type, Finding); 8] {
    let pass = Pass { valid, gathered };
    let present = &gathered.present;
    [
        (Type::Accepted, pass.accepted()),
        (Type::PostgresReady, pass.postgres(applied)),
        (Type::RedisReady, pass.redis(applied)),
        (Type::MigrationSucceeded, pass.migration(applied)),
        (Type::ApiAvailable, pass.program(Component::Api, &applied.api, present.api.as_deref())),
        (Type::BotAvailable, pass.program(Component::Bot, &applied.bot, present.bot.as_deref())),
        (Type::SenderAvailable, pass.program(Component::Sender, &applied.sender, present.sender.as_deref())),
        (
            Type::LoopsAvailable,
            loops.map_or_else(|| pass.program(Component::Loops, &applied.loops, present.loops.as_deref()), embedded),
        ),
    ]
}

struct Pass<'a> {
    valid: &'a Valid,
    gathered: &'a Gathered,
}

impl Pass<'_> {
    fn accepted(&self) -> Finding {
        let secrets = &self.gathered.secrets;
        let given = [
            (true, "Token", &secrets.telegram_token),
            (secrets.database_url_is_given, "DatabaseUrl", &secrets.database_url),
            (secrets.redis_url_is_given, "RedisUrl", &secrets.redis_url),
        ];
        let missing =
            given.into_iter().filter(|(is_given, ..)| *is_given).find_map(|(_, what, value)| self.missing(what, value));
        missing.unwrap_or_else(|| Finding::fine("Valid", "the spec is valid and what it refers to is there"))
    }

    /// A Secret that people have to create, with the command for it.
    fn missing(&self, what: &str, secret: &SecretValue) -> Option<Finding> {
        let (name, key, namespace) = (&secret.name, &secret.key, &self.valid.namespace);
        let create = format!(
            "create it with: kubectl create secret generic {name} --namespace {namespace} --from-literal={key}=…"
        );
        match secret.state {
            SecretState::Present(_) => None,
            SecretState::NoSecret => Some(Finding::broken(
                &format!("{what}SecretMissing"),
                format!("Secret {name} does not exist in namespace {namespace}; {create}"),
            )),
            SecretState::NoKey => Some(Finding::broken(
                &format!("{what}SecretMissing"),
                format!(
                    "Secret {name} has no key {key}, or it is empty; add it with: kubectl patch secret {name} \
                     --namespace {namespace} --patch '{{\"stringData\":{{\"{key}\":\"…\"}}}}'"
                ),
            )),
        }
    }

    fn postgres(&self, applied: &Applied) -> Finding {
        match &applied.postgres {
            Outcome::NotAskedFor => {
                Finding::fine("External", "an external server is used; the migration shows whether it answers")
            }
            Outcome::Applied(set) => match (&applied.storage, Rollout::of_stateful_set(set)) {
                (Some(error), rollout) if rollout.is_complete() => Finding::serving_meanwhile(
                    "StorageNotGrown",
                    format!(
                        "the server answers, but its volume did not grow: {}; make its storage class allow expansion",
                        error.details()
                    ),
                ),
                (_, rollout) => self.store(Component::Postgres, rollout, None),
            },
            Outcome::Waiting(what) => self.waiting(*what),
            Outcome::Failed(error) => failed(error),
        }
    }

    fn redis(&self, applied: &Applied) -> Finding {
        match &applied.redis {
            Outcome::NotAskedFor => Finding::fine("External", "an external server is used"),
            Outcome::Applied(set) => self.store(Component::Redis, Rollout::of_deployment(set), Some(set)),
            Outcome::Waiting(what) => self.waiting(*what),
            Outcome::Failed(error) => failed(error),
        }
    }

    fn store(&self, component: Component, rollout: Rollout, deployment: Option<&Deployment>) -> Finding {
        if rollout.is_complete() {
            return Finding::fine("Available", "the server answers");
        }
        match self.cause(component, deployment) {
            Some(cause) => Finding::broken(&cause.reason, cause.message),
            None => Finding::broken("Starting", "the server's pod is on its way"),
        }
    }

    fn cause(&self, component: Component, deployment: Option<&Deployment>) -> Option<Cause> {
        pods::cause(self.valid, self.gathered, component, deployment)
    }

    fn migration(&self, applied: &Applied) -> Finding {
        let version = &self.valid.version;
        let failed_with = self.cause(Component::Migrate, None);
        match &applied.migration {
            Outcome::Applied(Migration::Done { schema_version: Some(number) }) => {
                Finding::fine("Migrated", format!("the database has schema {number} of {version}"))
            }
            Outcome::Applied(Migration::Done { schema_version: None }) => {
                Finding::fine("Migrated", format!("the database has the schema of {version}"))
            }
            Outcome::Applied(Migration::Failed(job)) => {
                let name = job.metadata.name.as_deref().unwrap_or_default();
                let next = format!(
                    "; pods of the version before go on serving; when it is mended, try again with: \
                     kubectl delete job {name} --namespace {}",
                    self.valid.namespace
                );
                let cause = failed_with.unwrap_or_else(|| Cause {
                    reason: "MigrationFailed".to_owned(),
                    message: job_failure(job).unwrap_or_else(|| format!("Job {name} failed")),
                });
                Finding::broken(&cause.reason, format!("{}{next}", cause.message))
            }
            Outcome::Applied(Migration::Running(_)) => match failed_with.filter(|cause| cause.reason != "NotReady") {
                Some(cause) => Finding::broken(&cause.reason, format!("{}; the Job goes on trying", cause.message)),
                None => Finding::unknown("Migrating", format!("the database is brought to the schema of {version}")),
            },
            Outcome::Waiting(what) => self.waiting(*what),
            Outcome::Failed(error) => failed(error),
            Outcome::NotAskedFor => Finding::fine("NotAskedFor", "there is nothing to migrate"),
        }
    }

    fn program(
        &self,
        component: Component,
        outcome: &Outcome<Box<Deployment>>,
        present: Option<&Deployment>,
    ) -> Finding {
        match outcome {
            Outcome::NotAskedFor => Finding::fine("NotAskedFor", "the spec does without it"),
            Outcome::Applied(deployment) => self.pods_of(component, deployment),
            Outcome::Failed(error) => failed(error),
            Outcome::Waiting(what @ (WaitingFor::TelegramToken | WaitingFor::DatabaseUrl | WaitingFor::RedisUrl)) => {
                self.waiting(*what)
            }
            Outcome::Waiting(what) => {
                let waiting = self.waiting(*what);
                match latest(outcome, present).filter(|before| Rollout::of_deployment(before).is_serving()) {
                    Some(before) => Finding::serving_meanwhile(
                        "PreviousVersion",
                        format!("{} goes on serving; {}", apply::version(before).map_or("", |v| v), waiting.message),
                    ),
                    None => waiting,
                }
            }
        }
    }

    fn pods_of(&self, component: Component, deployment: &Deployment) -> Finding {
        let rollout = Rollout::of_deployment(deployment);
        let (available, desired) = (rollout.available, rollout.desired);
        if rollout.is_complete() && desired == 0 {
            return Finding::fine("ScaledToZero", format!("spec.{}.replicas is 0", component.as_str()));
        }
        if rollout.is_complete() {
            return Finding::fine("Available", format!("{available} of {desired} pods serve {}", self.valid.version));
        }
        let Cause { reason, message } = self.cause(component, Some(deployment)).unwrap_or_else(|| Cause {
            reason: "RollingOut".to_owned(),
            message: format!("{} of {desired} pods of the newest generation serve", rollout.available_of_current()),
        });
        if rollout.is_serving() {
            Finding::serving_meanwhile(&reason, message)
        } else {
            Finding::broken(&reason, message)
        }
    }

    fn waiting(&self, what: WaitingFor) -> Finding {
        let secrets = &self.gathered.secrets;
        let missing = match what {
            WaitingFor::OwnSecrets => return Finding::unknown("Starting", "Secrets have been made; their use follows"),
            WaitingFor::DataStores => {
                return Finding::unknown("WaitingForDataStores", "waits until Postgres and Redis answer");
            }
            WaitingFor::Migration => return Finding::unknown("WaitingForMigration", "waits for the migration"),
            WaitingFor::Api => return Finding::unknown("WaitingForApi", "waits until the api serves this version"),
            WaitingFor::TelegramToken => self.missing("Token", &secrets.telegram_token),
            WaitingFor::DatabaseUrl => self.missing("DatabaseUrl", &secrets.database_url),
            WaitingFor::RedisUrl => self.missing("RedisUrl", &secrets.redis_url),
        };
        missing.unwrap_or_else(|| Finding::unknown("Starting", "a Secret has just appeared"))
    }
}

fn embedded(state: &LoopsState) -> Finding {
    match state {
        LoopsState::Waiting(why) => Finding::unknown("Waiting", *why),
        LoopsState::Running => Finding::fine("RunningInOperator", "the loops run within the operator"),
        LoopsState::Failing(why) => Finding::broken("LoopsFailed", why),
    }
}

fn failed(error: &ApplyError) -> Finding {
    let reason = if error.is_transient() { "ApplyFailed" } else { "Rejected" };
    Finding::broken(reason, format!("{error}: {}", error.details()))
}

fn job_failure(job: &k8s_openapi::api::batch::v1::Job) -> Option<String> {
    let conditions = job.status.as_ref()?.conditions.as_ref()?;
    conditions.iter().find(|each| each.type_ == "Failed")?.message.clone()
}
