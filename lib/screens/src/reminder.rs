//! The reminder: what it looks like when it arrives, and after taps on it.

use chrono::{NaiveDate, NaiveTime, Timelike as _};

use crate::{
    Action, Button, Locale, Screen,
    action::{Mark, Origin, Wanted},
    calendar,
    screen::quoted,
    text::{key, text, text_with},
};

/// Habits that one reminder names; the message stays below 4096 units and 100 buttons.
const MOST_ROWS: usize = 20;

/// Units of UTF-16 of a habit's name in a message.
const NAME_UNITS: usize = 100;

/// For how long a reminder is put off, in minutes.
const SNOOZES_MINUTES: [u16; 2] = [10, 60];

/// What is put off until tonight comes at nine.
const TONIGHT_HOUR: u16 = 21;

/// A habit that is due.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReminderRow {
    pub habit_id: i64,
    /// As the person wrote it.
    pub name: String,
    /// Days in a row, the day below included once it is done.
    pub current_streak: u32,
    /// The day in the person's zone that the reminder is about.
    pub date: NaiveDate,
}

/// A row after somebody tapped on the reminder.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MarkedRow {
    pub row: ReminderRow,
    pub said: Said,
}

/// What was said of a row.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Said {
    Nothing,
    Done,
    Skipped,
    /// To be reminded of again at this time.
    Later(NaiveTime),
}

impl Said {
    fn is_open(self) -> bool {
        matches!(self, Self::Nothing | Self::Later(_))
    }
}

/// The reminder as it is sent: habits due at the same minute in one message, a row of buttons each.
pub fn reminder(locale: Locale, rows: &[ReminderRow]) -> Screen {
    let open: Vec<MarkedRow> = rows.iter().map(|row| MarkedRow { row: row.clone(), said: Said::Nothing }).collect();
    reminder_marked(locale, &open)
}

/// The reminder after taps: what was done or skipped offers Undo, the rest keeps its buttons.
pub fn reminder_marked(locale: Locale, rows: &[MarkedRow]) -> Screen {
    let shown = &rows[..rows.len().min(MOST_ROWS)];
    let keyboard = shown.iter().map(|row| buttons(locale, row, rows.len() == 1)).collect();
    let lines: Vec<String> = shown.iter().map(|row| line(locale, row)).collect();
    let mut parts = Vec::new();
    let open = rows.iter().filter(|row| row.said.is_open()).count();
    if open > 0 {
        parts.push(text_with(locale, key::REMINDER_TITLE, [("habits", open.into())]));
    }
    parts.push(lines.join("\n"));
    if rows.len() > shown.len() {
        parts.push(text_with(locale, key::REMINDER_MORE, [("habits", (rows.len() - shown.len()).into())]));
    }
    Screen::new(parts.join("\n\n"), keyboard)
}

fn line(locale: Locale, MarkedRow { row, said }: &MarkedRow) -> String {
    let emoji = match said {
        Said::Nothing => "◻️",
        Said::Done => "✅",
        Said::Skipped => "⏭",
        Said::Later(_) => "💤",
    };
    let name = quoted(&row.name, NAME_UNITS);
    if row.current_streak == 0 {
        return format!("{emoji} <b>{name}</b>");
    }
    format!("{emoji} <b>{name}</b> · {}", text_with(locale, key::DAYS, [("days", row.current_streak.into())]))
}

/// A reminder of one habit needs no names on its buttons.
fn buttons(locale: Locale, MarkedRow { row, said }: &MarkedRow, alone: bool) -> Vec<Button> {
    let mark = |wanted| Action::Mark(Mark { habit_id: row.habit_id, date: row.date, wanted, origin: Origin::Reminder });
    if !said.is_open() {
        let undo = text(locale, key::BUTTON_UNDO);
        let label = if alone { undo } else { format!("{undo} · {}", row.name) };
        return vec![Button::new(label, mark(Wanted::Pending))];
    }
    let until = if let Said::Later(time) = said { Some(*time) } else { None };
    let later = later(locale, row.habit_id, row.date, until, alone);
    if alone {
        let done = Button::new(text(locale, key::BUTTON_DONE), mark(Wanted::Done));
        return vec![done, later, Button::new(text(locale, key::BUTTON_SKIP), mark(Wanted::Skipped))];
    }
    vec![Button::new(format!("✅ {}", row.name), mark(Wanted::Done)), later, Button::new("⏭", mark(Wanted::Skipped))]
}

fn later(locale: Locale, habit_id: i64, date: NaiveDate, until: Option<NaiveTime>, alone: bool) -> Button {
    let label = match until {
        Some(time) => format!("💤 {}", calendar::time(time)),
        None if alone => text(locale, key::BUTTON_LATER),
        None => "💤".to_owned(),
    };
    Button::new(label, Action::AskSnooze { habit_id, date, until })
}

/// The keyboard of a reminder with a row to choose from below the habit that is to come later.
///
/// `now` is the time that the person's clock shows.
pub fn ask_snooze(
    locale: Locale,
    keyboard: &[Vec<Button>],
    habit_id: i64,
    date: NaiveDate,
    now: NaiveTime,
) -> Vec<Vec<Button>> {
    let choice = |label, minutes| Button::new(label, Action::Snooze { habit_id, date, minutes });
    let mut choices: Vec<Button> = SNOOZES_MINUTES
        .iter()
        .map(|minutes| choice(text_with(locale, key::SNOOZE, [("minutes", (*minutes).into())]), *minutes))
        .collect();
    choices.extend(minutes_to_tonight(now).map(|minutes| choice(text(locale, key::SNOOZE_TONIGHT), minutes)));
    choices.push(choice("✖️".to_owned(), 0));
    let mut rows: Vec<Vec<Button>> = without_choices(keyboard);
    let is_of_habit = |row: &Vec<Button>| row.iter().any(|button| asks_snooze(button, habit_id, date));
    let after = rows.iter().position(is_of_habit).map_or(rows.len(), |row| row + 1);
    rows.insert(after, choices);
    rows
}

/// The keyboard once the choice is made: the row of the habit tells when it comes again.
pub fn snoozed(
    locale: Locale,
    keyboard: &[Vec<Button>],
    habit_id: i64,
    date: NaiveDate,
    until: Option<NaiveTime>,
) -> Vec<Vec<Button>> {
    let mut rows = without_choices(keyboard);
    let alone = rows.len() == 1;
    for button in rows.iter_mut().flatten().filter(|button| asks_snooze(button, habit_id, date)) {
        *button = later(locale, habit_id, date, until, alone);
    }
    rows
}

fn without_choices(keyboard: &[Vec<Button>]) -> Vec<Vec<Button>> {
    let is_choice = |button: &Button| matches!(button.action(), Some(Action::Snooze { .. }));
    keyboard.iter().filter(|row| !row.iter().any(is_choice)).cloned().collect()
}

fn asks_snooze(button: &Button, habit_id: i64, date: NaiveDate) -> bool {
    matches!(button.action(), Some(Action::AskSnooze { habit_id: id, date: of, .. }) if (id, of) == (habit_id, date))
}

/// Minutes from `now` to tonight; `None` when that is within the hour, or over.
fn minutes_to_tonight(now: NaiveTime) -> Option<u16> {
    let passed = u16::try_from(now.num_seconds_from_midnight() / 60).ok()?;
    (TONIGHT_HOUR * 60).checked_sub(passed).filter(|minutes| *minutes > 60)
}
