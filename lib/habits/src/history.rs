//! What is known of a habit's days.

use chrono::{Days, NaiveDate};

use crate::{
    day::Calendar,
    pause::Pause,
    schedule::{Period, Schedules},
};

/// What was said of a day. Of most days nothing is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mark {
    Done,
    NotDone,
    /// The person chose to leave it out: nothing is expected of the day.
    Skipped,
    /// A missed day that was excused afterwards; a person has [`FREEZES_A_MONTH`].
    Frozen,
}

/// How many missed days of a calendar month a person can excuse afterwards.
pub const FREEZES_A_MONTH: u32 = 2;

/// Everything that a streak depends on.
#[derive(Debug, Clone, Copy)]
pub struct History<'a> {
    pub schedules: &'a Schedules,
    /// In the order of their dates, one of a date.
    pub marks: &'a [(NaiveDate, Mark)],
    /// In any order; they may overlap.
    pub pauses: &'a [Pause],
    /// The date on which the habit was begun; days that were filled in before it count too.
    pub begun: NaiveDate,
    pub calendar: Calendar,
}

/// How a period went.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Outcome {
    /// How many of its days were done.
    pub done: u32,
    /// The first and the last of them.
    pub done_between: Option<(NaiveDate, NaiveDate)>,
    /// Whether that is less than was to be done.
    pub is_short: bool,
    /// How many days it is less.
    pub missing: u32,
    /// Whether it is a single day of which the person says that it was not done.
    pub is_given_up: bool,
}

impl History<'_> {
    /// What was said of `date`.
    pub fn mark(&self, date: NaiveDate) -> Option<Mark> {
        let index = self.marks.binary_search_by_key(&date, |(date, _)| *date).ok()?;
        self.marks.get(index).map(|(_, mark)| *mark)
    }

    /// Whether nothing is expected of `date`: paused, skipped, frozen, or not on the zone's calendar.
    pub fn is_excused(&self, date: NaiveDate) -> bool {
        matches!(self.mark(date), Some(Mark::Skipped | Mark::Frozen))
            || self.pauses.iter().any(|pause| pause.contains(date))
            || !self.calendar.has(date)
    }

    /// Whether `date` was asked for, in its period at least, and was not done: such a day can be frozen.
    pub fn is_missed(&self, date: NaiveDate) -> bool {
        self.mark(date) != Some(Mark::Done)
            && !self.is_excused(date)
            && date >= self.beginning()
            && self.outcome(&self.period(date)).is_short
    }

    /// The date from which the habit is judged.
    pub fn beginning(&self) -> NaiveDate {
        self.marks.first().map_or(self.begun, |(first, _)| self.begun.min(*first))
    }

    /// The period around `date`, not before the habit's beginning.
    pub(crate) fn period(&self, date: NaiveDate) -> Period {
        let mut period = self.schedules.period(date);
        period.first = period.first.max(self.beginning());
        period
    }

    pub(crate) fn outcome(&self, period: &Period) -> Outcome {
        let from = self.marks.partition_point(|(date, _)| *date < period.first);
        let within = self.marks[from..].iter().take_while(|(date, _)| *date < period.end);
        let (mut done, mut done_between) = (0, None);
        for (date, _) in within.filter(|(_, mark)| *mark == Mark::Done) {
            done += 1;
            done_between = Some((done_between.map_or(*date, |(first, _)| first), *date));
        }
        let missing = if done < period.times {
            period.times.min(period.required(self.usable_days(period))).saturating_sub(done)
        } else {
            0
        };
        let is_short = missing > 0;
        let is_given_up = is_short && period.is_one_day() && self.mark(period.first) == Some(Mark::NotDone);
        Outcome { done, done_between, is_short, missing, is_given_up }
    }

    fn usable_days(&self, period: &Period) -> u32 {
        let days = std::iter::successors(Some(period.first), |date| date.checked_add_days(Days::new(1)));
        count(days.take_while(|date| *date < period.end).filter(|date| !self.is_excused(*date)))
    }
}

fn count<T>(items: impl Iterator<Item = T>) -> u32 {
    items.fold(0, |count, _| count + 1)
}

#[cfg(test)]
mod tests {
    use chrono::Weekday;
    use chrono_tz::Tz;

    use super::*;
    use crate::schedule::{Schedule, Weekdays};

    fn day(day: u32) -> NaiveDate {
        NaiveDate::from_ymd_opt(2026, 11, day).unwrap()
    }

    /// Which of the days 15 to 22 November, a Sunday to a Sunday, were missed by a habit that began on the 16th.
    fn missed(schedule: Schedule, said: &[(u32, Mark)], pauses: &[Pause]) -> Vec<u32> {
        let marks: Vec<_> = said.iter().map(|(of, mark)| (day(*of), *mark)).collect();
        let schedules = Schedules::from(schedule);
        let history =
            History { schedules: &schedules, marks: &marks, pauses, begun: day(16), calendar: Tz::UTC.into() };
        (15..=22).filter(|of| history.is_missed(day(*of))).collect()
    }

    #[test]
    fn a_day_was_missed_when_it_was_asked_for_and_neither_done_nor_excused() {
        let said = [(17, Mark::Done), (18, Mark::Skipped), (19, Mark::Frozen), (20, Mark::NotDone)];
        let pause = Pause { from: day(21), to: Some(day(21)) };
        assert_eq!(missed(Schedule::Daily, &said, &[pause]), [16, 20, 22]);
    }

    #[test]
    fn a_day_off_was_not_missed() {
        let weekdays = Weekdays::new([Weekday::Mon, Weekday::Wed]).unwrap();
        assert_eq!(missed(Schedule::Weekdays { weekdays }, &[], &[]), [16, 18]);
    }

    #[test]
    fn the_days_not_done_of_a_week_that_fell_short_were_missed() {
        let twice = Schedule::TimesPerWeek { times: 2 };
        assert_eq!(missed(twice, &[(17, Mark::Done)], &[]), [16, 18, 19, 20, 21, 22]);
        assert!(missed(twice, &[(17, Mark::Done), (19, Mark::Done)], &[]).is_empty());
    }

    #[test]
    fn what_is_said_of_a_day_before_the_beginning_moves_it() {
        assert_eq!(missed(Schedule::Daily, &[(15, Mark::NotDone), (16, Mark::Done)], &[])[..2], [15, 17]);
    }
}
