//! The words of a year's picture. Plain text: nothing of it is Telegram's HTML.

use chrono::{Datelike as _, NaiveDate};
use wire::statistics::DayFate;

use crate::{
    Locale, schedule,
    text::{key, text, text_with},
};

/// Stands where nothing of a habit's name can be drawn.
pub fn untitled(locale: Locale) -> String {
    text(locale, key::PICTURE_UNTITLED)
}

/// The title of all habits together.
pub fn all_habits(locale: Locale) -> String {
    text(locale, key::PICTURE_ALL_HABITS)
}

/// `November 2025 – November 2026`.
pub fn span(locale: Locale, first: NaiveDate, last: NaiveDate) -> String {
    let month = |date: NaiveDate| {
        let arguments = [("month", date.month().into()), ("year", date.year().to_string().into())];
        text_with(locale, key::PICTURE_MONTH, arguments)
    };
    let span = text_with(locale, key::PICTURE_SPAN, [("first", month(first).into()), ("last", month(last).into())]);
    let mut letters = span.chars();
    letters.next().into_iter().flat_map(char::to_uppercase).chain(letters).collect()
}

/// `Jan` to `Dec`.
pub fn months(locale: Locale) -> Vec<String> {
    (1..=12).map(|month: u32| text_with(locale, key::PICTURE_MONTH_SHORT, [("month", month.into())])).collect()
}

/// `Mo` to `Su`.
pub fn weekdays(locale: Locale) -> Vec<String> {
    (1..=7).map(|weekday| schedule::short_name(locale, weekday)).collect()
}

/// What a number of days done counts: `days done`.
pub fn days_done(locale: Locale, days: u32) -> String {
    text_with(locale, key::PICTURE_DAYS_DONE, [("days", days.into())])
}

/// What a streak counts: `days in a row`.
pub fn in_a_row(locale: Locale, days: i32) -> String {
    text_with(locale, key::PICTURE_IN_A_ROW, [("days", days.into())])
}

pub fn record(locale: Locale) -> String {
    text(locale, key::PICTURE_RECORD)
}

pub fn strength(locale: Locale) -> String {
    text(locale, key::PICTURE_STRENGTH)
}

/// What a number of days done counts, of all habits.
pub fn check_marks(locale: Locale, times: u32) -> String {
    text_with(locale, key::PICTURE_CHECK_MARKS, [("times", times.into())])
}

/// What a number of days counts on which anything was done.
pub fn active_days(locale: Locale, days: u32) -> String {
    text_with(locale, key::PICTURE_ACTIVE_DAYS, [("days", days.into())])
}

/// What a day is called in the legend; `None` for what needs no word.
pub fn fate(locale: Locale, fate: DayFate) -> Option<String> {
    let key = match fate {
        DayFate::Done => key::PICTURE_DONE,
        DayFate::Partly => key::PICTURE_PARTLY,
        DayFate::Skipped => key::PICTURE_SKIPPED,
        DayFate::Excused => key::PICTURE_EXCUSED,
        DayFate::Missed => key::PICTURE_MISSED,
        DayFate::Off => key::PICTURE_OFF,
        DayFate::Open | DayFate::Before => return None,
    };
    Some(text(locale, key))
}

/// The ends of the scale from nothing to most.
pub fn scale(locale: Locale) -> [String; 2] {
    [key::PICTURE_LESS, key::PICTURE_MORE].map(|key| text(locale, key))
}
