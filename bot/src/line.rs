//! Reads the one line that describes a habit: `read 20 pages mon wed 21:30`, «зал 3 раза в неделю в 18:30».
//!
//! What is not clearly a schedule, a time, an amount or a number of days stays in the name. The rules, in both languages
//! and any case:
//!
//! - **Schedules, times and the number of days** stand at the end, in any order, or at the beginning, never in the
//!   middle. At the beginning only what cannot well begin a name is taken: `every day run`, `7am run`, but not
//!   `Sunday roast`, `Daily walk`, `Noon nap`.
//! - **A time** is `21:30`, `9pm`, `7.30 am`, `at 7`, `at 18.30`, `noon`, «в 9 вечера», «9 вечера». `18.30` without an
//!   `at` is one only after a schedule: `Learn Python 3.12`. `21h` is one, `8h` is an amount of hours. `21-30` is none.
//! - **The number of days** is `for 66 days`, «на 66 дней», «66 дней».
//! - **An amount** stands anywhere: a number and a unit of [`unit`]'s list, `x30` at the end, or any unit after `at most`
//!   or `at least`. A number must agree with its unit: `7 minutes`, but not `7 Minute Workout`. A number alone is none:
//!   `Read 1984`. Of several amounts the last is taken. Amounts of a week are none: habits have amounts of a day.
//! - **A word that needs what follows it** keeps it in the name: `wake up before 7:00`, `stretch every 30 minutes`.
//! - Where nothing else is left, the unit is the name: `30 push-ups`.
//! - Parts of one kind are put together where they can be (days of the week, times); otherwise the last holds, and the
//!   other stays in the name.

use chrono::NaiveTime;
use habits::text;
use screens::problem::Problem;
use wire::{habit::Goal, schedule::Schedule};

use crate::answer;

mod amount;
mod number;
mod reading;
mod schedule;
mod target;
#[cfg(test)]
mod tests;
mod time;
mod unit;
mod weekday;
mod words;

use reading::Reading;
use time::Place;

/// The most reminders that a habit can have on a day.
const MOST_TIMES: usize = 10;

/// A habit as one line describes it. What the line does not say is absent.
#[derive(Debug, Clone, PartialEq)]
pub struct Line {
    /// As [`answer::name`] takes it.
    pub name: String,
    pub schedule: Option<Schedule>,
    /// Ascending, each once, at most ten.
    pub times: Vec<NaiveTime>,
    pub goal: Option<Goal>,
    /// Days in a row to reach.
    pub target_days: Option<u32>,
}

/// Reads a line.
///
/// # Errors
///
/// Refuses a line that leaves no name or too long a one, and too many times.
pub fn parse(text: &str) -> Result<Line, Problem> {
    let line = text::one_line(text).ok_or(Problem::EmptyName)?;
    let reading = Reading::of(&line);
    let name = answer::name(&reading.name(&line))?;
    let mut times = reading.times;
    times.sort_unstable();
    Ok(Line {
        name,
        schedule: reading.schedule,
        times: bounded(times)?,
        goal: reading.goal,
        target_days: reading.target_days,
    })
}

/// A time of a day alone: `7:45`, `07.45`, `21`, `9pm`, «9 вечера».
///
/// # Errors
///
/// Refuses what is no time of a day.
pub fn time(text: &str) -> Result<NaiveTime, Problem> {
    let hour_and_minute = text.trim().replacen(' ', ":", 1);
    let joined = time::read(&[hour_and_minute.as_str()], Place::Alone);
    match joined.map_or_else(|| times(text), Ok)?.as_slice() {
        [time] => Ok(*time),
        _ => Err(Problem::NotATime),
    }
}

/// Times of a day alone, in the order in which they are said, each once: `21:30, 7:00`, `9am and 9pm`.
///
/// # Errors
///
/// Refuses what is no time, and more than a habit can have.
pub fn times(text: &str) -> Result<Vec<NaiveTime>, Problem> {
    let words = words::words(text);
    let keys = words::keys(&words);
    bounded(time::read(&keys, Place::Alone).ok_or(Problem::NotATime)?)
}

/// A schedule alone: `mon wed fri`, `every 3 days`, «3 раза в неделю».
///
/// # Errors
///
/// Refuses what is no schedule.
pub fn schedule(text: &str) -> Result<Schedule, Problem> {
    let words = words::words(text);
    let keys: Vec<&str> = words::keys(&words).into_iter().map(weekday::in_full).collect();
    schedule::read(&keys).ok_or(Problem::NotASchedule)
}

/// An amount of a day alone: `20 pages`, `at most 2 cups`, «не больше 2 чашек».
///
/// # Errors
///
/// Refuses everything else.
pub fn goal(text: &str) -> Result<Goal, Problem> {
    let line = text::one_line(text).ok_or(Problem::NotAGoal)?;
    amount::alone(&words::words(&line)).ok_or(Problem::NotAGoal)
}

/// A number of 0 to a billion alone, with a point or a comma.
pub fn number(text: &str) -> Option<f64> {
    number::read(text.trim())
}

/// Each time once, in the same order.
fn bounded(times: Vec<NaiveTime>) -> Result<Vec<NaiveTime>, Problem> {
    let mut kept = Vec::new();
    for time in times {
        if !kept.contains(&time) {
            kept.push(time);
        }
    }
    if kept.len() > MOST_TIMES { Err(Problem::TooManyTimes { most: MOST_TIMES }) } else { Ok(kept) }
}
