//! The operator's two planes: [`run`] turns custom resources into pods, [`loops`] moves one deployment's reminders.
//!
//! The control plane never opens a tenant's database, unless a deployment asks for its loops to run within it.
mod cluster;
pub mod habit_tracker;
pub mod leadership;
pub mod loops;
pub mod metrics;
pub mod migrate;
pub mod run;
