//! Fourth step: children are written in order, each when what it needs is there.
//!
//! Data stores ready → migration of the version succeeded → api → sender, bot, loops. What has to wait is left as it is:
//! the pods of the version before go on serving.
mod child;
mod migration;

use crds::HabitTrackerDeployment;
use k8s_openapi::api::{
    apps::v1::{Deployment, StatefulSet},
    core::v1::Secret,
};
use kube::Client;

pub use self::{
    child::{Applier, ApplyError},
    migration::Migration,
};
use super::{
    build::{ApiChildren, Children, LoopsChildren, PostgresChildren, RedisChildren},
    gather::{Gathered, SecretState, SecretValue},
    labels,
    rollout::Rollout,
    validate::Valid,
};

/// What became of a component.
#[derive(Debug)]
pub enum Outcome<T> {
    /// The spec does without it.
    NotAskedFor,
    /// Something else has to come first.
    Waiting(WaitingFor),
    /// As the API server holds it now.
    Applied(T),
    Failed(ApplyError),
}

/// What has to come first.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum WaitingFor {
    /// Secrets were made in this pass; the next one reads them.
    OwnSecrets,
    DataStores,
    Migration,
    Api,
    TelegramToken,
    DatabaseUrl,
    RedisUrl,
}

/// What a pass came to.
#[derive(Debug)]
pub struct Applied {
    pub postgres: Outcome<Box<StatefulSet>>,
    /// Why the database's volume did not become as large as asked for. The server runs on.
    pub storage: Option<ApplyError>,
    pub redis: Outcome<Box<Deployment>>,
    pub migration: Outcome<Migration>,
    pub api: Outcome<Box<Deployment>>,
    pub bot: Outcome<Box<Deployment>>,
    pub sender: Outcome<Box<Deployment>>,
    pub loops: Outcome<Box<Deployment>>,
}

impl<T> Outcome<T> {
    fn of(result: Result<T, ApplyError>) -> Self {
        result.map_or_else(Self::Failed, Self::Applied)
    }

    fn into_error(self) -> Option<ApplyError> {
        match self {
            Self::Failed(error) => Some(error),
            _ => None,
        }
    }
}

impl Applied {
    pub(super) fn waiting_for_own_secrets() -> Self {
        fn waiting<T>() -> Outcome<T> {
            Outcome::Waiting(WaitingFor::OwnSecrets)
        }
        Self {
            postgres: waiting(),
            storage: None,
            redis: waiting(),
            migration: waiting(),
            api: waiting(),
            bot: waiting(),
            sender: waiting(),
            loops: waiting(),
        }
    }

    /// Whether Secrets were made, so that the next pass has to come at once.
    pub fn made_secrets(&self) -> bool {
        matches!(self.migration, Outcome::Waiting(WaitingFor::OwnSecrets))
    }

    /// Whether the api serves the version, or did when the rest was rolled out.
    pub fn api_has_been_rolled_out(&self) -> bool {
        matches!(&self.api, Outcome::Applied(api) if Rollout::of_deployment(api).is_complete())
    }

    /// The first failure that may pass by itself, with the component's name.
    pub fn into_transient_error(self) -> Option<(&'static str, ApplyError)> {
        let Self { postgres, storage, redis, migration, api, bot, sender, loops } = self;
        [
            ("postgres", postgres.into_error()),
            ("storage", storage),
            ("redis", redis.into_error()),
            ("migration", migration.into_error()),
            ("api", api.into_error()),
            ("bot", bot.into_error()),
            ("sender", sender.into_error()),
            ("loops", loops.into_error()),
        ]
        .into_iter()
        .find_map(|(name, error)| error.filter(ApplyError::is_transient).map(|error| (name, error)))
    }
}

impl Applier {
    /// Brings the children to what is asked for, as far as the order allows.
    pub async fn apply(
        &self,
        client: &Client,
        deployment: &HabitTrackerDeployment,
        valid: &Valid,
        children: Children,
        gathered: &Gathered,
    ) -> Applied {
        // Destructured in full, here and below: a child that is built but never applied does not compile.
        let Children { postgres, redis, migration, api, bot, sender, loops } = children;
        let order = Order { applier: self, client, valid, gathered };
        let (postgres, redis, api, made) = match Box::pin(order.secrets(postgres, redis, api)).await {
            Ok(children) => children,
            Err(error) => return Applied { migration: Outcome::Failed(error), ..Applied::waiting_for_own_secrets() },
        };
        if made {
            return Applied::waiting_for_own_secrets();
        }
        let storage = order.storage(postgres.as_ref()).await.err();
        let (postgres, redis) = tokio::join!(Box::pin(order.postgres(postgres)), Box::pin(order.redis(redis)));
        let stores_ready = is_ready(&postgres, Rollout::of_stateful_set) && is_ready(&redis, Rollout::of_deployment);
        let migration = Box::pin(order.migration(deployment, stores_ready, migration)).await;
        let migrated = matches!(migration, Outcome::Applied(Migration::Done { .. }));
        let api = Box::pin(order.api(migrated, api)).await;
        let mut applied = Applied { postgres, storage, redis, migration, api, ..Applied::waiting_for_own_secrets() };
        let after = After { migrated, api: applied.api_has_been_rolled_out() };
        let present = &gathered.present;
        (applied.bot, applied.sender, applied.loops) = tokio::join!(
            Box::pin(order.telegram_program(after, present.bot.as_deref(), bot)),
            Box::pin(order.telegram_program(after, present.sender.as_deref(), sender)),
            Box::pin(order.loops(after, loops)),
        );
        applied
    }
}

/// What comes before the programs that follow the api.
#[derive(Clone, Copy)]
struct After {
    migrated: bool,
    api: bool,
}

fn is_ready<T>(outcome: &Outcome<Box<T>>, rollout: fn(&T) -> Rollout) -> bool {
    match outcome {
        Outcome::NotAskedFor => true,
        Outcome::Applied(child) => rollout(child).is_complete(),
        Outcome::Waiting(_) | Outcome::Failed(_) => false,
    }
}

struct Order<'a> {
    applier: &'a Applier,
    client: &'a Client,
    valid: &'a Valid,
    gathered: &'a Gathered,
}

impl Order<'_> {
    /// Makes the Secrets that are missing, and tells whether there were any.
    async fn secrets(
        &self,
        postgres: Option<PostgresChildren>,
        redis: Option<RedisChildren>,
        api: ApiChildren,
    ) -> Result<(Option<PostgresChildren>, Option<RedisChildren>, ApiChildren, bool), ApplyError> {
        let secrets = &self.gathered.secrets;
        let mut made = self.secret(&secrets.jwt_secret, &api.secret).await?;
        if let Some(postgres) = &postgres {
            made |= self.secret(&secrets.database_url, &postgres.secret).await?;
        }
        if let Some(redis) = &redis {
            made |= self.secret(&secrets.redis_url, &redis.secret).await?;
        }
        Ok((postgres, redis, api, made))
    }

    async fn secret(&self, found: &SecretValue, asked: &Secret) -> Result<bool, ApplyError> {
        match found.state {
            SecretState::NoSecret => self.applier.create_once(self.client, asked).await.map(|()| true),
            SecretState::Present(_) | SecretState::NoKey => Ok(false),
        }
    }

    async fn postgres(&self, children: Option<PostgresChildren>) -> Outcome<Box<StatefulSet>> {
        let Some(PostgresChildren { secret: _, service, stateful_set, claim_size: _ }) = children else {
            return match self.gathered.secrets.database_url.state {
                SecretState::Present(_) => Outcome::NotAskedFor,
                SecretState::NoSecret | SecretState::NoKey => Outcome::Waiting(WaitingFor::DatabaseUrl),
            };
        };
        let present = &self.gathered.present;
        let result = async {
            self.applier.ensure(self.client, present.postgres_service.as_deref(), &service).await?;
            self.applier.ensure(self.client, present.postgres.as_deref(), &stateful_set).await
        };
        Outcome::of(result.await)
    }

    /// The volume grows beside the server, which does not wait for it.
    async fn storage(&self, children: Option<&PostgresChildren>) -> Result<(), ApplyError> {
        match children {
            Some(PostgresChildren { claim_size, .. }) => {
                let claim = self.gathered.present.postgres_claim.as_deref();
                Box::pin(self.applier.grow(self.client, claim, claim_size)).await
            }
            None => Ok(()),
        }
    }

    async fn redis(&self, children: Option<RedisChildren>) -> Outcome<Box<Deployment>> {
        let present = &self.gathered.present;
        let Some(RedisChildren { secret: _, service, deployment }) = children else {
            let removed = async {
                self.applier.remove(self.client, self.valid, present.redis.as_deref()).await?;
                self.applier.remove(self.client, self.valid, present.redis_service.as_deref()).await
            };
            return match (removed.await, &self.gathered.secrets.redis_url.state) {
                (Err(error), _) => Outcome::Failed(error),
                (Ok(()), SecretState::Present(_)) => Outcome::NotAskedFor,
                (Ok(()), _) => Outcome::Waiting(WaitingFor::RedisUrl),
            };
        };
        let result = async {
            self.applier.ensure(self.client, present.redis_service.as_deref(), &service).await?;
            self.applier.ensure(self.client, present.redis.as_deref(), &deployment).await
        };
        Outcome::of(result.await)
    }

    async fn api(&self, migrated: bool, children: ApiChildren) -> Outcome<Box<Deployment>> {
        if !migrated {
            return Outcome::Waiting(WaitingFor::Migration);
        }
        let ApiChildren { secret: _, service, deployment } = children;
        let present = &self.gathered.present;
        let result = async {
            self.applier.ensure(self.client, present.api_service.as_deref(), &service).await?;
            self.applier.ensure(self.client, present.api.as_deref(), &deployment).await
        };
        Outcome::of(result.await)
    }

    /// A program that follows the api and needs the bot's token.
    async fn telegram_program(
        &self,
        after: After,
        present: Option<&Deployment>,
        asked: Deployment,
    ) -> Outcome<Box<Deployment>> {
        if !self.gathered.secrets.telegram_token.is_present() {
            return Outcome::Waiting(WaitingFor::TelegramToken);
        }
        match self.obstacle(after, present) {
            Some(obstacle) => Outcome::Waiting(obstacle),
            None => Outcome::of(self.applier.ensure(self.client, present, &asked).await),
        }
    }

    async fn loops(&self, after: After, children: Option<LoopsChildren>) -> Outcome<Box<Deployment>> {
        let present = &self.gathered.present;
        let Some(LoopsChildren { service_account, role_binding, deployment }) = children else {
            let removed = async {
                self.applier.remove(self.client, self.valid, present.loops.as_deref()).await?;
                self.applier.remove(self.client, self.valid, present.loops_binding.as_deref()).await?;
                self.applier.remove(self.client, self.valid, present.loops_account.as_deref()).await
            };
            return removed.await.map_or_else(Outcome::Failed, |()| Outcome::NotAskedFor);
        };
        if let Some(obstacle) = self.obstacle(after, present.loops.as_deref()) {
            return Outcome::Waiting(obstacle);
        }
        let result = async {
            self.applier.ensure(self.client, present.loops_account.as_deref(), &service_account).await?;
            self.applier.ensure(self.client, present.loops_binding.as_deref(), &role_binding).await?;
            self.applier.ensure(self.client, present.loops.as_deref(), &deployment).await
        };
        Outcome::of(result.await)
    }

    /// What a program has to wait for. One of this version that exists already does not wait for the api again.
    fn obstacle(&self, after: After, present: Option<&Deployment>) -> Option<WaitingFor> {
        if !after.migrated {
            return Some(WaitingFor::Migration);
        }
        if !self.gathered.secrets.redis_url.is_present() {
            return Some(WaitingFor::RedisUrl);
        }
        let is_of_version = present.is_some_and(|child| version(child) == Some(&self.valid.version));
        (!after.api && !is_of_version).then_some(WaitingFor::Api)
    }
}

/// The release a Deployment's pods are of.
pub fn version(deployment: &Deployment) -> Option<&String> {
    let template = &deployment.spec.as_ref()?.template;
    template.metadata.as_ref()?.labels.as_ref()?.get(labels::VERSION)
}
