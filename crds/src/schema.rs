//! What a JSON schema cannot say by a type alone: CEL rules and Kubernetes' list types.
use schemars::{JsonSchema, Schema, SchemaGenerator, generate::SchemaSettings, transform::Transform};
use serde_json::{Value, json};

/// One entry of `x-kubernetes-validations`. The message says what to do, since it is all that a person at `kubectl` sees.
pub(crate) fn rule(rule: &str, message: &str) -> Value {
    json!({"rule": rule, "message": message})
}

/// A rule whose field never changes. `oldSelf` makes it a transition rule: it is not run at creation.
pub(crate) fn immutable(message: &str) -> Value {
    rule("self == oldSelf", message)
}

/// A DNS label as the name of a Service has to be one, short enough for the names of the children derived from it.
pub(crate) fn deployment_name() -> Value {
    rule(
        "self.metadata.name.size() <= 40 && self.metadata.name.matches('^[a-z]([-a-z0-9]*[a-z0-9])?$')",
        "metadata.name has to be a DNS label of at most 40 characters that begins with a letter, such as family: \
         the names of Services are made from it",
    )
}

/// `requests` or `limits` of a container: a map of quantities, without the pages Kubernetes' own types say about them.
pub(crate) fn quantities(_: &mut SchemaGenerator) -> Schema {
    schemars::json_schema!({
        "type": "object",
        "additionalProperties": {"x-kubernetes-int-or-string": true},
        "maxProperties": 16,
    })
}

/// A quantity written as text, such as `10Gi`.
pub(crate) fn quantity(_: &mut SchemaGenerator) -> Schema {
    schemars::json_schema!({
        "type": "string",
        "maxLength": 32,
        "pattern": r"^[0-9]+(\.[0-9]+)?([KMGTPE]i|[kMGTPE])?$",
    })
}

/// Kubernetes' own conditions, without their descriptions.
pub(crate) fn conditions(generator: &mut SchemaGenerator) -> Schema {
    let mut condition =
        k8s_openapi::apimachinery::pkg::apis::meta::v1::Condition::json_schema(&mut inlining(generator));
    StripDescriptions.transform(&mut condition);
    schemars::json_schema!({
        "type": "array",
        "items": condition,
        "maxItems": 32,
        "x-kubernetes-list-type": "map",
        "x-kubernetes-list-map-keys": ["type"],
    })
}

/// Structural schemas hold no references: everything is written out where it is used.
fn inlining(generator: &SchemaGenerator) -> SchemaGenerator {
    let mut settings: SchemaSettings = generator.settings().clone();
    settings.inline_subschemas = true;
    settings.into_generator()
}

struct StripDescriptions;

impl Transform for StripDescriptions {
    fn transform(&mut self, schema: &mut Schema) {
        schema.remove("description");
        schemars::transform::transform_subschemas(self, schema);
    }
}
