//! The Today list: the habits of the day, to tick.

use chrono::{NaiveDate, NaiveTime};

use crate::{
    Action, Button, Locale, Screen,
    action::{Mark, Origin},
    calendar,
    screen::quoted,
    text::{text, text_with},
};

/// Habits on one page.
const PAGE_ROWS: usize = 10;

/// Units of UTF-16 of a habit's name in the list.
const NAME_UNITS: usize = 100;

/// A habit of the day.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TodayRow {
    pub habit_id: i64,
    /// As the person wrote it.
    pub name: String,
    /// When its reminder comes, in the person's zone.
    pub time: NaiveTime,
    /// Days in a row, today included once it is done.
    pub current_streak: u32,
    pub done: bool,
}

/// The list of `date`, the person's today. A page beyond the last shows the last.
pub fn today(locale: Locale, date: NaiveDate, rows: &[TodayRow], page: u8) -> Screen {
    let title = text_with(locale, "today-title", [("date", calendar::date(locale, date).into())]);
    if rows.is_empty() {
        let begin = Button::new(text(locale, "button-new"), Action::NewHabit);
        return Screen::new(format!("{title}\n\n{}", text(locale, "today-empty")), vec![vec![begin]]);
    }
    let last_page = u8::try_from((rows.len() - 1) / PAGE_ROWS).unwrap_or(u8::MAX);
    let page = page.min(last_page);
    let shown: Vec<&TodayRow> = rows.iter().skip(usize::from(page) * PAGE_ROWS).take(PAGE_ROWS).collect();
    let lines: Vec<String> = shown.iter().map(|row| line(locale, row)).collect();
    let mut keyboard: Vec<Vec<Button>> = shown.iter().map(|row| vec![tick(row, date, page)]).collect();
    keyboard.extend(turn_page(page, last_page));
    Screen::new(format!("{title}\n{}\n\n{}", progress(locale, rows), lines.join("\n")), keyboard)
}

fn progress(locale: Locale, rows: &[TodayRow]) -> String {
    let done = rows.iter().filter(|row| row.done).count();
    if done == rows.len() {
        return text(locale, "today-all-done");
    }
    text_with(locale, "today-progress", [("done", done.into()), ("all", rows.len().into())])
}

fn line(locale: Locale, row: &TodayRow) -> String {
    let name = quoted(&row.name, NAME_UNITS);
    let detail = if row.current_streak > 0 {
        text_with(locale, "days", [("days", row.current_streak.into())])
    } else {
        calendar::time(row.time)
    };
    format!("{} {name} · {detail}", status(row.done))
}

fn tick(row: &TodayRow, date: NaiveDate, page: u8) -> Button {
    let mark = Mark { habit_id: row.habit_id, date, done: !row.done, origin: Origin::Today { page } };
    Button::new(format!("{} {}", status(row.done), row.name), Action::Mark(mark))
}

fn status(done: bool) -> &'static str {
    if done { "✅" } else { "◻️" }
}

fn turn_page(page: u8, last_page: u8) -> Option<Vec<Button>> {
    let back = page.checked_sub(1).map(|page| Button::new("⬅️", Action::Today { page }));
    let on = (page < last_page).then(|| Button::new("➡️", Action::Today { page: page + 1 }));
    (last_page > 0).then(|| back.into_iter().chain(on).collect())
}
