//! Loop's frequency, "so many times in so many days", and our schedules.

use chrono::NaiveDate;
use habits::schedule::Schedule;

/// The schedule that comes nearest to `times` in `days`, and whether it is not quite the same.
///
/// `start` is a day on which a habit of every so many days was done.
pub(crate) fn schedule(times: i64, days: i64, start: NaiveDate) -> (Schedule, bool) {
    match (times, days) {
        (..=0, _) | (_, ..=0) => (Schedule::Daily, true),
        (times, days) if times >= days => (Schedule::Daily, times > days),
        (times, 7) => (Schedule::TimesPerWeek { times: small(times, 7) }, false),
        (times, 30 | 31) => (Schedule::TimesPerMonth { times: small(times, 31) }, false),
        (1, days) => {
            let kept = u16::try_from(days).unwrap_or(u16::MAX).min(365);
            (Schedule::EveryNDays { days: kept, start }, i64::from(kept) != days)
        }
        (times, days) if days < 7 => match nearest(times, days, 7) {
            7.. => (Schedule::Daily, true),
            times => (Schedule::TimesPerWeek { times: small(times, 7) }, true),
        },
        (times, days) => (Schedule::TimesPerMonth { times: small(nearest(times, days, 30), 30) }, true),
    }
}

/// Whether Loop, which knows only frequencies, has the same for both.
///
/// A habit on Monday and Friday is one of twice a week there, and one of every 7 days once a week.
pub fn is_same_in_loop(one: Schedule, other: Schedule) -> bool {
    let [one, other] = [one, other].map(|kept| {
        let (times, days) = kept.frequency();
        schedule(times.into(), days.into(), NaiveDate::default()).0
    });
    one == other
}

/// `times` in `days`, as times in `span`, rounded.
fn nearest(times: i64, days: i64, span: i64) -> i64 {
    (i128::from(times) * i128::from(span) * 2 + i128::from(days))
        .checked_div(i128::from(days) * 2)
        .and_then(|times| i64::try_from(times).ok())
        .unwrap_or(1)
        .max(1)
}

fn small(times: i64, max: u8) -> u8 {
    u8::try_from(times.max(1)).unwrap_or(max).min(max)
}

#[cfg(test)]
mod tests {
    use chrono::Weekday;
    use habits::schedule::Weekdays;
    use rstest::rstest;

    use super::*;

    const START: NaiveDate = NaiveDate::from_ymd_opt(2026, 1, 2).unwrap();

    #[rstest]
    #[case(1, 1, Schedule::Daily, false)]
    #[case(7, 7, Schedule::Daily, false)]
    #[case(3, 7, Schedule::TimesPerWeek { times: 3 }, false)]
    #[case(1, 7, Schedule::TimesPerWeek { times: 1 }, false)]
    #[case(10, 30, Schedule::TimesPerMonth { times: 10 }, false)]
    #[case(2, 31, Schedule::TimesPerMonth { times: 2 }, false)]
    #[case(1, 3, Schedule::EveryNDays { days: 3, start: START }, false)]
    #[case(1, 400, Schedule::EveryNDays { days: 365, start: START }, true)]
    #[case(2, 3, Schedule::TimesPerWeek { times: 5 }, true)]
    #[case(3, 14, Schedule::TimesPerMonth { times: 6 }, true)]
    #[case(29, 29, Schedule::Daily, false)]
    #[case(28, 29, Schedule::TimesPerMonth { times: 29 }, true)]
    #[case(0, 0, Schedule::Daily, true)]
    #[case(-5, 3, Schedule::Daily, true)]
    #[case(2, i64::MAX, Schedule::TimesPerMonth { times: 1 }, true)]
    fn a_frequency_of_loop_has_a_nearest_schedule(
        #[case] times: i64,
        #[case] days: i64,
        #[case] expected: Schedule,
        #[case] is_near: bool,
    ) {
        assert_eq!(schedule(times, days, START), (expected, is_near));
    }

    #[rstest]
    #[case(Schedule::Daily)]
    #[case(Schedule::TimesPerWeek { times: 3 })]
    #[case(Schedule::TimesPerMonth { times: 5 })]
    #[case(Schedule::EveryNDays { days: 3, start: START })]
    fn a_schedule_comes_back_as_it_was(#[case] expected: Schedule) {
        let (times, days) = expected.frequency();
        assert_eq!(schedule(times.into(), days.into(), START), (expected, false));
    }

    const WEEKLY: Schedule = Schedule::TimesPerWeek { times: 1 };

    fn on(days: &[Weekday]) -> Schedule {
        Schedule::Weekdays { weekdays: Weekdays::new(days.iter().copied()).unwrap() }
    }

    fn every(days: u16, start: NaiveDate) -> Schedule {
        Schedule::EveryNDays { days, start }
    }

    #[rstest]
    #[case::weekdays(on(&[Weekday::Mon, Weekday::Fri]), Schedule::TimesPerWeek { times: 2 }, true)]
    #[case::more_weekdays(on(&[Weekday::Mon, Weekday::Fri]), WEEKLY, false)]
    #[case::a_week(every(7, START), WEEKLY, true)]
    #[case::a_month(every(30, START), Schedule::TimesPerMonth { times: 1 }, true)]
    #[case::another_start(every(3, START), every(3, NaiveDate::MAX), true)]
    #[case::each_day_of_a_week(Schedule::TimesPerWeek { times: 7 }, Schedule::Daily, true)]
    #[case::week_and_month(WEEKLY, Schedule::TimesPerMonth { times: 4 }, false)]
    fn schedules_of_one_frequency_are_the_same_in_loop(
        #[case] one: Schedule,
        #[case] other: Schedule,
        #[case] expected: bool,
    ) {
        assert_eq!((is_same_in_loop(one, other), is_same_in_loop(other, one)), (expected, expected));
    }
}
