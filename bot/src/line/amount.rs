//! How much: the amount of a day and what it counts.

use wire::habit::{Goal, GoalDirection};

use super::{
    number, schedule,
    time::{self, Place},
    unit,
    words::{Word, binds},
};

/// An amount within words.
#[derive(Debug)]
pub(super) struct Found {
    pub(super) goal: Goal,
    /// The words of it.
    pub(super) first: usize,
    pub(super) end: usize,
    /// Its unit, as it was typed.
    pub(super) unit_word: Option<Word>,
}

/// The last amount of the words.
pub(super) fn find(words: &[Word]) -> Option<Found> {
    let keys: Vec<&str> = words.iter().map(|word| word.key.as_str()).collect();
    (0..words.len()).rev().find_map(|at| found_at(words, &keys, at))
}

/// How many words at the end say that an amount is of a day, as each is.
pub(super) fn a_day(keys: &[&str]) -> usize {
    match keys {
        [.., "a" | "per" | "each" | "every", "day"] | [.., "в", "день" | "сутки"] => 2,
        _ => 0,
    }
}

/// All the words as an amount; whatever follows the number is its unit.
pub(super) fn alone(words: &[Word]) -> Option<Goal> {
    let words: Vec<&Word> = words.iter().filter(|word| !word.key.is_empty()).collect();
    let keys: Vec<&str> = words.iter().map(|word| word.key.as_str()).collect();
    let keys = &keys[..keys.len() - a_day(&keys)];
    let led = (1..=keys.len().min(3))
        .rev()
        .find_map(|length| direction_before(&keys[..length]).filter(|(_, all)| *all == length));
    let (direction, start) = led.unwrap_or((GoalDirection::AtLeast, usize::from(keys.first() == Some(&"по"))));
    let goal = |amount, unit| Some(Goal { direction, amount, unit });
    if let [key] = &keys[start..] {
        if let Some(amount) = count(key) {
            return goal(amount, None);
        }
        if let Some((amount, unit)) = with_unit(key) {
            return goal(amount, Some(unit.to_owned()));
        }
    }
    let (amount, length) = number::read_first(&keys[start..])?;
    let counted: Vec<String> = words[start + length..keys.len()].iter().map(|word| word.lower()).collect();
    let unit = counted.join(" ");
    if unit.is_empty() || unit::is_times(&unit, amount) {
        return goal(amount, None);
    }
    goal(amount, Some(unit::kept(&unit)?))
}

fn found_at(words: &[Word], keys: &[&str], at: usize) -> Option<Found> {
    if at > 0 && number::continues(keys[at - 1], keys[at]) {
        return None;
    }
    let led = direction_before(&keys[..at]);
    let first = at - led.map_or_else(|| usize::from(keys[..at].ends_with(&["по"])), |(_, length)| length);
    let before = keys[..first].iter().rfind(|key| !key.is_empty());
    let counted = counted(words, keys, at, led.is_some())?;
    if before.is_some_and(|key| binds(key)) || is_of_a_longer_time(&keys[counted.end..]) {
        return None;
    }
    let says_a_day = keys.get(counted.end..counted.end + 2).is_some_and(|next| a_day(next) > 0);
    let end = if says_a_day { counted.end + 2 } else { counted.end };
    let end = if keys.get(end) == Some(&"of") { end + 1 } else { end };
    let direction = led.map_or(GoalDirection::AtLeast, |(direction, _)| direction);
    let goal = Goal { direction, amount: counted.amount, unit: counted.unit };
    Some(Found { goal, first, end, unit_word: counted.unit_word })
}

struct Counted {
    amount: f64,
    unit: Option<String>,
    unit_word: Option<Word>,
    end: usize,
}

/// The number at a word, and what it counts. `is_certain`: an amount is expected here, whatever its unit.
fn counted(words: &[Word], keys: &[&str], at: usize, is_certain: bool) -> Option<Counted> {
    let bare = |amount, end| Some(Counted { amount, unit: None, unit_word: None, end });
    if matches!(keys[at], "twice" | "дважды") && keys.get(at + 1..at + 3).is_some_and(|next| a_day(next) > 0) {
        return bare(2.0, at + 1);
    }
    if let Some(amount) = count(keys[at]).filter(|_| at + 1 == keys.len()) {
        return bare(amount, at + 1);
    }
    if let Some((amount, unit)) = with_unit(keys[at]) {
        let unit = unit.to_owned();
        return Some(Counted { amount, unit_word: Some(Word::new(&unit)), unit: Some(unit), end: at + 1 });
    }
    let (amount, length) = number::read_first(&keys[at..])?;
    let after = at + length;
    let Some(key) = keys.get(after) else {
        return if is_certain { bare(amount, after) } else { None };
    };
    if unit::is_times(key, amount) {
        return bare(amount, after + 1);
    }
    if unit::is_known(key, amount) || (is_certain && is_possible_unit(key)) {
        let unit = unit::kept(&words[after].lower())?;
        return Some(Counted { amount, unit: Some(unit), unit_word: Some(words[after].clone()), end: after + 1 });
    }
    if is_certain { bare(amount, after) } else { None }
}

/// `x30`, `30x`.
fn count(key: &str) -> Option<f64> {
    let is_sign = ['x', 'х', '×'];
    let digits = key.strip_prefix(is_sign).or_else(|| key.strip_suffix(is_sign))?;
    number::read_first(&[digits]).map(|(amount, _)| amount)
}

/// `5km`.
fn with_unit(key: &str) -> Option<(f64, &str)> {
    let (digits, unit) = key.split_at(key.find(char::is_alphabetic)?);
    let (amount, _) = number::read_first(&[digits])?;
    unit::is_known(unit, amount).then_some((amount, unit))
}

fn is_possible_unit(key: &str) -> bool {
    let is_time = || time::read(&["7", key], Place::Alone).is_some() || time::read(&[key], Place::Alone).is_some();
    unit::is_possible(key) && !binds(key) && schedule::read(&[key]).is_none() && !is_time()
}

/// Whether the words go on with a week or a longer time: that amount is not one of a day.
fn is_of_a_longer_time(keys: &[&str]) -> bool {
    let period = match keys {
        ["in", "a", period, ..] => *period,
        ["a" | "per" | "each" | "every" | "this" | "в" | "за" | "каждую" | "каждый", period, ..] => {
            *period
        }
        [period, ..] => *period,
        [] => return false,
    };
    matches!(
        period,
        "week" | "weekly" | "month" | "monthly" | "year" | "yearly" | "неделю" | "нед" | "месяц" | "год" | "weekend"
    )
}

/// Which side of the goal is good, where the words end with that, and how many words say so.
fn direction_before(keys: &[&str]) -> Option<(GoalDirection, usize)> {
    match keys {
        [.., "no" | "not", "more", "than"] => Some((GoalDirection::AtMost, 3)),
        [.., "no" | "not", "less" | "fewer", "than"] => Some((GoalDirection::AtLeast, 3)),
        [.., "at", "most"] | [.., "up", "to"] | [.., "не", "больше" | "более"] => {
            Some((GoalDirection::AtMost, 2))
        }
        [.., "at", "least"] | [.., "хотя", "бы"] | [.., "не", "меньше" | "менее"] => {
            Some((GoalDirection::AtLeast, 2))
        }
        [.., "max" | "maximum" | "максимум"] => Some((GoalDirection::AtMost, 1)),
        [.., "minimum" | "минимум"] => Some((GoalDirection::AtLeast, 1)),
        _ => None,
    }
}
