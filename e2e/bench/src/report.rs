//! The table: for the terminal, and for the page in docs.

use std::{fmt::Write as _, fs, path::Path};

use anyhow::Context as _;

use crate::{
    ApiOptions,
    measured::{HEAD, Measured},
};

const BEGIN: &str = "<!-- begin of what `make bench-api` writes -->";
const END: &str = "<!-- end of what `make bench-api` writes -->";
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
