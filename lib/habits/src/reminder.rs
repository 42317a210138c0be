//! When a reminder is due.

use chrono::{DateTime, Days, NaiveDate, NaiveTime, Timelike as _, Utc};

use crate::{
    day::Calendar,
    pause::Pause,
    quiet::{Planned, QuietHours},
    schedule::Schedules,
};

/// Dates looked at before giving up: beyond the longest run of days, a year's pause, and another one that begins in a year.
const DATES_AHEAD: u64 = 1_200;

/// The reminders of a day in their form: `first` as it was set, then the others, ascending, each minute once. Whole seconds:
/// Postgres would read a leap second as the midnight after it.
pub fn times(first: NaiveTime, more: &[NaiveTime]) -> Vec<NaiveTime> {
    let whole = |time: &NaiveTime| time.with_nanosecond(0).unwrap_or(*time);
    // A reminder goes out on its minute.
    let minute = |time: &NaiveTime| (time.hour(), time.minute());
    let mut times: Vec<NaiveTime> = more.iter().map(whole).filter(|time| minute(time) != minute(&first)).collect();
    times.sort_unstable();
    times.dedup_by_key(|time| minute(time));
    times.insert(0, whole(&first));
    times
}

/// All that decides when a habit's reminders go out.
#[derive(Debug, Clone, Copy)]
pub struct Plan<'a> {
    pub schedules: &'a Schedules,
    /// Local times, in any order. Their seconds are dropped: reminders go out on the minute.
    pub times: &'a [NaiveTime],
    /// In any order; they may overlap.
    pub pauses: &'a [Pause],
    pub quiet: Option<QuietHours>,
    pub calendar: Calendar,
}

/// One reminder.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Reminder {
    pub at: DateTime<Utc>,
    /// The date that it is about.
    pub date: NaiveDate,
    /// Without a sound.
    pub is_silent: bool,
}

/// The latest date that a habit was reminded of, and how many times.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Reminded {
    pub date: NaiveDate,
    pub times: usize,
}

impl Plan<'_> {
    /// The first reminder after `after`. `None` without a time, in a pause without an end, and at the end of the calendar.
    pub fn next(&self, after: DateTime<Utc>) -> Option<Reminder> {
        self.next_beyond(after, None)
    }

    /// The first reminder after `after`, given what the habit was reminded of already: of a date before the latest of these
    /// none is sent any more, and of that date only those that are left.
    pub fn next_beyond(&self, after: DateTime<Utc>, reminded: Option<Reminded>) -> Option<Reminder> {
        let today = self.calendar.today(after);
        let from = reminded.map_or(today, |reminded| today.max(reminded.date));
        (0..DATES_AHEAD)
            .map_while(|ahead| from.checked_add_days(Days::new(ahead)))
            .filter(|date| self.is_due_on(*date))
            .find_map(|date| {
                let sent = reminded.filter(|reminded| reminded.date == date).map_or(0, |reminded| reminded.times);
                let mut reminders: Vec<Reminder> = self.on(date).collect();
                reminders.sort_by_key(|reminder| reminder.at);
                // Several that wait for the end of quiet hours are one.
                reminders.dedup_by_key(|reminder| reminder.at);
                reminders.into_iter().skip(sent).find(|reminder| reminder.at > after)
            })
    }

    fn is_due_on(&self, date: NaiveDate) -> bool {
        self.schedules.on(date).is_due_on(date) && !self.pauses.iter().any(|pause| pause.contains(date))
    }

    fn on(&self, date: NaiveDate) -> impl Iterator<Item = Reminder> {
        self.times.iter().filter_map(move |time| {
            let minute = NaiveTime::from_hms_opt(time.hour(), time.minute(), 0)?;
            let Planned { time, is_silent } = match self.quiet {
                Some(quiet) => quiet.plan(minute, self.calendar),
                None => Planned { time: minute, is_silent: false },
            };
            Some(Reminder { at: self.calendar.instant(date, time)?, date, is_silent })
        })
    }
}

#[cfg(test)]
mod tests;
