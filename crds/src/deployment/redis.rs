//! The queue of messages to send.
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{Resources, postgres::UrlSecretRef};
use crate::schema::rule;

/// The queue of messages to send. It may be emptied at any moment and nothing is lost.
#[derive(Serialize, Deserialize, JsonSchema, Clone, Debug, PartialEq)]
#[serde(rename_all = "camelCase")]
#[schemars(extend("x-kubernetes-validations" = [
    rule("has(self.managed) == (self.mode == 'Managed')",
        "set redis.managed exactly when mode is Managed, such as managed: {}"),
    rule("has(self.external) == (self.mode == 'External')",
        "set redis.external exactly when mode is External, such as external: {urlSecretRef: {name: redis}}"),
]))]
pub struct Redis {
    /// `Managed`: the operator runs a server without a volume. `External`: a server that exists already. Default `Managed`.
    #[serde(default)]
    pub mode: RedisMode,

    /// The server the operator runs.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub managed: Option<ManagedRedis>,

    /// The server that exists already.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub external: Option<ExternalRedis>,
}

/// Who runs the server.
#[derive(Serialize, Deserialize, JsonSchema, Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum RedisMode {
    #[default]
    Managed,
    External,
}

/// A Redis of one pod that keeps everything in memory.
#[derive(Serialize, Deserialize, JsonSchema, Clone, Debug, PartialEq)]
#[serde(rename_all = "camelCase")]
pub struct ManagedRedis {
    /// `maxmemory` of the server in MiB, 16 to 65536. Default 128. A full server refuses writes; messages wait in Postgres.
    #[serde(default = "default_max_memory_mebibytes")]
    #[schemars(range(min = 16, max = 65536))]
    pub max_memory_mebibytes: i32,

    /// Resources of the server's container.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub resources: Option<Resources>,
}

fn default_max_memory_mebibytes() -> i32 {
    128
}

/// A Redis that somebody else runs: version 6.2 or later, with `maxmemory-policy noeviction`.
#[derive(Serialize, Deserialize, JsonSchema, Clone, Debug, PartialEq)]
#[serde(rename_all = "camelCase")]
pub struct ExternalRedis {
    /// The Secret that holds a URL such as `redis://:password@host:6379`.
    pub url_secret_ref: UrlSecretRef,
}
