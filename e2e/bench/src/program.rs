//! A program of ours, as it is shipped, run for a benchmark.

use std::{
    fs::File,
    net::{SocketAddr, TcpListener},
    path::Path,
    process::{Child, Command, Stdio},
    thread::sleep,
    time::{Duration, Instant},
};

use anyhow::{Context as _, bail};

use crate::{
    http::{Request, send},
    postgres::run,
};

const READY_WITHIN: Duration = Duration::from_secs(20);
const GONE_WITHIN: Duration = Duration::from_secs(30);

/// Killed when it is dropped.
pub(crate) struct Program {
    name: String,
    process: Child,
    /// Where it tells how it is.
    pub(crate) probes: SocketAddr,
}

impl Program {
    /// Starts it as it is configured by default but for `environment`, and waits until it is ready. It logs into `log`.
    pub(crate) fn start(program: &Path, environment: &[(&str, &str)], log: File) -> anyhow::Result<Self> {
        let probes = free_address()?;
        let process = Command::new(program)
            .envs(environment.iter().copied())
            .env("PROBE_ADDRESS", probes.to_string())
            .env("LOG_FORMAT", "json")
            .env_remove("RUST_LOG")
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(log)
            .spawn()
            .with_context(|| format!("cannot run {}: build it with --release", program.display()))?;
        let name = program.file_name().unwrap_or_default().to_string_lossy().into_owned();
        let program = Self { name, process, probes };
        program.wait_until_ready()?;
        Ok(program)
    }

    pub(crate) fn pid(&self) -> u32 {
        self.process.id()
    }

    /// Ends it as Kubernetes does, and waits until it is gone.
    pub(crate) fn stop(mut self) -> anyhow::Result<()> {
        run(Command::new("kill").args(["-TERM", &self.pid().to_string()]))?;
        let end = Instant::now() + GONE_WITHIN;
        while Instant::now() < end {
            if let Some(status) = self.process.try_wait()? {
                anyhow::ensure!(status.success(), "{} ended with {status}", self.name);
                return Ok(());
            }
            sleep(Duration::from_millis(5));
        }
        bail!("{} was still there {} s after SIGTERM", self.name, GONE_WITHIN.as_secs())
    }

    fn wait_until_ready(&self) -> anyhow::Result<()> {
        let end = Instant::now() + READY_WITHIN;
        let ready = Request { line: "GET /readyz".to_owned(), headers: Vec::new(), body: None };
        while Instant::now() < end {
            if send(self.probes, &ready).is_ok_and(|(status, _)| status == 200) {
                return Ok(());
            }
            sleep(Duration::from_millis(10));
        }
        bail!("{} was not ready within {} s", self.name, READY_WITHIN.as_secs())
    }
}

impl Drop for Program {
    fn drop(&mut self) {
        // Nothing to lose: the database goes as well.
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

pub(crate) fn free_address() -> anyhow::Result<SocketAddr> {
    Ok(TcpListener::bind("127.0.0.1:0")?.local_addr()?)
}
