//! The programs that run as Deployments.
use std::collections::BTreeMap;

use k8s_openapi::apimachinery::pkg::api::resource::Quantity;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::schema::{quantities, rule};

/// Resources of a container.
#[derive(Serialize, Deserialize, JsonSchema, Clone, Debug, Default, PartialEq)]
pub struct Resources {
    /// What the scheduler sets aside, such as `{cpu: 50m, memory: 32Mi}`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(schema_with = "quantities")]
    pub requests: Option<BTreeMap<String, Quantity>>,

    /// What the container may not exceed, such as `{memory: 96Mi}`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(schema_with = "quantities")]
    pub limits: Option<BTreeMap<String, Quantity>>,
}

/// A program that may run several times side by side.
#[derive(Serialize, Deserialize, JsonSchema, Clone, Debug, Default, PartialEq)]
#[serde(rename_all = "camelCase")]
pub struct Workload {
    /// How many pods. One if left out; 0 stops the program.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(range(min = 0, max = 1000))]
    pub replicas: Option<i32>,

    /// Resources of each pod's container.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub resources: Option<Resources>,
}

/// The program that answers people in Telegram, by long polling.
#[derive(Serialize, Deserialize, JsonSchema, Clone, Debug, Default, PartialEq)]
#[serde(rename_all = "camelCase")]
pub struct Bot {
    /// How many pods. One if left out; 0 stops the bot, and what people write waits at Telegram for a day.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(
        range(min = 0, max = 1000),
        extend("x-kubernetes-validations" = [rule(
            "self <= 1",
            "bot.replicas is at most 1: Telegram allows one long poll for each token",
        )])
    )]
    pub replicas: Option<i32>,

    /// Resources of the pod's container.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub resources: Option<Resources>,
}

/// What finds due reminders and ends broken streaks.
#[derive(Serialize, Deserialize, JsonSchema, Clone, Debug, Default, PartialEq)]
#[serde(rename_all = "camelCase")]
#[schemars(extend("x-kubernetes-validations" = [rule(
    "self.placement != 'Operator' || (!has(self.replicas) && !has(self.resources))",
    "placement Operator has no pods of its own: leave out loops.replicas and loops.resources, or use placement Dedicated",
)]))]
pub struct Loops {
    /// `Dedicated`: pods of their own, so that reminders go on without the operator. `Operator`: within the operator's
    /// process, for a small installation. Default `Dedicated`.
    #[serde(default)]
    pub placement: LoopsPlacement,

    /// How many pods, of which one works and the others stand by. One if left out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(range(min = 0, max = 1000))]
    pub replicas: Option<i32>,

    /// Resources of each pod's container.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub resources: Option<Resources>,
}

/// Where the loops run.
#[derive(Serialize, Deserialize, JsonSchema, Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum LoopsPlacement {
    #[default]
    Dedicated,
    Operator,
}
