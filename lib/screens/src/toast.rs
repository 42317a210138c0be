//! Short answers to a tap, at most 200 characters (<https://core.telegram.org/bots/api#answercallbackquery>).

use chrono::{NaiveDate, NaiveTime};

use crate::{
    Locale, calendar, html,
    text::{key, text, text_with},
};

/// Units of UTF-16 of a habit's name in a toast.
const NAME_UNITS: usize = 60;

/// What to say about a tap.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Toast {
    /// With the days in a row that it makes.
    Done {
        name: String,
        current_streak: u32,
    },
    /// The goal of `days` is reached.
    Goal {
        days: u32,
    },
    Undone {
        name: String,
    },
    /// The button was of another day: that day was set.
    OtherDay {
        date: NaiveDate,
    },
    Skipped {
        name: String,
    },
    /// The reminder comes again at this time; at none: not any more.
    Snoozed {
        until: Option<NaiveTime>,
    },
    /// Both freezes of the month are spent.
    NoFreezeLeft,
    /// The list was of another day than today.
    NewDay,
    /// The habit was deleted, or put away.
    HabitGone,
    /// The day of the button can no longer be set.
    DayClosed {
        date: NaiveDate,
    },
    /// The question of the button was answered before.
    OldQuestion,
    /// The button is of another version.
    Unknown,
}

impl Toast {
    /// Plain text.
    pub fn text(&self, locale: Locale) -> String {
        match self {
            Self::Done { name, current_streak } => {
                let name = html::shorten(name, NAME_UNITS);
                text_with(locale, key::TOAST_DONE, [("name", name.into()), ("days", (*current_streak).into())])
            }
            Self::Goal { days } => text_with(locale, key::TOAST_GOAL, [("days", (*days).into())]),
            Self::Undone { name } => {
                text_with(locale, key::TOAST_UNDONE, [("name", html::shorten(name, NAME_UNITS).into())])
            }
            Self::Skipped { name } => {
                text_with(locale, key::TOAST_SKIPPED, [("name", html::shorten(name, NAME_UNITS).into())])
            }
            Self::Snoozed { until: Some(time) } => {
                text_with(locale, key::TOAST_SNOOZED, [("time", calendar::time(*time).into())])
            }
            Self::Snoozed { until: None } => text(locale, key::TOAST_SNOOZE_OFF),
            Self::NoFreezeLeft => text(locale, key::TOAST_NO_FREEZE_LEFT),
            Self::NewDay => text(locale, key::TOAST_NEW_DAY),
            Self::OtherDay { date } => {
                text_with(locale, key::TOAST_OTHER_DAY, [("date", calendar::date(locale, *date).into())])
            }
            Self::HabitGone => text(locale, key::TOAST_HABIT_GONE),
            Self::DayClosed { date } => {
                text_with(locale, key::TOAST_DAY_CLOSED, [("date", calendar::date(locale, *date).into())])
            }
            Self::OldQuestion => text(locale, key::TOAST_OLD_QUESTION),
            Self::Unknown => text(locale, key::TOAST_UNKNOWN),
        }
    }
}
