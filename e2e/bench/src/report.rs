//! The table: for the terminal, and for the page in docs.

use std::{fmt::Write as _, fs, path::Path};

use anyhow::Context as _;

use crate::{
    ApiOptions,
    measure::{COMPARED, Measured, Run},
};

const BEGIN: &str = "<!-- begin of what `make bench-api` writes -->";
const END: &str = "<!-- end of what `make bench-api` writes -->";
const RSS_LIMIT_MB: f64 = 25.0;

const HEAD: [&str; 8] =
    ["request", "connections", "requests/s", "p50 ms", "p99 ms", "CPU ms: api", "CPU ms: Postgres", "of pgbench"];

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

    fn row(&self) -> [String; 8] {
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
    fn misses(&self) -> Vec<String> {
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

fn median(mut values: Vec<f64>) -> f64 {
    values.sort_by(f64::total_cmp);
    values.get(values.len() / 2).copied().unwrap_or(f64::NAN)
}

/// Prints the table; what is not as it has to be.
pub(crate) fn print(measured: &[Measured], rss_mb: f64) -> Vec<String> {
    let rows: Vec<[String; 8]> = measured.iter().map(Measured::row).collect();
    let head = HEAD.map(ToOwned::to_owned);
    let width = |at: usize| rows.iter().chain([&head]).map(|row| row[at].chars().count()).max().unwrap_or_default();
    println!();
    for row in [&head].into_iter().chain(&rows) {
        let cells: Vec<String> =
            row.iter().enumerate().map(|(at, cell)| format!("{cell:<width$}", width = width(at))).collect();
        println!("{}", cells.join("  "));
    }
    println!("\nmemory of the api after all runs: {rss_mb:.1} MB");
    let mut misses: Vec<String> = measured.iter().flat_map(Measured::misses).collect();
    if rss_mb > RSS_LIMIT_MB {
        misses.push(format!("memory {rss_mb:.1} MB, wanted {RSS_LIMIT_MB}"));
    }
    misses
}

/// Writes the table between the markers of `page`.
pub(crate) fn write(page: &Path, measured: &[Measured], rss_mb: f64, options: &ApiOptions) -> anyhow::Result<()> {
    let text = fs::read_to_string(page).with_context(|| format!("cannot read {}", page.display()))?;
    let (before, rest) = text.split_once(BEGIN).with_context(|| format!("{} lacks: {BEGIN}", page.display()))?;
    let (_, after) = rest.split_once(END).with_context(|| format!("{} lacks: {END}", page.display()))?;
    let mut table = format!("| {} |\n|{}\n", HEAD.join(" | "), "---|".repeat(HEAD.len()));
    for row in measured.iter().map(Measured::row) {
        writeln!(table, "| {} |", row.join(" | "))?;
    }
    let (pairs, seconds) = (options.pairs(), options.seconds());
    let cores = std::thread::available_parallelism()?;
    let said = format!(
        "{cores} cores shared by the api, Postgres and the load; {pairs} pairs of {seconds} s at 16 connections, medians \
         (lowest–highest), one run at 1 and at 64. Memory of the api after all runs: {rss_mb:.1} MB."
    );
    Ok(fs::write(page, format!("{before}{BEGIN}\n{table}\n{said}\n{END}{after}"))?)
}
