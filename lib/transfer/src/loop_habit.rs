//! A habit as Loop Habit Tracker keeps it, and what it is here.

use std::collections::BTreeMap;

use chrono::{NaiveDate, NaiveTime};
use habits::{
    goal::{self, MAX_AMOUNT_MILLI},
    history::Mark,
    schedule::Schedules,
    text::{lines, one_line},
};

use crate::{
    Amount, Archive, Day, Direction, Goal, Habit, MAX_DAYS, MAX_DAYS_OF_A_HABIT, MAX_HABITS, Notes, Refused, Status,
    VERSION, check, loop_schedule::schedule, refused::shown, text::cut,
};

/// Loop knows no streak at which a habit is complete; a year is far enough not to end a habit that goes on.
const TARGET_DAYS: i32 = 365;

/// When a habit without a reminder is reminded of: every habit has one here.
const REMINDER: NaiveTime = NaiveTime::from_hms_opt(20, 0, 0).unwrap();

const EVERY_WEEKDAY: i64 = 0b111_1111;

#[derive(Debug, Default)]
pub(crate) struct LoopHabit {
    pub(crate) name: String,
    pub(crate) question: String,
    pub(crate) description: String,
    pub(crate) times: i64,
    pub(crate) days: i64,
    /// Of a habit with numbers.
    pub(crate) target: Option<Target>,
    pub(crate) is_archived: bool,
    pub(crate) reminder: Option<NaiveTime>,
    /// One bit a weekday, from Saturday; `None` where the file does not tell.
    pub(crate) reminder_days: Option<i64>,
    pub(crate) entries: Entries,
}

#[derive(Debug)]
pub(crate) struct Target {
    pub(crate) direction: Direction,
    pub(crate) units: f64,
    pub(crate) unit: String,
}

/// What Loop says of a day.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Value {
    Yes,
    /// Not done, nor to be done: the frequency was reached on other days.
    Auto,
    No,
    Skip,
    Unknown,
    /// In thousandths.
    Number(i64),
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Entry {
    pub(crate) value: Value,
    pub(crate) note: Option<String>,
}

/// Days by their dates; those of which nothing is said are left out.
#[derive(Debug, Default)]
pub(crate) struct Entries(BTreeMap<NaiveDate, Entry>);

impl Entries {
    /// Adds a day, if it says something. The first of a date stays, and false is returned.
    pub(crate) fn add(&mut self, date: NaiveDate, entry: Entry) -> Result<bool, String> {
        if matches!(entry.value, Value::Unknown | Value::Auto) && entry.note.is_none() {
            return Ok(true);
        }
        if self.0.len() >= MAX_DAYS_OF_A_HABIT {
            return Err(format!("a habit has more than the {MAX_DAYS_OF_A_HABIT} days allowed"));
        }
        let is_new = !self.0.contains_key(&date);
        self.0.entry(date).or_insert(entry);
        Ok(is_new)
    }
}

/// The archive that these habits make.
pub(crate) fn archive(habits: impl IntoIterator<Item = LoopHabit>, today: NaiveDate, notes: &mut Notes) -> Archive {
    let habits: Vec<Habit> = habits.into_iter().map(|habit| habit.into_habit(today, notes)).collect();
    if !habits.is_empty() {
        notes.add(format!("Loop has no goal for a streak; these habits got one of {TARGET_DAYS} days."));
    }
    Archive { version: VERSION, exported_at: None, person: None, habits, pauses: Vec::new() }
}

/// Refuses more habits or days than can be taken, before they fill the memory.
pub(crate) fn check_count(habits: &[LoopHabit], file: &str) -> Result<(), Refused> {
    if habits.len() > MAX_HABITS {
        return Err(Refused::new(file, format!("more than the {MAX_HABITS} habits allowed")));
    }
    let days: usize = habits.iter().map(|habit| habit.entries.0.len()).sum();
    if days > MAX_DAYS {
        return Err(Refused::new(file, format!("more than the {MAX_DAYS} days allowed at once")));
    }
    Ok(())
}

impl LoopHabit {
    fn into_habit(self, today: NaiveDate, notes: &mut Notes) -> Habit {
        let name = self.short_name(notes);
        let says = |what: &str| format!("“{}”: {what}", shown(&name));
        let done = self.entries.0.iter().rev().find(|(_, entry)| matches!(entry.value, Value::Yes | Value::Number(_)));
        let start = done.map_or(today, |(date, _)| *date);
        let (schedule, is_near) = schedule(self.times, self.days, start);
        if is_near {
            notes.add(says(&format!(
                "{} times in {} days became the nearest schedule there is.",
                self.times, self.days
            )));
        }
        if self.target.is_some() && self.days > 1 {
            notes.add(says("Loop adds up the amounts of several days; here each day has to reach the goal by itself."));
        }
        if self.reminder.is_none() {
            notes.add(format!("Habits without a time got a reminder at {}.", REMINDER.format("%H:%M")));
        } else if self.reminder_days.is_some_and(|days| days & EVERY_WEEKDAY != EVERY_WEEKDAY) {
            notes.add(says("Reminders on some weekdays alone became reminders on each day that the schedule has."));
        }
        let goal = self.target.as_ref().map(|target| target.goal(&says, notes));
        let begun_on = self.entries.0.keys().next().copied().unwrap_or(today);
        let description = self.text_below();
        let days = days(self.entries, goal.as_ref(), &says, notes);
        Habit {
            description,
            schedules: Schedules::from(schedule),
            begun_on,
            target_days: TARGET_DAYS,
            goal,
            reminders: vec![self.reminder.unwrap_or(REMINDER)],
            is_active: !self.is_archived,
            completed_at: None,
            taken_up: false,
            days,
            pauses: Vec::new(),
            name,
        }
    }

    fn short_name(&self, notes: &mut Notes) -> String {
        let name = one_line(&self.name).unwrap_or_default();
        let (kept, is_cut) = cut(&name, check::NAME_CHARS);
        if is_cut {
            notes.add(format!("“{}”: the name was cut to {} characters.", shown(&name), check::NAME_CHARS));
        }
        kept
    }

    /// The description, or else the question.
    fn text_below(&self) -> Option<String> {
        let text = lines(&self.description).or_else(|| lines(&self.question))?;
        Some(cut(&text, check::DESCRIPTION_CHARS).0)
    }
}

impl Target {
    fn goal(&self, says: &impl Fn(&str) -> String, notes: &mut Notes) -> Goal {
        let largest = Amount::from_milli(MAX_AMOUNT_MILLI).unwrap_or(Amount::SMALLEST);
        let is_too_much = self.units > largest.units();
        let amount = Amount::from_units(self.units).unwrap_or(if is_too_much { largest } else { Amount::SMALLEST });
        let is_nothing = amount < Amount::SMALLEST || self.units < 0.0;
        let amount = amount.max(Amount::SMALLEST);
        let (unit, is_cut) = cut(&one_line(&self.unit).unwrap_or_default(), check::UNIT_CHARS);
        if is_nothing {
            notes.add(says("a goal of nothing became the smallest amount there is, 0.001."));
        }
        if is_too_much {
            notes.add(says("a goal of more than a billion became one of a billion."));
        }
        if is_cut {
            notes.add(says(&format!("the unit was cut to {} characters.", check::UNIT_CHARS)));
        }
        Goal { direction: self.direction, amount, unit: Some(unit).filter(|unit| !unit.is_empty()) }
    }
}

fn days(entries: Entries, goal: Option<&Goal>, says: &impl Fn(&str) -> String, notes: &mut Notes) -> Vec<Day> {
    let mut days = Vec::with_capacity(entries.0.len());
    for (date, entry) in entries.0 {
        let (status, amount) = said(entry.value, goal);
        let note = entry.note.as_deref().and_then(lines).map(|note| cut(&note, check::NOTE_CHARS));
        if note.as_ref().is_some_and(|(_, is_cut)| *is_cut) {
            notes.add(says(&format!("longer notes were cut to {} characters.", check::NOTE_CHARS)));
        }
        days.push(Day { date, status, amount, note: note.map(|(note, _)| note) });
    }
    days
}

fn said(value: Value, goal: Option<&Goal>) -> (Status, Option<Amount>) {
    match (value, goal) {
        (Value::Skip, _) => (Status::Skipped, None),
        (Value::Unknown, _) | (Value::Auto, None) => (Status::Pending, None),
        (Value::Yes, None) => (Status::Done, None),
        (Value::No, None) => (Status::NotDone, None),
        // Of a habit with numbers these are names of the smallest ones.
        (Value::Yes, Some(goal)) => judged(2, goal),
        (Value::Auto, Some(goal)) => judged(1, goal),
        (Value::No, Some(goal)) => judged(0, goal),
        (Value::Number(milli), Some(goal)) => judged(milli, goal),
        (Value::Number(milli), None) => (if milli > 0 { Status::Done } else { Status::NotDone }, None),
    }
}

fn judged(milli: i64, goal: &Goal) -> (Status, Option<Amount>) {
    let milli = milli.clamp(0, MAX_AMOUNT_MILLI);
    let direction = match goal.direction {
        Direction::AtLeast => goal::Direction::AtLeast,
        Direction::AtMost => goal::Direction::AtMost,
    };
    let status = match (goal::Goal { direction, amount_milli: goal.amount.milli() }).judge(milli) {
        Some(Mark::Done) => Status::Done,
        Some(_) => Status::NotDone,
        None => Status::Pending,
    };
    (status, Amount::from_milli(milli))
}
