//! What became of a day, for whoever looks back on a year.

use chrono::NaiveDate;

use crate::history::{History, Mark};

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fate {
    Done,
    Skipped,
    /// Frozen, paused, or not on the zone's calendar.
    Excused,
    Missed,
    /// Today, and still to be done.
    Open,
    /// Nothing was asked of it, or its week or month has what it asks for without it.
    Off,
    /// Before the habit was begun.
    Before,
}

/// What became of `date`, a day until `today`.
///
/// A week or month that fell short misses as many days as it lacks: the last ones on which they could still be done.
pub fn of(history: &History<'_>, date: NaiveDate, today: NaiveDate) -> Fate {
    match history.mark(date) {
        Some(Mark::Done) => return Fate::Done,
        Some(Mark::Skipped) => return Fate::Skipped,
        _ if date < history.beginning() => return Fate::Before,
        _ if history.is_excused(date) => return Fate::Excused,
        _ => {}
    }
    let period = history.period(date);
    let outcome = history.outcome(&period);
    if !outcome.is_short {
        return Fate::Off;
    }
    if outcome.is_given_up {
        return Fate::Missed;
    }
    if period.end > today {
        return if date == today { Fate::Open } else { Fate::Off };
    }
    let is_open = |day: &NaiveDate| history.mark(*day) != Some(Mark::Done) && !history.is_excused(*day);
    let open_after = date.iter_days().skip(1).take_while(|day| *day < period.end).filter(is_open).count();
    if open_after < outcome.missing as usize { Fate::Missed } else { Fate::Off }
}

#[cfg(test)]
mod tests {
    use chrono::Weekday;
    use chrono_tz::Tz;

    use super::*;
    use crate::{
        pause::Pause,
        schedule::{Schedule, Schedules, Weekdays},
    };

    fn day(day: u32) -> NaiveDate {
        NaiveDate::from_ymd_opt(2026, 11, day).unwrap()
    }

    /// A letter for each of the days from Sunday, 15 November, to `today`; the habit was begun on the 16th.
    fn fates(schedule: Schedule, said: &[(u32, Mark)], pauses: &[Pause], today: u32) -> String {
        let marks: Vec<_> = said.iter().map(|(of, mark)| (day(*of), *mark)).collect();
        let schedules = Schedules::from(schedule);
        let history =
            History { schedules: &schedules, marks: &marks, pauses, begun: day(16), calendar: Tz::UTC.into() };
        let letter = |date| match of(&history, date, day(today)) {
            Fate::Done => 'd',
            Fate::Skipped => 's',
            Fate::Excused => 'e',
            Fate::Missed => 'm',
            Fate::Open => 'o',
            Fate::Off => '-',
            Fate::Before => ' ',
        };
        (15..=today).map(|of| letter(day(of))).collect()
    }

    #[test]
    fn a_daily_habit_asks_for_every_day() {
        let said = [(17, Mark::Done), (18, Mark::Skipped), (19, Mark::Frozen), (20, Mark::NotDone)];
        let pause = Pause { from: day(21), to: Some(day(21)) };
        assert_eq!(fates(Schedule::Daily, &said, &[pause], 22), " mdsemeo");
        assert_eq!(fates(Schedule::Daily, &[(18, Mark::NotDone)], &[], 18), " mmm");
        assert_eq!(fates(Schedule::Daily, &[(15, Mark::Done)], &[], 16), "do");
    }

    #[test]
    fn other_days_of_the_week_are_off() {
        let weekdays = Weekdays::new([Weekday::Mon, Weekday::Wed]).unwrap();
        assert_eq!(fates(Schedule::Weekdays { weekdays }, &[(19, Mark::Done)], &[], 23), " m-md---o");
    }

    #[test]
    fn a_week_that_fell_short_misses_the_days_that_it_lacks() {
        let twice = Schedule::TimesPerWeek { times: 2 };
        assert_eq!(fates(twice, &[], &[], 23), " -----mmo");
        assert_eq!(fates(twice, &[(17, Mark::Done)], &[], 23), " -d----mo");
        assert_eq!(fates(twice, &[(22, Mark::Done)], &[], 23), " -----mdo");
        assert_eq!(fates(twice, &[(17, Mark::Done), (19, Mark::Done)], &[], 23), " -d-d---o");
    }

    #[test]
    fn a_week_that_goes_on_misses_nothing_yet() {
        let twice = Schedule::TimesPerWeek { times: 2 };
        assert_eq!(fates(twice, &[], &[], 19), " ---o");
        assert_eq!(fates(twice, &[(16, Mark::Done), (17, Mark::Done)], &[], 19), " dd--");
    }

    #[test]
    fn a_run_of_days_misses_its_last() {
        let schedule = Schedule::EveryNDays { days: 3, start: day(16) };
        assert_eq!(fates(schedule, &[(20, Mark::Done)], &[], 22), " --m-d-o");
    }
}
