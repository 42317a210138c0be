//! How it goes: all habits by pages of five, and the captions of a year's picture.

use wire::statistics::{HabitOverview, HabitYear, Overview};

use crate::{
    Action, Button, Locale, Screen,
    menu::start_buttons,
    page::Page,
    screen::quoted,
    text::{key, text, text_with},
};

/// Habits on one page.
const PAGE_ROWS: usize = 5;

/// Units of UTF-16 of a habit's name: in the list, and in a caption, which holds 1024.
const NAME_UNITS: usize = 100;

/// Streak, record, strength and the last 30 days of each habit, with a button to its year.
pub fn overview(locale: Locale, told: &Overview, page: u8) -> Screen {
    if told.habits.is_empty() {
        return Screen::new(text(locale, key::STATS_EMPTY), start_buttons(locale));
    }
    let page = Page::of(&told.habits, PAGE_ROWS, page);
    let mut parts = vec![text(locale, key::STATS_TITLE)];
    parts.extend(page.rows.iter().map(|habit| row(locale, habit)));
    parts.push(text(locale, key::STATS_LEGEND));
    let button = |habit: &HabitOverview| {
        Button::new(format!("📊 {}", habit.name), Action::Year { habit_id: habit.id, page: page.number })
    };
    let mut keyboard: Vec<Vec<Button>> = page.rows.iter().map(|habit| vec![button(habit)]).collect();
    keyboard.extend(page.turn(|page| Action::Stats { page }));
    keyboard.push(vec![Button::new(text(locale, key::BUTTON_YEAR_OF_ALL), Action::YearOfAll)]);
    keyboard.push(vec![
        Button::new(text(locale, key::BUTTON_BACK_TO_HABITS), Action::Habits { page: 0 }),
        Button::new(text(locale, key::BUTTON_TODAY), Action::Today { page: 0 }),
    ]);
    Screen::new(parts.join("\n\n"), keyboard)
}

fn row(locale: Locale, habit: &HabitOverview) -> String {
    let standing = standing(locale, habit.current_streak, habit.max_streak, habit.strength);
    let lately = (habit.periods_due > 0).then(|| {
        let arguments = [("kept", habit.periods_kept.into()), ("due", habit.periods_due.into())];
        text_with(locale, key::STATS_LATELY, arguments)
    });
    let figures: Vec<String> = [standing].into_iter().chain(lately).collect();
    format!("<b>{}</b>\n{}", quoted(&habit.name, NAME_UNITS), figures.join(" · "))
}

fn standing(locale: Locale, current_streak: i32, max_streak: i32, strength: f64) -> String {
    let arguments =
        [("days", current_streak.into()), ("record", max_streak.into()), ("strength", percent(strength).into())];
    text_with(locale, key::STATS_ROW, arguments)
}

/// Whole percent of a strength from 0 to 1.
#[expect(clippy::cast_possible_truncation, reason = "a strength is from 0 to 1")]
pub fn percent(strength: f64) -> i64 {
    (strength * 100.0).round() as i64
}

/// The caption under the picture of a habit's year, at most 1024 units; back to the page that it was opened from.
pub fn habit_year(locale: Locale, year: &HabitYear, page: u8) -> Screen {
    let done = text_with(locale, key::YEAR_DONE, [("days", year.done.into())]);
    let standing = standing(locale, year.current_streak, year.max_streak, year.strength);
    let keyboard = vec![vec![
        Button::new(text(locale, key::BUTTON_BACK_TO_STATS), Action::Stats { page }),
        Button::new(text(locale, key::BUTTON_CARD), Action::Card { habit_id: year.habit_id }),
    ]];
    Screen::new(format!("<b>{}</b>\n{done}\n{standing}", quoted(&year.name, NAME_UNITS)), keyboard)
}

/// The same of all habits.
pub fn year_of_all(locale: Locale, told: &Overview) -> Screen {
    let times: u32 = told.done_by_day.iter().sum();
    let keyboard = vec![vec![Button::new(text(locale, key::BUTTON_BACK_TO_STATS), Action::Stats { page: 0 })]];
    Screen::new(text_with(locale, key::YEAR_DONE_OF_ALL, [("times", times.into())]), keyboard)
}
