//! What can be changed of a habit, and the questions for it.

use wire::habit::Habit;

use crate::{
    Action, Button, Locale, Screen,
    action::{Field, Preset},
    amount,
    card::times,
    creation::Problem,
    schedule,
    screen::quoted,
    text::{text, text_with},
};

const NAME_UNITS: usize = 200;
const DESCRIPTION_UNITS: usize = 500;

/// The values as they are, each with a button that asks for a new one.
pub fn edit(locale: Locale, habit: &Habit) -> Screen {
    let mut lines = vec![text(locale, "edit-title"), String::new()];
    lines.extend(Field::ALL.map(|field| value(locale, habit, field)));
    let button = |field| Button::new(text(locale, name(field)), Action::AskField { habit_id: habit.id, field });
    let mut keyboard: Vec<Vec<Button>> =
        Field::ALL.chunks(2).map(|pair| pair.iter().copied().map(button).collect()).collect();
    keyboard.push(vec![
        Button::new(text(locale, "button-delete"), Action::Delete { habit_id: habit.id, sure: false }),
        Button::new(text(locale, "button-back"), Action::Card { habit_id: habit.id }),
    ]);
    Screen::new(lines.join("\n"), keyboard)
}

/// Asks for a new value, after saying what was wrong with the one before, if anything.
pub fn ask(locale: Locale, habit_id: i64, field: Field, problem: Option<Problem>) -> Screen {
    let question = match field {
        Field::Name => "ask-new-name",
        Field::Description => "ask-new-description",
        Field::Times => "ask-new-times",
        Field::Schedule => "ask-new-schedule",
        Field::Goal => "ask-new-goal",
        Field::TargetDays => "ask-target",
    };
    let mut keyboard = choices(locale, habit_id, field);
    keyboard.push(vec![Button::new(text(locale, "button-back"), Action::Edit { habit_id })]);
    asked(locale, text(locale, question), keyboard, problem)
}

/// Asks how much was done of a habit's goal on a day.
pub fn ask_amount(locale: Locale, habit_id: i64, problem: Option<Problem>) -> Screen {
    let keyboard = vec![vec![Button::new(text(locale, "button-back"), Action::Card { habit_id })]];
    asked(locale, text(locale, "ask-amount"), keyboard, problem)
}

fn asked(locale: Locale, question: String, keyboard: Vec<Vec<Button>>, problem: Option<Problem>) -> Screen {
    let screen = Screen::new(question, keyboard);
    match problem {
        Some(problem) => screen.below(&problem.text(locale)),
        None => screen,
    }
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
            vec![vec![Button::new(text(locale, "button-clear"), Action::Clear { habit_id, field })]]
        }
        Field::Name | Field::Times | Field::TargetDays => Vec::new(),
    }
}

fn value(locale: Locale, habit: &Habit, field: Field) -> String {
    let value = match field {
        Field::Name => quoted(&habit.name, NAME_UNITS),
        Field::Description => match &habit.description {
            Some(description) => quoted(description, DESCRIPTION_UNITS),
            None => text(locale, "no-description"),
        },
        Field::Times => times(habit),
        Field::Schedule => schedule::words(locale, &habit.schedule),
        Field::Goal => habit.goal.as_ref().map_or_else(|| amount::no_goal(locale), |goal| amount::goal(locale, goal)),
        Field::TargetDays => text_with(locale, "days", [("days", habit.target_days.into())]),
    };
    format!("{}: {value}", text(locale, name(field)))
}

fn name(field: Field) -> &'static str {
    match field {
        Field::Name => "field-name",
        Field::Description => "field-description",
        Field::Times => "field-times",
        Field::Schedule => "field-schedule",
        Field::Goal => "field-goal",
        Field::TargetDays => "field-target",
    }
}
