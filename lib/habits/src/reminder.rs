//! When a reminder is due.

use chrono::{DateTime, Days, NaiveTime, Timelike as _, Utc};
use chrono_tz::Tz;

use crate::day;

/// Dates looked at before giving up: one that the zone skipped, and the day that is nearly over.
const DATES_AHEAD: u64 = 4;

/// The first instant after `after` at which a daily reminder of `time` is due in `zone`.
///
/// Seconds of `time` are dropped: reminders go out on the minute. The instant's date in `zone` is the date that the
/// reminder is about. `None` only at the end of the calendar.
pub fn next(after: DateTime<Utc>, time: NaiveTime, zone: Tz) -> Option<DateTime<Utc>> {
    let minute = NaiveTime::from_hms_opt(time.hour(), time.minute(), 0)?;
    let today = day::today(after, zone);
    (0..DATES_AHEAD)
        .filter_map(|ahead| today.checked_add_days(Days::new(ahead)))
        .filter_map(|date| day::instant(date, minute, zone))
        .find(|at| *at > after)
}

#[cfg(test)]
mod tests {
    use chrono_tz::TZ_VARIANTS;
    use proptest::prelude::*;

    use super::*;

    fn at(text: &str) -> DateTime<Utc> {
        text.parse().unwrap()
    }

    fn time(text: &str) -> NaiveTime {
        NaiveTime::parse_from_str(text, "%H:%M:%S").unwrap()
    }

    #[test]
    fn a_reminder_later_today_is_due_today() {
        let next = next(at("2026-11-22T10:00:00Z"), time("18:00:00"), chrono_tz::Asia::Kathmandu);
        assert_eq!(next, Some(at("2026-11-22T12:15:00Z")));
    }

    #[test]
    fn a_reminder_of_this_very_instant_is_due_tomorrow() {
        let next = next(at("2026-11-22T12:15:00Z"), time("18:00:00"), chrono_tz::Asia::Kathmandu);
        assert_eq!(next, Some(at("2026-11-23T12:15:00Z")));
    }

    #[test]
    fn a_time_with_seconds_is_due_on_its_minute() {
        let next = next(at("2026-11-22T10:00:00Z"), time("12:00:59"), chrono_tz::UTC);
        assert_eq!(next, Some(at("2026-11-22T12:00:00Z")));
    }

    #[test]
    fn a_skipped_date_has_no_reminder() {
        let next = next(at("2011-12-29T23:00:00Z"), time("12:00:00"), chrono_tz::Pacific::Apia);
        assert_eq!(next, Some(at("2011-12-30T22:00:00Z")));
    }

    proptest! {
        /// In every zone, whatever its clock does, each date has one reminder and they follow each other.
        #[test]
        fn reminders_strictly_increase_and_never_share_a_date(
            zone in proptest::sample::select(TZ_VARIANTS.to_vec()),
            start_s in 946_684_800_i64..2_145_916_800,
            minute in 0_u32..1_440,
        ) {
            let time = NaiveTime::from_hms_opt(minute / 60, minute % 60, 0).unwrap();
            let mut after = DateTime::from_timestamp(start_s, 0).unwrap();
            let mut last_date = None;
            for _ in 0..10 {
                let due = next(after, time, zone).unwrap();
                prop_assert!(due > after);
                let date = day::today(due, zone);
                prop_assert!(last_date.is_none_or(|last| date > last), "{zone} {last_date:?} {date}");
                (after, last_date) = (due, Some(date));
            }
        }
    }
}
