//! How long a streak is, and when it ends.
//!
//! A streak is the number of days done since the last period that fell short. A period is a day of a daily habit, a
//! scheduled weekday, a week, a month or a run of days: see [`crate::schedule`]. Extra days count too. Days that are
//! excused lower what their period asks for, in proportion. What the person can still do never breaks a streak.

use chrono::{DateTime, Days, NaiveDate, Utc};

use crate::history::{History, Mark};

/// How far ahead the end of a streak is looked for: beyond the longest run of days, a year's pause, and another one that
/// begins in a year. A streak that holds longer has no end that is known.
const HORIZON: Days = Days::new(1_200);

/// What a habit's history amounts to.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Streak {
    /// Days done since the last period that fell short.
    pub current: u32,
    /// The longest that `current` ever was.
    pub record: u32,
    /// The instant at which `current` falls to 0 unless more is done before; `None` without a streak, and during a pause
    /// without an end.
    pub expires_at: Option<DateTime<Utc>>,
}

/// A streak that was or is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Run {
    /// The first day done.
    pub from: NaiveDate,
    /// The last day done.
    pub to: NaiveDate,
    /// How many days were done.
    pub days: u32,
}

/// Derives the streak as of `today`.
///
/// Days after `today` that are done already count at once, unless a day before them is open: somebody flew west.
pub fn derive(history: &History<'_>, today: NaiveDate) -> Streak {
    walk(history, today, |_| {})
}

/// All streaks up to `today`, the oldest first.
pub fn runs(history: &History<'_>, today: NaiveDate) -> Vec<Run> {
    let mut runs = Vec::new();
    walk(history, today, |run| runs.push(run));
    runs
}

fn walk(history: &History<'_>, today: NaiveDate, mut ended: impl FnMut(Run)) -> Streak {
    let last = history.marks.last().map_or(today, |(last, _)| today.max(*last));
    let horizon = last.checked_add_days(HORIZON).unwrap_or(NaiveDate::MAX);
    let mut streak = Streak::default();
    let mut run: Option<Run> = None;
    let mut next = first_done(history, NaiveDate::MIN);
    while let Some(date) = next.filter(|date| *date <= horizon) {
        let period = history.period(date);
        let outcome = history.outcome(&period);
        if let Some((from, to)) = outcome.done_between {
            let days = run.map_or(0, |run| run.days) + outcome.done;
            run = Some(Run { from: run.map_or(from, |run| run.from), to, days });
        }
        streak.current = run.map_or(0, |run| run.days);
        streak.record = streak.record.max(streak.current);
        if outcome.is_short && (period.end <= today || outcome.is_given_up) {
            run.take().into_iter().for_each(&mut ended);
            streak.current = 0;
        } else if outcome.is_short && streak.current > 0 {
            streak.expires_at = Some(history.calendar.start(period.end));
            break;
        }
        next = if streak.current > 0 { Some(period.end) } else { first_done(history, period.end) };
    }
    run.into_iter().for_each(ended);
    streak
}

fn first_done(history: &History<'_>, from: NaiveDate) -> Option<NaiveDate> {
    let index = history.marks.partition_point(|(date, _)| *date < from);
    history.marks[index..].iter().find(|(_, mark)| *mark == Mark::Done).map(|(date, _)| *date)
}

#[cfg(test)]
mod tests;
