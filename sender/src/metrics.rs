//! What an admin watches of a sender.

use std::time::Duration;

use prometheus::{
    Histogram, HistogramOpts, IntCounterVec, IntGauge, Opts, Registry, register_histogram_with_registry,
    register_int_counter_vec_with_registry, register_int_gauge_with_registry,
};

/// Cheap to clone: every clone counts into the same numbers.
#[derive(Debug, Clone)]
pub(crate) struct SenderMetrics {
    deliveries: IntCounterVec,
    lateness: Histogram,
    pub(crate) in_flight: IntGauge,
}

/// How an attempt ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Outcome {
    /// Telegram took it.
    Sent,
    /// Telegram took it only without its markup: a bug of ours.
    SentPlain,
    /// Too many requests; it goes on later.
    Throttled,
    /// No answer, or an error of Telegram's own; it is tried again.
    Retried,
    /// The person blocked the bot or is gone.
    Unreachable,
    /// Nothing of it was to be said any more.
    Cancelled,
    /// It was too late for it.
    Expired,
    /// Telegram refuses it for good.
    Failed,
}

impl Outcome {
    fn as_str(self) -> &'static str {
        match self {
            Self::Sent => "sent",
            Self::SentPlain => "sent_plain",
            Self::Throttled => "throttled",
            Self::Retried => "retried",
            Self::Unreachable => "unreachable",
            Self::Cancelled => "cancelled",
            Self::Expired => "expired",
            Self::Failed => "failed",
        }
    }
}

impl SenderMetrics {
    /// Adds the metrics to a registry.
    pub(crate) fn register(registry: &Registry) -> prometheus::Result<Self> {
        let buckets = vec![0.25, 0.5, 1.0, 2.0, 5.0, 15.0, 60.0, 300.0, 1_800.0, 7_200.0];
        Ok(Self {
            deliveries: register_int_counter_vec_with_registry!(
                Opts::new("habit_deliveries_total", "Attempts to deliver, by how they ended"),
                &["outcome"],
                registry
            )?,
            lateness: register_histogram_with_registry!(
                HistogramOpts::new(
                    "habit_delivery_lateness_seconds",
                    "From the minute a message was for until Telegram took it"
                )
                .buckets(buckets),
                registry
            )?,
            in_flight: register_int_gauge_with_registry!(
                Opts::new("habit_deliveries_in_flight", "Deliveries in this sender's hands right now"),
                registry
            )?,
        })
    }

    pub(crate) fn ended(&self, outcome: Outcome) {
        self.deliveries.with_label_values(&[outcome.as_str()]).inc();
    }

    pub(crate) fn sent(&self, late_by: Duration) {
        self.lateness.observe(late_by.as_secs_f64());
    }
}
