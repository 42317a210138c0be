//! What was observed.
use k8s_openapi::apimachinery::pkg::apis::meta::v1::Condition;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::schema::conditions;

/// What was observed, written by the operator alone.
#[derive(Serialize, Deserialize, JsonSchema, Clone, Debug, Default, PartialEq)]
#[serde(rename_all = "camelCase")]
pub struct HabitTrackerDeploymentStatus {
    /// `metadata.generation` that this status speaks about.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub observed_generation: Option<i64>,

    /// Release whose migration has succeeded last: the one the database is made for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub version: Option<String>,

    /// Release that is being rolled out; the same as `version` when that is done.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub target_version: Option<String>,

    /// The database's schema.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub schema: Option<SchemaStatus>,

    /// Where the programs answer.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub endpoints: Option<Endpoints>,

    /// The programs that run as Deployments.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[schemars(
        length(max = 8),
        extend("x-kubernetes-list-type" = "map", "x-kubernetes-list-map-keys" = ["name"])
    )]
    pub workloads: Vec<WorkloadStatus>,

    /// `Ready` (the summary), `Accepted`, `PostgresReady`, `RedisReady`, `MigrationSucceeded`, `ApiAvailable`, `BotAvailable`,
    /// `SenderAvailable`, `LoopsAvailable`. Each message ends with the next step where there is one to take.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[schemars(schema_with = "conditions")]
    pub conditions: Vec<Condition>,
}

impl HabitTrackerDeploymentStatus {
    /// Whether all is well with the generation that this status speaks about.
    pub fn is_ready(&self) -> bool {
        self.conditions.iter().any(|each| {
            each.type_ == "Ready" && each.status == "True" && each.observed_generation == self.observed_generation
        })
    }
}

/// The database's schema.
#[derive(Serialize, Deserialize, JsonSchema, Clone, Debug, PartialEq)]
pub struct SchemaStatus {
    /// Number of the last migration; left out where the Job could not tell it any more.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub version: Option<i64>,

    /// Which database was migrated: the uid of its volume's claim, or the uid of its Secret with a fingerprint of the URL.
    /// Another database is migrated again.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub database: Option<String>,
}

/// Where the programs answer.
#[derive(Serialize, Deserialize, JsonSchema, Clone, Debug, PartialEq)]
pub struct Endpoints {
    /// URL of the REST service within the cluster.
    pub api: String,
}

/// One program's pods.
#[derive(Serialize, Deserialize, JsonSchema, Clone, Debug, PartialEq)]
pub struct WorkloadStatus {
    /// api, bot, sender or loops.
    pub name: String,

    /// Pods of the current generation that are available.
    pub ready: i32,

    /// Pods that are asked for.
    pub desired: i32,

    /// Release of those pods.
    pub version: String,
}
