//! The table: for the terminal, and for the page in docs.

use std::path::Path;

use crate::{
    ApiOptions,
    measured::{HEAD, Measured},
    page,
};

const RSS_LIMIT_MB: f64 = 25.0;

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

/// Writes the table into `path`.
pub(crate) fn write(path: &Path, measured: &[Measured], rss_mb: f64, options: &ApiOptions) -> anyhow::Result<()> {
    let table = page::table(&HEAD, measured.iter().map(|measured| measured.row().to_vec()));
    let (pairs, seconds) = (options.pairs(), options.seconds());
    let cores = std::thread::available_parallelism()?;
    let said = format!(
        "{cores} cores shared by the api, Postgres and the load; {pairs} pairs of {seconds} s at 16 connections, medians \
         (lowest–highest), one run at 1 and at 64. Memory of the api after all runs: {rss_mb:.1} MB."
    );
    page::write(path, "bench-api", &format!("{table}\n{said}"))
}
