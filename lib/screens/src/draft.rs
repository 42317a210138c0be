//! A habit that takes shape: what is known of it, and the questions for the rest.

use chrono::NaiveTime;
use wire::{habit::HabitCreate, schedule::Schedule};

use crate::{
    Action, Button, Locale, Screen,
    action::{Answer, Field, Preset},
    amount, calendar, edit,
    problem::Problem,
    schedule,
    screen::quoted,
    text::{key, text, text_with},
};

const NAME_UNITS: usize = 200;
const DESCRIPTION_UNITS: usize = 1500;

/// Goals that the bot offers, in days.
const TARGETS_DAYS: [u32; 3] = [21, 30, 66];

/// Reminder times that the bot offers, as hours and minutes.
const TIMES: [(u32, u32); 6] = [(7, 0), (9, 0), (13, 0), (18, 0), (21, 0), (22, 30)];

/// Everything that is known of the habit, to be made with one tap or changed before. `draft` ties the buttons to this
/// very creation.
pub fn look(locale: Locale, draft: i64, habit: &HabitCreate, problem: Option<Problem>) -> Screen {
    let say = |answer| Action::Answer { draft, answer };
    let ask = |field| Button::new(text(locale, edit::name(field)), say(Answer::Ask(field)));
    let keyboard = vec![
        vec![Button::new(text(locale, key::BUTTON_CREATE), say(Answer::Create))],
        vec![ask(Field::Times), ask(Field::Schedule)],
        vec![ask(Field::Goal), ask(Field::TargetDays)],
        vec![ask(Field::Name), ask(Field::Description)],
        vec![Button::new(text(locale, key::BUTTON_CANCEL), say(Answer::Cancel))],
    ];
    let words = format!("{}\n\n{}", words(locale, habit), text(locale, key::DRAFT_QUESTION));
    Screen::new(words, keyboard).after(locale, problem)
}

/// The same for a habit that was written while nothing was asked.
pub fn offer(locale: Locale, draft: i64, habit: &HabitCreate) -> Screen {
    look(locale, draft, habit, None).below(&text(locale, key::DRAFT_FROM_TEXT))
}

/// Asks for one value. With `step_by_step` the next question follows, otherwise the habit as a whole.
pub fn ask(
    locale: Locale,
    draft: i64,
    habit: &HabitCreate,
    field: Field,
    step_by_step: bool,
    problem: Option<Problem>,
) -> Screen {
    let say = |answer| Action::Answer { draft, answer };
    let button = |key, answer| Button::new(text(locale, key), say(answer));
    let is_begun = !habit.name.is_empty();
    let mut keyboard = choices(locale, draft, field);
    keyboard.push(match (is_begun, step_by_step) {
        (false, _) => vec![button(key::BUTTON_CANCEL, Answer::Cancel)],
        (true, true) => vec![button(key::BUTTON_SKIP, Answer::Skip(field)), button(key::BUTTON_ENOUGH, Answer::Look)],
        (true, false) => {
            let clear = matches!(field, Field::Description | Field::Goal);
            let clear = clear.then(|| button(key::BUTTON_CLEAR, Answer::Clear(field)));
            clear.into_iter().chain([button(key::BUTTON_BACK, Answer::Look)]).collect()
        }
    });
    let question = match field {
        Field::Name if !is_begun => text(locale, key::ASK_NAME),
        Field::Description => text(locale, key::ASK_DESCRIPTION),
        field => edit::question(locale, field),
    };
    let heading = is_begun.then(|| format!("<b>{}</b>\n\n", title(&habit.name)));
    Screen::new(heading.unwrap_or_default() + &question, keyboard).after(locale, problem)
}

fn choices(locale: Locale, draft: i64, field: Field) -> Vec<Vec<Button>> {
    let button = |label, answer| Button::new(label, Action::Answer { draft, answer });
    match field {
        Field::Times => {
            let times = TIMES.iter().filter_map(|(hour, minute)| NaiveTime::from_hms_opt(*hour, *minute, 0));
            let buttons: Vec<Button> = times.map(|time| button(calendar::time(time), Answer::Time(time))).collect();
            buttons.chunks(3).map(<[Button]>::to_vec).collect()
        }
        Field::Schedule => {
            let preset =
                |preset: &Preset| button(schedule::words(locale, &preset.schedule()), Answer::Schedule(*preset));
            Preset::ALL.chunks(2).map(|pair| pair.iter().map(preset).collect()).collect()
        }
        Field::TargetDays => {
            let days =
                |days: u32| button(text_with(locale, key::DAYS, [("days", days.into())]), Answer::TargetDays(days));
            vec![TARGETS_DAYS.into_iter().map(days).collect()]
        }
        Field::Name | Field::Description | Field::Goal => Vec::new(),
    }
}

fn words(locale: Locale, habit: &HabitCreate) -> String {
    let mut lines = vec![format!("🌱 <b>{}</b>", title(&habit.name))];
    if let Some(description) = &habit.description {
        lines.push(format!("<i>{}</i>", quoted(description, DESCRIPTION_UNITS)));
    }
    let schedule = schedule::words(locale, habit.schedule.as_ref().unwrap_or(&Schedule::Daily));
    lines.push(String::new());
    lines.push(text_with(locale, key::CARD_SCHEDULE, [("schedule", schedule.into())]));
    let more = habit.more_reminder_times.as_deref().unwrap_or_default();
    lines.push(text_with(locale, key::CARD_TIMES, [("times", calendar::times(habit.time_to_remind, more).into())]));
    let goal = habit.goal.as_ref().map(|goal| ("amount", amount::goal(locale, goal).into()));
    lines.extend(goal.map(|goal| text_with(locale, key::DRAFT_AMOUNT, [goal])));
    let days = habit.target_days.map(|days| ("days", days.into()));
    lines.extend(days.map(|days| text_with(locale, key::CREATED_TARGET, [days])));
    lines.join("\n")
}

/// A habit's name as it stands in a heading; escaped.
pub(crate) fn title(name: &str) -> String {
    quoted(name, NAME_UNITS)
}
