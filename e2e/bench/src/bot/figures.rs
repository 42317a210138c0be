//! What was measured of the bot, and how it stands against its limits.

use std::time::Duration;

use crate::{
    BotOptions,
    bot::{stage::Used, taps::Taps},
    measured::median,
    page,
};

const MEMORY_MB: f64 = 60.0;
const P50_MS: f64 = 50.0;
const P99_MS: f64 = 200.0;
const REQUESTS: f64 = 1.0;
const FIRST_REQUESTS: f64 = 2.0;

/// Taps at a steady pace, and what the programs used for them.
#[derive(Debug)]
pub(crate) struct Steady {
    pub(crate) taps: Taps,
    pub(crate) used: Used,
}

impl Steady {
    fn per_tap(&self, used: &dyn Fn(&Used) -> f64) -> f64 {
        used(&self.used) / f64::from(self.taps.count())
    }
}

#[derive(Debug)]
pub(crate) struct Figures {
    pub(crate) dialogues: usize,
    /// Memory of the bot with so many dialogues open.
    pub(crate) dialogues_mb: f64,
    /// The same after the taps.
    pub(crate) after_taps_mb: f64,
    pub(crate) steady: Vec<Steady>,
    /// The first tap of each person after a restart.
    pub(crate) first: Steady,
    pub(crate) restarts: u32,
    pub(crate) under_restarts: Taps,
    /// The longest time from the SIGTERM of a bot to the readiness of the next.
    pub(crate) longest_restart: Duration,
    /// Habits whose day is another in the database than was wanted last.
    pub(crate) wrong_states: u32,
}

/// A line of the table.
struct Row {
    what: String,
    found: String,
    wanted: String,
    is_missed: bool,
}

impl Row {
    /// A number that must not exceed its limit.
    fn at_most(what: impl Into<String>, found: f64, spread: &str, limit: f64, unit: &str) -> Self {
        let digits = if limit < 10.0 { 2 } else { 1 };
        Self {
            what: what.into(),
            found: format!("{found:.digits$}{unit}{spread}"),
            wanted: format!("≤ {limit}{unit}"),
            is_missed: found.is_nan() || found > limit + 0.005,
        }
    }

    fn none(what: String, found: u32, of: &str) -> Self {
        Self { what, found: format!("{found}{of}"), wanted: "0".to_owned(), is_missed: found > 0 }
    }

    fn told(what: impl Into<String>, found: String) -> Self {
        Self { what: what.into(), found, wanted: "–".to_owned(), is_missed: false }
    }
}

impl Figures {
    fn rows(&self) -> Vec<Row> {
        let of = |value: &dyn Fn(&Steady) -> f64| -> Vec<f64> { self.steady.iter().map(value).collect() };
        let per_tap = |used: &dyn Fn(&Used) -> f64| of(&|steady| steady.per_tap(used));
        let p50 = of(&|steady| steady.taps.percentile_ms(50));
        let p99 = of(&|steady| steady.taps.percentile_ms(99));
        let requests = per_tap(&|used| used.requests);
        let cpu =
            [per_tap(&|used| used.bot_cpu_ms), per_tap(&|used| used.api_cpu_ms), per_tap(&|used| used.postgres_cpu_ms)];
        let [bot, api, postgres] = cpu.map(|runs| format!("{:.2}", median(runs)));
        let first = self.first.per_tap(&|used| used.requests);
        let (restarts, under) = (self.restarts, &self.under_restarts);
        let of_taps = format!(" of {}", under.count());
        let steady: u32 = self.steady.iter().map(|run| run.taps.count()).sum();
        let lost = |taps: &Taps| taps.lost + taps.unanswered;
        let [p50_under, p99_under, most] = [50, 99, 100].map(|percent| under.percentile_ms(percent));
        vec![
            Row::at_most(
                format!("memory with {} dialogues open", self.dialogues),
                self.dialogues_mb,
                "",
                MEMORY_MB,
                " MB",
            ),
            Row::at_most("memory after all taps", self.after_taps_mb, "", MEMORY_MB, " MB"),
            Row::at_most("tap → edited message, p50", median(p50.clone()), &spread(&p50), P50_MS, " ms"),
            Row::at_most("tap → edited message, p99", median(p99.clone()), &spread(&p99), P99_MS, " ms"),
            Row::none(
                "taps lost or unanswered".to_owned(),
                self.steady.iter().map(|run| lost(&run.taps)).sum(),
                &format!(" of {steady}"),
            ),
            Row::at_most("requests to the api for a tap", median(requests), "", REQUESTS, ""),
            Row::at_most("the same for a person's first tap", first, "", FIRST_REQUESTS, ""),
            Row::told("CPU for a tap: bot, api, Postgres", format!("{bot}, {api}, {postgres} ms")),
            Row::none(format!("taps lost or unanswered over {restarts} restarts"), lost(under), &of_taps),
            Row::none("days that are not as the last tap wanted".to_owned(), self.wrong_states, ""),
            Row::told(
                "tap → edited message under restarts, p50, p99, longest",
                format!("{p50_under:.0}, {p99_under:.0}, {most:.0} ms"),
            ),
            Row::told(
                "longest restart, from SIGTERM until the next is ready",
                format!("{:.0} ms", self.longest_restart.as_secs_f64() * 1e3),
            ),
        ]
    }

    pub(crate) fn print(&self) {
        let rows = self.rows();
        let width =
            |of: &dyn Fn(&Row) -> &str| rows.iter().map(|row| of(row).chars().count()).max().unwrap_or_default();
        let (what, found) = (width(&|row| &row.what), width(&|row| &row.found));
        println!();
        for row in &rows {
            println!("{:<what$}  {:<found$}  {}", row.what, row.found, row.wanted);
        }
        println!();
    }

    /// What is not as it has to be.
    pub(crate) fn misses(&self) -> Vec<String> {
        let missed = self.rows().into_iter().filter(|row| row.is_missed);
        missed.map(|row| format!("{}: {}, wanted {}", row.what, row.found, row.wanted)).collect()
    }

    /// The table for a page.
    pub(crate) fn page(&self, options: &BotOptions) -> anyhow::Result<String> {
        let rows = self.rows().into_iter().map(|row| vec![row.what, row.found, row.wanted]);
        let table = page::table(&["", "measured", "wanted"], rows);
        let cores = std::thread::available_parallelism()?;
        let (runs, seconds) = (options.runs(), options.run_time().as_secs());
        let (taps, people) = (options.taps_per_second, options.tappers());
        Ok(format!(
            "{table}\n{cores} cores shared by the bot, the api, Postgres, the simulator and the load; {runs} runs of {seconds} s \
             at {taps} taps a second of {people} people in turn, medians (lowest–highest)."
        ))
    }
}

fn spread(runs: &[f64]) -> String {
    let (low, high) = (runs.iter().copied().fold(f64::MAX, f64::min), runs.iter().copied().fold(0.0, f64::max));
    if runs.len() > 1 { format!(" ({low:.1}–{high:.1})") } else { String::new() }
}
