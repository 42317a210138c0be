//! `HabitTrackerDeployment`: one bot with everything it needs.
pub mod images;
pub mod postgres;
pub mod redis;
pub mod reminders;
pub mod status;
pub mod telegram;
pub mod workload;

use kube::CustomResource;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

pub use self::{
    images::{Component, ImageOverride, Images, PullPolicy, PullSecret},
    postgres::{ExternalPostgres, ManagedPostgres, Postgres, PostgresMode, Storage},
    redis::{ExternalRedis, ManagedRedis, Redis, RedisMode},
    reminders::{Locale, Reminders},
    status::{Endpoints, HabitTrackerDeploymentStatus, SchemaStatus, WorkloadStatus},
    telegram::{Telegram, TokenSecretRef},
    workload::{Bot, Loops, LoopsPlacement, Resources, Workload},
};
use crate::schema::deployment_name;

/// One habit tracker: the programs, their data stores and the Telegram bot they serve.
#[expect(clippy::duplicated_attributes, reason = "the columns of a table look alike")]
#[derive(CustomResource, Serialize, Deserialize, JsonSchema, Clone, Debug, PartialEq)]
#[kube(
    group = "habittracker.dev",
    version = "v1alpha1",
    kind = "HabitTrackerDeployment",
    plural = "habittrackerdeployments",
    namespaced,
    status = "HabitTrackerDeploymentStatus",
    derive = "PartialEq",
    shortname = "htd",
    category = "habittracker",
    doc = "One habit tracker: the programs, their data stores and the Telegram bot they serve. Whoever may create one decides where Secrets of its namespace are sent.",
    printcolumn(name = "Ready", type_ = "string", json_path = ".status.conditions[?(@.type==\"Ready\")].status"),
    printcolumn(name = "Reason", type_ = "string", json_path = ".status.conditions[?(@.type==\"Ready\")].reason"),
    printcolumn(name = "Version", type_ = "string", json_path = ".status.version"),
    printcolumn(name = "Age", type_ = "date", json_path = ".metadata.creationTimestamp"),
    printcolumn(
        name = "Message",
        type_ = "string",
        json_path = ".status.conditions[?(@.type==\"Ready\")].message",
        priority = 1
    )
)]
#[serde(rename_all = "camelCase")]
pub struct HabitTrackerDeploymentSpec {
    /// Release that runs, such as `1.4.2`: the tag of all our images. A change migrates the database first and rolls api,
    /// then sender, bot and loops.
    #[schemars(length(max = 40), regex(pattern = r"^[0-9]+\.[0-9]+\.[0-9]+(-[0-9a-z]+([.-][0-9a-z]+)*)?$"))]
    pub version: String,

    /// Where images come from.
    #[serde(default)]
    pub images: Images,

    /// The bot's identity at Telegram.
    pub telegram: Telegram,

    /// The database: everything that must not be lost.
    pub postgres: Postgres,

    /// The queue of messages to send. It may be emptied at any moment and nothing is lost.
    pub redis: Redis,

    /// The REST service.
    #[serde(default)]
    pub api: Workload,

    /// The program that answers people in Telegram.
    #[serde(default)]
    pub bot: Bot,

    /// The program that delivers reminders.
    #[serde(default)]
    pub sender: Workload,

    /// What finds due reminders and ends broken streaks.
    #[serde(default)]
    pub loops: Loops,

    /// How reminders behave.
    #[serde(default)]
    pub reminders: Reminders,
}

/// The rules on the whole object, beside the ones that stand with their fields.
pub(crate) fn object_rules() -> serde_json::Value {
    serde_json::json!([deployment_name()])
}
