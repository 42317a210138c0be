//! Reads what people type where the bot has asked for something.

use habits::{Tz, text};
use screens::{action::Field, city, problem::Problem};
use wire::habit::HabitPatch;

use crate::line;

/// Characters as people count them.
pub const NAME_GRAPHEMES: usize = 64;

/// The api's own limit, which a name of few but long graphemes can meet first.
const NAME_CHARS: usize = 255;

pub const DESCRIPTION_CHARS: usize = 1000;

/// Ten years.
pub const TARGET_DAYS: u32 = 3650;

/// The name of a habit: one line, NFC, without control characters and overrides of the writing direction.
///
/// # Errors
///
/// Refuses one that shows nothing or is too long.
pub fn name(typed: &str) -> Result<String, Problem> {
    let name = text::one_line(typed).ok_or(Problem::EmptyName)?;
    if text::graphemes(&name) > NAME_GRAPHEMES || name.chars().count() > NAME_CHARS {
        return Err(Problem::LongName { most: NAME_GRAPHEMES });
    }
    Ok(name)
}

/// The description of a habit; `None` for one that shows nothing.
///
/// # Errors
///
/// Refuses one that is too long.
pub fn description(typed: &str) -> Result<Option<String>, Problem> {
    let description = text::lines(typed);
    if description.as_ref().is_some_and(|text| text.chars().count() > DESCRIPTION_CHARS) {
        return Err(Problem::LongDescription { most: DESCRIPTION_CHARS });
    }
    Ok(description)
}

/// Days in a row to reach.
///
/// # Errors
///
/// Refuses what is no whole number of ASCII digits, and what is out of range.
pub fn target_days(typed: &str) -> Result<u32, Problem> {
    let typed = typed.trim();
    if typed.is_empty() || !typed.bytes().all(|byte| byte.is_ascii_digit()) {
        return Err(Problem::NotANumber);
    }
    // Too many digits for a number are too many days.
    let days = typed.parse().unwrap_or(u32::MAX);
    if (1..=TARGET_DAYS).contains(&days) { Ok(days) } else { Err(Problem::TargetOutOfRange { most: TARGET_DAYS }) }
}

/// An amount of 0 to a billion, with a point or a comma.
///
/// # Errors
///
/// Refuses everything else.
pub fn amount(typed: &str) -> Result<f64, Problem> {
    line::number(typed).ok_or(Problem::NotAnAmount)
}

/// The new value of a field.
///
/// # Errors
///
/// Says what is wrong with it.
pub fn change(field: Field, typed: &str) -> Result<HabitPatch, Problem> {
    let mut patch = HabitPatch::default();
    match field {
        Field::Name => patch.name = Some(name(typed)?),
        Field::Description => patch.description = Some(description(typed)?),
        Field::Times => {
            let times = line::times(typed)?;
            let more = times.iter().skip(1).copied().collect();
            (patch.time_to_remind, patch.more_reminder_times) = (times.first().copied(), Some(more));
        }
        Field::Schedule => patch.schedule = Some(line::schedule(typed)?),
        Field::Goal => patch.goal = Some(Some(line::goal(typed)?)),
        Field::TargetDays => patch.target_days = i32::try_from(target_days(typed)?).ok(),
    }
    Ok(patch)
}

/// A zone by its IANA name or by the name of a city.
pub fn zone(typed: &str) -> Option<Tz> {
    habits::zone::parse(typed).ok().or_else(|| city::zone_of(typed).map(habits::zone::canonical))
}

#[cfg(test)]
mod tests {
    use chrono::NaiveTime;
    use rstest::rstest;
    use wire::{
        habit::{Goal, GoalDirection},
        schedule::Schedule,
    };

    use super::*;

    #[rstest]
    #[case("  Read\n20\u{a0}pages ", "Read 20 pages")]
    #[case("<3", "<3")]
    #[case("e\u{301}te\u{301}", "été")]
    #[case("safe\u{202e}gnp.exe", "safegnp.exe")]
    #[case("bell\u{7}", "bell")]
    #[case("👨‍👩‍👧", "👨‍👩‍👧")]
    fn a_name_is_cleaned(#[case] typed: &str, #[case] kept: &str) {
        assert_eq!(name(typed).unwrap(), kept);
    }

    #[rstest]
    #[case("", Problem::EmptyName)]
    #[case(" \u{200d}\u{3164}", Problem::EmptyName)]
    #[case(&"a".repeat(65), Problem::LongName { most: 64 })]
    #[case(&"👨‍👩‍👧".repeat(64), Problem::LongName { most: 64 })]
    fn a_name_that_cannot_be_shown_is_refused(#[case] typed: &str, #[case] problem: Problem) {
        assert_eq!(name(typed), Err(problem));
    }

    #[test]
    fn a_name_of_64_graphemes_is_taken() {
        assert!(name(&"е\u{308}".repeat(64)).is_ok());
    }

    #[test]
    fn a_description_keeps_its_lines() {
        assert_eq!(description("one\ntwo\n").unwrap().unwrap(), "one\ntwo");
        assert_eq!(description(" \u{200b}").unwrap(), None);
        assert_eq!(description(&"a".repeat(1001)), Err(Problem::LongDescription { most: 1000 }));
    }

    #[test]
    fn a_field_is_changed_by_what_is_typed() {
        let time = |hour| NaiveTime::from_hms_opt(hour, 0, 0).unwrap();
        let times = change(Field::Times, "21, 7.00").unwrap();
        assert_eq!((times.time_to_remind, times.more_reminder_times), (Some(time(21)), Some(vec![time(7)])));
        let schedule = change(Field::Schedule, "every 3 days").unwrap().schedule;
        assert_eq!(schedule, Some(Schedule::EveryNDays { days: 3, start: None }));
        let goal = Goal { direction: GoalDirection::AtMost, amount: 2.0, unit: Some("чашек".to_owned()) };
        assert_eq!(change(Field::Goal, "не больше 2 чашек").unwrap().goal, Some(Some(goal)));
        assert_eq!(change(Field::Schedule, "now and then"), Err(Problem::NotASchedule));
    }

    #[rstest]
    #[case("21", Ok(21))]
    #[case(" 3650 ", Ok(3650))]
    #[case("²", Err(Problem::NotANumber))]
    #[case("٢١", Err(Problem::NotANumber))]
    #[case("-3", Err(Problem::NotANumber))]
    #[case("2.5", Err(Problem::NotANumber))]
    #[case("", Err(Problem::NotANumber))]
    #[case("0", Err(Problem::TargetOutOfRange { most: 3650 }))]
    #[case("99999999999", Err(Problem::TargetOutOfRange { most: 3650 }))]
    fn a_target_is_read(#[case] typed: &str, #[case] days: Result<u32, Problem>) {
        assert_eq!(target_days(typed), days);
    }

    #[rstest]
    #[case("asia/kathmandu", Some("Asia/Kathmandu"))]
    #[case("Kathmandu", Some("Asia/Kathmandu"))]
    #[case("Calcutta", Some("Asia/Kolkata"))]
    #[case("Europe/", None)]
    #[case("EST", None)]
    fn a_zone_is_found(#[case] typed: &str, #[case] expected: Option<&str>) {
        assert_eq!(zone(typed).map(Tz::name), expected);
    }
}
