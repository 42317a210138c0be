//! Why an answer was not taken.

use crate::{
    Locale,
    text::{key, text, text_with},
};

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
