//! The reminder: what it looks like when it arrives, and after taps on it.

use chrono::NaiveDate;

use crate::{
    Action, Button, Locale, Screen,
    action::{Mark, Origin},
    screen::quoted,
    text::{text, text_with},
};

/// Habits that one reminder names; the message stays below 4096 units and 100 buttons.
const MOST_ROWS: usize = 20;

/// Units of UTF-16 of a habit's name in a message.
const NAME_UNITS: usize = 100;

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
    pub done: bool,
}

/// The reminder as it is sent: habits due at the same minute in one message, a button each.
pub fn reminder(locale: Locale, rows: &[ReminderRow]) -> Screen {
    let open: Vec<MarkedRow> = rows.iter().map(|row| MarkedRow { row: row.clone(), done: false }).collect();
    draw(locale, &open)
}

/// The reminder with the days of some rows set: those offer Undo, the others keep Done.
pub fn reminder_marked(locale: Locale, rows: &[MarkedRow]) -> Screen {
    draw(locale, rows)
}

fn draw(locale: Locale, rows: &[MarkedRow]) -> Screen {
    let shown = &rows[..rows.len().min(MOST_ROWS)];
    let keyboard = shown.iter().map(|row| vec![button(locale, row, rows.len() == 1)]).collect();
    let lines: Vec<String> = shown.iter().map(|row| line(locale, row)).collect();
    let mut parts = Vec::new();
    let open = rows.iter().filter(|row| !row.done).count();
    if open > 0 {
        parts.push(text_with(locale, "reminder-title", [("habits", open.into())]));
    }
    parts.push(lines.join("\n"));
    if rows.len() > shown.len() {
        parts.push(text_with(locale, "reminder-more", [("habits", (rows.len() - shown.len()).into())]));
    }
    Screen::new(parts.join("\n\n"), keyboard)
}

fn line(locale: Locale, MarkedRow { row, done }: &MarkedRow) -> String {
    let emoji = if *done { "✅" } else { "◻️" };
    let name = quoted(&row.name, NAME_UNITS);
    if row.current_streak == 0 {
        return format!("{emoji} <b>{name}</b>");
    }
    format!("{emoji} <b>{name}</b> · {}", text_with(locale, "days", [("days", row.current_streak.into())]))
}

/// A reminder of one habit needs no names on its buttons.
fn button(locale: Locale, MarkedRow { row, done }: &MarkedRow, alone: bool) -> Button {
    let verb = text(locale, if *done { "button-undo" } else { "button-done" });
    let label = if alone { verb } else { format!("{verb} · {}", row.name) };
    let mark = Mark { habit_id: row.habit_id, date: row.date, done: !done, origin: Origin::Reminder };
    Button::new(label, Action::Mark(mark))
}
