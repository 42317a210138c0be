//! The measurement of the api: every case, at several numbers of connections, beside pgbench.

use std::{fs::File, path::Path, thread::sleep, time::Duration};

use anyhow::{Context as _, ensure};

use crate::{
    ApiOptions,
    api::Api,
    case::{Case, Person, login},
    http::send,
    load,
    measured::{COMPARED, Measured, Run},
    postgres::Postgres,
    report,
    statements::{self, Script},
    usage,
};

const PEOPLE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/sql/people.sql");

pub(crate) struct Stage {
    pub(crate) postgres: Postgres,
    pub(crate) api: Api,
    people: Vec<Person>,
    folder: tempfile::TempDir,
    runs: usize,
}

/// Measures, prints the table, and writes it where it was asked for.
///
/// # Errors
///
/// Fails as well where a limit is missed.
pub(crate) fn api(options: &ApiOptions) -> anyhow::Result<()> {
    let mut stage = Stage::set(&options.api)?;
    let mut measured = Vec::new();
    let cases = if options.only.is_empty() { Case::ALL.to_vec() } else { options.only.clone() };
    for case in cases {
        measured.extend(stage.measure(case, options)?);
    }
    let rss_mb = usage::rss_mb(stage.api.pid())?;
    let misses = report::print(&measured, rss_mb);
    if let Some(page) = &options.write {
        report::write(page, &measured, rss_mb, options)?;
    }
    ensure!(misses.is_empty(), "not within the limits:\n  {}", misses.join("\n  "));
    println!("all within the limits");
    Ok(())
}

impl Stage {
    /// Postgres with people in it, and the api on it.
    pub(crate) fn set(program: &Path) -> anyhow::Result<Self> {
        eprintln!("starting Postgres and loading 240 people with 3,000 habits, and 20,000 without");
        let postgres = Postgres::start()?;
        tokio::runtime::Builder::new_current_thread().enable_all().build()?.block_on(migrate(&postgres.url()))?;
        postgres.file(Path::new(PEOPLE))?;
        postgres.sql("vacuum analyze")?;
        let folder = tempfile::tempdir()?;
        let api = Api::start(program, &postgres.url(), File::create(folder.path().join("api.log"))?)?;
        let people = (1..=240).map(|n| person(n, &api)).collect::<anyhow::Result<Vec<_>>>()?;
        load::write_facts(&folder.path().join("facts.lua"), &people)?;
        Ok(Self { postgres, api, people, folder, runs: 0 })
    }

    fn measure(&mut self, case: Case, options: &ApiOptions) -> anyhow::Result<Vec<Measured>> {
        let person = self.person_of(case)?.clone();
        // Connections open, memory is touched, and plans are made for tables as large as they are now.
        self.postgres.sql("vacuum analyze")?;
        self.run(case, COMPARED, 1)?;
        let script = statements::script(case, &person, &self.api, &self.postgres)?;
        if let Some(folder) = &options.keep_statements {
            std::fs::create_dir_all(folder)?;
            script.write(folder, case)?;
        }
        let mut all = vec![self.compare(case, &script, options)?];
        for connections in if options.only_16 { [].as_slice() } else { &[1, 64] } {
            let run = self.run(case, *connections, options.seconds())?;
            all.push(Measured { case, connections: *connections, runs: vec![run], pgbench: Vec::new() });
        }
        all.sort_by_key(|measured| measured.connections);
        Ok(all)
    }

    fn compare(&mut self, case: Case, script: &Script, options: &ApiOptions) -> anyhow::Result<Measured> {
        let mut measured = Measured { case, connections: COMPARED, runs: Vec::new(), pgbench: Vec::new() };
        let path = script.write(self.folder.path(), case)?;
        for pair in 1..=options.pairs() {
            let run = self.run(case, COMPARED, options.seconds())?;
            measured.runs.push(run);
            let mut compared = String::new();
            if script.requests > 0.0 {
                let pgbench = load::pgbench(&self.postgres, script, &path, COMPARED, options.seconds())?;
                measured.pgbench.push(pgbench);
                compared = format!(", pgbench {pgbench:.0}/s");
            }
            eprintln!("{:<28} pair {pair}: api {:.0}/s{compared}", case.title(), run.rate);
        }
        Ok(measured)
    }

    /// One of those whom the case is about.
    pub(crate) fn person_of(&self, case: Case) -> anyhow::Result<&Person> {
        self.people.iter().filter(|person| case.is_about(person)).nth(11).context("nobody")
    }

    pub(crate) fn run(&mut self, case: Case, connections: u32, seconds: u32) -> anyhow::Result<Run> {
        self.runs += 1;
        let facts = self.folder.path().join("facts.lua");
        let (api, postgres) = (self.api.pid(), self.postgres.pid()?);
        let before = (usage::cpu_ms(api)?, usage::cpu_ms(postgres)?);
        let answered = load::wrk(self.api.address, case, &facts, connections, seconds, self.runs)?;
        sleep(Duration::from_millis(50));
        let after = (usage::cpu_ms(api)?, usage::cpu_ms(postgres)?);
        Ok(Run {
            rate: answered.requests / (answered.duration_us / 1e6),
            p50_ms: answered.p50_us / 1e3,
            p99_ms: answered.p99_us / 1e3,
            api_cpu_ms: (after.0 - before.0) / answered.requests,
            postgres_cpu_ms: (after.1 - before.1) / answered.requests,
            wrong: answered.wrong,
        })
    }
}

pub(crate) async fn migrate(url: &str) -> anyhow::Result<()> {
    let pool = store::pool::lazy(url, "bench", 1, store::pool::Plans::Auto)?;
    store::schema::MIGRATIONS.run(&pool).await?;
    Ok(())
}

/// The person of this number in `people.sql`, logged in.
fn person(n: i64, api: &Api) -> anyhow::Result<Person> {
    let telegram_id = 7_000_000 + n;
    let (status, reply) = send(api.address, &login(telegram_id, n))?;
    let token = reply["access_token"].as_str().with_context(|| format!("a login was answered with {status}"))?;
    let habits = if n <= 200 { (n - 1) * 5 + 1..=n * 5 } else { 1000 + (n - 201) * 50 + 1..=1000 + (n - 200) * 50 };
    Ok(Person {
        user_id: 100_000 + n,
        telegram_id,
        n,
        token: token.to_owned(),
        habits: habits.map(|habit| 200_000 + habit).collect(),
    })
}
