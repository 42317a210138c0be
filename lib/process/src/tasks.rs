//! The tasks of a program, and an owner that notices when one dies.

use std::time::Duration;

use anyhow::{Context as _, anyhow};
use tokio::task::{JoinError, JoinSet};

use crate::Shutdown;

/// How long all tasks together may take to finish what is in hand once they are told to stop. With the moment that
/// [`Shutdown`] waits before it tells them, this is below a pod's 30 s grace period.
const GRACE: Duration = Duration::from_secs(24);

/// Runs the program's tasks; the end of any of them ends all.
#[derive(Debug)]
pub struct Tasks {
    shutdown: Shutdown,
    grace: Duration,
    set: JoinSet<(&'static str, anyhow::Result<()>)>,
}

impl Tasks {
    pub fn new(shutdown: Shutdown) -> Self {
        Self { shutdown, grace: GRACE, set: JoinSet::new() }
    }

    /// Starts a task that runs until shutdown. `name` tells in logs which one ended.
    pub fn spawn(&mut self, name: &'static str, task: impl Future<Output = anyhow::Result<()>> + Send + 'static) {
        self.set.spawn(async move { (name, task.await) });
    }

    /// Waits until all tasks ended. The first that ends tells the others to stop; together they have 24 s for it.
    ///
    /// The time begins when the shutdown says stop, so tasks that have tasks of their own end by the same instant.
    ///
    /// # Errors
    ///
    /// The first task's error or panic, a task that ended before it was told to, or one that did not end in time.
    pub async fn join(mut self) -> anyhow::Result<()> {
        let (shutdown, grace) = (self.shutdown.clone(), self.grace);
        let mut too_late = std::pin::pin!(async move {
            shutdown.stopped().await;
            tokio::time::sleep(grace).await;
        });
        let mut outcome = Ok(());
        loop {
            let ended = tokio::select! {
                biased;
                ended = self.set.join_next() => ended,
                () = &mut too_late => {
                    return outcome.and(Err(anyhow!("tasks still ran {grace:?} after they were told to stop")));
                }
            };
            let Some(ended) = ended else { return outcome };
            outcome = outcome.and(self.result_of(ended));
            self.shutdown.stop_now();
        }
    }

    fn result_of(&self, ended: Result<(&'static str, anyhow::Result<()>), JoinError>) -> anyhow::Result<()> {
        match ended {
            Ok((name, Ok(()))) if self.shutdown.is_stopped() => {
                tracing::debug!(task = name, "ended");
                Ok(())
            }
            Ok((name, Ok(()))) => Err(anyhow!("task {name} ended by itself")),
            Ok((name, Err(error))) => Err(error.context(format!("task {name} failed"))),
            Err(panic) => Err(panic).context("a task panicked"),
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
    /// Runs until `pause` after it was told to stop.
    async fn slow(shutdown: Shutdown, pause: Duration) -> anyhow::Result<()> {
        shutdown.stopped().await;
        tokio::time::sleep(pause).await;
        Ok(())
    }

    #[tokio::test]
    async fn tasks_that_end_one_after_another_share_one_grace() {
        let shutdown = Shutdown::new();
        let mut tasks = Tasks { grace: Duration::from_millis(300), ..Tasks::new(shutdown.clone()) };
        for step in 1..=20 {
            tasks.spawn("slow", slow(shutdown.clone(), Duration::from_millis(150) * step));
        }
        shutdown.stop_now();
        let error = tasks.join().await.unwrap_err();
        assert_eq!(error.to_string(), "tasks still ran 300ms after they were told to stop");
    }

    #[tokio::test]
    async fn tasks_within_tasks_end_by_the_same_instant() {
        let shutdown = Shutdown::new();
        let grace = Duration::from_millis(200);
        let mut inner = Tasks { grace, ..Tasks::new(shutdown.child()) };
        inner.spawn("stuck", std::future::pending());
        let mut outer = Tasks { grace: grace * 20, ..Tasks::new(shutdown.clone()) };
        outer.spawn("inner", inner.join());
        outer.spawn("slow", slow(shutdown.clone(), grace * 5));
        shutdown.stop_now();
        let error = outer.join().await.unwrap_err();
        assert_eq!(format!("{error:#}"), "task inner failed: tasks still ran 200ms after they were told to stop");
    }

    #[tokio::test]
    async fn the_reason_of_the_end_outlives_those_that_hang() {
        let mut tasks = Tasks { grace: Duration::from_millis(100), ..Tasks::new(Shutdown::new()) };
        tasks.spawn("stuck", std::future::pending());
        tasks.spawn("mortal", async { Err(anyhow!("no more")) });
        assert_eq!(format!("{:#}", tasks.join().await.unwrap_err()), "task mortal failed: no more");
    }
}
