//! Reads what people type where the bot has asked for something.

use chrono::NaiveTime;
use habits::{Tz, text};
use screens::{action::Field, city, problem::Problem};
use wire::habit::{Goal, GoalDirection, HabitPatch};

/// Characters as people count them.
pub const NAME_GRAPHEMES: usize = 64;

/// The api's own limit, which a name of few but long graphemes can meet first.
const NAME_CHARS: usize = 255;

pub const DESCRIPTION_CHARS: usize = 1000;

/// The api's own limit.
const UNIT_CHARS: usize = 30;

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

/// A time of the day: `7:45`, `07.45`, `21`.
///
/// # Errors
///
/// Refuses what is no time of a day.
pub fn time(typed: &str) -> Result<NaiveTime, Problem> {
    let (hour, minute) = typed.trim().split_once([':', '.', ' ', '-']).unwrap_or((typed.trim(), "00"));
    let number = |digits: &str, shortest: usize| {
        let is_number = (shortest..=2).contains(&digits.len()) && digits.bytes().all(|byte| byte.is_ascii_digit());
        is_number.then(|| digits.parse().ok()).flatten()
    };
    let time =
        number(hour, 1).zip(number(minute, 2)).and_then(|(hour, minute)| NaiveTime::from_hms_opt(hour, minute, 0));
    time.ok_or(Problem::NotATime)
}

/// The further reminders that a habit can have beside its first.
const MORE_TIMES: usize = 9;

/// Times of a day, apart by commas, spaces or lines: the first is the one that lists go by.
///
/// # Errors
///
/// Refuses what is no time, and more than a habit can have.
pub fn times(typed: &str) -> Result<(NaiveTime, Vec<NaiveTime>), Problem> {
    let words = typed.split(|letter: char| letter.is_whitespace() || letter == ',' || letter == ';');
    let mut times = words.filter(|word| !word.is_empty()).map(time);
    let first = times.next().ok_or(Problem::NotATime)??;
    let mut more: Vec<NaiveTime> = times.collect::<Result<_, _>>()?;
    more.sort_unstable();
    more.dedup();
    more.retain(|time| *time != first);
    if more.len() > MORE_TIMES {
        return Err(Problem::TooManyTimes { most: MORE_TIMES + 1 });
    }
    Ok((first, more))
}

/// An amount of 0 to a billion, with a point or a comma.
///
/// # Errors
///
/// Refuses everything else.
pub fn amount(typed: &str) -> Result<f64, Problem> {
    let digits = typed.trim().replace(',', ".");
    let is_number = digits.bytes().all(|byte| byte.is_ascii_digit() || byte == b'.');
    let amount = digits.parse().ok().filter(|amount| is_number && (0.0..=1e9).contains(amount));
    amount.ok_or(Problem::NotAnAmount)
}

/// An amount of a day and what it counts: `20 pages`, `at most 2 cups`, «не больше 2 чашек».
///
/// # Errors
///
/// Refuses everything else.
fn goal(typed: &str) -> Result<Goal, Problem> {
    let typed = text::one_line(typed).ok_or(Problem::NotAGoal)?.to_lowercase();
    let at_most = ["at most ", "не больше ", "не более "].iter().find_map(|words| typed.strip_prefix(words));
    let direction = if at_most.is_some() { GoalDirection::AtMost } else { GoalDirection::AtLeast };
    let rest = at_most.unwrap_or(&typed);
    let (number, unit) = rest.split_once(' ').map_or((rest, None), |(number, unit)| (number, Some(unit.to_owned())));
    let amount = amount(number).ok().filter(|amount| *amount >= 0.001).ok_or(Problem::NotAGoal)?;
    if unit.as_ref().is_some_and(|unit| unit.chars().count() > UNIT_CHARS) {
        return Err(Problem::NotAGoal);
    }
    Ok(Goal { direction, amount, unit })
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
            let (first, more) = times(typed)?;
            (patch.time_to_remind, patch.more_reminder_times) = (Some(first), Some(more));
        }
        Field::Schedule => return Err(Problem::NotASchedule),
        Field::Goal => patch.goal = Some(Some(goal(typed)?)),
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
    use chrono::Timelike;
    use rstest::rstest;

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

    #[rstest]
    #[case("20 Pages", Some((GoalDirection::AtLeast, 20.0, Some("pages"))))]
    #[case("не больше 2,5 чашек кофе", Some((GoalDirection::AtMost, 2.5, Some("чашек кофе"))))]
    #[case("at most 3", Some((GoalDirection::AtMost, 3.0, None)))]
    #[case("0 pages", None)]
    #[case("pages", None)]
    #[case("² pages", None)]
    #[case("", None)]
    fn a_goal_is_read(#[case] typed: &str, #[case] expected: Option<(GoalDirection, f64, Option<&str>)>) {
        let read = goal(typed).ok();
        let read = read.as_ref().map(|goal| (goal.direction, goal.amount, goal.unit.as_deref()));
        assert_eq!(read, expected);
    }

    #[rstest]
    #[case("21:30", Some((21, &[][..])))]
    #[case("21, 7.00 13;7:00", Some((21, &[7, 13][..])))]
    #[case("21 25:00", None)]
    #[case("0 1 2 3 4 5 6 7 8 9 10", None)]
    #[case(" , ", None)]
    fn times_are_read(#[case] typed: &str, #[case] expected: Option<(u32, &[u32])>) {
        let hours = times(typed).ok().map(|(first, more)| (first.hour(), more.iter().map(Timelike::hour).collect()));
        assert_eq!(hours, expected.map(|(first, more)| (first, more.to_vec())));
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
    #[case("07:45", Some((7, 45)))]
    #[case("7.45", Some((7, 45)))]
    #[case(" 21 ", Some((21, 0)))]
    #[case("00:00", Some((0, 0)))]
    #[case("24:00", None)]
    #[case("7:5", None)]
    #[case("07:45:30", None)]
    #[case("noon", None)]
    #[case("²:00", None)]
    #[case("", None)]
    fn a_time_is_read(#[case] typed: &str, #[case] expected: Option<(u32, u32)>) {
        let expected = expected.map(|(hour, minute)| NaiveTime::from_hms_opt(hour, minute, 0).unwrap());
        assert_eq!(time(typed).ok(), expected);
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
