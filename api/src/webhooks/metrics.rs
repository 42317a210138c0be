//! What is counted of deliveries to webhooks.

use prometheus::{Gauge, IntCounterVec, Opts, Registry};

/// Cheap to clone.
#[derive(Debug, Clone)]
pub struct Metrics {
    deliveries: IntCounterVec,
    queue_age: Gauge,
}

impl Metrics {
    /// # Errors
    ///
    /// Fails when `registry` has metrics of these names.
    pub fn register(registry: &Registry) -> prometheus::Result<Self> {
        let deliveries = IntCounterVec::new(
            Opts::new("habit_webhook_deliveries_total", "Attempts to deliver an event to a webhook, by how they ended"),
            &["outcome"],
        )?;
        let queue_age = Gauge::new(
            "habit_webhook_queue_age_seconds",
            "How long the oldest delivery to a webhook has been due; 0 when none is",
        )?;
        registry.register(Box::new(deliveries.clone()))?;
        registry.register(Box::new(queue_age.clone()))?;
        Ok(Self { deliveries, queue_age })
    }

    pub(super) fn attempted(&self, outcome: &'static str) {
        self.deliveries.with_label_values(&[outcome]).inc();
    }

    pub(super) fn oldest_is_due_for(&self, seconds: f64) {
        self.queue_age.set(seconds);
    }
}
