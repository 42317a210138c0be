//! First step: everything a pass has to know, read at once.
//!
//! Secrets are read by name and never listed: a list would read them all, and permissions know no labels.
mod secrets;

use std::fmt;

use crds::HabitTrackerDeployment;
use futures::{FutureExt as _, future::BoxFuture};
use k8s_openapi::{
    api::{
        apps::v1::{Deployment, StatefulSet},
        batch::v1::Job,
        core::v1::{Event, PersistentVolumeClaim, Pod, Service, ServiceAccount},
        rbac::v1::RoleBinding,
    },
    apimachinery::pkg::api::resource::Quantity,
};
use kube::{Api, Client, ResourceExt as _, api::ListParams, core::NamespaceResourceScope};
use serde::de::DeserializeOwned;

pub use self::secrets::{SecretState, SecretValue, Secrets};
use super::{
    labels,
    names::{self, Component, child},
};

/// Most pods and events that are looked at for reasons.
const REASONS_LIMIT: u32 = 200;
/// Digits of a URL's fingerprint that stand in the status: enough to tell one from another.
const FINGERPRINT_LENGTH: usize = 16;

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
    let (secrets, present) = tokio::try_join!(secrets::read(&reader, deployment), present(&reader, deployment))?;
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
    // No more than a first sieve: another deployment's name may begin with this one's.
    let prefix = format!("{name}-");
    warnings.retain(|event| event.involved_object.name.as_ref().is_some_and(|object| object.starts_with(&prefix)));
    Ok((pods, warnings))
}

/// The size that a volume claim asks for.
pub fn requested_size(claim: &PersistentVolumeClaim) -> Option<&Quantity> {
    claim.spec.as_ref()?.resources.as_ref()?.requests.as_ref()?.get("storage")
}

impl Gathered {
    /// Which database the programs use: the uid of the volume's claim, or of the Secret where there is no claim, and for
    /// one that somebody else runs its Secret's uid and a fingerprint of the URL. `None` without that Secret.
    ///
    /// Another answer means a database that may be empty.
    pub fn database(&self) -> Option<String> {
        let url = &self.secrets.database_url;
        let secret = url.uid.as_ref().filter(|_| url.is_present())?;
        if self.secrets.database_url_is_given {
            let fingerprint = self.secrets.fingerprint(&[url]);
            return Some(format!("{secret}/{}", fingerprint.get(..FINGERPRINT_LENGTH).unwrap_or_default()));
        }
        let claim = self.present.postgres_claim.as_ref().and_then(|claim| claim.uid());
        Some(claim.unwrap_or_else(|| secret.clone()))
    }

    /// The size in the claim template of Postgres, which cannot change any more.
    pub fn claim_template_size(&self) -> Option<&Quantity> {
        let spec = self.present.postgres.as_ref()?.spec.as_ref()?;
        requested_size(spec.volume_claim_templates.as_ref()?.first()?)
    }
}
