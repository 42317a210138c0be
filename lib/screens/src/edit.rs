//! What can be changed of a habit, and the questions for it.

use wire::habit::Habit;

use crate::{
    Action, Button, Locale, Screen,
    action::{Field, Preset},
    amount, calendar,
    problem::Problem,
    schedule,
    screen::quoted,
    text::{Key, key, text, text_with},
};

const NAME_UNITS: usize = 200;
const DESCRIPTION_UNITS: usize = 500;

/// The values as they are, each with a button that asks for a new one.
pub fn edit(locale: Locale, habit: &Habit) -> Screen {
    let mut lines = vec![text(locale, key::EDIT_TITLE), String::new()];
    lines.extend(Field::ALL.map(|field| value(locale, habit, field)));
    let button = |field| Button::new(text(locale, name(field)), Action::AskField { habit_id: habit.id, field });
    let mut keyboard: Vec<Vec<Button>> =
        Field::ALL.chunks(2).map(|pair| pair.iter().copied().map(button).collect()).collect();
    keyboard.push(vec![
        Button::new(text(locale, key::BUTTON_DELETE), Action::Delete { habit_id: habit.id, sure: false }),
        Button::new(text(locale, key::BUTTON_BACK), Action::Card { habit_id: habit.id }),
    ]);
    Screen::new(lines.join("\n"), keyboard)
}

/// Asks for a new value, after saying what was wrong with the one before, if anything.
pub fn ask(locale: Locale, habit_id: i64, field: Field, problem: Option<Problem>) -> Screen {
    let mut keyboard = choices(locale, habit_id, field);
    keyboard.push(vec![Button::new(text(locale, key::BUTTON_BACK), Action::Edit { habit_id })]);
    Screen::new(question(locale, field), keyboard).after(locale, problem)
}

/// Asks how much was done of a habit's goal on a day.
pub fn ask_amount(locale: Locale, habit_id: i64, problem: Option<Problem>) -> Screen {
    let keyboard = vec![vec![Button::new(text(locale, key::BUTTON_BACK), Action::Card { habit_id })]];
    Screen::new(text(locale, key::ASK_AMOUNT), keyboard).after(locale, problem)
}

/// The question for a value.
pub(crate) fn question(locale: Locale, field: Field) -> String {
    let key = match field {
        Field::Name => key::ASK_NEW_NAME,
        Field::Description => key::ASK_NEW_DESCRIPTION,
        Field::Times => key::ASK_NEW_TIMES,
        Field::Schedule => key::ASK_NEW_SCHEDULE,
        Field::Goal => key::ASK_NEW_GOAL,
        Field::TargetDays => key::ASK_TARGET,
    };
    text(locale, key)
}

fn choices(locale: Locale, habit_id: i64, field: Field) -> Vec<Vec<Button>> {
    match field {
        Field::Schedule => {
            let button = |preset: &Preset| {
                let label = schedule::words(locale, &preset.schedule());
                Button::new(label, Action::SetSchedule { habit_id, schedule: *preset })
            };
            Preset::ALL.chunks(2).map(|pair| pair.iter().map(button).collect()).collect()
        }
        Field::Description | Field::Goal => {
            vec![vec![Button::new(text(locale, key::BUTTON_CLEAR), Action::Clear { habit_id, field })]]
        }
        Field::Name | Field::Times | Field::TargetDays => Vec::new(),
    }
}

fn value(locale: Locale, habit: &Habit, field: Field) -> String {
    let value = match field {
        Field::Name => quoted(&habit.name, NAME_UNITS),
        Field::Description => match &habit.description {
            Some(description) => quoted(description, DESCRIPTION_UNITS),
            None => text(locale, key::NO_DESCRIPTION),
        },
        Field::Times => calendar::times(habit.time_to_remind, &habit.more_reminder_times),
        Field::Schedule => schedule::words(locale, &habit.schedule),
        Field::Goal => habit.goal.as_ref().map_or_else(|| amount::no_goal(locale), |goal| amount::goal(locale, goal)),
        Field::TargetDays => text_with(locale, key::DAYS, [("days", habit.target_days.into())]),
    };
    format!("{}: {value}", text(locale, name(field)))
}

pub(crate) fn name(field: Field) -> Key<0> {
    match field {
        Field::Name => key::FIELD_NAME,
        Field::Description => key::FIELD_DESCRIPTION,
        Field::Times => key::FIELD_TIMES,
        Field::Schedule => key::FIELD_SCHEDULE,
        Field::Goal => key::FIELD_GOAL,
        Field::TargetDays => key::FIELD_TARGET,
    }
}
