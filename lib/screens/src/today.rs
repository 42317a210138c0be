//! The Today list: the habits of the day, to tick.

use chrono::NaiveDate;
use wire::{execution::ExecutionStatus, habit::Habit, today::Today};

use crate::{
    Action, Button, Locale, Screen,
    action::{Mark, Origin, Wanted},
    amount, calendar,
    page::Page,
    screen::quoted,
    text::{key, text, text_with},
};

/// Habits on one page.
const PAGE_ROWS: usize = 10;

/// Units of UTF-16 of a habit's name in the list.
const NAME_UNITS: usize = 100;

/// The person's today. A page beyond the last shows the last.
pub fn today(locale: Locale, today: &Today, page: u8) -> Screen {
    let title = text_with(locale, key::TODAY_TITLE, [("date", calendar::date(locale, today.date).into())]);
    let rest = rest(locale, today);
    let begin = Button::new(text(locale, key::BUTTON_NEW), Action::NewHabit);
    if today.habits.is_empty() && rest.is_empty() {
        return Screen::new([title, String::new(), text(locale, key::TODAY_EMPTY)].join("\n"), vec![vec![begin]]);
    }
    let around = vec![
        Button::new(text(locale, key::BUTTON_HABITS), Action::Habits { page: 0 }),
        Button::new(text(locale, key::BUTTON_YESTERDAY), Action::Yesterday { page: 0 }),
    ];
    if today.habits.is_empty() {
        let lines = [vec![title, String::new(), text(locale, key::TODAY_FREE)], rest].concat();
        return Screen::new(lines.join("\n"), vec![around, vec![begin]]);
    }
    let page = Page::of(&today.habits, PAGE_ROWS, page);
    let mut keyboard = ticks(locale, today, &page, Origin::Today { page: page.number });
    keyboard.extend(page.turn(|page| Action::Today { page }));
    if open(today) > 1 {
        let all = Action::DoneAll { date: today.date, page: page.number };
        keyboard.push(vec![Button::new(text(locale, key::BUTTON_DONE_ALL), all)]);
    }
    keyboard.extend([around, vec![begin]]);
    let parts = [vec![title, progress(locale, today), String::new()], lines(locale, &page), rest];
    Screen::new(parts.concat().join("\n"), keyboard)
}

/// The day before, for what was done and not said in time.
pub fn yesterday(locale: Locale, day: &Today, page: u8) -> Screen {
    let title = text_with(locale, key::YESTERDAY_TITLE, [("date", calendar::date(locale, day.date).into())]);
    let page = Page::of(&day.habits, PAGE_ROWS, page);
    let mut keyboard = ticks(locale, day, &page, Origin::Yesterday { page: page.number });
    keyboard.extend(page.turn(|page| Action::Yesterday { page }));
    keyboard.push(vec![Button::new(text(locale, key::BUTTON_TODAY), Action::Today { page: 0 })]);
    let standing = if day.habits.is_empty() { text(locale, key::YESTERDAY_FREE) } else { progress(locale, day) };
    Screen::new([vec![title, standing, String::new()], lines(locale, &page)].concat().join("\n"), keyboard)
}

fn lines(locale: Locale, page: &Page<'_, Habit>) -> Vec<String> {
    page.rows.iter().map(|habit| line(locale, habit)).collect()
}

fn ticks(locale: Locale, day: &Today, page: &Page<'_, Habit>, origin: Origin) -> Vec<Vec<Button>> {
    page.rows.iter().map(|habit| vec![tick(locale, habit, day.date, origin)]).collect()
}

fn progress(locale: Locale, today: &Today) -> String {
    if open(today) == 0 {
        return text(locale, key::TODAY_ALL_DONE);
    }
    text_with(locale, key::TODAY_PROGRESS, [("done", today.settled.into()), ("all", today.habits.len().into())])
}

fn open(today: &Today) -> usize {
    today.habits.len().saturating_sub(usize::try_from(today.settled).unwrap_or_default())
}

/// What is not on today, in a paragraph of its own.
fn rest(locale: Locale, today: &Today) -> Vec<String> {
    let off = (today.days_off > 0).then(|| text_with(locale, key::TODAY_OFF, [("habits", today.days_off.into())]));
    let paused = (today.paused > 0).then(|| text_with(locale, key::TODAY_PAUSED, [("habits", today.paused.into())]));
    let lines: Vec<String> = off.into_iter().chain(paused).collect();
    if lines.is_empty() { lines } else { [vec![String::new()], lines].concat() }
}

fn line(locale: Locale, habit: &Habit) -> String {
    let name = quoted(&habit.name, NAME_UNITS);
    let details = [amount::today(locale, habit), Some(streak_or_time(locale, habit))];
    let details: Vec<String> = details.into_iter().flatten().collect();
    format!("{} {name} · {}", status(habit.status_today), details.join(" · "))
}

fn streak_or_time(locale: Locale, habit: &Habit) -> String {
    if habit.current_streak > 0 {
        text_with(locale, key::DAYS, [("days", habit.current_streak.into())])
    } else {
        calendar::time(habit.time_to_remind)
    }
}

/// A tap does the day, or takes back whatever was said of it.
fn tick(locale: Locale, habit: &Habit, date: NaiveDate, origin: Origin) -> Button {
    let wanted = if is_open(habit.status_today) { Wanted::Done } else { Wanted::Pending };
    let mark = Mark { habit_id: habit.id, date, wanted, origin };
    let amount = amount::today_short(locale, habit).map(|amount| format!(" · {amount}"));
    Button::new(
        format!("{} {}{}", status(habit.status_today), habit.name, amount.unwrap_or_default()),
        Action::Mark(mark),
    )
}

/// Whether something is still to be done of such a day.
pub(crate) fn is_open(status: ExecutionStatus) -> bool {
    matches!(status, ExecutionStatus::Pending | ExecutionStatus::NotDone)
}

/// What stands for such a day.
pub(crate) fn status(status: ExecutionStatus) -> &'static str {
    match status {
        ExecutionStatus::Pending => "◻️",
        ExecutionStatus::Done => "✅",
        ExecutionStatus::NotDone => "❌",
        ExecutionStatus::Skipped => "⏭",
        ExecutionStatus::Frozen => "❄️",
    }
}
