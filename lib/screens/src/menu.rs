//! The way in and the way around: welcome, help, slash menu, and what is said when a talk ends.

use crate::{
    Action, Button, Locale, Screen,
    screen::quoted,
    text::{key, text, text_with},
};

/// Units of UTF-16 of a person's name in a greeting.
const FIRST_NAME_UNITS: usize = 64;

/// The slash menu: commands without the slash, each with its description.
pub fn commands(locale: Locale) -> Vec<(&'static str, String)> {
    [
        ("today", key::COMMAND_TODAY),
        ("new", key::COMMAND_NEW),
        ("habits", key::COMMAND_HABITS),
        ("stats", key::COMMAND_STATS),
        ("settings", key::COMMAND_SETTINGS),
        ("zone", key::COMMAND_ZONE),
        ("language", key::COMMAND_LANGUAGE),
        ("help", key::COMMAND_HELP),
        ("cancel", key::COMMAND_CANCEL),
    ]
    .into_iter()
    .map(|(command, key)| (command, text(locale, key)))
    .collect()
}

/// The greeting of somebody who came back, or whose zone is known already.
pub fn welcome(locale: Locale, first_name: &str) -> Screen {
    Screen::new(greeting(locale, first_name), start_buttons(locale))
}

/// The line that greets: `Hello, Anna!`, and what the bot does.
pub fn greeting(locale: Locale, first_name: &str) -> String {
    text_with(locale, key::WELCOME, [("name", quoted(first_name, FIRST_NAME_UNITS).into())])
}

pub fn help(locale: Locale) -> Screen {
    Screen::new(text(locale, key::HELP), start_buttons(locale))
}

/// After a habit was deleted.
pub fn deleted(locale: Locale, name: &str) -> Screen {
    Screen::new(
        text_with(locale, key::DELETED, [("name", quoted(name, FIRST_NAME_UNITS).into())]),
        start_buttons(locale),
    )
}

/// After `/cancel`.
pub fn cancelled(locale: Locale) -> Screen {
    Screen::new(text(locale, key::CANCELLED), start_buttons(locale))
}

/// After `/cancel` with nothing open.
pub fn nothing_to_cancel(locale: Locale) -> Screen {
    Screen::new(text(locale, key::NOTHING_TO_CANCEL), start_buttons(locale))
}

/// The answer to what is no command while nothing was asked.
pub fn lost(locale: Locale) -> Screen {
    Screen::new(text(locale, key::LOST), start_buttons(locale))
}

/// When our own side fails and the person has to tap or write again.
pub fn one_moment(locale: Locale) -> Screen {
    Screen::new(text(locale, key::ONE_MOMENT), Vec::new())
}

/// To somebody whose account was closed by an admin.
pub fn closed_account(locale: Locale) -> Screen {
    Screen::new(text(locale, key::CLOSED_ACCOUNT), Vec::new())
}

pub(crate) fn start_buttons(locale: Locale) -> Vec<Vec<Button>> {
    vec![vec![
        Button::new(text(locale, key::BUTTON_NEW), Action::NewHabit),
        Button::new(text(locale, key::BUTTON_TODAY), Action::Today { page: 0 }),
    ]]
}
