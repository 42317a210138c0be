//! Applies Habits that are declared as resources: each generation once, for a person whom the bot knows.
//!
//! Postgres stays the truth: what the person changes in Telegram afterwards stays, and a resource that is deleted
//! changes nothing. Only the leader applies and reports.

use std::time::Duration;

use crds::Habit;
use futures::StreamExt as _;
use kube::{
    Api, ResourceExt as _,
    runtime::{
        WatchStreamExt as _,
        reflector::{self, Store},
        watcher,
    },
};
use process::{Shutdown, fatal};
use store::leader::{Epoch, FenceError};

use super::{Context, tick::TickError};

mod apply;
mod report;

/// How soon a Habit is tried again that waits for its person, or that failed.
const RETRY_EVERY: Duration = Duration::from_secs(10);
/// Events within this time are answered together.
const GATHER: Duration = Duration::from_millis(200);
/// A watch is opened anew after so long: a connection may be dead without anyone having said so.
const WATCH_SECONDS: u32 = 25;

/// Why a Habit could not be applied or reported. It is tried again.
#[derive(Debug, thiserror::Error)]
enum HabitError {
    #[error("failed to apply a Habit")]
    Apply(#[from] TickError),
    #[error("failed to report on a Habit")]
    Report(#[from] kube::Error),
    #[error("the API server does not answer")]
    Silent,
}

impl From<sqlx::Error> for HabitError {
    fn from(error: sqlx::Error) -> Self {
        Self::Apply(TickError::Postgres(error))
    }
}

/// Applies the Habits of one deployment until shutdown.
///
/// # Errors
///
/// Fatal without a configuration of Kubernetes. An API server that is merely away is waited for.
pub(super) async fn run(
    context: Context,
    namespace: String,
    deployment: String,
    shutdown: Shutdown,
) -> anyhow::Result<()> {
    let client = crate::cluster::client().await.map_err(|error| {
        fatal(
            "KubernetesConfigurationMissing",
            format!(
                "HABIT_NAMESPACE is set, but Kubernetes cannot be reached: {error:#}; run in a cluster, or unset it"
            ),
        )
    })?;
    follow(&context, Api::namespaced(client, &namespace), &deployment, &shutdown).await
}

async fn follow(context: &Context, api: Api<Habit>, deployment: &str, shutdown: &Shutdown) -> anyhow::Result<()> {
    let config =
        watcher::Config::default().fields(&format!("spec.deploymentRef.name={deployment}")).timeout(WATCH_SECONDS);
    let (habits, writer) = reflector::store();
    let watch = watcher(api.clone(), config).default_backoff().reflect(writer);
    let mut watch = std::pin::pin!(watch);
    let mut failing = false;
    loop {
        tokio::select! {
            biased;
            () = shutdown.stopped() => return Ok(()),
            event = watch.next() => match event {
                Some(Ok(_)) => failing = false,
                Some(Err(error)) => {
                    if !std::mem::replace(&mut failing, true) {
                        tracing::warn!(error = &error as &dyn std::error::Error, "failed to watch Habits, will retry");
                    }
                    continue;
                }
                None => anyhow::bail!("the watch of Habits ended"),
            },
            () = tokio::time::sleep(RETRY_EVERY) => {}
        }
        gather(&mut watch).await;
        if let Some(epoch) = context.leadership.epoch() {
            walk(context, &api, &habits, epoch, shutdown).await;
        }
    }
}

/// Takes in what else happens in a moment, so that a list of many Habits is walked once.
async fn gather<S: futures::Stream + Unpin>(watch: &mut S) {
    let more = async { while watch.next().await.is_some() {} };
    let _over = tokio::time::timeout(GATHER, more).await;
}

async fn walk(context: &Context, api: &Api<Habit>, habits: &Store<Habit>, epoch: Epoch, shutdown: &Shutdown) {
    for habit in habits.state() {
        if shutdown.is_stopped() || context.leadership.epoch() != Some(epoch) {
            return;
        }
        if !report::needs_work(&habit) {
            continue;
        }
        if let Err(error) = apply_and_report(context, api, &habit, epoch).await {
            if let HabitError::Apply(TickError::Fence(FenceError::Superseded(_))) = error {
                context.leadership.lost(epoch);
            }
            context.metrics.failures.with_label_values(&["habits"]).inc();
            let error = anyhow::Error::new(error);
            tracing::warn!(
                error = format!("{error:#}"),
                habit = habit.name_any(),
                "a Habit was not applied, will retry"
            );
        }
    }
}

async fn apply_and_report(context: &Context, api: &Api<Habit>, habit: &Habit, epoch: Epoch) -> Result<(), HabitError> {
    let (outcome, now) = apply::apply(&context.db, habit, epoch).await?;
    report::report(api, habit, outcome, now).await
}

#[cfg(test)]
mod tests;
