//! Numbers about the bot, for Prometheus.

use std::time::Duration;

use prometheus::{HistogramOpts, HistogramVec, IntCounterVec, Opts, Registry};

/// What became of an update.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Outcome {
    Handled,
    /// The person was asked to try again.
    Failed,
    /// Left for the next process, because this one ends.
    Left,
}

impl Outcome {
    fn label(self) -> &'static str {
        match self {
            Self::Handled => "handled",
            Self::Failed => "failed",
            Self::Left => "left",
        }
    }
}

/// Cheap to clone.
#[derive(Debug, Clone)]
pub struct Metrics {
    updates: IntCounterVec,
    duration: HistogramVec,
}

impl Metrics {
    /// # Errors
    ///
    /// Fails when `registry` has metrics of these names.
    pub fn register(registry: &Registry) -> prometheus::Result<Self> {
        let updates = IntCounterVec::new(
            Opts::new("habit_bot_updates_total", "Updates of Telegram by what they are and what became of them."),
            &["kind", "outcome"],
        )?;
        let duration = HistogramVec::new(
            HistogramOpts::new("habit_bot_update_duration_seconds", "Time from taking an update to its last answer.")
                .buckets(vec![0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 15.0, 30.0]),
            &["kind"],
        )?;
        registry.register(Box::new(updates.clone()))?;
        registry.register(Box::new(duration.clone()))?;
        Ok(Self { updates, duration })
    }

    pub(crate) fn note(&self, kind: &'static str, outcome: Outcome, took: Duration) {
        self.updates.with_label_values(&[kind, outcome.label()]).inc();
        self.duration.with_label_values(&[kind]).observe(took.as_secs_f64());
    }
}
