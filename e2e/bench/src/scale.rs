//! 1,000,000 habits: what the hot statements' plans are, and how long the ends of many streaks take.

use std::{
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    thread,
    time::{Duration, Instant},
};

use anyhow::{Context as _, ensure};
use chrono::TimeDelta;
use sqlx::{Connection as _, PgConnection};

use crate::{
    ScaleOptions,
    case::Case,
    measure::Stage,
    measured::COMPARED,
    plans,
    postgres::Postgres,
    statements::{self, Statement},
};

const MILLION: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/sql/million.sql");
/// By this name the log tells the loops' statements from others.
const LOOPS: &str = "loops";
const BROKEN: u64 = 144_000;
/// Those of a week end with the day after the last one that was done, so that its date in UTC is that of the day itself.
const END_STREAKS: &str = "streak_expires_at = case when schedules = '{}' then now() - interval '1 minute'
    else current_date::timestamp at time zone 'Africa/Johannesburg' end";

/// What is wanted of the ends of that many streaks.
const ALONE_MAX: Duration = Duration::from_secs(5);
const BESIDE_MAX: Duration = Duration::from_secs(15);
const BATCH_MAX: Duration = Duration::from_millis(250);
const KEPT_MIN_PERCENT: f64 = 80.0;

/// How the ends of many streaks went.
#[derive(Debug, Clone, Copy, Default)]
struct Expiry {
    total: Duration,
    longest: Duration,
    ended: u64,
}

/// Loads a million habits, checks the plans, and measures the end of 144,000 streaks, alone and beside the mix.
///
/// # Errors
///
/// Fails as well where a plan reads a whole table, or a limit is missed.
pub(crate) fn scale(options: &ScaleOptions) -> anyhow::Result<()> {
    let mut stage = Stage::set(&options.api)?;
    eprintln!("loading 1,000,000 habits of 100,000 people");
    stage.postgres.file(MILLION.as_ref())?;
    stage.postgres.sql("vacuum analyze")?;
    check_plans(&stage)?;
    if options.only_plans {
        return Ok(());
    }
    let alone = {
        break_streaks(&stage.postgres)?;
        expire(&stage.postgres.url_of(LOOPS), options)?
    };
    println!("144,000 streaks of 1,000,000, alone: {}", alone.told());
    let (beside, kept_percent) = beside_the_mix(&mut stage, options)?;
    let missed = [
        (alone.total > ALONE_MAX, "alone they take too long"),
        (beside.total > BESIDE_MAX, "beside the mix they take too long"),
        (alone.longest.max(beside.longest) > BATCH_MAX, "a batch takes too long"),
        (kept_percent < KEPT_MIN_PERCENT, "the mix loses too much"),
    ];
    let missed: Vec<&str> = missed.into_iter().filter_map(|(is_missed, what)| is_missed.then_some(what)).collect();
    ensure!(missed.is_empty(), "not within the limits: {}", missed.join("; "));
    println!("all within the limits");
    Ok(())
}

fn check_plans(stage: &Stage) -> anyhow::Result<()> {
    for case in [Case::TokenKnown, Case::TokenNew, Case::List5, Case::List50, Case::Read, Case::Toggle, Case::Today] {
        let person = stage.person_of(case)?;
        let said = statements::said_for(case, person, &stage.api, &stage.postgres)?;
        plans::check(case.title(), &said.concat(), &stage.postgres)?;
    }
    for (what, said) in said_by_loops(&stage.postgres)? {
        plans::check(what, &said, &stage.postgres)?;
    }
    Ok(())
}

/// The statements of the loops' steps that look at all habits, on a few that are due, daily and weekly ones.
fn said_by_loops(postgres: &Postgres) -> anyhow::Result<[(&'static str, Vec<Statement>); 2]> {
    postgres.sql(&format!("update habits set next_reminder_at = now(), {END_STREAKS} where id % 100000 in (5, 95)"))?;
    let url = postgres.url_of(LOOPS);
    let due = postgres.logged(|| {
        block_on(async {
            let mut conn = PgConnection::connect(&url).await?;
            let mut tx = conn.begin().await?;
            let now = store::pool::now(&mut tx).await?;
            let made = store::delivery::make_due(&mut tx, now, TimeDelta::hours(2), 1_000).await?;
            ensure!(made.habits > 0, "nothing was due");
            Ok(())
        })
    })?;
    let ended = postgres.logged(|| {
        block_on(async {
            let mut conn = PgConnection::connect(&url).await?;
            let now = store::pool::now(&mut conn).await?;
            let ended = store::streak::end_missed(&mut conn, now, 1_000).await?;
            ensure!(ended > 0, "no streak was over");
            Ok(())
        })
    })?;
    Ok([("due reminders", statements::said(&due, LOOPS)), ("ends of streaks", statements::said(&ended, LOOPS))])
}

fn break_streaks(postgres: &Postgres) -> anyhow::Result<()> {
    postgres
        .sql(&format!("update habits set current_streak = 2, {END_STREAKS} where id > 10000000 and id % 1000 < 144"))?;
    postgres.sql("vacuum analyze habits")?;
    postgres.sql("checkpoint")?;
    Ok(())
}

/// Ends the streaks that are over as the loop does it: in batches, each a transaction, each followed by a rest.
fn expire(url: &str, options: &ScaleOptions) -> anyhow::Result<Expiry> {
    block_on(async {
        let mut conn = PgConnection::connect(url).await?;
        let (mut expiry, started) = (Expiry::default(), Instant::now());
        loop {
            let begun = Instant::now();
            let mut tx = conn.begin().await?;
            let now = store::pool::now(&mut tx).await?;
            let ended = store::streak::end_missed(&mut tx, now, options.batch_rows).await?;
            tx.commit().await?;
            let took = begun.elapsed();
            expiry.longest = expiry.longest.max(took);
            expiry.ended += ended;
            if ended == 0 {
                break;
            }
            tokio::time::sleep(took * options.rest_percent / 100).await;
        }
        expiry.total = started.elapsed();
        ensure!(expiry.ended == BROKEN, "{} streaks ended in place of {BROKEN}", expiry.ended);
        Ok(expiry)
    })
}

/// How the ends of the streaks went, and how much of its rate the mix kept, in percent.
fn beside_the_mix(stage: &mut Stage, options: &ScaleOptions) -> anyhow::Result<(Expiry, f64)> {
    break_streaks(&stage.postgres)?;
    stage.run(Case::Mix, COMPARED, 2)?;
    let before = rate_of_mix(stage, 5)?;
    let url = stage.postgres.url_of(LOOPS);
    let (mut rates, is_over) = (Vec::new(), Arc::new(AtomicBool::new(false)));
    let expiring = {
        let (options, is_over) = (options.clone(), is_over.clone());
        thread::spawn(move || {
            let expiry = expire(&url, &options);
            is_over.store(true, Ordering::Release);
            expiry
        })
    };
    // By the second, so that what is measured lies within the time of the ends of streaks.
    loop {
        let rate = rate_of_mix(stage, 1)?;
        if is_over.load(Ordering::Acquire) && !rates.is_empty() {
            break;
        }
        rates.push(rate);
    }
    let expiry = expiring.join().ok().context("the ends of streaks panicked")??;
    let after = rate_of_mix(stage, 5)?;
    let (alone, beside) =
        (f64::midpoint(before, after), rates.iter().sum::<f64>() / f64::from(u32::try_from(rates.len())?));
    let kept = 100.0 * beside / alone;
    println!("beside the mix: {}; the mix keeps {kept:.0} % of {alone:.0}/s", expiry.told());
    Ok((expiry, kept))
}

/// Requests of the mix that were answered in a second, none of them with an error.
fn rate_of_mix(stage: &mut Stage, seconds: u32) -> anyhow::Result<f64> {
    let run = stage.run(Case::Mix, COMPARED, seconds)?;
    ensure!(run.wrong == 0.0, "{} requests of the mix were not answered as they should be", run.wrong);
    Ok(run.rate)
}

impl Expiry {
    fn told(&self) -> String {
        format!("{:.1} s, longest batch {} ms", self.total.as_secs_f64(), self.longest.as_millis())
    }
}

fn block_on<T>(act: impl Future<Output = anyhow::Result<T>>) -> anyhow::Result<T> {
    tokio::runtime::Builder::new_current_thread().enable_all().build()?.block_on(act)
}
