//! Takes the parts of a line out of it, until only the name is left.

use chrono::NaiveTime;
use wire::{habit::Goal, schedule::Schedule};

use super::{
    amount, schedule, target,
    time::{self, Place},
    words::{self, Word, binds, connects, keys},
};

/// The most words that are looked at for one part; a longer list is read in pieces.
const MOST_WORDS: usize = 24;

/// What is read of a line so far.
#[derive(Debug, Default)]
pub(super) struct Reading {
    /// What is left of the words.
    words: Vec<Word>,
    /// Whether any part was found.
    has_parts: bool,
    pub(super) schedule: Option<Schedule>,
    pub(super) times: Vec<NaiveTime>,
    pub(super) goal: Option<Goal>,
    pub(super) target_days: Option<u32>,
}

enum Part {
    Schedule(Schedule),
    Times(Vec<NaiveTime>),
    TargetDays(u32),
}

impl Reading {
    pub(super) fn of(line: &str) -> Self {
        let mut reading = Self { words: words::words(line), ..Self::default() };
        // Each step takes words away.
        while reading.take_last() || reading.take_first() || reading.take_amount() {
            reading.has_parts = true;
            reading.trim();
        }
        reading
    }

    /// The name that is left; empty when none is.
    pub(super) fn name(&self, line: &str) -> String {
        if !self.has_parts {
            return line.to_owned();
        }
        let unit = || self.goal.as_ref().and_then(|goal| goal.unit.clone()).unwrap_or_default();
        if self.words.is_empty() { unit() } else { words::join(&self.words) }
    }

    /// Takes a part from the end.
    fn take_last(&mut self) -> bool {
        let all = self.words.len();
        (1..=MOST_WORDS.min(all)).rev().any(|length| {
            let at = all - length;
            let (before, last) = self.words.split_at(at);
            let part = if ends_openly(before) { None } else { last_part(before, last) };
            let is_taken = part.is_some_and(|part| self.add(part));
            if is_taken {
                self.words.truncate(at);
            }
            is_taken
        })
    }

    /// Takes a part from the beginning.
    fn take_first(&mut self) -> bool {
        let most = MOST_WORDS.min(self.words.len().saturating_sub(1));
        (1..=most).rev().any(|length| {
            let (first, rest) = self.words.split_at(length);
            let part = if ends_openly(rest) { None } else { first_part(first, rest) };
            let is_taken = part.is_some_and(|part| self.add(part));
            if is_taken {
                self.words.drain(..length);
            }
            is_taken
        })
    }

    /// Takes the amount, wherever it is.
    fn take_amount(&mut self) -> bool {
        if self.goal.is_some() {
            return false;
        }
        let all: Vec<&str> = self.words.iter().map(|word| word.key.as_str()).collect();
        let without_day = all.len() - amount::a_day(&all);
        let found = amount::find(&self.words[..without_day]).map(|found| (found, without_day));
        let Some((found, end)) = found.or_else(|| amount::find(&self.words).map(|found| (found, all.len()))) else {
            return false;
        };
        let (before, after) = (&self.words[..found.first], &self.words[found.end..end]);
        let unit_is_name = before.is_empty() && after.first().is_none_or(|word| binds(&word.key));
        let unit = found.unit_word.filter(|_| unit_is_name).map(|word| Word::new(words::plain(&word.text)));
        let left: Vec<Word> = before.iter().cloned().chain(unit).chain(after.iter().cloned()).collect();
        if ends_openly(&left) {
            return false;
        }
        self.words = left;
        self.goal = Some(found.goal);
        true
    }

    /// Keeps a part, unless one of its kind is there that cannot hold both.
    fn add(&mut self, part: Part) -> bool {
        match part {
            Part::Times(times) => self.times.extend(times),
            Part::Schedule(more) => {
                let both =
                    self.schedule.as_ref().map_or(Some(more.clone()), |schedule| schedule::merge(schedule, &more));
                let Some(both) = both else { return false };
                self.schedule = Some(both);
            }
            Part::TargetDays(_) if self.target_days.is_some() => return false,
            Part::TargetDays(days) => self.target_days = Some(days),
        }
        true
    }

    /// Drops the words that set apart what is gone.
    fn trim(&mut self) {
        while self.words.pop_if(|word| word.separates()).is_some() {}
        let first = self.words.iter().take_while(|word| word.separates()).count();
        self.words.drain(..first);
    }
}

/// Whether words end with one that needs what follows it.
fn ends_openly(words: &[Word]) -> bool {
    words.iter().rfind(|word| !word.separates()).is_some_and(|word| binds(&word.key))
}

fn last_part(before: &[Word], last: &[Word]) -> Option<Part> {
    let keys = keys(last);
    let keys = match keys.split_first() {
        Some((first, rest)) if connects(first) && !before.is_empty() => rest,
        _ => &keys,
    };
    let place = if ends_with_schedule(before) { Place::AfterSchedule } else { Place::End };
    let times = if ends_with_range(before) { None } else { time::read(keys, place) };
    let schedule = || schedule::read(keys).map(Part::Schedule);
    times.map(Part::Times).or_else(schedule).or_else(|| target::read(keys).map(Part::TargetDays))
}

fn first_part(first: &[Word], rest: &[Word]) -> Option<Part> {
    let keys = keys(first);
    let goes_on =
        rest.first().is_some_and(|word| matches!(word.key.as_str(), "-" | "to" | "till" | "until" | "до" | "по"));
    let times = if goes_on { None } else { time::read(&keys, Place::Start) };
    times.map(Part::Times).or_else(|| {
        let schedule = schedule::read(&keys).filter(|_| schedule::is_clear(&keys));
        schedule.map(Part::Schedule)
    })
}

fn ends_with_schedule(words: &[Word]) -> bool {
    let keys = keys(words);
    (1..=MOST_WORDS.min(keys.len())).any(|length| schedule::read(&keys[keys.len() - length..]).is_some())
}

/// Whether words end as `9:00 -` does: what follows is no time of its own.
fn ends_with_range(words: &[Word]) -> bool {
    matches!(words, [.., from, dash] if dash.key == "-" && from.key.starts_with(|first: char| first.is_ascii_digit()))
}
