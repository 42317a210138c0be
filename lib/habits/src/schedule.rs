//! On which days a habit is to be done, and which schedule held on a day.

use chrono::{Datelike as _, Days, NaiveDate, Weekday};
use serde::{Deserialize, Serialize};

mod weekdays;

pub use weekdays::Weekdays;

/// The most changes that are kept of one habit's schedule; the oldest are forgotten first.
const MAX_CHANGES: usize = 100;

/// How often a habit is to be done.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum Schedule {
    #[default]
    Daily,
    /// On these days of the week, at least one.
    Weekdays { weekdays: Weekdays },
    /// On any `times` days, 1 to 7, of each week from Monday to Sunday.
    TimesPerWeek { times: u8 },
    /// On any `times` days, 1 to 31, of each calendar month; of all its days in a month that is shorter.
    TimesPerMonth { times: u8 },
    /// Once in each run of `days` days, 2 to 365, counted from `start`; it is due on the first day of the run.
    EveryNDays { days: u16, start: NaiveDate },
}

/// A stretch of days within which a habit is to be done `times` times.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Period {
    pub first: NaiveDate,
    /// The first date after it.
    pub end: NaiveDate,
    pub times: u32,
    /// The days of the whole period, also where a change of schedule or the habit's beginning cut it.
    pub length_days: u32,
}

impl Period {
    /// How often it has to be done when only `usable` of its days could be used: in proportion, rounded down, but once at
    /// least while there is such a day. A piece that is too short to ask for anything asks for nothing.
    pub fn required(&self, usable: u32) -> u32 {
        let share = |days: u32| self.times.saturating_mul(days) / self.length_days.max(1);
        let days = u32::try_from((self.end - self.first).num_days()).unwrap_or_default();
        share(usable).max(share(days).min(usable).min(1))
    }

    /// Whether the period is a day of its own.
    pub fn is_one_day(&self) -> bool {
        self.length_days == 1
    }
}

impl Schedule {
    /// The period that `date` belongs to. The end of the calendar cuts it.
    pub fn period(self, date: NaiveDate) -> Period {
        let (first, length_days, times) = match self {
            Self::Daily => (date, 1, 1),
            Self::Weekdays { weekdays } => (date, 1, u32::from(weekdays.contains(date.weekday()))),
            Self::TimesPerWeek { times } => {
                (date.week(Weekday::Mon).checked_first_day().unwrap_or(date), 7, times.into())
            }
            Self::TimesPerMonth { times } => {
                let days = u32::from(date.num_days_in_month());
                (date.with_day(1).unwrap_or(date), days, u32::from(times).min(days))
            }
            Self::EveryNDays { days, start } => {
                let since = (date - start).num_days().rem_euclid(i64::from(days.max(1))).unsigned_abs();
                (date.checked_sub_days(Days::new(since)).unwrap_or(date), days.max(1).into(), 1)
            }
        };
        let end = first.checked_add_days(Days::new(length_days.into())).unwrap_or(NaiveDate::MAX);
        Period { first, end, times, length_days }
    }

    /// Whether a reminder goes out on `date`: on each day where the person may choose the days.
    pub fn is_due_on(self, date: NaiveDate) -> bool {
        match self {
            Self::Daily | Self::TimesPerWeek { .. } | Self::TimesPerMonth { .. } => true,
            Self::Weekdays { weekdays } => weekdays.contains(date.weekday()),
            Self::EveryNDays { .. } => self.period(date).first == date,
        }
    }

    /// How many days of how many, for a measure of how demanding it is.
    pub fn frequency(self) -> (u32, u32) {
        match self {
            Self::Daily => (1, 1),
            Self::Weekdays { weekdays } => (weekdays.count(), 7),
            Self::TimesPerWeek { times } => (times.into(), 7),
            Self::TimesPerMonth { times } => (times.into(), 30),
            Self::EveryNDays { days, .. } => (1, days.into()),
        }
    }
}

/// A schedule and the date from which it holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Version {
    pub from: NaiveDate,
    #[serde(flatten)]
    pub schedule: Schedule,
}

/// The schedules of a habit, each from its date until the next one's: past days keep the schedule they had.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Schedules {
    /// Holds from the habit's beginning, and for days before it that are filled in later.
    #[serde(default, skip_serializing_if = "is_daily")]
    first: Schedule,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    changes: Vec<Version>,
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde passes a reference")]
fn is_daily(schedule: &Schedule) -> bool {
    *schedule == Schedule::Daily
}

impl From<Schedule> for Schedules {
    fn from(first: Schedule) -> Self {
        Self { first, changes: Vec::new() }
    }
}

impl Schedules {
    /// Lets `schedule` hold from `from` on; what was to hold later is forgotten.
    pub fn change(&mut self, from: NaiveDate, schedule: Schedule) {
        self.changes.retain(|version| version.from < from);
        if self.current() != schedule {
            self.changes.push(Version { from, schedule });
        }
        let surplus = self.changes.len().saturating_sub(MAX_CHANGES);
        if let Some(oldest) = self.changes.drain(..surplus).next_back() {
            self.first = oldest.schedule;
        }
    }

    /// The schedule at the beginning.
    pub fn first(&self) -> Schedule {
        self.first
    }

    /// What came after it, in the order of their dates.
    pub fn changes(&self) -> &[Version] {
        &self.changes
    }

    /// The newest schedule.
    pub fn current(&self) -> Schedule {
        self.changes.last().map_or(self.first, |version| version.schedule)
    }

    /// The schedule that held on `date`.
    pub fn on(&self, date: NaiveDate) -> Schedule {
        self.version_on(date).map_or(self.first, |version| version.schedule)
    }

    /// The period that `date` belongs to, cut where another schedule begins.
    pub fn period(&self, date: NaiveDate) -> Period {
        let mut period = self.on(date).period(date);
        if let Some(next) = self.changes.get(self.changes_until(date)) {
            period.end = period.end.min(next.from);
        }
        if let Some(own) = self.version_on(date) {
            period.first = period.first.max(own.from);
        }
        period
    }

    fn version_on(&self, date: NaiveDate) -> Option<&Version> {
        self.changes[..self.changes_until(date)].last()
    }

    fn changes_until(&self, date: NaiveDate) -> usize {
        self.changes.partition_point(|version| version.from <= date)
    }
}

#[cfg(test)]
mod tests;
