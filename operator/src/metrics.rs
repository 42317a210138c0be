//! What an admin watches of the controllers, by the names of controller-runtime.
use std::time::Instant;

use prometheus::{
    HistogramOpts, HistogramVec, IntCounterVec, IntGauge, Opts, Registry, register_histogram_vec_with_registry,
    register_int_counter_vec_with_registry, register_int_gauge_with_registry,
};

const CONTROLLER: &str = "habittrackerdeployment";

/// Counts and durations of passes. Cheap to clone.
#[derive(Clone, Debug)]
pub struct ReconcileMetrics {
    passes: IntCounterVec,
    errors: IntCounterVec,
    seconds: HistogramVec,
    /// 1 while this replica leads.
    pub leader: IntGauge,
}

impl ReconcileMetrics {
    /// Adds the metrics to a registry.
    ///
    /// # Errors
    /// They are in it already.
    pub fn register(registry: &Registry) -> prometheus::Result<Self> {
        let counter = |name, help, labels: &[&str]| {
            register_int_counter_vec_with_registry!(Opts::new(name, help), labels, registry)
        };
        Ok(Self {
            passes: counter("controller_runtime_reconcile_total", "Passes by result", &["controller", "result"])?,
            errors: counter("controller_runtime_reconcile_errors_total", "Passes that failed", &["controller"])?,
            seconds: register_histogram_vec_with_registry!(
                HistogramOpts::new("controller_runtime_reconcile_time_seconds", "Duration of passes"),
                &["controller"],
                registry
            )?,
            leader: register_int_gauge_with_registry!(
                Opts::new("leader_election_master_status", "1 while this replica leads"),
                registry
            )?,
        })
    }

    /// Begins to measure a pass.
    pub fn start(&self) -> PassTimer<'_> {
        PassTimer { metrics: self, started: Instant::now() }
    }
}

/// A pass that is being measured.
pub struct PassTimer<'a> {
    metrics: &'a ReconcileMetrics,
    started: Instant,
}

impl PassTimer<'_> {
    /// Ends the measurement.
    pub fn observe(self, succeeded: bool) {
        let metrics = self.metrics;
        metrics.seconds.with_label_values(&[CONTROLLER]).observe(self.started.elapsed().as_secs_f64());
        metrics.passes.with_label_values(&[CONTROLLER, if succeeded { "success" } else { "error" }]).inc();
        if !succeeded {
            metrics.errors.with_label_values(&[CONTROLLER]).inc();
        }
    }
}
