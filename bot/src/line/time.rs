//! Times of a day.

use chrono::NaiveTime;

use super::words::{connects, digits};

/// The earliest hour that `21h` means without an `at`: `8h` is a number of hours.
const FIRST_HOUR_OF_H: u32 = 17;

/// Where times are looked for, and so what is taken for one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Place {
    /// The beginning of a line, where `Noon` may begin a name: `7:30`, `7am`, `at 7.30`.
    Start,
    /// Its end: `noon` and `at 7` as well.
    End,
    /// Right after a schedule: `18.30` as well, which is a version or a number elsewhere.
    AfterSchedule,
    /// Where nothing but times is expected: `21` and `21-30` as well.
    Alone,
}

/// All the words as times, in the order in which they are said.
pub(super) fn read(keys: &[&str], place: Place) -> Option<Vec<NaiveTime>> {
    let mut times = Vec::new();
    let mut rest = keys;
    let mut is_led = false;
    while !rest.is_empty() {
        rest = if connects(rest[0]) && !times.is_empty() { &rest[1..] } else { rest };
        if let ["at" | "@" | "в" | "во", after @ ..] = rest {
            (is_led, rest) = (true, after);
        }
        let (more, length) = item(rest, Expected { place, is_led, is_first: times.is_empty() })?;
        times.extend(more);
        rest = &rest[length..];
    }
    (!times.is_empty()).then_some(times)
}

/// How far times are expected where a word is.
#[derive(Clone, Copy)]
struct Expected {
    place: Place,
    /// Whether an `at` is before it.
    is_led: bool,
    is_first: bool,
}

impl Expected {
    /// `7.30`
    fn takes_dots(self) -> bool {
        self.is_led || !self.is_first || self.place >= Place::AfterSchedule
    }

    /// `7`
    fn takes_hours(self) -> bool {
        self.place == Place::Alone || (self.is_led && self.place >= Place::End)
    }

    /// `noon`
    fn takes_names(self) -> bool {
        self.is_led || self.place >= Place::End
    }

    /// «3 дня», «7 часов», which say how long as well.
    fn takes_durations(self) -> bool {
        self.is_led || self.place == Place::Alone
    }
}

/// The first times of the words, and how many words they are.
fn item(keys: &[&str], expected: Expected) -> Option<(Vec<NaiveTime>, usize)> {
    let (first, more) = keys.split_first()?;
    let (part, length) = part_of_day(more);
    let is_time = |part: &Part| *part != Part::Afternoon || expected.takes_durations() || first.contains(':');
    if let Some(part) = part.filter(is_time)
        && let Some((hour, minute)) = clock(first, &[':', '.'])
    {
        return Some((vec![part.time(hour, minute)?], length + 1));
    }
    let one = |time: Option<NaiveTime>, length| time.map(|time| (vec![time], length));
    match more {
        ["o'clock", ..] => return one(at(digits(first, 1, 2)?, 0), 2),
        ["часов" | "часа" | "час" | "ч", ..] if expected.takes_durations() => {
            return one(at(digits(first, 1, 2)?, 0), 2);
        }
        _ => {}
    }
    let times: Option<Vec<NaiveTime>> = first.split([',', ';']).map(|word| single(word, expected)).collect();
    times.map(|times| (times, 1))
}

/// A time in one word.
fn single(key: &str, expected: Expected) -> Option<NaiveTime> {
    match key {
        "noon" | "midday" | "полдень" => return if expected.takes_names() { at(12, 0) } else { None },
        "midnight" | "полночь" => return if expected.takes_names() { at(0, 0) } else { None },
        _ => {}
    }
    if let Some(part) = [Part::Am, Part::Pm].into_iter().find(|part| key.ends_with(part.suffix())) {
        let (hour, minute) = clock(key.strip_suffix(part.suffix())?, &[':', '.'])?;
        return part.time(hour, minute);
    }
    if let Some((hour, minute)) = key.split_once(['h', 'ч']) {
        let hour = digits(hour, 1, 2).filter(|hour| expected.takes_hours() || *hour >= FIRST_HOUR_OF_H)?;
        return at(hour, if minute.is_empty() { 0 } else { digits(minute, 2, 2)? });
    }
    let separators: &[char] = match (expected.place, expected.takes_dots()) {
        (Place::Alone, _) => &[':', '.', '-'],
        (_, true) => &[':', '.'],
        (_, false) => &[':'],
    };
    let is_hour = digits(key, 1, 2).is_some();
    let (hour, minute) = clock(key, separators).filter(|_| !is_hour || expected.takes_hours())?;
    at(hour, minute)
}

/// Hours and minutes: `7`, `7:30`.
fn clock(key: &str, separators: &[char]) -> Option<(u32, u32)> {
    match key.split_once(separators) {
        Some((hour, minute)) => digits(hour, 1, 2).zip(digits(minute, 2, 2)),
        None => digits(key, 1, 2).map(|hour| (hour, 0)),
    }
}

fn at(hour: u32, minute: u32) -> Option<NaiveTime> {
    NaiveTime::from_hms_opt(hour, minute, 0)
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Part {
    Am,
    Pm,
    Morning,
    Afternoon,
    Evening,
    Night,
}

/// The part of the day that the words begin with, and how many words it is.
fn part_of_day(keys: &[&str]) -> (Option<Part>, usize) {
    match keys {
        ["часов" | "часа" | "час", part, ..] if russian_part(part).is_some() => (russian_part(part), 2),
        ["in", "the", "morning", ..] => (Some(Part::Morning), 3),
        ["in", "the", "afternoon", ..] => (Some(Part::Pm), 3),
        ["in", "the", "evening", ..] => (Some(Part::Evening), 3),
        ["at", "night", ..] => (Some(Part::Night), 2),
        ["am" | "a.m", ..] => (Some(Part::Am), 1),
        ["pm" | "p.m", ..] => (Some(Part::Pm), 1),
        [part, ..] => (russian_part(part), 1),
        [] => (None, 0),
    }
}

fn russian_part(key: &str) -> Option<Part> {
    match key {
        "утра" => Some(Part::Morning),
        "дня" => Some(Part::Afternoon),
        "вечера" => Some(Part::Evening),
        "ночи" => Some(Part::Night),
        _ => None,
    }
}

impl Part {
    fn suffix(self) -> &'static str {
        if self == Self::Am { "am" } else { "pm" }
    }

    /// The time that people mean with an hour of this part of the day.
    fn time(self, hour: u32, minute: u32) -> Option<NaiveTime> {
        let hour = match (self, hour) {
            (Self::Am, 12) | (Self::Night, 0 | 12) => 0,
            (Self::Pm | Self::Afternoon, 12) => 12,
            (Self::Pm, 1..=11) | (Self::Afternoon, 1..=6) | (Self::Evening, 4..=11) | (Self::Night, 8..=11) => {
                hour + 12
            }
            (Self::Am | Self::Morning, 1..=11)
            | (Self::Afternoon, 13..=18)
            | (Self::Evening, 16..=23)
            | (Self::Night, 1..=5 | 20..=23) => hour,
            _ => return None,
        };
        at(hour, minute)
    }
}
