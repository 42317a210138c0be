//! The questions of the dialogue that creates a habit, and the card at its end.

use chrono::{DateTime, NaiveTime, Utc};
use chrono_tz::Tz;

use crate::{
    Action, Button, Locale, Screen,
    action::Answer,
    calendar,
    menu::start_buttons,
    screen::quoted,
    text::{key, text, text_with},
};

const NAME_UNITS: usize = 200;
const DESCRIPTION_UNITS: usize = 1500;

/// Goals that the bot offers, in days.
const TARGETS_DAYS: [u32; 3] = [21, 30, 66];

/// Reminder times that the bot offers, as hours and minutes.
const TIMES: [(u32, u32); 6] = [(7, 0), (9, 0), (13, 0), (18, 0), (21, 0), (22, 30)];

/// Why an answer was not taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Problem {
    /// A picture, a sticker, a voice message: text is expected.
    WantsText,
    EmptyName,
    /// With the most graphemes that a name may have.
    LongName {
        most: usize,
    },
    /// With the most characters that a description may have.
    LongDescription {
        most: usize,
    },
    NotANumber,
    /// A number of days out of range.
    TargetOutOfRange {
        most: u32,
    },
    NotATime,
    /// More reminders a day than a habit has.
    TooManyTimes {
        most: usize,
    },
    NotASchedule,
    NotAGoal,
    NotAnAmount,
}

impl Problem {
    pub(crate) fn text(self, locale: Locale) -> String {
        match self {
            Self::WantsText => text(locale, key::WANTS_TEXT),
            Self::EmptyName => text(locale, key::EMPTY_NAME),
            Self::LongName { most } => text_with(locale, key::LONG_NAME, [("most", most.into())]),
            Self::LongDescription { most } => text_with(locale, key::LONG_DESCRIPTION, [("most", most.into())]),
            Self::NotANumber => text(locale, key::NOT_A_NUMBER),
            Self::TargetOutOfRange { most } => text_with(locale, key::TARGET_OUT_OF_RANGE, [("most", most.into())]),
            Self::NotATime => text(locale, key::NOT_A_TIME),
            Self::TooManyTimes { most } => text_with(locale, key::TOO_MANY_TIMES, [("most", most.into())]),
            Self::NotASchedule => text(locale, key::NOT_A_SCHEDULE),
            Self::NotAGoal => text(locale, key::NOT_A_GOAL),
            Self::NotAnAmount => text(locale, key::NOT_AN_AMOUNT),
        }
    }
}

/// A question of the dialogue. `draft` ties its buttons to this very creation.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Question<'a> {
    Name,
    Description { draft: i64, name: &'a str },
    TargetDays { draft: i64 },
    Time { draft: i64 },
}

/// Asks, after saying what was wrong with the answer before, if anything.
pub fn ask(locale: Locale, question: Question<'_>, problem: Option<Problem>) -> Screen {
    let screen = match question {
        Question::Name => Screen::new(text(locale, key::ASK_NAME), Vec::new()),
        Question::Description { draft, name } => ask_description(locale, draft, name),
        Question::TargetDays { draft } => ask_target_days(locale, draft),
        Question::Time { draft } => ask_time(locale, draft),
    };
    match problem {
        Some(problem) => screen.below(&problem.text(locale)),
        None => screen,
    }
}

fn ask_description(locale: Locale, draft: i64, name: &str) -> Screen {
    let skip = Button::new(text(locale, key::BUTTON_SKIP), Action::Answer { draft, answer: Answer::NoDescription });
    let question = text_with(locale, key::ASK_DESCRIPTION, [("name", quoted(name, NAME_UNITS).into())]);
    Screen::new(question, vec![vec![skip]])
}

fn ask_target_days(locale: Locale, draft: i64) -> Screen {
    let button = |days: u32| {
        let action = Action::Answer { draft, answer: Answer::TargetDays(days) };
        Button::new(text_with(locale, key::DAYS, [("days", days.into())]), action)
    };
    Screen::new(text(locale, key::ASK_TARGET), vec![TARGETS_DAYS.into_iter().map(button).collect()])
}

fn ask_time(locale: Locale, draft: i64) -> Screen {
    let times = TIMES.iter().filter_map(|(hour, minute)| NaiveTime::from_hms_opt(*hour, *minute, 0));
    let button = |time| Button::new(calendar::time(time), Action::Answer { draft, answer: Answer::Time(time) });
    let buttons: Vec<Button> = times.map(button).collect();
    Screen::new(text(locale, key::ASK_TIME), buttons.chunks(3).map(<[Button]>::to_vec).collect())
}

/// The habit that was made.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Created<'a> {
    pub name: &'a str,
    pub description: Option<&'a str>,
    pub target_days: u32,
    /// `None` when no reminder lies ahead.
    pub next_reminder: Option<DateTime<Utc>>,
}

pub fn created(locale: Locale, habit: &Created<'_>, zone: Tz, now: DateTime<Utc>) -> Screen {
    let mut lines = vec![text_with(locale, key::CREATED, [("name", quoted(habit.name, NAME_UNITS).into())])];
    if let Some(description) = habit.description {
        lines.push(format!("<i>{}</i>", quoted(description, DESCRIPTION_UNITS)));
    }
    lines.push(String::new());
    lines.push(text_with(locale, key::CREATED_TARGET, [("days", habit.target_days.into())]));
    if let Some(at) = habit.next_reminder {
        let moment = calendar::moment(locale, at, now, zone);
        lines.push(text_with(locale, key::CREATED_REMINDER, [("moment", moment.into()), ("zone", zone.name().into())]));
    }
    Screen::new(lines.join("\n"), start_buttons(locale))
}
