use rstest::rstest;

use super::*;

fn date(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

fn weekdays(days: &[Weekday]) -> Schedule {
    Schedule::Weekdays { weekdays: Weekdays::new(days.iter().copied()).unwrap() }
}

#[rstest]
#[case::a_day(Schedule::Daily, "2026-11-22", "2026-11-22", "2026-11-23", 1)]
#[case::a_day_off(weekdays(&[Weekday::Mon]), "2026-11-22", "2026-11-22", "2026-11-23", 0)]
#[case::a_day_on(weekdays(&[Weekday::Sun]), "2026-11-22", "2026-11-22", "2026-11-23", 1)]
#[case::the_week_begins_on_monday(Schedule::TimesPerWeek { times: 3 }, "2026-11-22", "2026-11-16", "2026-11-23", 3)]
#[case::a_month(Schedule::TimesPerMonth { times: 10 }, "2026-11-22", "2026-11-01", "2026-12-01", 10)]
#[case::a_short_month(Schedule::TimesPerMonth { times: 31 }, "2026-02-03", "2026-02-01", "2026-03-01", 28)]
#[case::a_run(Schedule::EveryNDays { days: 3, start: date("2026-11-20") }, "2026-11-22", "2026-11-20", "2026-11-23", 1)]
#[case::a_run_before_the_start(Schedule::EveryNDays { days: 3, start: date("2026-11-20") }, "2026-11-19", "2026-11-17", "2026-11-20", 1)]
fn a_date_belongs_to_one_period(
    #[case] schedule: Schedule,
    #[case] day: &str,
    #[case] first: &str,
    #[case] end: &str,
    #[case] times: u32,
) {
    let period = schedule.period(date(day));
    assert_eq!((period.first, period.end, period.times), (date(first), date(end), times));
}

#[test]
fn a_day_keeps_the_schedule_it_had() {
    let mut schedules = Schedules::from(Schedule::Daily);
    schedules.change(date("2026-11-10"), weekdays(&[Weekday::Mon]));
    assert_eq!(schedules.on(date("2026-11-09")), Schedule::Daily);
    assert_eq!(schedules.on(date("2026-11-10")), weekdays(&[Weekday::Mon]));
    assert_eq!(schedules.current(), weekdays(&[Weekday::Mon]));
}

#[test]
fn a_second_change_on_one_day_replaces_the_first() {
    let mut schedules = Schedules::from(Schedule::Daily);
    schedules.change(date("2026-11-10"), weekdays(&[Weekday::Mon]));
    schedules.change(date("2026-11-10"), Schedule::Daily);
    assert_eq!(schedules, Schedules::from(Schedule::Daily));
}

#[test]
fn a_change_cuts_the_period_it_falls_into() {
    let mut schedules = Schedules::from(Schedule::TimesPerWeek { times: 3 });
    schedules.change(date("2026-11-19"), Schedule::TimesPerWeek { times: 7 });
    let before = schedules.period(date("2026-11-18"));
    let after = schedules.period(date("2026-11-19"));
    assert_eq!((before.first, before.end, before.required(3)), (date("2026-11-16"), date("2026-11-19"), 1));
    assert_eq!((after.first, after.end, after.required(4)), (date("2026-11-19"), date("2026-11-23"), 4));
}

#[test]
fn of_many_changes_the_last_hundred_are_kept() {
    let mut schedules = Schedules::from(Schedule::Daily);
    for (day, times) in date("2026-01-01").iter_days().zip((1_u8..=7).cycle()).take(150) {
        schedules.change(day, Schedule::TimesPerWeek { times });
    }
    assert_eq!(schedules.changes.len(), MAX_CHANGES);
    assert_eq!(schedules.on(date("2025-01-01")), Schedule::TimesPerWeek { times: 1 });
}

#[rstest]
#[case(Schedule::Daily, "{}")]
#[case(weekdays(&[Weekday::Wed, Weekday::Mon]), r#"{"first":{"type":"weekdays","weekdays":["mon","wed"]}}"#)]
fn schedules_are_stored_as_json(#[case] schedule: Schedule, #[case] json: &str) {
    let schedules = Schedules::from(schedule);
    assert_eq!(serde_json::to_string(&schedules).unwrap(), json);
    assert_eq!(serde_json::from_str::<Schedules>(json).unwrap(), schedules);
}

#[rstest]
#[case(Schedule::Daily, &["2026-11-22", "2026-11-23"])]
#[case(weekdays(&[Weekday::Mon]), &["2026-11-23"])]
#[case(Schedule::TimesPerWeek { times: 2 }, &["2026-11-22", "2026-11-23"])]
#[case(Schedule::EveryNDays { days: 2, start: date("2026-01-01") }, &["2026-11-23"])]
fn reminders_go_out_on_scheduled_days(#[case] schedule: Schedule, #[case] due: &[&str]) {
    let days = ["2026-11-22", "2026-11-23"].into_iter().filter(|day| schedule.is_due_on(date(day)));
    assert_eq!(days.collect::<Vec<_>>(), due);
}
