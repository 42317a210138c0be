//! What holds for any line.

use proptest::prelude::*;
use rstest::rstest;
use screens::problem::Problem;

use super::shown;
use crate::line::{self, parse};

/// Words that mean something here, to be put together at random.
const WORDS: &str = "read 20 pages mon wed 21:30 читать страниц пн ср every other day 7am через день в 7 утра daily 9:00, \
    и 13:00 and 18.30 no more than 2 cups of coffee не больше чашек at most least x30 30x 3 times раза a week неделю \
    month twice once раз on sundays по будням weekdays mon-fri from to с пт 9pm pm 21h 8h вечера дня ночи полдень noon \
    for 66 days на дней день the by до 10 000 10,000 2,5 5km - — , . ! before of Windows 11 course each per минимум max \
    утра часов o'clock in morning weekly ежедневно каждый каждые третий 1984 minute minutes -5 .5 ,5 km (a) дважды \
    21-30 7:30pm @ & + пн,ср 3x/week weekend выходным 400 99999999999 coffees 12:00-13:00 up least хотя бы 5 at";

fn words() -> impl Strategy<Value = String> {
    let words: Vec<&str> = WORDS.split_whitespace().collect();
    proptest::collection::vec(proptest::sample::select(words), 1..12).prop_map(|words| words.join(" "))
}

fn any_line() -> impl Strategy<Value = String> {
    prop_oneof![3 => words(), 1 => any::<String>(), 1 => "[a-zа-я0-9 .,:;х×–'-]{0,60}", 1 => (any::<String>(), words()).prop_map(|(any, words)| format!("{any} {words}"))]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2_000))]

    #[test]
    fn a_line_has_a_name_and_reads_the_same_when_it_is_shown(text in any_line()) {
        if let Ok(line) = parse(&text) {
            prop_assert!(!line.name.trim().is_empty() && habits::text::graphemes(&line.name) <= 64);
            prop_assert!(line.times.is_sorted_by(|one, next| one < next) && line.times.len() <= 10);
            let shown = shown(&line);
            prop_assert_eq!(parse(&shown), Ok(line), "{}", shown);
        }
    }

    #[test]
    fn a_part_alone_is_read_or_refused(text in any_line()) {
        for time in line::times(&text).unwrap_or_default() {
            prop_assert_eq!(line::time(&time.format("%H:%M").to_string()), Ok(time));
        }
        if let Ok(schedule) = line::schedule(&text) {
            prop_assert_eq!(line::schedule(&shown::schedule(&schedule)), Ok(schedule));
        }
        if let Ok(goal) = line::goal(&text) {
            prop_assert_eq!(line::goal(&shown::goal(&goal)), Ok(goal));
        }
        let _ = (line::time(&text), line::number(&text));
    }
}

#[rstest]
#[case::empty("", Problem::EmptyName)]
#[case::blank(" \u{200d}\u{3164}\n", Problem::EmptyName)]
#[case::overrides("\u{202e}\u{2066}", Problem::EmptyName)]
#[case::only_a_schedule("weekdays", Problem::EmptyName)]
#[case::only_parts("mon wed 21:30 for 66 days", Problem::EmptyName)]
#[case::only_parts_in_russian("по будням в 9 вечера", Problem::EmptyName)]
#[case::punctuation_and_parts("... 21:30", Problem::EmptyName)]
#[case::long(&"run ".repeat(1250), Problem::LongName { most: 64 })]
#[case::long_with_parts(&format!("{} mon wed 21:30", "а".repeat(65)), Problem::LongName { most: 64 })]
#[case::eleven_times("drink 0:00 1:00 2:00 3:00 4:00 5:00 6:00 7:00 8:00 9:00 10:00", Problem::TooManyTimes { most: 10 })]
#[case::very_many_times(
    &(0..833).map(|n| format!("{}:{:02}", n / 60, n % 60)).collect::<Vec<_>>().join(" "), Problem::EmptyName
)]
fn a_line_without_a_habit_is_refused(#[case] text: &str, #[case] problem: Problem) {
    assert_eq!(parse(text), Err(problem));
}

#[rstest]
#[case("²")]
#[case("99999999999")]
#[case("<b>")]
#[case("👨‍👩‍👧")]
#[case("לקרוא ספר")]
#[case("Read ² pages")]
#[case("Read ٢٠ pages")]
fn an_odd_name_is_a_name(#[case] text: &str) {
    let line = parse(text).unwrap();
    assert_eq!((line.name.as_str(), line.goal), (text, None));
}

#[test]
fn an_override_of_the_writing_direction_is_dropped() {
    assert_eq!(parse("\u{202e}read\u{a0}mon 7:00").map(|line| shown(&line)).as_deref(), Ok("read on mon at 07:00"));
}
