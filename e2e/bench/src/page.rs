//! Pages of docs that hold what a benchmark measured.

use std::{fs, path::Path};

use anyhow::Context as _;

/// Writes `text` between the markers of a benchmark, by the name of its make target.
pub(crate) fn write(page: &Path, benchmark: &str, text: &str) -> anyhow::Result<()> {
    let [begin, end] = ["begin", "end"].map(|what| format!("<!-- {what} of what `make {benchmark}` writes -->"));
    let whole = fs::read_to_string(page).with_context(|| format!("cannot read {}", page.display()))?;
    let (before, rest) = whole.split_once(&begin).with_context(|| format!("{} lacks: {begin}", page.display()))?;
    let (_, after) = rest.split_once(&end).with_context(|| format!("{} lacks: {end}", page.display()))?;
    Ok(fs::write(page, format!("{before}{begin}\n{text}\n{end}{after}"))?)
}

/// A table of Markdown.
pub(crate) fn table(head: &[&str], rows: impl Iterator<Item = Vec<String>>) -> String {
    let line = |cells: &[&str]| format!("| {} |\n", cells.join(" | "));
    let rows = rows.map(|row| line(&row.iter().map(String::as_str).collect::<Vec<_>>()));
    format!("{}|{}\n{}", line(head), "---|".repeat(head.len()), rows.collect::<String>())
}
