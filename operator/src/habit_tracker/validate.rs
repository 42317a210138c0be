//! Second step: a spec becomes something that builders cannot fail on.
//!
//! The API server has applied the rules of the definition already. What stands here again is what an object may say that
//! was stored under older rules, and what rules cannot know, such as which time zones exist.
use crds::{
    HabitTrackerDeployment,
    deployment::{
        Component as ImageOf, Images, Locale, LoopsPlacement, Postgres, PostgresMode, Redis, RedisMode, Resources,
        images::DEFAULT_REGISTRY,
    },
};
use habits::Tz;
use k8s_openapi::apimachinery::pkg::{api::resource::Quantity, apis::meta::v1::OwnerReference};
use kube::{Resource as _, ResourceExt as _};

/// Where Docker Hub keeps the official images of the data stores.
const OFFICIAL_IMAGES: &str = "docker.io/library";
/// Redis of the last release under the BSD licence.
const REDIS_VERSION: &str = "7";

/// A spec that passed [`validate`].
#[derive(Clone, Debug)]
pub struct Valid {
    pub name: String,
    pub namespace: String,
    pub owner: OwnerReference,
    pub generation: i64,
    pub version: String,
    pub images: ValidImages,
    pub telegram: Telegram,
    pub database: Database,
    pub queue: Queue,
    pub api: Workload,
    pub bot: Workload,
    pub sender: Workload,
    /// Pods of their own, or none: then they run within the operator.
    pub loops: Option<Workload>,
    pub reminders: Reminders,
}

#[derive(Clone, Debug)]
pub struct ValidImages {
    pub api: String,
    pub bot: String,
    pub sender: String,
    pub operator: String,
    pub postgres: String,
    pub redis: String,
    pub pull_policy: &'static str,
    pub pull_secrets: Vec<String>,
}

/// A key of a Secret in the deployment's namespace.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SecretKey {
    pub name: String,
    pub key: String,
}

#[derive(Clone, Debug)]
pub struct Telegram {
    pub token: SecretKey,
    pub api_url: String,
}

#[derive(Clone, Debug)]
pub enum Database {
    Managed(ManagedDatabase),
    External(SecretKey),
}

#[derive(Clone, Debug)]
pub struct ManagedDatabase {
    pub major_version: i32,
    pub size: Quantity,
    pub storage_class: Option<String>,
    pub resources: Option<Resources>,
}

#[derive(Clone, Debug)]
pub enum Queue {
    Managed { max_memory_mebibytes: i32, resources: Option<Resources> },
    External(SecretKey),
}

#[derive(Clone, Debug)]
pub struct Workload {
    pub replicas: i32,
    pub resources: Option<Resources>,
}

#[derive(Clone, Debug)]
pub struct Reminders {
    pub expire_after_seconds: i32,
    pub time_zone: Tz,
    pub locale: Locale,
}

/// Why nothing is made of a spec. Only an edit helps.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Invalid {
    #[error("the object has no {0}; this is a fault of the operator")]
    Incomplete(&'static str),
    #[error(
        "metadata.name {0:?} is no DNS label of at most 40 characters that begins with a letter; \
         create the resource under another name"
    )]
    InvalidName(String),
    #[error("spec.reminders.defaultTimeZone {0:?} is no IANA time zone; use one such as Europe/Berlin")]
    InvalidTimeZone(String),
    #[error("spec.{0}.replicas is {1}; use a number from {2} on, or leave it out")]
    InvalidReplicas(&'static str, i32, i32),
    #[error("spec.bot.replicas is {0}, and Telegram allows one long poll for each token; use 1")]
    TooManyPollers(i32),
    #[error("spec.{0}.{1} has to be set for mode {2}; set it or change the mode")]
    DataStoreMissing(&'static str, &'static str, &'static str),
}

impl Invalid {
    /// The condition's reason.
    pub fn reason(&self) -> &'static str {
        match self {
            Self::Incomplete(_) => "Incomplete",
            Self::InvalidName(_) => "InvalidName",
            Self::InvalidTimeZone(_) => "InvalidTimeZone",
            Self::InvalidReplicas(..) => "InvalidReplicas",
            Self::TooManyPollers(_) => "TooManyPollers",
            Self::DataStoreMissing(..) => "DataStoreMissing",
        }
    }
}

/// What can be built, or why not.
///
/// # Errors
/// The first fault of the spec.
pub fn validate(deployment: &HabitTrackerDeployment) -> Result<Valid, Invalid> {
    let spec = &deployment.spec;
    let dedicated = spec.loops.placement == LoopsPlacement::Dedicated;
    Ok(Valid {
        name: name(&deployment.name_any())?,
        namespace: deployment.namespace().ok_or(Invalid::Incomplete("namespace"))?,
        owner: deployment.controller_owner_ref(&()).ok_or(Invalid::Incomplete("uid"))?,
        generation: deployment.metadata.generation.ok_or(Invalid::Incomplete("generation"))?,
        version: spec.version.clone(),
        images: images(&spec.images, &spec.version, &spec.postgres),
        telegram: Telegram {
            token: SecretKey {
                name: spec.telegram.token_secret_ref.name.clone(),
                key: spec.telegram.token_secret_ref.key.clone(),
            },
            api_url: spec.telegram.api_url.clone(),
        },
        database: database(&spec.postgres)?,
        queue: queue(&spec.redis)?,
        api: workload("api", spec.api.replicas, spec.api.resources.clone())?,
        bot: bot(&spec.bot)?,
        sender: workload("sender", spec.sender.replicas, spec.sender.resources.clone())?,
        loops: dedicated.then(|| workload("loops", spec.loops.replicas, spec.loops.resources.clone())).transpose()?,
        reminders: Reminders {
            expire_after_seconds: spec.reminders.expire_after_seconds,
            time_zone: time_zone(&spec.reminders.default_time_zone)?,
            locale: spec.reminders.default_locale,
        },
    })
}

fn name(name: &str) -> Result<String, Invalid> {
    let inner = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
    let valid = name.len() <= 40
        && name.starts_with(|c: char| c.is_ascii_lowercase())
        && name.chars().all(inner)
        && !name.ends_with('-');
    if valid { Ok(name.to_owned()) } else { Err(Invalid::InvalidName(name.to_owned())) }
}

fn images(images: &Images, version: &str, postgres: &Postgres) -> ValidImages {
    let registry = &images.registry;
    let stores = if registry == DEFAULT_REGISTRY { OFFICIAL_IMAGES } else { registry };
    let major = postgres.managed.as_ref().map_or(0, |managed| managed.major_version);
    let image = |component: ImageOf| {
        let overridden = images.overrides.iter().find(|each| each.component == component);
        overridden.map_or_else(
            || match component {
                ImageOf::Postgres => format!("{stores}/postgres:{major}"),
                ImageOf::Redis => format!("{stores}/redis:{REDIS_VERSION}"),
                program => format!("{registry}/{}:{version}", program.as_str()),
            },
            |each| each.image.clone(),
        )
    };
    ValidImages {
        api: image(ImageOf::Api),
        bot: image(ImageOf::Bot),
        sender: image(ImageOf::Sender),
        operator: image(ImageOf::Operator),
        postgres: image(ImageOf::Postgres),
        redis: image(ImageOf::Redis),
        pull_policy: images.pull_policy.as_str(),
        pull_secrets: images.pull_secrets.iter().map(|secret| secret.name.clone()).collect(),
    }
}

fn database(postgres: &Postgres) -> Result<Database, Invalid> {
    match postgres.mode {
        PostgresMode::Managed => {
            let managed =
                postgres.managed.as_ref().ok_or(Invalid::DataStoreMissing("postgres", "managed", "Managed"))?;
            Ok(Database::Managed(ManagedDatabase {
                major_version: managed.major_version,
                size: managed.storage.size.clone(),
                storage_class: managed.storage.storage_class_name.clone(),
                resources: managed.resources.clone(),
            }))
        }
        PostgresMode::External => {
            let external =
                postgres.external.as_ref().ok_or(Invalid::DataStoreMissing("postgres", "external", "External"))?;
            Ok(Database::External(secret_key(&external.url_secret_ref)))
        }
    }
}

fn queue(redis: &Redis) -> Result<Queue, Invalid> {
    match redis.mode {
        RedisMode::Managed => {
            let managed = redis.managed.as_ref().ok_or(Invalid::DataStoreMissing("redis", "managed", "Managed"))?;
            Ok(Queue::Managed {
                max_memory_mebibytes: managed.max_memory_mebibytes,
                resources: managed.resources.clone(),
            })
        }
        RedisMode::External => {
            let external = redis.external.as_ref().ok_or(Invalid::DataStoreMissing("redis", "external", "External"))?;
            Ok(Queue::External(secret_key(&external.url_secret_ref)))
        }
    }
}

fn secret_key(reference: &crds::deployment::postgres::UrlSecretRef) -> SecretKey {
    SecretKey { name: reference.name.clone(), key: reference.key.clone() }
}

fn workload(field: &'static str, replicas: Option<i32>, resources: Option<Resources>) -> Result<Workload, Invalid> {
    match replicas.unwrap_or(1) {
        replicas if replicas < 0 => Err(Invalid::InvalidReplicas(field, replicas, 0)),
        replicas => Ok(Workload { replicas, resources }),
    }
}

fn bot(bot: &crds::deployment::Bot) -> Result<Workload, Invalid> {
    let workload = workload("bot", bot.replicas, bot.resources.clone())?;
    if workload.replicas > 1 { Err(Invalid::TooManyPollers(workload.replicas)) } else { Ok(workload) }
}

fn time_zone(name: &str) -> Result<Tz, Invalid> {
    habits::zone::parse(name).map_err(|_| Invalid::InvalidTimeZone(name.to_owned()))
}

#[cfg(test)]
mod tests;
