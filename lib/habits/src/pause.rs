//! Days on which nothing is expected.

use chrono::{DateTime, Days, NaiveDate, Utc};

use crate::day::Calendar;

/// A run of dates, both ends included.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Pause {
    pub from: NaiveDate,
    /// `None` while no end is known.
    pub to: Option<NaiveDate>,
}

impl Pause {
    pub fn contains(&self, date: NaiveDate) -> bool {
        self.from <= date && self.to.is_none_or(|to| date <= to)
    }
}

/// The dates that somebody loses who flies east, or whose day starts at another hour, at `now`: they are excused, because
/// they had no end in which they could still be done. `None` when no date is lost.
pub fn lost_by_travel(before: Calendar, after: Calendar, now: DateTime<Utc>) -> Option<Pause> {
    let (left, reached) = (before.today(now), after.today(now));
    let to = reached.checked_sub_days(Days::new(1))?;
    (left <= to).then_some(Pause { from: left, to: Some(to) })
}

#[cfg(test)]
mod tests {
    use chrono_tz::Tz;

    use super::*;

    fn at(text: &str) -> DateTime<Utc> {
        text.parse().unwrap()
    }

    #[test]
    fn a_date_skipped_by_flying_east_is_excused() {
        let lost =
            lost_by_travel(Tz::America__Los_Angeles.into(), Tz::Pacific__Auckland.into(), at("2026-11-23T02:00:00Z"));
        let sunday = "2026-11-22".parse().unwrap();
        assert_eq!(lost, Some(Pause { from: sunday, to: Some(sunday) }));
    }

    #[test]
    fn flying_west_excuses_nothing() {
        let lost =
            lost_by_travel(Tz::Pacific__Auckland.into(), Tz::America__Los_Angeles.into(), at("2026-11-23T02:00:00Z"));
        assert_eq!(lost, None);
    }

    #[test]
    fn a_flight_within_one_date_excuses_nothing() {
        let lost = lost_by_travel(Tz::Europe__Berlin.into(), Tz::Asia__Tokyo.into(), at("2026-11-22T09:00:00Z"));
        assert_eq!(lost, None);
    }

    #[test]
    fn a_pause_without_an_end_goes_on() {
        let pause = Pause { from: "2026-11-22".parse().unwrap(), to: None };
        assert!(!pause.contains("2026-11-21".parse().unwrap()));
        assert!(pause.contains("2036-11-22".parse().unwrap()));
    }
}
