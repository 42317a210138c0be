//! `Habit`: a habit that an admin declares for a Telegram user.
use k8s_openapi::apimachinery::pkg::apis::meta::v1::Condition;
use kube::CustomResource;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::schema::{conditions, immutable};

/// A habit declared for one person. What the person changes in Telegram afterwards stays.
#[expect(clippy::duplicated_attributes, reason = "the columns of a table look alike")]
#[derive(CustomResource, Serialize, Deserialize, JsonSchema, Clone, Debug, PartialEq)]
#[kube(
    group = "habittracker.dev",
    version = "v1alpha1",
    kind = "Habit",
    plural = "habits",
    namespaced,
    status = "HabitStatus",
    derive = "PartialEq",
    shortname = "hab",
    category = "habittracker",
    selectable = ".spec.deploymentRef.name",
    doc = "A habit declared for one person. Each generation is applied once: what the person changes in Telegram afterwards stays.",
    printcolumn(name = "Ready", type_ = "string", json_path = ".status.conditions[?(@.type==\"Ready\")].status"),
    printcolumn(name = "Reason", type_ = "string", json_path = ".status.conditions[?(@.type==\"Ready\")].reason"),
    printcolumn(name = "Deployment", type_ = "string", json_path = ".spec.deploymentRef.name"),
    printcolumn(name = "Age", type_ = "date", json_path = ".metadata.creationTimestamp")
)]
#[serde(rename_all = "camelCase")]
pub struct HabitSpec {
    /// The HabitTrackerDeployment in the same namespace whose bot the person talks to. Immutable.
    #[schemars(extend("x-kubernetes-validations" = [immutable(
        "deploymentRef is immutable: delete this Habit and create it for the other deployment",
    )]))]
    pub deployment_ref: DeploymentRef,

    /// Whose habit this is. Immutable.
    #[schemars(extend("x-kubernetes-validations" = [immutable(
        "user is immutable: delete this Habit and create one for the other person",
    )]))]
    pub user: HabitUser,

    /// What the person reads, 1 to 100 characters.
    #[schemars(length(min = 1, max = 100))]
    pub name: String,

    /// More words about it, up to 1000 characters.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(length(max = 1000))]
    pub description: Option<String>,

    /// On which days it is due.
    #[serde(default)]
    pub schedule: Schedule,

    /// Days until the goal is reached, 1 to 3650. Default 21.
    #[serde(default = "default_target_days")]
    #[schemars(range(min = 1, max = 3650))]
    pub target_days: i32,

    /// When the person is reminded. Exactly one.
    #[schemars(length(min = 1, max = 1), extend("x-kubernetes-list-type" = "map", "x-kubernetes-list-map-keys" = ["time"]))]
    pub reminders: Vec<HabitReminder>,
}

fn default_target_days() -> i32 {
    21
}

/// A HabitTrackerDeployment in the same namespace.
#[derive(Serialize, Deserialize, JsonSchema, Clone, Debug, PartialEq, Eq)]
pub struct DeploymentRef {
    /// Its name.
    #[schemars(length(min = 1, max = 40))]
    pub name: String,
}

/// A person at Telegram.
#[derive(Serialize, Deserialize, JsonSchema, Clone, Debug, PartialEq, Eq)]
#[serde(rename_all = "camelCase")]
pub struct HabitUser {
    /// Telegram's number of the person. The person has to have written to the bot before.
    #[schemars(range(min = 1))]
    pub telegram_id: i64,
}

/// On which days a habit is due.
#[derive(Serialize, Deserialize, JsonSchema, Clone, Debug, Default, PartialEq, Eq)]
pub struct Schedule {
    /// `Daily`: every day. Default `Daily`.
    #[serde(default, rename = "type")]
    pub kind: ScheduleType,
}

/// Kinds of schedules.
#[derive(Serialize, Deserialize, JsonSchema, Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum ScheduleType {
    #[default]
    Daily,
}

/// A time of the day to be reminded at.
#[derive(Serialize, Deserialize, JsonSchema, Clone, Debug, PartialEq, Eq)]
pub struct HabitReminder {
    /// `HH:MM` in the person's own zone, `00:00` to `23:59`.
    #[schemars(length(max = 5), regex(pattern = "^([01][0-9]|2[0-3]):[0-5][0-9]$"))]
    pub time: String,
}

/// What was observed, written by the loops of the deployment. It says nothing of days and streaks: habits are health data.
#[derive(Serialize, Deserialize, JsonSchema, Clone, Debug, Default, PartialEq)]
#[serde(rename_all = "camelCase")]
pub struct HabitStatus {
    /// `metadata.generation` that this status speaks about.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub observed_generation: Option<i64>,

    /// Generation that was written to the database last.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub applied_generation: Option<i64>,

    /// Number of the habit in the database.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub habit_id: Option<i64>,

    /// The person it was applied to.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub telegram_id: Option<i64>,

    /// Ready and Accepted.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[schemars(schema_with = "conditions")]
    pub conditions: Vec<Condition>,
}
