//! What was measured of a case, and how it stands against its limits.

use crate::case::Case;

/// The connections at which api and pgbench are compared.
pub(crate) const COMPARED: u32 = 16;

/// What [`Measured::row`] tells.
pub(crate) const HEAD: [&str; 8] =
    ["request", "connections", "requests/s", "p50 ms", "p99 ms", "CPU ms: api", "CPU ms: Postgres", "of pgbench"];

/// One run of the api.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Run {
    pub(crate) rate: f64,
    pub(crate) p50_ms: f64,
    pub(crate) p99_ms: f64,
    pub(crate) api_cpu_ms: f64,
    pub(crate) postgres_cpu_ms: f64,
    pub(crate) wrong: f64,
}

/// All runs of a case at a number of connections.
#[derive(Debug)]
pub(crate) struct Measured {
    pub(crate) case: Case,
    pub(crate) connections: u32,
    pub(crate) runs: Vec<Run>,
    /// Requests a second of pgbench, in the order of the runs it was alternated with.
    pub(crate) pgbench: Vec<f64>,
}

impl Measured {
    fn median(&self, of: impl Fn(&Run) -> f64) -> f64 {
        median(self.runs.iter().map(of).collect())
    }

    /// The median of the pairs, each within itself.
    fn percent_of_pgbench(&self) -> Option<f64> {
        let pairs: Vec<f64> =
            self.runs.iter().zip(&self.pgbench).map(|(run, pgbench)| 100.0 * run.rate / pgbench).collect();
        (!pairs.is_empty()).then(|| median(pairs))
    }

    pub(crate) fn row(&self) -> [String; 8] {
        let rates = self.runs.iter().map(|run| run.rate);
        let (low, high) = (rates.clone().fold(f64::MAX, f64::min), rates.fold(0.0, f64::max));
        let spread = if self.runs.len() > 1 { format!(" ({low:.0}–{high:.0})") } else { String::new() };
        [
            self.case.title().to_owned(),
            self.connections.to_string(),
            format!("{:.0}{spread}", self.median(|run| run.rate)),
            format!("{:.2}", self.median(|run| run.p50_ms)),
            format!("{:.2}", self.median(|run| run.p99_ms)),
            format!("{:.3}", self.median(|run| run.api_cpu_ms)),
            format!("{:.3}", self.median(|run| run.postgres_cpu_ms)),
            self.percent_of_pgbench()
                .map_or("–".to_owned(), |percent| format!("{percent:.0} % of {:.0}/s", median(self.pgbench.clone()))),
        ]
    }

    /// What is not as it has to be.
    pub(crate) fn misses(&self) -> Vec<String> {
        let limits = self.case.limits();
        let mut misses = Vec::new();
        let mut over = |what: &str, found: f64, limit: f64, is_missed: bool| {
            if is_missed {
                misses.push(format!("{}: {what} {found:.3}, wanted {limit}", self.case.title()));
            }
        };
        if self.connections == COMPARED {
            let (cpu_ms, p99_ms) = (self.median(|run| run.api_cpu_ms), self.median(|run| run.p99_ms));
            over("CPU ms of the api", cpu_ms, limits.cpu_ms, cpu_ms > limits.cpu_ms);
            over("p99 ms", p99_ms, limits.p99_ms, p99_ms > limits.p99_ms);
            if let Some(percent) = self.percent_of_pgbench() {
                over("percent of pgbench", percent, limits.percent_of_pgbench, percent < limits.percent_of_pgbench);
            }
        }
        let wrong: f64 = self.runs.iter().map(|run| run.wrong).sum();
        over("requests that failed", wrong, 0.0, wrong > 0.0);
        misses
    }
}

pub(crate) fn median(mut values: Vec<f64>) -> f64 {
    values.sort_by(f64::total_cmp);
    values.get(values.len() / 2).copied().unwrap_or(f64::NAN)
}
