//! The database.
use k8s_openapi::apimachinery::pkg::api::resource::Quantity;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::Resources;
use crate::schema::{immutable, quantity, rule};

/// The database: everything that must not be lost.
#[derive(Serialize, Deserialize, JsonSchema, Clone, Debug, PartialEq)]
#[serde(rename_all = "camelCase")]
#[schemars(extend("x-kubernetes-validations" = [
    rule("has(self.managed) == (self.mode == 'Managed')",
        "set postgres.managed exactly when mode is Managed, such as managed: {storage: {size: 10Gi}}"),
    rule("has(self.external) == (self.mode == 'External')",
        "set postgres.external exactly when mode is External, such as external: {urlSecretRef: {name: db}}"),
]))]
pub struct Postgres {
    /// `Managed`: the operator runs a server with one volume. `External`: a server that exists already. Default `Managed`.
    /// Immutable.
    #[serde(default)]
    #[schemars(extend("x-kubernetes-validations" = [immutable(
        "mode is immutable: people's data does not move by itself; restore into a new HabitTrackerDeployment",
    )]))]
    pub mode: PostgresMode,

    /// The server the operator runs.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub managed: Option<ManagedPostgres>,

    /// The server that exists already.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub external: Option<ExternalPostgres>,
}

/// Who runs the server.
#[derive(Serialize, Deserialize, JsonSchema, Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum PostgresMode {
    #[default]
    Managed,
    External,
}

/// A Postgres of one pod and one volume.
#[derive(Serialize, Deserialize, JsonSchema, Clone, Debug, PartialEq)]
#[serde(rename_all = "camelCase")]
pub struct ManagedPostgres {
    /// Major version of the server, 15 to 18. Default 18. Immutable: a data directory belongs to one major version.
    #[serde(default = "default_major_version")]
    #[schemars(
        range(min = 15, max = 18),
        extend("x-kubernetes-validations" = [immutable(
            "majorVersion is immutable: a data directory belongs to one major version; restore into a new HabitTrackerDeployment",
        )])
    )]
    pub major_version: i32,

    /// The volume for the data. It stays when this resource is deleted.
    pub storage: Storage,

    /// Resources of the server's container.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub resources: Option<Resources>,
}

fn default_major_version() -> i32 {
    18
}

/// A volume that is claimed once and only grows.
#[derive(Serialize, Deserialize, JsonSchema, Clone, Debug, PartialEq)]
#[serde(rename_all = "camelCase")]
#[schemars(extend("x-kubernetes-validations" = [
    rule("quantity(self.size).compareTo(quantity('0')) > 0", "storage.size has to be more than nothing, such as 10Gi"),
    rule("quantity(self.size).compareTo(quantity(oldSelf.size)) >= 0",
        "storage only grows: a volume cannot be made smaller; restore into a new HabitTrackerDeployment"),
    rule("has(self.storageClassName) == has(oldSelf.storageClassName) && \
          (!has(self.storageClassName) || self.storageClassName == oldSelf.storageClassName)",
        "storageClassName is immutable: a volume does not move by itself; restore into a new HabitTrackerDeployment"),
]))]
pub struct Storage {
    /// Size of the volume, such as `10Gi`. It only grows, and only where the storage class allows expansion.
    #[schemars(schema_with = "quantity")]
    pub size: Quantity,

    /// Storage class of the volume; the cluster's default class if left out. Immutable.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(length(min = 1, max = 253))]
    pub storage_class_name: Option<String>,
}

/// A Postgres that somebody else runs: version 15 or later, reached by a URL.
#[derive(Serialize, Deserialize, JsonSchema, Clone, Debug, PartialEq)]
#[serde(rename_all = "camelCase")]
pub struct ExternalPostgres {
    /// The Secret that holds a URL such as `postgres://user:password@host:5432/database`. Its user owns the schema.
    pub url_secret_ref: UrlSecretRef,
}

/// A key of a Secret in the same namespace.
#[derive(Serialize, Deserialize, JsonSchema, Clone, Debug, PartialEq)]
pub struct UrlSecretRef {
    /// Name of the Secret.
    #[schemars(length(min = 1, max = 253))]
    pub name: String,

    /// Key within it. Default `url`.
    #[serde(default = "default_key")]
    #[schemars(length(min = 1, max = 253), regex(pattern = "^[-._a-zA-Z0-9]+$"))]
    pub key: String,
}

fn default_key() -> String {
    "url".to_owned()
}
