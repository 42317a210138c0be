//! The api's own program, as it is shipped, on the benchmark's Postgres.

use std::{
    net::{SocketAddr, TcpListener},
    path::Path,
    process::{Child, Command, Stdio},
    thread::sleep,
    time::{Duration, Instant},
};

use anyhow::{Context as _, bail};

use crate::http::{Request, send};

pub(crate) const BOT_KEY: &str = "key-of-the-bot-in-benchmarks";
const READY_WITHIN: Duration = Duration::from_secs(20);

pub(crate) struct Api {
    process: Child,
    pub(crate) address: SocketAddr,
}

impl Api {
    pub(crate) fn start(program: &Path, database_url: &str) -> anyhow::Result<Self> {
        let (address, probes) = (free_address()?, free_address()?);
        let process = Command::new(program)
            .env("DATABASE_URL", database_url)
            .env("LISTEN_ADDRESS", address.to_string())
            .env("PROBE_ADDRESS", probes.to_string())
            .env("API_BOT_SHARED_KEY", BOT_KEY)
            .env("JWT_SECRET", "a-secret-of-benchmarks-that-is-long-enough")
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::inherit())
            .env("RUST_LOG", "warn")
            .spawn()
            .with_context(|| format!("cannot run {}: build it with --release", program.display()))?;
        let api = Self { process, address };
        wait_until_ready(probes)?;
        Ok(api)
    }

    pub(crate) fn pid(&self) -> u32 {
        self.process.id()
    }
}

impl Drop for Api {
    fn drop(&mut self) {
        // Nothing to lose: the database goes as well.
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

fn free_address() -> anyhow::Result<SocketAddr> {
    Ok(TcpListener::bind("127.0.0.1:0")?.local_addr()?)
}

fn wait_until_ready(probes: SocketAddr) -> anyhow::Result<()> {
    let end = Instant::now() + READY_WITHIN;
    let ready = Request { line: "GET /readyz".to_owned(), headers: Vec::new(), body: None };
    while Instant::now() < end {
        if send(probes, &ready).is_ok_and(|(status, _)| status == 200) {
            return Ok(());
        }
        sleep(Duration::from_millis(50));
    }
    bail!("the api was not ready within {} s", READY_WITHIN.as_secs())
}
