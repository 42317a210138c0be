//! What an admin watches of the loops.

use prometheus::{
    IntCounter, IntCounterVec, IntGauge, Opts, Registry, register_int_counter_vec_with_registry,
    register_int_counter_with_registry, register_int_gauge_with_registry,
};

/// Counts over all deployments whose loops run in this process. Cheap to clone.
#[derive(Debug, Clone)]
pub struct LoopMetrics {
    /// Reminders that became part of a delivery.
    pub(super) made: IntCounter,
    /// Reminders and deliveries that were too late to be sent.
    pub(super) expired: IntCounter,
    /// Deliveries given to the stream.
    pub(super) queued: IntCounter,
    /// Deliveries that the stream or a sender lost, by why.
    pub(super) requeued: IntCounterVec,
    /// Streaks that ended on a missed day.
    pub(super) streaks_ended: IntCounter,
    /// Ticks that failed, by loop.
    pub(super) failures: IntCounterVec,
    /// Deliveries in the stream at the last tick.
    pub(super) stream_length: IntGauge,
    /// Deployments whose loops are led from here.
    pub(super) leading: IntGauge,
}

impl LoopMetrics {
    /// Adds the metrics to a registry.
    ///
    /// # Errors
    ///
    /// Fails when they are in it already.
    pub fn register(registry: &Registry) -> prometheus::Result<Self> {
        let counter = |name, help| register_int_counter_with_registry!(Opts::new(name, help), registry);
        let gauge = |name, help| register_int_gauge_with_registry!(Opts::new(name, help), registry);
        let vector =
            |name, help, label| register_int_counter_vec_with_registry!(Opts::new(name, help), &[label], registry);
        Ok(Self {
            made: counter("habit_reminders_made_total", "Reminders that became part of a delivery")?,
            expired: counter("habit_reminders_expired_total", "Reminders that were too late to be sent")?,
            queued: counter("habit_deliveries_queued_total", "Deliveries given to the stream")?,
            requeued: vector("habit_deliveries_requeued_total", "Deliveries that were lost on their way", "reason")?,
            streaks_ended: counter("habit_streaks_ended_total", "Streaks that ended on a missed day")?,
            failures: vector("habit_loop_failures_total", "Ticks that failed", "loop")?,
            stream_length: gauge("habit_stream_length", "Deliveries in the stream at the last tick")?,
            leading: gauge("habit_loops_leading", "Deployments whose loops are led from here")?,
        })
    }
}
