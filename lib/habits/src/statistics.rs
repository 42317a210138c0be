//! How a stretch of a habit's life went.

use chrono::{Datelike as _, NaiveDate};

use crate::history::{History, Mark};

/// The sums of some days.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Summary {
    pub done: u32,
    pub skipped: u32,
    pub frozen: u32,
    /// Days, weeks, months or runs of days that asked for something and are over, or are fulfilled already.
    pub periods_due: u32,
    /// Those of them that got it.
    pub periods_kept: u32,
    /// Days done, Monday first.
    pub done_by_weekday: [u32; 7],
}

/// Sums up the days from `from` to `to`, both included, as of `today`. Periods count that end among these days; where these
/// reach to `today`, so does the one around it, once it is fulfilled.
pub fn summarize(history: &History<'_>, from: NaiveDate, to: NaiveDate, today: NaiveDate) -> Summary {
    let mut summary = Summary::default();
    for (date, mark) in history.marks.iter().filter(|(date, _)| (from..=to).contains(date)) {
        match mark {
            Mark::Done => {
                summary.done += 1;
                summary.done_by_weekday[date.weekday().num_days_from_monday() as usize] += 1;
            }
            Mark::Skipped => summary.skipped += 1,
            Mark::Frozen => summary.frozen += 1,
            Mark::NotDone => {}
        }
    }
    let mut date = from.max(history.beginning());
    while date <= to.min(today) {
        let period = history.period(date);
        if to < today && period.end.pred_opt().is_some_and(|last| last > to) {
            break;
        }
        let outcome = history.outcome(&period);
        let is_settled = period.end <= today || !outcome.is_short;
        let asked = period.times > 0 && (outcome.is_short || outcome.done > 0);
        if is_settled && asked {
            summary.periods_due += 1;
            summary.periods_kept += u32::from(!outcome.is_short);
        }
        date = period.end;
    }
    summary
}

#[cfg(test)]
mod tests {
    use chrono::Weekday;
    use chrono_tz::Tz;

    use super::*;
    use crate::schedule::{Schedule, Schedules, Weekdays};

    fn day(day: u32) -> NaiveDate {
        NaiveDate::from_ymd_opt(2026, 11, day).unwrap()
    }

    fn november(schedule: Schedule, marks: &[(u32, Mark)], today: u32) -> Summary {
        let marks: Vec<_> = marks.iter().map(|(of, mark)| (day(*of), *mark)).collect();
        let schedules = Schedules::from(schedule);
        let history =
            History { schedules: &schedules, marks: &marks, pauses: &[], begun: day(16), calendar: Tz::UTC.into() };
        summarize(&history, day(1), day(30), day(today))
    }

    #[test]
    fn days_are_counted_by_what_was_said_of_them() {
        let said = [(16, Mark::Done), (17, Mark::Skipped), (18, Mark::Frozen), (19, Mark::NotDone), (22, Mark::Done)];
        let summary = november(Schedule::Daily, &said, 22);
        assert_eq!((summary.done, summary.skipped, summary.frozen), (2, 1, 1));
        assert_eq!(summary.done_by_weekday, [1, 0, 0, 0, 0, 0, 1]);
    }

    #[test]
    fn an_excused_day_was_not_due_and_today_is_due_once_it_is_done() {
        let said = [(16, Mark::Done), (17, Mark::Skipped), (18, Mark::Done)];
        let open = november(Schedule::Daily, &said, 20);
        assert_eq!((open.periods_kept, open.periods_due), (2, 3));
        let done = november(Schedule::Daily, &[said.as_slice(), &[(20, Mark::Done)]].concat(), 20);
        assert_eq!((done.periods_kept, done.periods_due), (3, 4));
    }

    /// 16 to 22 November is a week.
    #[test]
    fn a_week_counts_in_the_stretch_it_ends_in() {
        let (marks, schedules) = ([(day(17), Mark::Done)], Schedules::from(Schedule::TimesPerWeek { times: 1 }));
        let history =
            History { schedules: &schedules, marks: &marks, pauses: &[], begun: day(16), calendar: Tz::UTC.into() };
        let kept = |from, to| summarize(&history, day(from), day(to), day(30)).periods_kept;
        assert_eq!([kept(1, 21), kept(1, 22), kept(18, 22), kept(22, 30), kept(23, 30)], [0, 1, 1, 1, 0]);
    }

    #[test]
    fn a_week_is_due_when_it_is_over() {
        let twice = Schedule::TimesPerWeek { times: 2 };
        let said = [(16, Mark::Done), (17, Mark::Done), (24, Mark::Done)];
        assert_eq!(november(twice, &said, 25).periods_due, 1);
        let over = november(twice, &said, 30);
        assert_eq!((over.periods_kept, over.periods_due), (1, 2));
    }

    #[test]
    fn the_week_of_today_is_due_once_it_has_what_it_takes() {
        let (marks, schedules) = ([(day(17), Mark::Done)], Schedules::from(Schedule::TimesPerWeek { times: 1 }));
        let history =
            History { schedules: &schedules, marks: &marks, pauses: &[], begun: day(16), calendar: Tz::UTC.into() };
        assert_eq!(summarize(&history, day(1), day(18), day(18)).periods_due, 1);
    }

    #[test]
    fn what_is_done_on_a_day_off_was_not_due() {
        let weekdays = Weekdays::new([Weekday::Mon]).unwrap();
        let summary = november(Schedule::Weekdays { weekdays }, &[(16, Mark::Done), (17, Mark::Done)], 20);
        assert_eq!((summary.done, summary.periods_kept, summary.periods_due), (2, 1, 1));
    }
}
