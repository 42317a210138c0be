use chrono::Weekday;
use chrono_tz::{TZ_VARIANTS, Tz};
use proptest::prelude::*;
use rstest::rstest;

use super::*;
use crate::{
    day::MAX_START_HOUR,
    schedule::{Schedule, Weekdays},
};

fn at(text: &str) -> DateTime<Utc> {
    text.parse().unwrap()
}

fn date(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

fn time(text: &str) -> NaiveTime {
    NaiveTime::parse_from_str(text, "%H:%M:%S").unwrap()
}

/// What a test changes of a plan that is daily, at one time, in one zone.
struct Case {
    schedules: Schedules,
    times: Vec<NaiveTime>,
    pauses: Vec<Pause>,
    quiet: Option<QuietHours>,
    calendar: Calendar,
}

fn daily(time_of_day: &str, zone: Tz) -> Case {
    Case {
        schedules: Schedules::default(),
        times: vec![time(time_of_day)],
        pauses: Vec::new(),
        quiet: None,
        calendar: zone.into(),
    }
}

impl Case {
    fn plan(&self) -> Plan<'_> {
        Plan {
            schedules: &self.schedules,
            times: &self.times,
            pauses: &self.pauses,
            quiet: self.quiet,
            calendar: self.calendar,
        }
    }

    fn next(&self, after: &str) -> Option<DateTime<Utc>> {
        self.plan().next(at(after)).map(|reminder| reminder.at)
    }
}

#[test]
fn a_reminder_later_today_is_due_today() {
    let plan = daily("18:00:00", Tz::Asia__Kathmandu);
    assert_eq!(plan.next("2026-11-22T10:00:00Z"), Some(at("2026-11-22T12:15:00Z")));
}

#[test]
fn a_reminder_of_this_very_instant_is_due_tomorrow() {
    let plan = daily("18:00:00", Tz::Asia__Kathmandu);
    assert_eq!(plan.next("2026-11-22T12:15:00Z"), Some(at("2026-11-23T12:15:00Z")));
}

#[test]
fn a_time_with_seconds_is_due_on_its_minute() {
    let plan = daily("12:00:59", Tz::UTC);
    assert_eq!(plan.next("2026-11-22T10:00:00Z"), Some(at("2026-11-22T12:00:00Z")));
}

#[test]
fn a_time_in_a_gap_fires_once_that_day() {
    let plan = daily("02:30:00", Tz::Europe__Berlin);
    assert_eq!(plan.next("2026-03-28T12:00:00Z"), Some(at("2026-03-29T01:30:00Z")));
    assert_eq!(plan.next("2026-03-29T01:30:00Z"), Some(at("2026-03-30T00:30:00Z")));
}

#[test]
fn a_time_that_comes_twice_fires_the_first_time_only() {
    let plan = daily("01:30:00", Tz::America__New_York);
    assert_eq!(plan.next("2026-10-31T12:00:00Z"), Some(at("2026-11-01T05:30:00Z")));
    assert_eq!(plan.next("2026-11-01T05:30:00Z"), Some(at("2026-11-02T06:30:00Z")));
}

#[test]
fn a_reminder_at_a_midnight_that_does_not_exist_comes_at_one() {
    let plan = daily("00:00:00", Tz::Africa__Cairo);
    let reminder = plan.plan().next(at("2026-04-23T12:00:00Z")).unwrap();
    assert_eq!((reminder.at, reminder.date), (at("2026-04-23T22:00:00Z"), date("2026-04-24")));
}

#[test]
fn a_time_whose_gap_crosses_the_date_stays_on_its_date() {
    let plan = daily("23:30:00", Tz::America__Nuuk);
    let reminder = plan.plan().next(at("2026-03-28T12:00:00Z")).unwrap();
    assert_eq!((reminder.at, reminder.date), (at("2026-03-29T00:30:00Z"), date("2026-03-28")));
}

#[test]
fn many_changes_of_the_clock_a_year_lose_no_reminder() {
    let plan = daily("02:30:00", Tz::Africa__Casablanca);
    let mut after = at("2026-01-01T00:00:00Z");
    let dates: Vec<NaiveDate> = std::iter::from_fn(|| {
        let reminder = plan.plan().next(after)?;
        after = reminder.at;
        Some(reminder.date)
    })
    .take(365)
    .collect();
    assert_eq!(dates, date("2026-01-01").iter_days().take(365).collect::<Vec<_>>());
}

#[test]
fn a_skipped_date_has_no_reminder() {
    let plan = daily("12:00:00", Tz::Pacific__Apia);
    assert_eq!(plan.next("2011-12-29T23:00:00Z"), Some(at("2011-12-30T22:00:00Z")));
}

#[test]
fn of_several_times_the_next_one_is_due() {
    let plan = Case { times: vec![time("21:00:00"), time("07:30:00")], ..daily("00:00:00", Tz::UTC) };
    assert_eq!(plan.next("2026-11-22T06:00:00Z"), Some(at("2026-11-22T07:30:00Z")));
    assert_eq!(plan.next("2026-11-22T07:30:00Z"), Some(at("2026-11-22T21:00:00Z")));
}

#[test]
fn a_day_off_has_no_reminder() {
    let monday = Schedule::Weekdays { weekdays: Weekdays::new([Weekday::Mon]).unwrap() };
    let plan = Case { schedules: monday.into(), ..daily("09:00:00", Tz::UTC) };
    assert_eq!(plan.next("2026-11-23T09:00:00Z"), Some(at("2026-11-30T09:00:00Z")));
}

#[test]
fn the_longest_run_of_days_has_its_reminder() {
    let yearly = Schedule::EveryNDays { days: 365, start: date("2026-11-22") };
    let plan = Case { schedules: yearly.into(), ..daily("09:00:00", Tz::UTC) };
    assert_eq!(plan.next("2026-11-22T09:00:00Z"), Some(at("2027-11-22T09:00:00Z")));
}

#[test]
fn a_pause_has_no_reminders() {
    let pause = Pause { from: date("2026-11-22"), to: Some(date("2026-11-30")) };
    let plan = Case { pauses: vec![pause], ..daily("09:00:00", Tz::UTC) };
    assert_eq!(plan.next("2026-11-21T09:00:00Z"), Some(at("2026-12-01T09:00:00Z")));
}

#[test]
fn a_pause_without_an_end_has_none_at_all() {
    let pause = Pause { from: date("2026-11-22"), to: None };
    let plan = Case { pauses: vec![pause], ..daily("09:00:00", Tz::UTC) };
    assert_eq!(plan.next("2026-11-22T00:00:00Z"), None);
}

#[test]
fn a_reminder_in_quiet_hours_waits_for_the_morning_or_makes_no_sound() {
    let quiet = Some(QuietHours { from: time("22:00:00"), to: time("08:00:00") });
    let plan = Case { times: vec![time("07:00:00"), time("23:00:00")], quiet, ..daily("00:00:00", Tz::UTC) };
    let morning = plan.plan().next(at("2026-11-22T00:00:00Z")).unwrap();
    assert_eq!((morning.at, morning.is_silent), (at("2026-11-22T08:00:00Z"), false));
    let evening = plan.plan().next(morning.at).unwrap();
    assert_eq!((evening.at, evening.is_silent), (at("2026-11-22T23:00:00Z"), true));
}

#[test]
fn at_night_a_reminder_is_about_the_day_before() {
    let calendar = Calendar { zone: Tz::UTC, start_hour: 4 };
    let plan = Case { calendar, ..daily("01:00:00", Tz::UTC) };
    let reminder = plan.plan().next(at("2026-11-22T12:00:00Z")).unwrap();
    assert_eq!((reminder.at, reminder.date), (at("2026-11-23T01:00:00Z"), date("2026-11-22")));
}

#[test]
fn a_date_that_had_its_reminder_gets_no_second_one() {
    let plan = daily("20:00:00", Tz::America__Los_Angeles);
    let reminded = Reminded { date: date("2026-11-23"), times: 1 };
    let next = plan.plan().next_beyond(at("2026-11-22T20:00:00Z"), Some(reminded));
    assert_eq!(next.map(|reminder| reminder.at), Some(at("2026-11-25T04:00:00Z")));
}

#[test]
fn a_date_that_had_one_of_its_reminders_gets_the_others() {
    let plan = Case { times: vec![time("08:00:00"), time("20:00:00")], ..daily("00:00:00", Tz::Europe__London) };
    let reminded = Reminded { date: date("2026-11-22"), times: 1 };
    let next = plan.plan().next_beyond(at("2026-11-22T07:30:00Z"), Some(reminded));
    assert_eq!(next.map(|reminder| reminder.at), Some(at("2026-11-22T20:00:00Z")));
}

/// Both waited for the end of the quiet hours, and were one.
#[test]
fn reminders_that_quiet_hours_made_one_are_sent_once() {
    let quiet = Some(QuietHours { from: time("22:00:00"), to: time("08:00:00") });
    let plan = Case { times: vec![time("07:00:00"), time("07:30:00")], quiet, ..daily("00:00:00", Tz::Europe__London) };
    let reminded = Reminded { date: date("2026-11-22"), times: 1 };
    let next = plan.plan().next_beyond(at("2026-11-22T07:20:00Z"), Some(reminded));
    assert_eq!(next.map(|reminder| reminder.at), Some(at("2026-11-23T08:00:00Z")));
}

#[test]
fn reminders_go_on_after_two_pauses_and_the_longest_run_of_days() {
    let pause = |from, to| Pause { from: date(from), to: Some(date(to)) };
    let schedules = Schedule::EveryNDays { days: 365, start: date("2026-11-22") }.into();
    let pauses = vec![pause("2026-11-22", "2027-11-23"), pause("2027-11-23", "2028-11-23")];
    let plan = Case { schedules, pauses, ..daily("12:00:00", Tz::UTC) };
    assert_eq!(plan.next("2026-11-22T00:00:00Z"), Some(at("2029-11-21T12:00:00Z")));
}

prop_compose! {
    fn any_calendar()(zone in proptest::sample::select(TZ_VARIANTS.to_vec()), start_hour in 0..=MAX_START_HOUR) -> Calendar {
        Calendar { zone, start_hour }
    }
}

proptest! {
    /// From 2000 to 2037, in every zone: the dates of the reminders are the dates of the calendar, each once.
    #[test]
    fn each_scheduled_date_has_exactly_one_reminder(
        calendar in any_calendar(),
        start_s in 946_684_800_i64..2_145_916_800,
        minute in 0_u32..1_440,
    ) {
        let case = Case { calendar, ..daily("00:00:00", Tz::UTC) };
        let times = [NaiveTime::from_hms_opt(minute / 60, minute % 60, 0).unwrap()];
        let plan = Plan { times: &times, ..case.plan() };
        let mut last = plan.next(DateTime::from_timestamp(start_s, 0).unwrap()).unwrap();
        for _ in 0..10 {
            let next = plan.next(last.at).unwrap();
            prop_assert!(next.at > last.at);
            prop_assert_eq!(calendar.today(next.at), next.date);
            let following = last.date.iter_days().skip(1).find(|date| calendar.has(*date)).unwrap();
            prop_assert_eq!(next.date, following);
            last = next;
        }
    }

    #[test]
    fn reminders_of_any_plan_strictly_increase(
        calendar in any_calendar(),
        start_s in 946_684_800_i64..2_145_916_800,
        minutes in proptest::collection::vec(0_u32..1_440, 1..5),
        quiet in (0_u32..24, 0_u32..24),
        days in 2_u16..40,
    ) {
        let times: Vec<_> = minutes.iter().map(|m| NaiveTime::from_hms_opt(m / 60, m % 60, 0).unwrap()).collect();
        let hour = |hour| NaiveTime::from_hms_opt(hour, 0, 0).unwrap();
        let schedules = Schedules::from(Schedule::EveryNDays { days, start: date("2010-01-01") });
        let quiet = Some(QuietHours { from: hour(quiet.0), to: hour(quiet.1) });
        let plan = Plan { schedules: &schedules, times: &times, pauses: &[], quiet, calendar };
        let mut after = DateTime::from_timestamp(start_s, 0).unwrap();
        for _ in 0..6 {
            let next = plan.next(after).unwrap();
            prop_assert!(next.at > after);
            prop_assert_eq!(calendar.today(next.at), next.date);
            prop_assert!(schedules.on(next.date).is_due_on(next.date));
            after = next.at;
        }
    }
}

/// Every zone once, over the changes of its clock in 2026.
#[test]
fn every_zone_has_one_reminder_a_date_in_2026() {
    for zone in TZ_VARIANTS {
        for time_of_day in ["00:00:00", "02:30:00", "23:59:00"] {
            let case = daily(time_of_day, zone);
            let mut after = case.calendar.start(date("2026-01-01")) - chrono::TimeDelta::seconds(1);
            for day in date("2026-01-01").iter_days().take(365) {
                let reminder = case.plan().next(after).unwrap();
                assert_eq!(reminder.date, day, "{zone} {time_of_day}");
                after = reminder.at;
            }
        }
    }
}

fn parsed(texts: &[&str]) -> Vec<NaiveTime> {
    texts.iter().map(|text| time(text)).collect()
}

#[rstest]
#[case::the_first_stays_first(&["21:00:00", "12:00:00", "07:00:00"], &["21:00:00", "07:00:00", "12:00:00"])]
#[case::each_once(&["21:00:00", "07:00:00", "21:00:00", "07:00:00"], &["21:00:00", "07:00:00"])]
#[case::seconds_are_no_other_reminder(
    &["21:00:30", "07:00:59", "07:00:00", "21:00:00"],
    &["21:00:30", "07:00:00"]
)]
fn reminders_are_kept_as_they_were_set(#[case] set: &[&str], #[case] kept: &[&str]) {
    let set = parsed(set);
    assert_eq!(times(set[0], &set[1..]), parsed(kept));
}
