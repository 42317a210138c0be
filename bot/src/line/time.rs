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
        let allowed = Allowed {
            dots: is_led || !times.is_empty() || place >= Place::AfterSchedule,
            hours: (is_led && place >= Place::End) || place == Place::Alone,
            names: is_led || place >= Place::End,
            durations: is_led || place == Place::Alone,
        };
        let (more, length) = item(rest, allowed, place)?;
        times.extend(more);
        rest = &rest[length..];
    }
    (!times.is_empty()).then_some(times)
}

/// What is taken for a time beside `7:30`, `7am` and «7 утра».
#[derive(Clone, Copy)]
struct Allowed {
    /// `7.30`
    dots: bool,
    /// `7`
    hours: bool,
    /// `noon`
    names: bool,
    /// «3 дня», «7 часов», which say how long as well.
    durations: bool,
}

/// The first times of the words, and how many words they are.
fn item(keys: &[&str], allowed: Allowed, place: Place) -> Option<(Vec<NaiveTime>, usize)> {
    let (first, more) = keys.split_first()?;
    let (part, length) = part_of_day(more);
    let is_time = |part: &Part| *part != Part::Afternoon || allowed.durations || first.contains(':');
    if let Some(part) = part.filter(is_time)
        && let Some((hour, minute)) = clock(first, &[':', '.'])
    {
        return Some((vec![part.time(hour, minute)?], length + 1));
    }
    let one = |time: Option<NaiveTime>, length| time.map(|time| (vec![time], length));
    match more {
        ["o'clock", ..] => return one(at(digits(first, 1, 2)?, 0), 2),
        ["часов" | "часа" | "час" | "ч", ..] if allowed.durations => {
            return one(at(digits(first, 1, 2)?, 0), 2);
        }
        _ => {}
    }
    let times: Option<Vec<NaiveTime>> = first.split([',', ';']).map(|word| single(word, allowed, place)).collect();
    times.map(|times| (times, 1))
}

/// A time in one word.
fn single(key: &str, allowed: Allowed, place: Place) -> Option<NaiveTime> {
    match key {
        "noon" | "midday" | "полдень" => return if allowed.names { at(12, 0) } else { None },
        "midnight" | "полночь" => return if allowed.names { at(0, 0) } else { None },
        _ => {}
    }
    if let Some(part) = [Part::Am, Part::Pm].into_iter().find(|part| key.ends_with(part.suffix())) {
        let (hour, minute) = clock(key.strip_suffix(part.suffix())?, &[':', '.'])?;
        return part.time(hour, minute);
    }
    if let Some((hour, minute)) = key.split_once(['h', 'ч']) {
        let hour = digits(hour, 1, 2).filter(|hour| allowed.hours || *hour >= FIRST_HOUR_OF_H)?;
        return at(hour, if minute.is_empty() { 0 } else { digits(minute, 2, 2)? });
    }
    let separators: &[char] = match (place, allowed.dots) {
        (Place::Alone, _) => &[':', '.', '-'],
        (_, true) => &[':', '.'],
        (_, false) => &[':'],
    };
    let is_hour = digits(key, 1, 2).is_some();
    let (hour, minute) = clock(key, separators).filter(|_| !is_hour || allowed.hours)?;
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
            (Self::Am | Self::Morning, 1..=11) | (Self::Night, 1..=5) => hour,
            (Self::Pm | Self::Afternoon, 12) => 12,
            (Self::Pm, 1..=11) | (Self::Afternoon, 1..=6) | (Self::Evening, 4..=11) | (Self::Night, 8..=11) => {
                hour + 12
            }
            (Self::Afternoon, 13..=18) | (Self::Evening, 16..=23) | (Self::Night, 20..=23) => hour,
            _ => return None,
        };
        at(hour, minute)
    }
}
