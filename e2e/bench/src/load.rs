//! Load: wrk on the api, pgbench on Postgres.

use std::{fmt::Write as _, fs, net::SocketAddr, path::Path, process::Command};

use anyhow::Context as _;
use serde::Deserialize;

use crate::{
    api::BOT_KEY,
    case::{Case, Person},
    postgres::{Postgres, run},
    statements::Script,
};

const REQUESTS: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/requests.lua");

/// What wrk saw.
#[derive(Debug, Clone, Copy, Deserialize)]
pub(crate) struct Answered {
    pub(crate) requests: f64,
    pub(crate) duration_us: f64,
    pub(crate) p50_us: f64,
    pub(crate) p99_us: f64,
    /// Answers that are no success, and requests without an answer.
    pub(crate) wrong: f64,
}

/// Writes what `requests.lua` has to know.
pub(crate) fn write_facts(path: &Path, people: &[Person]) -> anyhow::Result<()> {
    let mut lua = format!("return {{ key = \"{BOT_KEY}\", people = {{\n");
    for person in people {
        let habits: Vec<String> = person.habits.iter().map(ToString::to_string).collect();
        let (telegram_id, token, habits) = (person.telegram_id, &person.token, habits.join(", "));
        writeln!(lua, "{{ telegram_id = {telegram_id}, token = \"{token}\", habits = {{ {habits} }} }},")?;
    }
    Ok(fs::write(path, lua + "} }\n")?)
}

/// Runs wrk. `number` is one of this run alone.
pub(crate) fn wrk(
    address: SocketAddr,
    case: Case,
    facts: &Path,
    connections: u32,
    seconds: u32,
    number: usize,
) -> anyhow::Result<Answered> {
    let threads = connections.min(2).to_string();
    let mut wrk = Command::new("wrk");
    wrk.args(["--threads", &threads, "--connections", &connections.to_string()]);
    wrk.args(["--duration", &format!("{seconds}s"), "--timeout", "10s", "--script", REQUESTS]);
    wrk.arg(format!("http://{address}")).arg("--").arg(case.script()).arg(facts);
    wrk.args([&number.to_string(), &threads]);
    let output = run(&mut wrk).context("wrk (Debian's package of that name)")?;
    let json = output.lines().find(|line| line.starts_with('{')).context("wrk told nothing")?;
    Ok(serde_json::from_str(json)?)
}

/// Runs pgbench with the same statements; requests a second that they stand for.
pub(crate) fn pgbench(
    postgres: &Postgres,
    script: &Script,
    path: &Path,
    connections: u32,
    seconds: u32,
) -> anyhow::Result<f64> {
    let mut pgbench = Command::new("pgbench");
    // As the api has it: see store::pool::Plans.
    pgbench.env("PGOPTIONS", "-c plan_cache_mode=force_generic_plan");
    pgbench.args(["--no-vacuum", "--protocol", "prepared", "--jobs", "2", "--client", &connections.to_string()]);
    pgbench.args(["--time", &seconds.to_string(), "--file"]).arg(path);
    for (at, value) in script.constants.iter().enumerate() {
        pgbench.arg("--define").arg(format!("c{}={value}", at + 1));
    }
    let output = run(pgbench.arg(postgres.url()))?;
    let tps = output.lines().find_map(|line| line.strip_prefix("tps = ")).context("pgbench told no tps")?;
    let tps: f64 = tps.split_whitespace().next().unwrap_or_default().parse()?;
    Ok(tps * script.requests)
}
