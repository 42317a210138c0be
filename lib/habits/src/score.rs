//! The strength of a habit: a number that a missed day lowers a little and a streak of days raises slowly.
//!
//! The formula is that of Loop Habit Tracker, in `Score.kt` (`compute`: the step of a day) and `ScoreList.kt` (`recompute`: how
//! full a day is) of <https://github.com/iSoron/uhabits>: an exponential moving average whose half-life is 13 days for a
//! daily habit, and longer for a rarer one. Loop counts a today of which nothing is said; here it is still open.

use chrono::NaiveDate;

use crate::{
    goal::{Direction, Goal},
    history::{History, Mark},
};

const HALF_LIFE_DAYS: f64 = 13.0;

/// What of a day counts.
#[derive(Debug, Clone, Copy)]
pub enum Measure<'a> {
    /// Whether it was done.
    Done,
    /// How much of the goal it was.
    Amount {
        goal: Goal,
        /// In thousandths of the unit, in the order of their dates, one of a date.
        of_days: &'a [(NaiveDate, i64)],
    },
}

/// The strength at the end of `today`, from 0 to 1.
///
/// A day counts by how much of what is asked for the days up to it bring: of a habit of 20 pages 3 times a week, by the share of
/// 60 pages in the last 7 days. Where days are only done or not, and not each day is asked for, twice as much in twice as
/// many days is looked at, so that a week may be done on other days than the one before. An excused day leaves the strength
/// as it was, and so does a `today` that is still open.
pub fn score(history: &History<'_>, measure: Measure<'_>, today: NaiveDate) -> f64 {
    let beginning = measure.first().map_or(history.beginning(), |first| first.min(history.beginning()));
    let mut score = measure.before_the_first_day();
    // The sums of all days before each one.
    let mut sums = vec![0_i64];
    for date in beginning.iter_days().take_while(|date| *date <= today) {
        let mark = history.mark(date);
        if date == today && mark.is_none() {
            break;
        }
        let until = sums.last().copied().unwrap_or_default().saturating_add(measure.of_day(date, mark));
        sums.push(until);
        if !history.is_excused(date) {
            let (times, days) = frequency(history, date);
            let window = if matches!(measure, Measure::Done) && times < days { 2 } else { 1 };
            let since = sums.len().saturating_sub(1 + (window * days) as usize);
            let value = measure.share(until - sums[since], window * times);
            score = next(score, f64::from(times) / f64::from(days), value);
        }
    }
    score
}

/// How many days of how many, at most all of them.
fn frequency(history: &History<'_>, date: NaiveDate) -> (u32, u32) {
    let (times, days) = history.schedules.on(date).frequency();
    if times < days { (times, days) } else { (1, 1) }
}

impl Measure<'_> {
    fn first(&self) -> Option<NaiveDate> {
        match self {
            Self::Done => None,
            Self::Amount { of_days, .. } => of_days.first().map(|(date, _)| *date),
        }
    }

    /// Whoever wants less of something has none of it at first.
    fn before_the_first_day(&self) -> f64 {
        match self {
            Self::Amount { goal: Goal { direction: Direction::AtMost, .. }, .. } => 1.0,
            _ => 0.0,
        }
    }

    /// What the day brings. Of one that came without an amount, what was said of it means so much as it takes.
    fn of_day(&self, date: NaiveDate, mark: Option<Mark>) -> i64 {
        let Self::Amount { goal, of_days } = self else {
            return i64::from(mark == Some(Mark::Done));
        };
        if let Ok(index) = of_days.binary_search_by_key(&date, |(date, _)| *date) {
            return of_days[index].1;
        }
        match (goal.direction, mark) {
            (Direction::AtLeast, Some(Mark::Done)) => goal.amount_milli,
            (Direction::AtMost, Some(Mark::NotDone)) => goal.amount_milli.saturating_mul(2),
            _ => 0,
        }
    }

    /// How much of what is asked for `times` days `sum` is, from 0 to 1. Twice of what is allowed is nothing.
    fn share(&self, sum: i64, times: u32) -> f64 {
        let (per_day, is_limit) = match self {
            Self::Done => (1, false),
            Self::Amount { goal, .. } => (goal.amount_milli, goal.direction == Direction::AtMost),
        };
        let share = float(sum) / (float(per_day) * f64::from(times));
        if is_limit { (2.0 - share).clamp(0.0, 1.0) } else { share.min(1.0) }
    }
}

#[expect(
    clippy::cast_precision_loss,
    reason = "thousandths of a billion are exact in 52 bits, and sums of them nearly"
)]
fn float(milli: i64) -> f64 {
    milli as f64
}

/// Loop's step: `frequency` is how many of how many days, `value` how full the day is, from 0 to 1.
fn next(score: f64, frequency: f64, value: f64) -> f64 {
    let keep = 0.5_f64.powf(frequency.sqrt() / HALF_LIFE_DAYS);
    score * keep + value * (1.0 - keep)
}

#[cfg(test)]
mod tests;
