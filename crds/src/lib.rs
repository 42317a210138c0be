//! The custom resources of the API group `habittracker.dev`, version `v1alpha1`.
//!
//! The types here are the source: their doc comments are what `kubectl explain` prints, and `crdgen` writes the manifests
//! that the chart ships. A field is added when something serves it, and never changes its meaning within `v1alpha1`.
pub mod deployment;
pub mod habit;
pub mod manifest;
mod schema;

pub use deployment::{HabitTrackerDeployment, HabitTrackerDeploymentSpec, HabitTrackerDeploymentStatus};
pub use habit::{Habit, HabitSpec, HabitStatus};

/// API group of all our resources.
pub const GROUP: &str = "habittracker.dev";
