//! Days of the week: one, several, from one to another, workdays and weekends.

use wire::schedule::Weekday;

use super::words::connects;

/// Monday first; each day is in it or not.
pub(super) type Days = [bool; 7];

pub(super) const ALL: [Weekday; 7] =
    [Weekday::Mon, Weekday::Tue, Weekday::Wed, Weekday::Thu, Weekday::Fri, Weekday::Sat, Weekday::Sun];

const WORKDAYS: Days = [true, true, true, true, true, false, false];
const WEEKEND: Days = [false, false, false, false, false, true, true];

/// All the words as days of the week: `mon wed`, `on sundays`, `mon-fri and sun`, «с пн по пт», «по будням».
pub(super) fn read(keys: &[&str]) -> Option<Days> {
    let (mut days, mut rest) = item(keys)?;
    while !rest.is_empty() {
        let next = if connects(rest[0]) { &rest[1..] } else { rest };
        let (more, after) = item(next)?;
        days = union(days, more);
        rest = after;
    }
    Some(days)
}

pub(super) fn union(one: Days, other: Days) -> Days {
    std::array::from_fn(|day| one[day] || other[day])
}

/// The first days of the words, and the words after them.
fn item<'a, 'b>(keys: &'a [&'b str]) -> Option<(Days, &'a [&'b str])> {
    match keys {
        ["from" | "с" | "со", first, "to" | "till" | "until" | "through" | "thru" | "по" | "до", last, rest @ ..]
        | [first, "-" | "to" | "through" | "thru" | "по", last, rest @ ..] => {
            if let Some(days) = day(first).zip(day(last)).and_then(|(first, last)| range(first, last)) {
                return Some((days, rest));
            }
        }
        _ => {}
    }
    match keys {
        ["по" | "в", "будним" | "будние" | "рабочим" | "рабочие", "дням" | "дни", rest @ ..] => {
            Some((WORKDAYS, rest))
        }
        ["по" | "в", "выходным" | "выходные", "дням" | "дни", rest @ ..] => {
            Some((WEEKEND, rest))
        }
        ["по" | "в" | "на" | "каждые", "выходным" | "выходные" | "выходных", rest @ ..] => {
            Some((WEEKEND, rest))
        }
        ["по" | "в", "будням" | "будни", rest @ ..] => Some((WORKDAYS, rest)),
        ["on" | "every" | "each", "weekday" | "workday", rest @ ..] => Some((WORKDAYS, rest)),
        ["on" | "at" | "every" | "each", "weekend", rest @ ..] | ["on" | "at", "the", "weekend", rest @ ..] => {
            Some((WEEKEND, rest))
        }
        ["on" | "every" | "each" | "по" | "в" | "во" | "каждый" | "каждую" | "каждое" | "каждые", key, rest @ ..] => {
            Some((word(key)?, rest))
        }
        [key, rest @ ..] => Some((word(key)?, rest)),
        [] => None,
    }
}

/// A word: `mon`, `mon-fri`, `mon,wed`, `mon/wed/fri`, `weekdays`.
fn word(key: &str) -> Option<Days> {
    match key {
        "weekdays" | "workdays" => return Some(WORKDAYS),
        "weekends" => return Some(WEEKEND),
        _ => {}
    }
    let parts = key.split([',', ';', '/', '+', '&']).map(|part| match part.split_once('-') {
        Some((first, last)) => range(day(first)?, day(last)?),
        None => day(part).map(|day| std::array::from_fn(|other| other == day)),
    });
    parts.reduce(|one, other| Some(union(one?, other?))).flatten()
}

/// From one day to another, over the end of the week if need be.
fn range(first: usize, last: usize) -> Option<Days> {
    let is_within = |day| if first < last { first <= day && day <= last } else { day >= first || day <= last };
    (first != last).then(|| std::array::from_fn(is_within))
}

/// The number of a day; Monday is 0.
fn day(key: &str) -> Option<usize> {
    Some(match key {
        "mon" | "monday" | "mondays" | "пн" | "понедельник" | "понедельники" | "понедельника" | "понедельникам" => {
            0
        }
        "tue" | "tues" | "tuesday" | "tuesdays" | "вт" | "вторник" | "вторники" | "вторника" | "вторникам" => {
            1
        }
        "wed" | "weds" | "wednesday" | "wednesdays" | "ср" | "среда" | "среду" | "среды" | "средам" => {
            2
        }
        "thu" | "thur" | "thurs" | "thursday" | "thursdays" | "чт" | "четверг" | "четверги" | "четверга"
        | "четвергам" => 3,
        "fri" | "friday" | "fridays" | "пт" | "пятница" | "пятницу" | "пятницы" | "пятницам" => {
            4
        }
        "sat" | "saturday" | "saturdays" | "сб" | "суббота" | "субботу" | "субботы" | "субботам" => {
            5
        }
        "sun" | "sunday" | "sundays" | "вс" | "воскресенье" | "воскресенья" | "воскресеньям" => {
            6
        }
        _ => return None,
    })
}

/// The usual abbreviation for one of two letters, which stands for a day only where nothing but a schedule is expected.
pub(super) fn in_full(key: &str) -> &str {
    match key {
        "mo" => "mon",
        "tu" => "tue",
        "we" => "wed",
        "th" => "thu",
        "fr" => "fri",
        "sa" => "sat",
        "su" => "sun",
        _ => key,
    }
}
