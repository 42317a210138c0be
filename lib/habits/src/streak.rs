//! How long a streak is, and when it ends.

use std::collections::BTreeSet;

use chrono::{DateTime, NaiveDate, Utc};
use chrono_tz::Tz;

use crate::day;

/// What the history of a daily habit amounts to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Streak {
    /// Days in a row up to today, or up to yesterday while today is still open.
    pub current: u32,
    /// The longest run ever.
    pub record: u32,
    /// The instant at which `current` falls to 0 unless the habit is done before; `None` without a streak.
    pub expires_at: Option<DateTime<Utc>>,
}

/// Derives the streak from the dates on which the habit was done.
///
/// Dates after `today` count for nothing. Today never breaks a streak: it has until midnight. A date that the zone
/// skipped neither counts nor breaks.
pub fn derive(done: &BTreeSet<NaiveDate>, today: NaiveDate, zone: Tz) -> Streak {
    let mut record = 0;
    let mut run = 0;
    let mut last: Option<NaiveDate> = None;
    for &date in done.range(..=today) {
        run = if last.is_some_and(|last| next_date(last, zone) == Some(date)) { run + 1 } else { 1 };
        record = record.max(run);
        last = Some(date);
    }
    let alive = last.filter(|&last| last == today || next_date(last, zone) == Some(today));
    Streak {
        current: if alive.is_some() { run } else { 0 },
        record,
        expires_at: alive.map(|last| end_of_day_after(last, zone)),
    }
}

/// The date after `date` on the calendars of `zone`.
fn next_date(date: NaiveDate, zone: Tz) -> Option<NaiveDate> {
    date.iter_days().skip(1).take(3).find(|next| day::today(day::start(*next, zone), zone) == *next)
}

fn end_of_day_after(date: NaiveDate, zone: Tz) -> DateTime<Utc> {
    let end = next_date(date, zone).and_then(|open| next_date(open, zone));
    end.map_or(DateTime::<Utc>::MAX_UTC, |end| day::start(end, zone))
}

#[cfg(test)]
mod tests {
    use chrono::Days;
    use proptest::{collection::btree_set, prelude::*};

    use super::*;

    fn date(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    fn derived(done: &[&str], today: &str, zone: Tz) -> Streak {
        derive(&done.iter().map(|text| date(text)).collect(), date(today), zone)
    }

    #[test]
    fn an_empty_history_has_no_streak() {
        let expected = Streak { current: 0, record: 0, expires_at: None };
        assert_eq!(derived(&[], "2026-11-22", Tz::UTC), expected);
    }

    #[test]
    fn today_pending_never_breaks_a_streak() {
        let streak = derived(&["2026-11-20", "2026-11-21"], "2026-11-22", Tz::UTC);
        assert_eq!(streak.current, 2);
        assert_eq!(streak.expires_at, Some("2026-11-23T00:00:00Z".parse().unwrap()));
    }

    #[test]
    fn a_missed_day_ends_the_streak_and_keeps_the_record() {
        let streak = derived(&["2026-11-19", "2026-11-20"], "2026-11-22", Tz::UTC);
        assert_eq!(streak, Streak { current: 0, record: 2, expires_at: None });
    }

    #[test]
    fn a_streak_ends_at_the_persons_own_midnight() {
        let streak = derived(&["2026-11-22"], "2026-11-22", chrono_tz::Asia::Kathmandu);
        assert_eq!(streak.expires_at, Some("2026-11-23T18:15:00Z".parse().unwrap()));
    }

    #[test]
    fn a_date_that_the_zone_skipped_neither_counts_nor_breaks() {
        let streak = derived(&["2011-12-28", "2011-12-29", "2011-12-31"], "2011-12-31", chrono_tz::Pacific::Apia);
        assert_eq!(streak.current, 3);
    }

    fn any_date() -> impl Strategy<Value = NaiveDate> {
        (0_u64..60).prop_map(|days| date("2026-10-01") + Days::new(days))
    }

    proptest! {
        #[test]
        fn undoing_a_day_restores_what_was(mut done in btree_set(any_date(), 0..40), today in any_date()) {
            done.remove(&today);
            let before = derive(&done, today, Tz::UTC);
            done.insert(today);
            let ticked = derive(&done, today, Tz::UTC);
            done.remove(&today);
            prop_assert_eq!(ticked.current, before.current + 1);
            prop_assert_eq!(derive(&done, today, Tz::UTC), before);
        }

        #[test]
        fn the_future_counts_for_nothing(done in btree_set(any_date(), 0..40), today in any_date()) {
            let past = done.range(..=today).copied().collect();
            prop_assert_eq!(derive(&done, today, Tz::UTC), derive(&past, today, Tz::UTC));
        }
    }
}
