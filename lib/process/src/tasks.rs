//! The tasks of a program, and an owner that notices when one dies.

use std::time::Duration;

use anyhow::{Context as _, anyhow};
use tokio::task::JoinSet;

use crate::Shutdown;

/// How long tasks may take to finish what is in hand once they are told to stop: below a pod's 30 s grace period.
const GRACE: Duration = Duration::from_secs(20);

/// Runs the program's tasks; the end of any of them ends all.
#[derive(Debug)]
pub struct Tasks {
    shutdown: Shutdown,
    set: JoinSet<(&'static str, anyhow::Result<()>)>,
}

impl Tasks {
    pub fn new(shutdown: Shutdown) -> Self {
        Self { shutdown, set: JoinSet::new() }
    }

    /// Starts a task that runs until shutdown. `name` tells in logs which one ended.
    pub fn spawn(&mut self, name: &'static str, task: impl Future<Output = anyhow::Result<()>> + Send + 'static) {
        self.set.spawn(async move { (name, task.await) });
    }

    /// Waits until all tasks ended. The first that ends tells the others to stop; they have 20 s for it.
    ///
    /// # Errors
    ///
    /// The first task's error or panic, or a task that ended before it was told to.
    pub async fn join(mut self) -> anyhow::Result<()> {
        let mut outcome = Ok(());
        while let Some(ended) = self.next(self.shutdown.is_stopped()).await? {
            let result = match ended {
                Ok((name, Ok(()))) if self.shutdown.is_stopped() => {
                    tracing::debug!(task = name, "ended");
                    Ok(())
                }
                Ok((name, Ok(()))) => Err(anyhow!("task {name} ended by itself")),
                Ok((name, Err(error))) => Err(error.context(format!("task {name} failed"))),
                Err(panic) => Err(panic).context("a task panicked"),
            };
            if outcome.is_ok() {
                outcome = result;
            }
            self.shutdown.stop_now();
        }
        outcome
    }

    async fn next(
        &mut self,
        stopping: bool,
    ) -> anyhow::Result<Option<Result<(&'static str, anyhow::Result<()>), tokio::task::JoinError>>> {
        if stopping {
            tokio::time::timeout(GRACE, self.set.join_next())
                .await
                .with_context(|| format!("tasks still ran {} s after they were told to stop", GRACE.as_secs()))
        } else {
            Ok(self.set.join_next().await)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn the_death_of_a_task_ends_the_program_with_its_name() {
        let shutdown = Shutdown::new();
        let mut tasks = Tasks::new(shutdown.clone());
        let waiting = shutdown.clone();
        tasks.spawn("patient", async move {
            waiting.stopped().await;
            Ok(())
        });
        tasks.spawn("mortal", async { Err(anyhow!("no more")) });
        let error = tasks.join().await.unwrap_err();
        assert_eq!(format!("{error:#}"), "task mortal failed: no more");
    }

    #[tokio::test]
    async fn tasks_that_end_when_told_to_are_no_error() {
        let shutdown = Shutdown::new();
        let mut tasks = Tasks::new(shutdown.clone());
        tasks.spawn("patient", {
            let shutdown = shutdown.clone();
            async move {
                shutdown.stopped().await;
                Ok(())
            }
        });
        shutdown.stop_now();
        assert!(tasks.join().await.is_ok());
    }
}
