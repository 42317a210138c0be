//! The habits of a person, by pages of five: those that go on, and those that were put away.

use wire::habit::Habit;

use crate::{
    Action, Button, Locale, Screen,
    page::Page,
    text::{key, text, text_with},
    today::status,
};

/// Habits on one page.
const PAGE_ROWS: usize = 5;

/// The active habits, each a button to its card.
pub fn habits(locale: Locale, habits: &[Habit], page: u8) -> Screen {
    let page = Page::of(habits, PAGE_ROWS, page);
    let title = match habits.len() {
        0 => text(locale, key::HABITS_EMPTY),
        count => text_with(locale, key::HABITS_TITLE, [("habits", count.into())]),
    };
    let mut keyboard: Vec<Vec<Button>> = page.rows.iter().map(|habit| vec![row(habit)]).collect();
    keyboard.extend(page.turn(|page| Action::Habits { page }));
    keyboard.push(vec![
        Button::new(text(locale, key::BUTTON_NEW), Action::NewHabit),
        Button::new(text(locale, key::BUTTON_ARCHIVE), Action::Archive { page: 0 }),
    ]);
    keyboard.push(vec![
        Button::new(text(locale, key::BUTTON_STATS), Action::Stats { page: 0 }),
        Button::new(text(locale, key::BUTTON_TODAY), Action::Today { page: 0 }),
    ]);
    Screen::new(title, keyboard)
}

/// The habits that were put away or are complete.
pub fn archive(locale: Locale, habits: &[Habit], page: u8) -> Screen {
    let page = Page::of(habits, PAGE_ROWS, page);
    let title = if habits.is_empty() { text(locale, key::ARCHIVE_EMPTY) } else { text(locale, key::ARCHIVE_TITLE) };
    let mut keyboard: Vec<Vec<Button>> = page.rows.iter().map(|habit| vec![archived_row(habit)]).collect();
    keyboard.extend(page.turn(|page| Action::Archive { page }));
    keyboard.push(vec![Button::new(text(locale, key::BUTTON_BACK_TO_HABITS), Action::Habits { page: 0 })]);
    Screen::new(title, keyboard)
}

fn row(habit: &Habit) -> Button {
    let streak = if habit.current_streak > 0 { format!(" · 🔥 {}", habit.current_streak) } else { String::new() };
    let label = format!("{} {}{streak}", status(habit.status_today), habit.name);
    Button::new(label, Action::Card { habit_id: habit.id })
}

fn archived_row(habit: &Habit) -> Button {
    let emoji = if habit.completed_at.is_some() { "🏁" } else { "📦" };
    Button::new(format!("{emoji} {}", habit.name), Action::Card { habit_id: habit.id })
}
