//! A person's calendar day, in the person's zone.

use chrono::{DateTime, Days, MappedLocalTime, NaiveDate, NaiveTime, TimeDelta, TimeZone as _, Utc};
use chrono_tz::Tz;

/// The widest gap that any zone's clock has ever jumped, with room: Apia skipped 24 hours in 2011.
const WIDEST_GAP_HOURS: i64 = 25;

/// The date on the wall of somebody in `zone` at `now`.
pub fn today(now: DateTime<Utc>, zone: Tz) -> NaiveDate {
    now.with_timezone(&zone).date_naive()
}

/// The instant at which clocks in `zone` first show `time` on `date`.
///
/// A time that occurs twice means its first occurrence. A time that a jump of the clock skips is shifted by the width of
/// the jump; where that would leave `date`, it is shifted back by it. `None` for a date that the zone skipped altogether.
pub fn instant(date: NaiveDate, time: NaiveTime, zone: Tz) -> Option<DateTime<Utc>> {
    let local = date.and_time(time);
    match zone.from_local_datetime(&local) {
        MappedLocalTime::Single(at) | MappedLocalTime::Ambiguous(at, _) => Some(at.to_utc()),
        MappedLocalTime::None => {
            // Read with the offset that held before the jump, the clock lands behind it; with the offset after, before it.
            let around = local.and_utc();
            let offset_before = offset_at(around - TimeDelta::hours(WIDEST_GAP_HOURS), zone);
            let offset_after = offset_at(around + TimeDelta::hours(WIDEST_GAP_HOURS), zone);
            [offset_before, offset_after].into_iter().map(|offset| around - offset).find(|at| today(*at, zone) == date)
        }
    }
}

fn offset_at(at: DateTime<Utc>, zone: Tz) -> TimeDelta {
    at.with_timezone(&zone).naive_local() - at.naive_utc()
}

/// The first instant of `date` in `zone`; for a date that the zone skipped, the first instant after it.
pub fn start(date: NaiveDate, zone: Tz) -> DateTime<Utc> {
    let midnight = instant(date, NaiveTime::MIN, zone);
    let mut later = date;
    midnight.unwrap_or_else(|| {
        // No zone skips two dates in a row, so this takes one step; the end of the calendar ends it too.
        loop {
            let Some(next) = later.checked_add_days(Days::new(1)) else {
                return DateTime::<Utc>::MAX_UTC;
            };
            later = next;
            if let Some(at) = instant(later, NaiveTime::MIN, zone) {
                return at;
            }
        }
    })
}

#[cfg(test)]
mod tests {
    use chrono_tz::Tz;
    use rstest::rstest;

    use super::*;

    #[rstest]
    #[case::gap("Europe/Berlin", "2026-03-29", "02:30", "2026-03-29T01:30:00Z")]
    #[case::overlap("America/New_York", "2026-11-01", "01:30", "2026-11-01T05:30:00Z")]
    #[case::half_hour_gap("Australia/Lord_Howe", "2026-10-04", "02:15", "2026-10-03T15:45:00Z")]
    #[case::no_midnight("Africa/Cairo", "2026-04-24", "00:00", "2026-04-23T22:00:00Z")]
    #[case::no_midnight("Asia/Beirut", "2026-03-29", "00:00", "2026-03-28T22:00:00Z")]
    #[case::no_midnight("America/Havana", "2026-03-08", "00:00", "2026-03-08T05:00:00Z")]
    #[case::no_midnight("America/Santiago", "2026-09-06", "00:00", "2026-09-06T04:00:00Z")]
    #[case::gap_to_the_next_date("America/Nuuk", "2026-03-28", "23:30", "2026-03-29T00:30:00Z")]
    #[case::overlap_at_midnight("Africa/Cairo", "2026-10-29", "23:30", "2026-10-29T20:30:00Z")]
    #[case::quarter_hour_offset("Asia/Kathmandu", "2026-11-22", "00:00", "2026-11-21T18:15:00Z")]
    fn a_local_time_becomes_one_instant(
        #[case] zone: Tz,
        #[case] date: NaiveDate,
        #[case] time: &str,
        #[case] expected: DateTime<Utc>,
    ) {
        let time = NaiveTime::parse_from_str(time, "%H:%M").unwrap();
        assert_eq!(instant(date, time, zone), Some(expected));
    }

    #[test]
    fn a_date_that_the_zone_skipped_has_no_instant() {
        let skipped = NaiveDate::from_ymd_opt(2011, 12, 30).unwrap();
        let noon = NaiveTime::from_hms_opt(12, 0, 0).unwrap();
        assert_eq!(instant(skipped, noon, chrono_tz::Pacific::Apia), None);
    }

    #[test]
    fn the_day_turns_at_the_zones_own_midnight() {
        let before: DateTime<Utc> = "2026-11-21T18:14:59Z".parse().unwrap();
        let after: DateTime<Utc> = "2026-11-21T18:15:00Z".parse().unwrap();
        assert_eq!(today(before, chrono_tz::Asia::Kathmandu).to_string(), "2026-11-21");
        assert_eq!(today(after, chrono_tz::Asia::Kathmandu).to_string(), "2026-11-22");
    }
}
