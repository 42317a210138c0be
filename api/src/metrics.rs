//! What is counted of requests.

use std::time::Duration;

use axum::http::{Method, StatusCode};
use prometheus::{HistogramOpts, HistogramVec, IntCounterVec, Opts, Registry};

const BUCKETS_S: [f64; 11] = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 1.0, 2.5, 10.0];

/// Counts requests by route template, method and class of status. Cheap to clone.
#[derive(Debug, Clone)]
pub struct Metrics {
    requests: IntCounterVec,
    duration: HistogramVec,
}

impl Metrics {
    /// # Errors
    ///
    /// Fails when `registry` has metrics of these names.
    pub fn register(registry: &Registry) -> prometheus::Result<Self> {
        let requests = IntCounterVec::new(
            Opts::new("habit_http_requests_total", "Requests answered, by route template, method and class of status"),
            &["route", "method", "status"],
        )?;
        let duration = HistogramVec::new(
            HistogramOpts::new("habit_http_request_duration_seconds", "Time from a request to its answer")
                .buckets(BUCKETS_S.to_vec()),
            &["route", "method"],
        )?;
        registry.register(Box::new(requests.clone()))?;
        registry.register(Box::new(duration.clone()))?;
        Ok(Self { requests, duration })
    }

    /// Counts an answer. `route` is a template of the router, never a path.
    pub fn answered(&self, route: &str, method: &Method, status: StatusCode, took: Duration) {
        let method = label(method);
        self.requests.with_label_values(&[route, method, class(status)]).inc();
        self.duration.with_label_values(&[route, method]).observe(took.as_secs_f64());
    }
}

/// A closed set: clients may send any word as a method.
fn label(method: &Method) -> &'static str {
    match method.as_str() {
        "GET" => "GET",
        "HEAD" => "HEAD",
        "POST" => "POST",
        "PUT" => "PUT",
        "PATCH" => "PATCH",
        "DELETE" => "DELETE",
        _ => "other",
    }
}

fn class(status: StatusCode) -> &'static str {
    match status.as_u16() / 100 {
        1 => "1xx",
        2 => "2xx",
        3 => "3xx",
        4 => "4xx",
        _ => "5xx",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_method_of_the_clients_own_makes_no_series_of_its_own() {
        let registry = Registry::new();
        let metrics = Metrics::register(&registry).unwrap();
        for method in [Method::GET, Method::from_bytes(b"BREW").unwrap(), Method::from_bytes(b"STEEP").unwrap()] {
            metrics.answered("/api/v1/habits", &method, StatusCode::IM_A_TEAPOT, Duration::from_millis(3));
        }
        let text = prometheus::TextEncoder::new().encode_to_string(&registry.gather()).unwrap();
        let total =
            |method| format!(r#"habit_http_requests_total{{method="{method}",route="/api/v1/habits",status="4xx"}}"#);
        assert!(text.contains(&format!("{} 1\n", total("GET"))), "{text}");
        assert!(text.contains(&format!("{} 2\n", total("other"))), "{text}");
    }
}
