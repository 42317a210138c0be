//! Where the images of the pods come from.
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// Registry that carries the official images of our programs.
pub const DEFAULT_REGISTRY: &str = "ghcr.io/habit-tracker";

/// Where images come from.
#[derive(Serialize, Deserialize, JsonSchema, Clone, Debug, PartialEq)]
#[serde(rename_all = "camelCase")]
pub struct Images {
    /// Registry and path before the component: `{registry}/api:{version}`. Default `ghcr.io/habit-tracker`. Another registry
    /// is a mirror and carries `postgres:{majorVersion}` and `redis:7` too; with the default these two are the official images
    /// of Docker Hub.
    #[serde(default = "default_registry")]
    #[schemars(length(min = 1, max = 255), regex(pattern = r"^[a-z0-9.-]+(:[0-9]+)?(/[a-z0-9._-]+)*$"))]
    pub registry: String,

    /// When a node pulls an image. Default `IfNotPresent`.
    #[serde(default)]
    pub pull_policy: PullPolicy,

    /// Secrets of type `kubernetes.io/dockerconfigjson` in the same namespace.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[schemars(
        length(max = 8),
        extend("x-kubernetes-list-type" = "map", "x-kubernetes-list-map-keys" = ["name"])
    )]
    pub pull_secrets: Vec<PullSecret>,

    /// Whole image references that replace the derived ones, one for each component.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[schemars(
        length(max = 8),
        extend("x-kubernetes-list-type" = "map", "x-kubernetes-list-map-keys" = ["component"])
    )]
    pub overrides: Vec<ImageOverride>,
}

impl Default for Images {
    fn default() -> Self {
        Self {
            registry: default_registry(),
            pull_policy: PullPolicy::default(),
            pull_secrets: Vec::new(),
            overrides: Vec::new(),
        }
    }
}

fn default_registry() -> String {
    DEFAULT_REGISTRY.to_owned()
}

/// When a node pulls an image.
#[derive(Serialize, Deserialize, JsonSchema, Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum PullPolicy {
    Always,
    #[default]
    IfNotPresent,
    Never,
}

impl PullPolicy {
    /// The value of a container's `imagePullPolicy`.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Always => "Always",
            Self::IfNotPresent => "IfNotPresent",
            Self::Never => "Never",
        }
    }
}

/// A Secret that opens a registry.
#[derive(Serialize, Deserialize, JsonSchema, Clone, Debug, PartialEq)]
pub struct PullSecret {
    /// Name of the Secret.
    #[schemars(length(min = 1, max = 253))]
    pub name: String,
}

/// One component's image.
#[derive(Serialize, Deserialize, JsonSchema, Clone, Debug, PartialEq)]
pub struct ImageOverride {
    /// Whose image this is. `operator` runs the migration and the loops.
    pub component: Component,

    /// Image reference with tag or digest, such as `registry.example.com/postgres@sha256:…`.
    #[schemars(length(min = 1, max = 512))]
    pub image: String,
}

/// Everything that has an image of its own.
#[derive(Serialize, Deserialize, JsonSchema, Clone, Copy, Debug, PartialEq, Eq)]
#[serde(rename_all = "lowercase")]
pub enum Component {
    Api,
    Bot,
    Sender,
    Operator,
    Postgres,
    Redis,
}

impl Component {
    /// The name as it stands in image references and in the spec.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Api => "api",
            Self::Bot => "bot",
            Self::Sender => "sender",
            Self::Operator => "operator",
            Self::Postgres => "postgres",
            Self::Redis => "redis",
        }
    }
}
