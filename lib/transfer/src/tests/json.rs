use chrono::{NaiveTime, TimeDelta};
use habits::schedule::{Schedule, Schedules, Weekdays};
use proptest::{collection::vec, option, prelude::*, sample::select};
use rstest::rstest;

use super::*;
use crate::{Archive, Direction, Goal, Habit, JsonWriter, Pause, PauseReason, VERSION};

fn any_date() -> impl Strategy<Value = NaiveDate> {
    (0_i64..9_000).prop_map(|days| date("2000-01-01") + TimeDelta::days(days))
}

fn any_schedule() -> impl Strategy<Value = Schedule> {
    prop_oneof![
        Just(Schedule::Daily),
        Just(Schedule::Weekdays { weekdays: Weekdays::new([chrono::Weekday::Mon, chrono::Weekday::Sun]).unwrap() }),
        (1_u8..=7).prop_map(|times| Schedule::TimesPerWeek { times }),
        (1_u8..=31).prop_map(|times| Schedule::TimesPerMonth { times }),
        (2_u16..=365, any_date()).prop_map(|(days, start)| Schedule::EveryNDays { days, start }),
    ]
}

fn any_schedules() -> impl Strategy<Value = Schedules> {
    (any_schedule(), vec((any_date(), any_schedule()), 0..4)).prop_map(|(first, mut changes)| {
        let mut schedules = Schedules::from(first);
        changes.sort_by_key(|(from, _)| *from);
        for (from, schedule) in changes {
            schedules.change(from, schedule);
        }
        schedules
    })
}

fn any_day() -> impl Strategy<Value = Day> {
    let status = select(vec![Status::Pending, Status::Done, Status::NotDone, Status::Skipped, Status::Frozen]);
    let amount = option::of((0..=habits::goal::MAX_AMOUNT_MILLI).prop_map(|milli| Amount::from_milli(milli).unwrap()));
    let note = option::of("[a-zа-я\"\\\\,][a-zа-я\n\"\\\\, ]{0,20}[a-zа-я]");
    (any_date(), status, amount, note).prop_map(|(date, status, amount, note)| Day { date, status, amount, note })
}

fn any_pause() -> impl Strategy<Value = Pause> {
    (any_date(), option::of(0_i64..=366), any::<bool>()).prop_map(|(from, days, travels)| Pause {
        from,
        to: days.map(|days| from + TimeDelta::days(days)),
        reason: if travels { PauseReason::Travel } else { PauseReason::Person },
    })
}

fn any_goal() -> impl Strategy<Value = Goal> {
    (any::<bool>(), 1..=habits::goal::MAX_AMOUNT_MILLI, option::of("[a-zа-я]{1,30}")).prop_map(|(up, milli, unit)| {
        Goal {
            direction: if up { Direction::AtLeast } else { Direction::AtMost },
            amount: Amount::from_milli(milli).unwrap(),
            unit,
        }
    })
}

fn any_habit() -> impl Strategy<Value = Habit> {
    (
        ("[a-zа-я<&]{1,20}", option::of("[a-z]{1,9}\n[a-z]{1,9}"), any_schedules(), any_date(), 1_i32..9_999),
        (option::of(any_goal()), 0_u32..86_400, any::<bool>(), vec(any_day(), 0..20), vec(any_pause(), 0..3)),
    )
        .prop_map(
            |((name, description, schedules, begun_on, target_days), (goal, at, is_active, mut days, pauses))| {
                days.sort_by_key(|day| day.date);
                days.dedup_by_key(|day| day.date);
                let reminders = vec![NaiveTime::from_num_seconds_from_midnight_opt(at, 0).unwrap()];
                Habit {
                    name,
                    description,
                    schedules,
                    begun_on,
                    target_days,
                    goal,
                    reminders,
                    is_active,
                    completed_at: None,
                    taken_up: is_active,
                    days,
                    pauses,
                }
            },
        )
}

fn any_archive() -> impl Strategy<Value = Archive> {
    (vec(any_habit(), 0..6), vec(any_pause(), 0..3)).prop_map(|(habits, pauses)| Archive {
        version: VERSION,
        exported_at: None,
        person: None,
        habits,
        pauses,
    })
}

fn written(archive: &Archive) -> Vec<u8> {
    let mut writer = JsonWriter::default();
    let mut bytes = writer.start(archive.clone()).unwrap();
    for habit in &archive.habits {
        bytes.extend(writer.habit(habit).unwrap());
    }
    bytes.extend_from_slice(JsonWriter::END);
    bytes
}

proptest! {
    #[test]
    fn an_archive_comes_back_as_it_was(archive in any_archive()) {
        let bytes = written(&archive);
        let brought = read(Format::Json, &bytes, today()).unwrap();
        prop_assert_eq!(brought.archive, archive);
    }
}

fn with_habit(field: &str, value: &str) -> String {
    let mut habit = serde_json::json!({
        "name": "Read", "begun_on": "2026-01-01", "target_days": 21, "reminders": ["20:00:00"], "is_active": true,
    });
    habit[field] = serde_json::from_str(value).unwrap();
    serde_json::json!({"version": 1, "habits": [habit]}).to_string()
}

fn long(chars: usize) -> String {
    format!("\"{}\"", "ж".repeat(chars))
}

#[rstest]
#[case::name("name", &long(255))]
#[case::target("target_days", "1")]
#[case::tomorrow("days", r#"[{"date": "2026-11-23", "status": "done"}]"#)]
#[case::the_century("days", r#"[{"date": "2000-01-01", "status": "done"}]"#)]
#[case::an_amount("days", r#"[{"date": "2026-11-22", "status": "done", "amount": 1000000000}]"#)]
#[case::a_pause_without_end("pauses", r#"[{"from": "2026-11-22"}]"#)]
fn what_is_within_its_bounds_is_taken(#[case] field: &str, #[case] value: &str) {
    read(Format::Json, with_habit(field, value).as_bytes(), today()).unwrap();
}

#[test]
fn reminders_come_back_with_the_one_first_that_was_set_first() {
    let set = r#"["21:00:00", "12:00:00", "07:30:00", "07:30:30"]"#;
    let brought = read(Format::Json, with_habit("reminders", set).as_bytes(), today()).unwrap();
    let expected = ["21:00:00", "07:30:00", "12:00:00"].map(|time| time.parse().unwrap());
    assert_eq!(brought.archive.habits[0].reminders, expected);
}

#[rstest]
#[case::no_name("name", r#"" \u0000 ""#, "a name shows something")]
#[case::long_name("name", &long(256), "256 characters")]
#[case::target("target_days", "0", "above 0")]
#[case::early("days", r#"[{"date": "1999-12-31", "status": "done"}]"#, "1999-12-31")]
#[case::the_year_1("days", r#"[{"date": "0001-01-01", "status": "done"}]"#, "0001-01-01")]
#[case::late("days", r#"[{"date": "2026-11-24", "status": "done"}]"#, "2026-11-24")]
#[case::the_year_9999("begun_on", r#""9999-12-31""#, "9999-12-31")]
#[case::twice(
    "days",
    r#"[{"date": "2026-11-22", "status": "done"}, {"date": "2026-11-22", "status": "skipped"}]"#,
    "twice"
)]
#[case::status("days", r#"[{"date": "2026-11-22", "status": "great"}]"#, "days[0].status")]
#[case::below_nothing("days", r#"[{"date": "2026-11-22", "status": "done", "amount": -1}]"#, "an amount is from 0")]
#[case::over_a_billion("days", r#"[{"date": "2026-11-22", "status": "done", "amount": 1e10}]"#, "an amount is from 0")]
#[case::no_goal("goal", r#"{"direction": "at_least", "amount": 0}"#, "above 0")]
#[case::no_reminder("reminders", "[]", "0 reminders")]
#[case::times("schedules", r#"{"first": {"type": "times_per_week", "times": 8}}"#, "1 to 7 times a week")]
#[case::every_0_days(
    "schedules",
    r#"{"first": {"type": "every_n_days", "days": 0, "start": "2026-01-01"}}"#,
    "every 2 to 365"
)]
#[case::order(
    "schedules",
    r#"{"changes": [{"from": "2026-02-01", "type": "daily"}, {"from": "2026-01-01", "type": "daily"}]}"#,
    "order"
)]
#[case::backward("pauses", r#"[{"from": "2026-02-01", "to": "2026-01-31"}]"#, "ends before it begins")]
#[case::longer_than_a_year("pauses", r#"[{"from": "2026-11-22", "to": "2027-11-24"}]"#, "longer than a year")]
#[case::a_year_ahead("pauses", r#"[{"from": "2027-11-24"}]"#, "more than a year ahead")]
#[case::unknown("mood", "1", "unknown field")]
#[case::unknown_of_schedules("schedules", r#"{"updates": []}"#, "unknown field `updates`")]
#[case::unknown_of_the_first("schedules", r#"{"first": {"type": "daily", "times": 3}}"#, "unknown field `times`")]
#[case::unknown_of_a_change(
    "schedules",
    r#"{"changes": [{"from": "2026-02-01", "type": "weekdays", "weekdays": ["mon"], "to": "2026-03-01"}]}"#,
    "unknown field `to`"
)]
#[case::complete_and_active("completed_at", r#""2026-01-01T00:00:00Z""#, "not active")]
fn what_breaks_a_rule_is_named(#[case] field: &str, #[case] value: &str, #[case] reason: &str) {
    let refused = read(Format::Json, with_habit(field, value).as_bytes(), today()).unwrap_err();
    assert!(refused.to_string().contains(reason), "{refused}");
}

#[test]
fn a_text_loses_what_cannot_be_seen() {
    let brought = read(Format::Json, with_habit("name", r#"" Re\u0000ad\n\u202eit ""#).as_bytes(), today()).unwrap();
    assert_eq!(brought.archive.habits[0].name, "Read it");
}
