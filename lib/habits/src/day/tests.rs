use chrono_tz::{TZ_VARIANTS, Tz};
use proptest::prelude::*;
use rstest::rstest;

use super::*;

fn time(text: &str) -> NaiveTime {
    NaiveTime::parse_from_str(text, "%H:%M").unwrap()
}

#[rstest]
#[case::gap("Europe/Berlin", "2026-03-29", "02:30", "2026-03-29T01:30:00Z")]
#[case::overlap_means_the_first("America/New_York", "2026-11-01", "01:30", "2026-11-01T05:30:00Z")]
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
    #[case] at: &str,
    #[case] expected: DateTime<Utc>,
) {
    assert_eq!(Calendar::from(zone).instant(date, time(at)), Some(expected));
}

#[rstest]
#[case::berlin("Europe/Berlin", "2026-11-22", "2026-11-21T23:00:00Z")]
#[case::no_midnight("Africa/Cairo", "2026-04-24", "2026-04-23T22:00:00Z")]
#[case::no_midnight("Asia/Beirut", "2026-03-29", "2026-03-28T22:00:00Z")]
#[case::no_midnight("America/Havana", "2026-03-08", "2026-03-08T05:00:00Z")]
#[case::no_midnight("America/Santiago", "2026-09-06", "2026-09-06T04:00:00Z")]
#[case::the_gap_ends_at_midnight("America/Nuuk", "2026-03-29", "2026-03-29T01:00:00Z")]
#[case::a_skipped_date("Pacific/Apia", "2011-12-30", "2011-12-30T10:00:00Z")]
#[case::after_a_skipped_date("Pacific/Apia", "2011-12-31", "2011-12-30T10:00:00Z")]
#[case::half_past_midnight_gap("America/Toronto", "1919-03-31", "1919-03-31T04:30:00Z")]
fn a_day_begins_at_its_first_valid_instant(#[case] zone: Tz, #[case] date: NaiveDate, #[case] expected: DateTime<Utc>) {
    assert_eq!(Calendar::from(zone).start(date), expected);
}

#[test]
fn a_day_that_would_begin_within_a_jump_of_the_clock_begins_with_it() {
    let troll = Calendar { zone: Tz::Antarctica__Troll, start_hour: 2 };
    let date = NaiveDate::from_ymd_opt(2026, 3, 29).unwrap();
    assert_eq!(troll.start(date), "2026-03-29T01:00:00Z".parse::<DateTime<Utc>>().unwrap());
}

#[test]
fn a_day_with_an_overlap_at_midnight_has_25_hours() {
    let cairo = Calendar::from(Tz::Africa__Cairo);
    let date = |text: &str| text.parse::<NaiveDate>().unwrap();
    assert_eq!(cairo.start(date("2026-10-30")) - cairo.start(date("2026-10-29")), TimeDelta::hours(25));
}

#[test]
fn a_date_that_the_zone_skipped_has_no_instant() {
    let apia = Calendar::from(Tz::Pacific__Apia);
    let skipped = NaiveDate::from_ymd_opt(2011, 12, 30).unwrap();
    assert_eq!(apia.instant(skipped, time("12:00")), None);
    assert!(!apia.has(skipped));
}

#[rstest]
#[case("Asia/Kolkata", "18:30:00")]
#[case("Asia/Kathmandu", "18:15:00")]
#[case("Pacific/Chatham", "10:15:00")]
fn the_day_turns_at_the_zones_own_midnight(#[case] zone: Tz, #[case] midnight: &str) {
    let calendar = Calendar::from(zone);
    let turn: DateTime<Utc> = format!("2026-11-21T{midnight}Z").parse().unwrap();
    assert_eq!(calendar.today(turn - TimeDelta::seconds(1)).to_string(), "2026-11-21");
    assert_eq!(calendar.today(turn).to_string(), "2026-11-22");
}

#[test]
fn a_day_that_starts_at_four_holds_the_night_after() {
    let night = Calendar { zone: Tz::Europe__Berlin, start_hour: 4 };
    let sunday = NaiveDate::from_ymd_opt(2026, 11, 22).unwrap();
    assert_eq!(night.today("2026-11-23T02:59:59Z".parse().unwrap()), sunday);
    assert_eq!(night.today("2026-11-23T03:00:00Z".parse().unwrap()), sunday + Days::new(1));
    assert_eq!(night.instant(sunday, time("01:30")), Some("2026-11-23T00:30:00Z".parse().unwrap()));
    assert_eq!(night.start(sunday), "2026-11-22T03:00:00Z".parse::<DateTime<Utc>>().unwrap());
}

prop_compose! {
    fn any_calendar()(zone in proptest::sample::select(TZ_VARIANTS.to_vec()), start_hour in 0..=MAX_START_HOUR) -> Calendar {
        Calendar { zone, start_hour }
    }
}

proptest! {
    /// From 2000 to 2037, in every zone and from every hour: a date's start is its first instant.
    #[test]
    fn a_date_starts_where_the_one_before_ends(calendar in any_calendar(), day in 0_u64..13_880) {
        let date = NaiveDate::from_ymd_opt(2000, 1, 1).unwrap() + Days::new(day);
        let start = calendar.start(date);
        if calendar.has(date) {
            prop_assert_eq!(calendar.today(start), date);
        }
        prop_assert!(calendar.today(start - TimeDelta::seconds(1)) < date);
        prop_assert!(calendar.start(date + Days::new(1)) >= start);
    }

    #[test]
    fn every_time_of_a_date_lies_within_it(calendar in any_calendar(), day in 0_u64..13_880, minute in 0_u32..1_440) {
        let date = NaiveDate::from_ymd_opt(2000, 1, 1).unwrap() + Days::new(day);
        let time = NaiveTime::from_hms_opt(minute / 60, minute % 60, 0).unwrap();
        match calendar.instant(date, time) {
            Some(at) => prop_assert_eq!(calendar.today(at), date),
            None => prop_assert!(!calendar.has(date), "{:?} {} {}", calendar, date, time),
        }
    }
}
