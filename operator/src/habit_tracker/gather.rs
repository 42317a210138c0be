//! First step: everything a pass has to know, read at once.
//!
//! Secrets are read by name and never listed: a list would read them all, and permissions know no labels.
use std::fmt;

use crds::HabitTrackerDeployment;
use futures::{FutureExt as _, future::BoxFuture};
use k8s_openapi::{
    api::{
        apps::v1::{Deployment, StatefulSet},
        batch::v1::Job,
        core::v1::{Event, PersistentVolumeClaim, Pod, Secret, Service, ServiceAccount},
        rbac::v1::RoleBinding,
    },
    apimachinery::pkg::api::resource::Quantity,
};
use kube::{Api, Client, ResourceExt as _, api::ListParams, core::NamespaceResourceScope};
use secrecy::{ExposeSecret as _, SecretSlice};
use serde::de::DeserializeOwned;

use super::{
    labels,
    names::{self, Component, child, hex},
};

/// Most pods and events that are looked at for reasons.
const REASONS_LIMIT: u32 = 200;

/// What the cluster says.
#[derive(Debug)]
pub struct Gathered {
    pub secrets: Secrets,
    pub present: Present,
    /// Pods of the deployment, unless all is well.
    pub pods: Vec<Pod>,
    /// Warnings about its children, unless all is well.
    pub warnings: Vec<Event>,
}

/// The children that exist. On the heap: they are large, and a pass hands them through many futures.
#[derive(Debug, Default)]
pub struct Present {
    pub postgres: Option<Box<StatefulSet>>,
    pub postgres_service: Option<Box<Service>>,
    pub postgres_claim: Option<Box<PersistentVolumeClaim>>,
    pub redis: Option<Box<Deployment>>,
    pub redis_service: Option<Box<Service>>,
    pub migration: Option<Box<Job>>,
    pub api: Option<Box<Deployment>>,
    pub api_service: Option<Box<Service>>,
    pub bot: Option<Box<Deployment>>,
    pub sender: Option<Box<Deployment>>,
    pub loops: Option<Box<Deployment>>,
    pub loops_account: Option<Box<ServiceAccount>>,
    pub loops_binding: Option<Box<RoleBinding>>,
}

/// The Secrets that the programs read.
#[derive(Debug)]
pub struct Secrets {
    /// Given by people.
    pub telegram_token: SecretValue,
    /// The database's URL: ours with a managed database, else given.
    pub database_url: SecretValue,
    /// The URL of Redis: ours with a managed one, else given.
    pub redis_url: SecretValue,
    /// Ours: what the api signs with.
    pub jwt_secret: SecretValue,
    /// Ours: what the bot shows to the api.
    pub bot_key: SecretValue,
    /// Whether people have to give the database's URL.
    pub database_url_is_given: bool,
    /// Whether people have to give the URL of Redis.
    pub redis_url_is_given: bool,
}

impl Secrets {
    /// Whether something waits for people to create a Secret.
    pub fn is_one_missing(&self) -> bool {
        !self.telegram_token.is_present()
            || (self.database_url_is_given && !self.database_url.is_present())
            || (self.redis_url_is_given && !self.redis_url.is_present())
    }
}

/// One key of one Secret.
pub struct SecretValue {
    pub name: String,
    pub key: String,
    pub state: SecretState,
}

/// What is found at a key of a Secret.
pub enum SecretState {
    /// Its value. Never logged.
    Present(SecretSlice<u8>),
    NoSecret,
    NoKey,
}

impl SecretValue {
    pub fn is_present(&self) -> bool {
        matches!(self.state, SecretState::Present(_))
    }

    /// The value as text, where it is some.
    pub fn text(&self) -> Option<String> {
        match &self.state {
            SecretState::Present(value) => String::from_utf8(value.expose_secret().to_vec()).ok(),
            SecretState::NoSecret | SecretState::NoKey => None,
        }
    }

    /// SHA-256 of the value; of nothing while there is none.
    pub fn hash(&self) -> String {
        match &self.state {
            SecretState::Present(value) => hex(value.expose_secret()),
            SecretState::NoSecret | SecretState::NoKey => hex(b""),
        }
    }
}

impl fmt::Debug for SecretValue {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "SecretValue({}/{}, present: {})", self.name, self.key, self.is_present())
    }
}

#[derive(Debug, thiserror::Error)]
pub enum GatherError {
    #[error("the object has no namespace")]
    NoNamespace,
    #[error("failed to read {kind} {name}")]
    Read { kind: &'static str, name: String, source: Box<kube::Error> },
}

/// Reads the children, the Secrets and, while something is amiss, pods and warnings.
///
/// # Errors
/// The API server cannot be asked.
pub async fn gather(client: &Client, deployment: &HabitTrackerDeployment) -> Result<Gathered, GatherError> {
    let namespace = deployment.namespace().ok_or(GatherError::NoNamespace)?;
    let reader = Reader { client, namespace: &namespace };
    let (secrets, present) = tokio::try_join!(secrets(&reader, deployment), present(&reader, deployment))?;
    let quiet = was_ready(deployment) && all_settled(&present);
    let (pods, warnings) =
        if quiet { (Vec::new(), Vec::new()) } else { reasons(&reader, &deployment.name_any()).await? };
    Ok(Gathered { secrets, present, pods, warnings })
}

struct Reader<'a> {
    client: &'a Client,
    namespace: &'a str,
}

impl Reader<'_> {
    fn api<K>(&self) -> Api<K>
    where
        K: kube::Resource<Scope = NamespaceResourceScope, DynamicType = ()>,
    {
        Api::namespaced(self.client.clone(), self.namespace)
    }

    /// On the heap: a pass asks for many objects at once, and requests are large.
    fn get<'a, K>(&'a self, name: String) -> BoxFuture<'a, Result<Option<Box<K>>, GatherError>>
    where
        K: kube::Resource<Scope = NamespaceResourceScope, DynamicType = ()>,
        K: Clone + fmt::Debug + DeserializeOwned + k8s_openapi::Resource + Send + 'a,
    {
        async move {
            let found = self.api::<K>().get_opt(&name).await;
            found.map(|found| found.map(Box::new)).map_err(|source| GatherError::Read {
                kind: K::KIND,
                name,
                source: Box::new(source),
            })
        }
        .boxed()
    }

    async fn list<K>(&self, params: ListParams) -> Result<Vec<K>, GatherError>
    where
        K: kube::Resource<Scope = NamespaceResourceScope, DynamicType = ()>,
        K: Clone + fmt::Debug + DeserializeOwned + k8s_openapi::Resource,
    {
        let found = self.api::<K>().list(&params.limit(REASONS_LIMIT)).await;
        let name = "list".to_owned();
        found.map(|list| list.items).map_err(|source| GatherError::Read {
            kind: K::KIND,
            name,
            source: Box::new(source),
        })
    }
}

async fn present(reader: &Reader<'_>, deployment: &HabitTrackerDeployment) -> Result<Present, GatherError> {
    let name = deployment.name_any();
    let of = |component| child(&name, component);
    let job = names::migrate_job(&name, &deployment.spec.version);
    let stores = async {
        tokio::try_join!(
            reader.get(of(Component::Postgres)),
            reader.get(of(Component::Postgres)),
            reader.get(names::postgres_claim(&name)),
            reader.get(of(Component::Redis)),
            reader.get(of(Component::Redis)),
            reader.get(job),
        )
    };
    let programs = async {
        tokio::try_join!(
            reader.get(of(Component::Api)),
            reader.get(of(Component::Api)),
            reader.get(of(Component::Bot)),
            reader.get(of(Component::Sender)),
            reader.get(of(Component::Loops)),
            reader.get(of(Component::Loops)),
            reader.get(of(Component::Loops)),
        )
    };
    let (
        (postgres, postgres_service, postgres_claim, redis, redis_service, migration),
        (api, api_service, bot, sender, loops, loops_account, loops_binding),
    ) = tokio::try_join!(stores, programs)?;
    Ok(Present {
        postgres,
        postgres_service,
        postgres_claim,
        redis,
        redis_service,
        migration,
        api,
        api_service,
        bot,
        sender,
        loops,
        loops_account,
        loops_binding,
    })
}

async fn secrets(reader: &Reader<'_>, deployment: &HabitTrackerDeployment) -> Result<Secrets, GatherError> {
    let (name, spec) = (deployment.name_any(), &deployment.spec);
    let token = &spec.telegram.token_secret_ref;
    let given_database = spec.postgres.external.as_ref().map(|external| &external.url_secret_ref);
    let given_redis = spec.redis.external.as_ref().map(|external| &external.url_secret_ref);
    let url = |given: Option<&crds::deployment::postgres::UrlSecretRef>, component| {
        given.map_or_else(
            || (child(&name, component), "url".to_owned()),
            |reference| (reference.name.clone(), reference.key.clone()),
        )
    };
    let api = child(&name, Component::Api);
    let (telegram_token, database_url, redis_url, (jwt_secret, bot_key)) = tokio::try_join!(
        secret(reader, (token.name.clone(), token.key.clone())),
        secret(reader, url(given_database, Component::Postgres)),
        secret(reader, url(given_redis, Component::Redis)),
        async {
            let found: Option<Box<Secret>> = reader.get(api.clone()).await?;
            let value = |key: &str| value(found.as_deref(), (api.clone(), key.to_owned()));
            Ok((value("jwt-secret"), value("bot-key")))
        },
    )?;
    Ok(Secrets {
        telegram_token,
        database_url,
        redis_url,
        jwt_secret,
        bot_key,
        database_url_is_given: given_database.is_some(),
        redis_url_is_given: given_redis.is_some(),
    })
}

async fn secret(reader: &Reader<'_>, (name, key): (String, String)) -> Result<SecretValue, GatherError> {
    let found: Option<Box<Secret>> = reader.get(name.clone()).await?;
    Ok(value(found.as_deref(), (name, key)))
}

fn value(secret: Option<&Secret>, (name, key): (String, String)) -> SecretValue {
    let state = match secret {
        None => SecretState::NoSecret,
        Some(secret) => match secret.data.as_ref().and_then(|data| data.get(&key)) {
            Some(value) if !value.0.is_empty() => SecretState::Present(value.0.clone().into()),
            _ => SecretState::NoKey,
        },
    };
    SecretValue { name, key, state }
}

/// Whether all was well with the very generation that is asked for.
fn was_ready(deployment: &HabitTrackerDeployment) -> bool {
    deployment
        .status
        .as_ref()
        .is_some_and(|status| status.is_ready() && status.observed_generation == deployment.metadata.generation)
}

/// Whether nothing is under way, as far as the children say.
fn all_settled(present: &Present) -> bool {
    use super::rollout::Rollout;
    let deployments = [&present.redis, &present.api, &present.bot, &present.sender, &present.loops];
    deployments.into_iter().flatten().all(|each| Rollout::of_deployment(each).is_complete())
        && present.postgres.iter().all(|each| Rollout::of_stateful_set(each).is_complete())
}

async fn reasons(reader: &Reader<'_>, name: &str) -> Result<(Vec<Pod>, Vec<Event>), GatherError> {
    let pods = ListParams::default().labels(&labels::instance_selector(name));
    let warnings = ListParams::default().fields("type=Warning");
    let (pods, mut warnings): (Vec<Pod>, Vec<Event>) = tokio::try_join!(reader.list(pods), reader.list(warnings))?;
    let prefix = format!("{name}-");
    warnings.retain(|event| event.involved_object.name.as_ref().is_some_and(|object| object.starts_with(&prefix)));
    Ok((pods, warnings))
}

/// The size that a volume claim asks for.
pub fn requested_size(claim: &PersistentVolumeClaim) -> Option<&Quantity> {
    claim.spec.as_ref()?.resources.as_ref()?.requests.as_ref()?.get("storage")
}

impl Gathered {
    /// The size in the claim template of Postgres, which cannot change any more.
    pub fn claim_template_size(&self) -> Option<&Quantity> {
        let spec = self.present.postgres.as_ref()?.spec.as_ref()?;
        requested_size(spec.volume_claim_templates.as_ref()?.first()?)
    }
}
