//! The strength of a habit: a number that a missed day lowers a little and a streak of days raises slowly.
//!
//! The formula is that of Loop Habit Tracker (`Score.kt` and `ScoreList.kt` in github.com/iSoron/uhabits): an exponential
//! moving average whose half-life is 13 days for a daily habit, and longer for a rarer one.

use std::collections::VecDeque;

use chrono::{Days, NaiveDate};

use crate::history::{History, Mark};

const HALF_LIFE_DAYS: f64 = 13.0;

/// The strength at the end of `today`, from 0 to 1.
///
/// Of a rarer habit a day counts by how much of its share the days up to it bring: 3 times a week is full with 3 of the
/// last 7 days. Excused days change nothing. A `today` of which nothing is said yet does not count against the habit.
pub fn score(history: &History<'_>, today: NaiveDate) -> f64 {
    let mut score = 0.0;
    let mut window: VecDeque<(NaiveDate, bool)> = VecDeque::new();
    for date in history.beginning().iter_days().take_while(|date| *date <= today) {
        let mark = history.mark(date);
        if date == today && mark.is_none() {
            break;
        }
        let (times, days) = history.schedules.on(date).frequency();
        window.push_back((date, mark == Some(Mark::Done)));
        while window.front().is_some_and(|(first, _)| *first + Days::new(days.into()) <= date) {
            window.pop_front();
        }
        if !history.is_excused(date) {
            let done: u32 = window.iter().map(|(_, done)| u32::from(*done)).sum();
            let value = (f64::from(done) / f64::from(times)).min(1.0);
            score = next(score, f64::from(times) / f64::from(days), value);
        }
    }
    score
}

/// Loop's step: `frequency` is how many of how many days, `value` how full the day is, from 0 to 1.
fn next(score: f64, frequency: f64, value: f64) -> f64 {
    let keep = 0.5_f64.powf(frequency.sqrt() / HALF_LIFE_DAYS);
    score * keep + value * (1.0 - keep)
}

#[cfg(test)]
mod tests {
    use chrono_tz::Tz;

    use super::*;
    use crate::{
        day::Calendar,
        schedule::{Schedule, Schedules},
    };

    fn begun() -> NaiveDate {
        "2026-01-01".parse().unwrap()
    }

    /// The score after so many days, each with what `mark` says of it.
    fn after(days: u64, schedule: Schedule, mark: impl Fn(u64) -> Option<Mark>) -> f64 {
        let marks: Vec<_> = (0..days).filter_map(|day| Some((begun() + Days::new(day), mark(day)?))).collect();
        let schedules = Schedules::from(schedule);
        let history = History {
            schedules: &schedules,
            marks: &marks,
            pauses: &[],
            begun: begun(),
            calendar: Calendar::from(Tz::UTC),
        };
        score(&history, begun() + Days::new(days - 1))
    }

    #[track_caller]
    fn is_about(score: f64, expected: f64) {
        assert!((score - expected).abs() < 0.000_5, "{score} is not {expected}");
    }

    #[test]
    fn thirteen_days_done_reach_half_of_the_strength() {
        is_about(after(13, Schedule::Daily, |_| Some(Mark::Done)), 0.5);
    }

    #[test]
    fn thirteen_missed_days_halve_it() {
        let full = after(200, Schedule::Daily, |_| Some(Mark::Done));
        is_about(after(214, Schedule::Daily, |day| (day < 200).then_some(Mark::Done)), full / 2.0);
    }

    #[test]
    fn a_skipped_day_changes_nothing() {
        let done = |day| Some(if day < 10 { Mark::Done } else { Mark::Skipped });
        is_about(after(30, Schedule::Daily, done), after(10, Schedule::Daily, done));
    }

    #[test]
    fn three_of_seven_days_are_full_strength_for_three_times_a_week() {
        let three = |day| (day % 7 < 3).then_some(Mark::Done);
        assert!(after(400, Schedule::TimesPerWeek { times: 3 }, three) > 0.99);
        assert!(after(400, Schedule::TimesPerWeek { times: 6 }, three) < 0.51);
    }

    #[test]
    fn a_rarer_habit_moves_more_slowly() {
        let daily = after(14, Schedule::Daily, |_| Some(Mark::Done));
        let weekly = after(14, Schedule::TimesPerWeek { times: 1 }, |day| (day % 7 == 0).then_some(Mark::Done));
        assert!(weekly < daily);
        // Its last day is open.
        is_about(weekly, 1.0 - 0.5_f64.powf(13.0 * (1.0_f64 / 7.0).sqrt() / 13.0));
    }

    #[test]
    fn today_without_a_word_does_not_count_against_the_habit() {
        let open = after(14, Schedule::Daily, |day| (day < 13).then_some(Mark::Done));
        is_about(open, after(13, Schedule::Daily, |_| Some(Mark::Done)));
    }
}
