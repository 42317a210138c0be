//! The controller of `HabitTrackerDeployment`: from what the cluster says to what the spec asks for, in five steps.
//!
//! gather (reads) → validate (pure) → build (pure) → apply (writes, in order) → report (status, only if it changed).
//! Each pass reads all it needs. Between passes only the fingerprints of what was applied are kept, so that a pass over
//! something unchanged writes nothing.
pub mod apply;
pub mod backoff;
pub mod build;
pub mod controller;
pub mod embedded_loops;
#[cfg(test)]
mod fixture;
pub mod gather;
pub mod labels;
pub mod names;
pub mod report;
pub mod rollout;
pub mod validate;

use std::{ops::RangeInclusive, sync::Arc, time::Duration};

use chrono::{DateTime, Utc};
use crds::{HabitTrackerDeployment, HabitTrackerDeploymentStatus};
use kube::{Client, ResourceExt as _, runtime::controller::Action};
use process::Clock;

use self::{
    apply::{Applied, Applier},
    backoff::Backoff,
    build::Passwords,
    embedded_loops::EmbeddedLoops,
    gather::{Gathered, gather},
};
use crate::metrics::ReconcileMetrics;

/// The operator's name in `metadata.managedFields`.
pub const FIELD_MANAGER: &str = "habit-tracker-operator";

/// A pass without any cause, in case an event was missed.
const RESYNC: Duration = Duration::from_mins(5);
/// While pods come up: their reasons stand in objects that are not watched. The longer it lasts, the rarer.
const WHILE_COMING_UP: RangeInclusive<Duration> = Duration::from_secs(5)..=Duration::from_mins(1);
/// While a Secret is missing: Secrets are not watched, since a watch reads them all.
const WHILE_SECRET_MISSING: RangeInclusive<Duration> = Duration::from_secs(15)..=Duration::from_secs(30);
/// Loops within this process cause no event when they fail.
const WITH_EMBEDDED_LOOPS: Duration = Duration::from_secs(15);
/// The share of the time since `Ready` changed last that is waited.
const SHARE: u32 = 6;

/// What all passes share.
pub struct Context {
    pub client: Client,
    pub clock: Clock,
    pub applier: Applier,
    pub backoff: Backoff,
    pub embedded_loops: EmbeddedLoops,
    pub metrics: ReconcileMetrics,
}

/// Why a pass was not finished. The variant's name is what logs and metrics say.
#[derive(Debug, thiserror::Error)]
pub enum ReconcileError {
    #[error("failed to read what is there")]
    Gather(#[from] gather::GatherError),
    #[error("failed to apply {0}")]
    Apply(&'static str, #[source] apply::ApplyError),
    #[error("failed to write the status")]
    Report(#[from] report::ReportError),
}

/// One pass over one object.
pub async fn reconcile(
    deployment: Arc<HabitTrackerDeployment>,
    context: Arc<Context>,
) -> Result<Action, ReconcileError> {
    let timer = context.metrics.start();
    let result = Box::pin(pass(&deployment, &context)).await;
    if result.is_ok() {
        context.backoff.succeeded(&key(&deployment));
    }
    timer.observe(result.is_ok());
    result
}

async fn pass(deployment: &HabitTrackerDeployment, context: &Context) -> Result<Action, ReconcileError> {
    if deployment.metadata.deletion_timestamp.is_some() {
        return Ok(Action::await_change());
    }
    let gathered = Box::pin(gather(&context.client, deployment)).await?;
    let valid = match validate::validate(deployment) {
        Ok(valid) => valid,
        Err(invalid) => {
            let status = report::invalid(deployment, &invalid, context.clock.now());
            report::write(&context.client, deployment, status).await?;
            return Ok(Action::await_change());
        }
    };
    let children = build::build(&valid, &gathered, &Passwords::generate());
    let applied = Box::pin(context.applier.apply(&context.client, deployment, &valid, children, &gathered)).await;
    let loops = context.embedded_loops.arrange(&valid, &gathered, &applied);
    let status = report::status(deployment, &valid, &gathered, &applied, loops.as_ref(), context.clock.now());
    let next = next_pass(&gathered, &applied, loops.is_some(), &status, context.clock.now());
    report::write(&context.client, deployment, status).await?;
    match applied.into_transient_error() {
        Some((component, error)) => Err(ReconcileError::Apply(component, error)),
        None => Ok(Action::requeue(next)),
    }
}

fn next_pass(
    gathered: &Gathered,
    applied: &Applied,
    has_embedded_loops: bool,
    status: &HabitTrackerDeploymentStatus,
    now: DateTime<Utc>,
) -> Duration {
    if applied.made_secrets() {
        Duration::ZERO
    } else if status.is_ready() {
        if has_embedded_loops { WITH_EMBEDDED_LOOPS } else { RESYNC }
    } else if gathered.secrets.is_one_missing() {
        by_age(&WHILE_SECRET_MISSING, status, now)
    } else {
        by_age(&WHILE_COMING_UP, status, now)
    }
}

/// Longer, the longer `Ready` is as it is.
fn by_age(limits: &RangeInclusive<Duration>, status: &HabitTrackerDeploymentStatus, now: DateTime<Utc>) -> Duration {
    let ready = status.conditions.iter().find(|each| each.type_ == "Ready");
    let since = ready.map_or(now.timestamp(), |ready| ready.last_transition_time.0.as_second());
    let age = Duration::from_secs(u64::try_from(now.timestamp() - since).unwrap_or_default());
    (age / SHARE).clamp(*limits.start(), *limits.end())
}

/// What to do after a failed pass: again, the later the more often it failed in a row.
pub fn error_policy(deployment: &HabitTrackerDeployment, error: &ReconcileError, context: &Context) -> Action {
    let delay = context.backoff.failed(&key(deployment));
    tracing::warn!(
        namespace = deployment.namespace(),
        name = deployment.name_any(),
        error = chain(error),
        retry_seconds = delay.as_secs(),
        "a pass failed"
    );
    Action::requeue(delay)
}

/// An error with its sources, on one line.
pub(crate) fn chain(error: &dyn std::error::Error) -> String {
    let mut text = error.to_string();
    let mut source = error.source();
    while let Some(cause) = source {
        let next = cause.to_string();
        if !text.contains(&next) {
            text = format!("{text}: {next}");
        }
        source = cause.source();
    }
    text
}

fn key(deployment: &HabitTrackerDeployment) -> String {
    format!("{}/{}", deployment.namespace().unwrap_or_default(), deployment.name_any())
}

#[cfg(test)]
mod tests {
    use chrono::TimeDelta;

    use super::*;

    #[test]
    fn what_stays_broken_is_looked_at_ever_more_rarely() {
        let now: DateTime<Utc> = "2026-11-22T12:00:00Z".parse().unwrap();
        let deployment = fixture::deployment();
        let status = report::invalid(&deployment, &validate::Invalid::TooManyPollers(2), now);
        let after = |seconds, limits| by_age(limits, &status, now + TimeDelta::seconds(seconds)).as_secs();
        assert_eq!([0, 30, 60, 360, 86_400].map(|age| after(age, &WHILE_COMING_UP)), [5, 5, 10, 60, 60]);
        assert_eq!([0, 120, 86_400].map(|age| after(age, &WHILE_SECRET_MISSING)), [15, 20, 30]);
    }
}
