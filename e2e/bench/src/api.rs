//! The api's own program on the benchmark's Postgres.

use std::{fs::File, net::SocketAddr, path::Path};

use crate::program::{Program, free_address};

pub(crate) const BOT_KEY: &str = "key-of-the-bot-in-benchmarks";

pub(crate) struct Api {
    pub(crate) program: Program,
    pub(crate) address: SocketAddr,
}

impl Api {
    /// Starts it as it is configured by default. It logs into `log`.
    pub(crate) fn start(program: &Path, database_url: &str, log: File) -> anyhow::Result<Self> {
        let address = free_address()?;
        let environment = [
            ("DATABASE_URL", database_url),
            ("LISTEN_ADDRESS", &address.to_string()),
            ("API_BOT_SHARED_KEY", BOT_KEY),
            ("JWT_SECRET", "a-secret-of-benchmarks-that-is-long-enough"),
        ];
        Ok(Self { program: Program::start(program, &environment, log)?, address })
    }

    pub(crate) fn pid(&self) -> u32 {
        self.program.pid()
    }
}
