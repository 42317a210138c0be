//! One habit with its last seven days.

use chrono::{Datelike as _, Days, NaiveDate};
use wire::{
    execution::{Execution, ExecutionStatus},
    habit::{Habit, HabitWithExecutions},
};

use crate::{
    Action, Button, Locale, Screen,
    action::{Mark, Origin, Wanted},
    amount, calendar, schedule,
    screen::quoted,
    stats::percent,
    text::{key, text, text_with},
    today::{is_open, status},
};

const NAME_UNITS: usize = 200;
const DESCRIPTION_UNITS: usize = 1500;

/// Days that the card shows, today the last of them.
const STRIP_DAYS: u64 = 7;

/// The habit as it stands, and what can be done about it.
pub fn card(locale: Locale, card: &HabitWithExecutions) -> Screen {
    let habit = &card.habit;
    let mut keyboard = vec![strip(locale, card)];
    if habit.is_active {
        keyboard.push(today(locale, habit, card.today));
        keyboard.extend(amounts(locale, habit, card.today));
        keyboard.push(vec![
            Button::new(text(locale, key::BUTTON_EDIT), Action::Edit { habit_id: habit.id }),
            Button::new(text(locale, key::BUTTON_PUT_AWAY), Action::SetActive { habit_id: habit.id, active: false }),
        ]);
    } else {
        keyboard.push(vec![
            Button::new(text(locale, key::BUTTON_TAKE_BACK), Action::SetActive { habit_id: habit.id, active: true }),
            Button::new(text(locale, key::BUTTON_DELETE), Action::Delete { habit_id: habit.id, sure: false }),
        ]);
    }
    keyboard.push(vec![
        Button::new(text(locale, key::BUTTON_BACK_TO_HABITS), Action::Habits { page: 0 }),
        Button::new(text(locale, key::BUTTON_YEAR), Action::Year { habit_id: habit.id, page: 0 }),
        Button::new(text(locale, key::BUTTON_TODAY), Action::Today { page: 0 }),
    ]);
    Screen::new(words(locale, card), keyboard)
}

fn words(locale: Locale, card: &HabitWithExecutions) -> String {
    let habit = &card.habit;
    let mut lines = vec![format!("<b>{}</b>", quoted(&habit.name, NAME_UNITS))];
    if let Some(description) = &habit.description {
        lines.push(format!("<i>{}</i>", quoted(description, DESCRIPTION_UNITS)));
    }
    lines.push(String::new());
    lines.push(standing(locale, habit, card.strength));
    lines.push(text_with(locale, key::CARD_SCHEDULE, [("schedule", schedule::words(locale, &habit.schedule).into())]));
    lines.push(text_with(
        locale,
        key::CARD_TIMES,
        [("times", calendar::times(habit.time_to_remind, &habit.more_reminder_times).into())],
    ));
    lines.push(text_with(locale, key::CREATED_TARGET, [("days", habit.target_days.into())]));
    lines.extend(
        amount::today(locale, habit).map(|amount| text_with(locale, key::CARD_AMOUNT, [("amount", amount.into())])),
    );
    if !habit.is_active {
        let key = if habit.completed_at.is_some() { key::CARD_COMPLETE } else { key::CARD_PUT_AWAY };
        lines.push(text(locale, key));
    }
    lines.push(String::new());
    lines.push(text(locale, key::CARD_STRIP));
    lines.join("\n")
}

fn standing(locale: Locale, habit: &Habit, strength: f64) -> String {
    let strength = percent(strength).into();
    let arguments =
        [("days", habit.current_streak.into()), ("record", habit.max_streak.into()), ("strength", strength)];
    text_with(locale, key::CARD_STANDING, arguments)
}

/// A button for each of the last days: a tap does the day, or takes back what was said of it.
fn strip(locale: Locale, card: &HabitWithExecutions) -> Vec<Button> {
    let days = (0..STRIP_DAYS).rev().filter_map(|back| card.today.checked_sub_days(Days::new(back)));
    days.map(|date| day(locale, card, date)).collect()
}

fn day(locale: Locale, card: &HabitWithExecutions, date: NaiveDate) -> Button {
    let said = card.executions.iter().find(|execution| execution.execution_date == date);
    let said = said.map_or(ExecutionStatus::Pending, |Execution { status, .. }| *status);
    let wanted = if is_open(said) { Wanted::Done } else { Wanted::Pending };
    let mark = Mark { habit_id: card.habit.id, date, wanted, origin: Origin::Card };
    let name = schedule::short_name(locale, date.weekday().number_from_monday());
    Button::new(format!("{}{name}", status(said)), Action::Mark(mark))
}

fn today(locale: Locale, habit: &Habit, date: NaiveDate) -> Vec<Button> {
    let mark = |key, wanted| {
        let mark = Mark { habit_id: habit.id, date, wanted, origin: Origin::Card };
        Button::new(text(locale, key), Action::Mark(mark))
    };
    if is_open(habit.status_today) {
        vec![mark(key::BUTTON_DONE, Wanted::Done), mark(key::BUTTON_SKIP, Wanted::Skipped)]
    } else {
        vec![mark(key::BUTTON_UNDO, Wanted::Pending)]
    }
}

fn amounts(locale: Locale, habit: &Habit, date: NaiveDate) -> Option<Vec<Button>> {
    let goal = habit.goal.as_ref()?;
    let add = |milli| Button::new(amount::step(locale, milli, goal), Action::Add { habit_id: habit.id, date, milli });
    let typed = Button::new(text(locale, key::BUTTON_AMOUNT), Action::AskAmount { habit_id: habit.id, date });
    Some(amount::steps_milli(goal).into_iter().map(add).chain([typed]).collect())
}

/// Asks whether to delete a habit for good.
pub fn ask_delete(locale: Locale, habit: &Habit) -> Screen {
    let question = text_with(locale, key::ASK_DELETE, [("name", quoted(&habit.name, NAME_UNITS).into())]);
    let keyboard = vec![
        vec![Button::new(text(locale, key::BUTTON_DELETE_SURE), Action::Delete { habit_id: habit.id, sure: true })],
        vec![Button::new(text(locale, key::BUTTON_KEEP), Action::Card { habit_id: habit.id })],
    ];
    Screen::new(question, keyboard)
}
