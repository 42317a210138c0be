//! Labels and annotations, all in one place.
use std::collections::BTreeMap;

use super::names::Component;

pub const NAME: &str = "app.kubernetes.io/name";
pub const INSTANCE: &str = "app.kubernetes.io/instance";
pub const COMPONENT: &str = "app.kubernetes.io/component";
pub const MANAGED_BY: &str = "app.kubernetes.io/managed-by";
pub const VERSION: &str = "app.kubernetes.io/version";

/// Value of [`MANAGED_BY`] on everything we make: what watches are narrowed down to.
pub const MANAGER: &str = "habit-tracker-operator";

/// On pod templates: a keyed hash of the Secrets a program reads at its start, so that a changed Secret rolls it.
pub const SECRETS_HASH: &str = "habittracker.dev/secrets-hash";
/// On Jobs, whose templates cannot change: a hash of what was asked for, and of which database.
pub const SPEC_HASH: &str = "habittracker.dev/spec-hash";

/// What never changes for a component: selectors are immutable.
pub fn selector(instance: &str, component: Component) -> BTreeMap<String, String> {
    [(NAME, "habit-tracker"), (INSTANCE, instance), (COMPONENT, component.as_str())]
        .map(|(key, value)| (key.to_owned(), value.to_owned()))
        .into()
}

/// All labels of an object and of its pods.
pub fn all(instance: &str, component: Component, version: &str) -> BTreeMap<String, String> {
    let mut labels = selector(instance, component);
    labels.insert(MANAGED_BY.to_owned(), MANAGER.to_owned());
    labels.insert(VERSION.to_owned(), version.to_owned());
    labels
}

/// Selects everything we made.
pub fn managed_selector() -> String {
    format!("{MANAGED_BY}={MANAGER}")
}

/// Selects everything we made for one deployment.
pub fn instance_selector(instance: &str) -> String {
    format!("{},{INSTANCE}={instance}", managed_selector())
}
