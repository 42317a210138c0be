//! A Postgres that lives as long as a benchmark.

use std::{
    fs,
    io::{Read as _, Seek as _, SeekFrom},
    net::TcpListener,
    path::{Path, PathBuf},
    process::Command,
};

use anyhow::{Context as _, bail};
use serde::Deserialize;

/// The script that makes it, beside this crate.
const SCRIPT: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/postgres");

pub(crate) struct Postgres {
    folder: PathBuf,
    pub(crate) port: u16,
}

/// A line of Postgres' own log in JSON.
#[derive(Debug, Deserialize)]
pub(crate) struct LogLine {
    pub(crate) application_name: Option<String>,
    pub(crate) message: String,
    pub(crate) detail: Option<String>,
}

impl Postgres {
    pub(crate) fn start() -> anyhow::Result<Self> {
        let folder = std::env::temp_dir().join(format!("habit-bench-{}", std::process::id()));
        let port = TcpListener::bind("127.0.0.1:0")?.local_addr()?.port();
        let this = Self { folder, port };
        run(Command::new(SCRIPT).arg("up").arg(&this.folder).arg(port.to_string()))?;
        Ok(this)
    }

    pub(crate) fn url(&self) -> String {
        format!("postgres://postgres@127.0.0.1:{}/postgres", self.port)
    }

    /// The process whose children are the backends.
    pub(crate) fn pid(&self) -> anyhow::Result<u32> {
        let text = fs::read_to_string(self.folder.join("postmaster.pid"))?;
        text.lines().next().unwrap_or_default().parse().context("postmaster.pid holds no number")
    }

    /// Runs SQL; what it returns, unaligned.
    pub(crate) fn sql(&self, sql: &str) -> anyhow::Result<String> {
        run(self.psql().args(["--command", sql]))
    }

    pub(crate) fn file(&self, file: &Path) -> anyhow::Result<String> {
        run(self.psql().arg("--file").arg(file))
    }

    fn psql(&self) -> Command {
        let mut psql = Command::new("psql");
        psql.args(["--quiet", "--no-psqlrc", "--no-align", "--tuples-only", "--set", "ON_ERROR_STOP=1"]);
        psql.arg("--dbname").arg(self.url());
        psql
    }

    /// What is logged while `act` runs, with every statement among it.
    pub(crate) fn logged(&self, act: impl FnOnce() -> anyhow::Result<()>) -> anyhow::Result<Vec<LogLine>> {
        let mut log = fs::File::open(self.folder.join("log/bench.json"))?;
        self.log_statements("all")?;
        let from = log.seek(SeekFrom::End(0))?;
        let acted = act();
        // The collector writes in order: what is asked last is found last.
        let mark = format!("select 'mark {from}'");
        self.sql(&mark)?;
        let mut text = String::new();
        let end = std::time::Instant::now() + std::time::Duration::from_secs(5);
        while !text.contains(&mark) {
            if std::time::Instant::now() > end {
                bail!("the log of statements did not come");
            }
            log.read_to_string(&mut text)?;
        }
        self.log_statements("none")?;
        acted?;
        text.lines().map(|line| serde_json::from_str(line).with_context(|| format!("in the log: {line}"))).collect()
    }

    /// Waits until open connections know it as well.
    fn log_statements(&self, which: &str) -> anyhow::Result<()> {
        self.sql(&format!("alter system set log_statement = '{which}'"))?;
        self.sql("select pg_reload_conf()")?;
        std::thread::sleep(std::time::Duration::from_millis(300));
        Ok(())
    }
}

impl Drop for Postgres {
    fn drop(&mut self) {
        if let Err(error) = run(Command::new(SCRIPT).arg("down").arg(&self.folder)) {
            eprintln!("error: {error:#}");
        }
    }
}

/// Runs a program to its end; its output.
///
/// # Errors
///
/// Fails with what it said on standard error.
pub(crate) fn run(command: &mut Command) -> anyhow::Result<String> {
    let program = command.get_program().to_string_lossy().into_owned();
    let output = command.output().with_context(|| format!("cannot run {program}"))?;
    if !output.status.success() {
        bail!("{program} failed: {}", String::from_utf8_lossy(&output.stderr).trim());
    }
    Ok(String::from_utf8_lossy(&output.stdout).into_owned())
}
