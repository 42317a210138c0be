//! Postgres, the api, a Telegram without limits in this process, and the bot between them.

use std::{
    fs::File,
    path::{Path, PathBuf},
    time::{Duration, Instant},
};

use anyhow::Context as _;
use telegram_simulator::{Bounds, Control, Options, SAMPLE_TOKEN, Simulator};
use tokio::task::spawn_blocking;

use crate::{
    BotOptions,
    api::{Api, BOT_KEY},
    measure::migrate,
    postgres::Postgres,
    program::Program,
    usage,
};

const PEOPLE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/sql/dialogues.sql");

/// How long the bot is there between two restarts.
const STAYS: Duration = Duration::from_secs(1);

/// Its parts end in the order of the fields.
pub(crate) struct Stage {
    bot: Option<Program>,
    api: Api,
    pub(crate) postgres: Postgres,
    pub(crate) control: Control,
    telegram: Simulator,
    program: PathBuf,
    folder: tempfile::TempDir,
    starts: u32,
}

/// What the programs used since they began.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Used {
    /// Requests of the bot that the api answered.
    pub(crate) requests: f64,
    pub(crate) bot_cpu_ms: f64,
    pub(crate) api_cpu_ms: f64,
    pub(crate) postgres_cpu_ms: f64,
}

impl Used {
    pub(crate) fn since(&self, before: &Self) -> Self {
        Self {
            requests: self.requests - before.requests,
            bot_cpu_ms: self.bot_cpu_ms - before.bot_cpu_ms,
            api_cpu_ms: self.api_cpu_ms - before.api_cpu_ms,
            postgres_cpu_ms: self.postgres_cpu_ms - before.postgres_cpu_ms,
        }
    }
}

impl Stage {
    pub(crate) async fn set(options: &BotOptions) -> anyhow::Result<Self> {
        eprintln!("starting Postgres with 10,000 people, the api, Telegram's simulator and the bot");
        let postgres = Postgres::start()?;
        migrate(&postgres.url()).await?;
        postgres.file(Path::new(PEOPLE))?;
        postgres.sql("vacuum analyze")?;
        let folder = tempfile::tempdir()?;
        let api = Api::start(&options.api, &postgres.url(), File::create(folder.path().join("api.log"))?)?;
        let telegram = Options::with_token(SAMPLE_TOKEN).without_limits();
        let bounds = Bounds { messages_per_chat: 10, versions_per_message: 1, calls: 100, ..Bounds::default() };
        let telegram = Simulator::start(Options { bounds, ..telegram }).await?;
        let control = telegram.control();
        let program = options.bot.clone();
        let mut stage = Self { bot: None, api, postgres, control, telegram, program, folder, starts: 0 };
        stage.start_bot().await?;
        Ok(stage)
    }

    pub(crate) fn bot_pid(&self) -> anyhow::Result<u32> {
        Ok(self.bot.as_ref().context("no bot runs")?.pid())
    }

    /// What the programs used since they began.
    pub(crate) async fn used(&self) -> anyhow::Result<Used> {
        let metrics = reqwest::get(format!("http://{}/metrics", self.api.program.probes)).await?.text().await?;
        Ok(Used {
            requests: requests(&metrics),
            bot_cpu_ms: usage::cpu_ms(self.bot_pid()?)?,
            api_cpu_ms: usage::cpu_ms(self.api.pid())?,
            postgres_cpu_ms: usage::cpu_ms(self.postgres.pid()?)?,
        })
    }

    /// As a rollout does that is allowed one poller: the old one ends, then the new one begins. How long that took.
    pub(crate) async fn restart_bot(&mut self) -> anyhow::Result<Duration> {
        let begun = Instant::now();
        if let Some(bot) = self.bot.take() {
            spawn_blocking(|| bot.stop()).await??;
        }
        self.start_bot().await?;
        Ok(begun.elapsed())
    }

    /// Restarts it as often, with a second in between. The longest that one restart took.
    pub(crate) async fn restart_bot_often(&mut self, times: u32) -> anyhow::Result<Option<Duration>> {
        let mut longest = None;
        for _ in 0..times {
            tokio::time::sleep(STAYS).await;
            longest = longest.max(Some(self.restart_bot().await?));
        }
        Ok(longest)
    }

    async fn start_bot(&mut self) -> anyhow::Result<()> {
        self.starts += 1;
        let log = File::create(self.folder.path().join(format!("bot-{}.log", self.starts)))?;
        let (program, telegram) = (self.program.clone(), self.telegram.url());
        let api = format!("http://{}", self.api.address);
        let start = move || {
            let environment = [
                ("TELEGRAM_BOT_TOKEN", SAMPLE_TOKEN),
                ("TELEGRAM_API_URL", &telegram),
                ("API_URL", &api),
                ("API_BOT_SHARED_KEY", BOT_KEY),
            ];
            Program::start(&program, &environment, log)
        };
        self.bot = Some(spawn_blocking(start).await??);
        Ok(())
    }
}

/// Requests of people and for them, in the api's metrics: those that ask after its health are left out.
fn requests(metrics: &str) -> f64 {
    let counted = metrics
        .lines()
        .filter(|line| line.starts_with("habit_http_requests_total") && line.contains(r#"route="/api/v1/"#));
    counted.filter_map(|line| line.rsplit_once(' ')?.1.parse::<f64>().ok()).sum()
}
