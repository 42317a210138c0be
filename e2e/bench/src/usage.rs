//! What processes used, from /proc (`man 5 proc`).

use std::fs;

use anyhow::Context as _;

/// Clock ticks of /proc are hundredths of a second on every Linux.
const TICK_MS: f64 = 10.0;

/// CPU time of a process, in ms, with that of children that ended.
fn own(pid: u32) -> Option<(u32, f64)> {
    let stat = fs::read_to_string(format!("/proc/{pid}/stat")).ok()?;
    // The name, in parentheses, may hold anything: fields count from behind it.
    let fields: Vec<&str> = stat.rsplit_once(')')?.1.split_whitespace().collect();
    let parent = fields.get(1)?.parse().ok()?;
    let ticks: f64 = fields.get(11..15)?.iter().filter_map(|field| field.parse::<f64>().ok()).sum();
    Some((parent, ticks * TICK_MS))
}

/// CPU time of a process and its children, living and ended, in ms.
pub(crate) fn cpu_ms(pid: u32) -> anyhow::Result<f64> {
    let mut total = own(pid).with_context(|| format!("process {pid} is gone"))?.1;
    for entry in fs::read_dir("/proc")?.flatten() {
        let child = entry.file_name().to_string_lossy().parse().ok().and_then(own);
        total += child.filter(|(parent, _)| *parent == pid).map_or(0.0, |(_, ms)| ms);
    }
    Ok(total)
}

/// Memory of a process that is in RAM, in MB.
pub(crate) fn rss_mb(pid: u32) -> anyhow::Result<f64> {
    let status = fs::read_to_string(format!("/proc/{pid}/status"))?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:")).context("no VmRSS")?;
    let kb: f64 = line.split_whitespace().next().unwrap_or_default().parse()?;
    Ok(kb / 1024.0)
}
