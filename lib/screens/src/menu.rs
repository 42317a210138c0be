//! The way in and the way around: welcome, help, slash menu, and what is said when a talk ends.

use crate::{
    Action, Button, Locale, Screen,
    screen::quoted,
    text::{text, text_with},
};

/// Units of UTF-16 of a person's name in a greeting.
const FIRST_NAME_UNITS: usize = 64;

/// The slash menu: commands without the slash, each with its description.
pub fn commands(locale: Locale) -> Vec<(&'static str, String)> {
    ["today", "new", "habits", "settings", "zone", "language", "help", "cancel"]
        .into_iter()
        .map(|command| (command, text(locale, &format!("command-{command}"))))
        .collect()
}

/// The greeting of somebody who came back, or whose zone is known already.
pub fn welcome(locale: Locale, first_name: &str) -> Screen {
    Screen::new(greeting(locale, first_name), start_buttons(locale))
}

/// The line that greets: `Hello, Anna!`, and what the bot does.
pub fn greeting(locale: Locale, first_name: &str) -> String {
    text_with(locale, "welcome", [("name", quoted(first_name, FIRST_NAME_UNITS).into())])
}

pub fn help(locale: Locale) -> Screen {
    Screen::new(text(locale, "help"), start_buttons(locale))
}

/// After a habit was deleted.
pub fn deleted(locale: Locale, name: &str) -> Screen {
    Screen::new(text_with(locale, "deleted", [("name", quoted(name, FIRST_NAME_UNITS).into())]), start_buttons(locale))
}

/// After `/cancel`.
pub fn cancelled(locale: Locale) -> Screen {
    Screen::new(text(locale, "cancelled"), start_buttons(locale))
}

/// After `/cancel` with nothing open.
pub fn nothing_to_cancel(locale: Locale) -> Screen {
    Screen::new(text(locale, "nothing-to-cancel"), start_buttons(locale))
}

/// The answer to what is no command while nothing was asked.
pub fn lost(locale: Locale) -> Screen {
    Screen::new(text(locale, "lost"), start_buttons(locale))
}

/// When our own side fails and the person has to tap or write again.
pub fn one_moment(locale: Locale) -> Screen {
    Screen::new(text(locale, "one-moment"), Vec::new())
}

/// To somebody whose account was closed by an admin.
pub fn closed_account(locale: Locale) -> Screen {
    Screen::new(text(locale, "closed-account"), Vec::new())
}

pub(crate) fn start_buttons(locale: Locale) -> Vec<Vec<Button>> {
    vec![vec![
        Button::new(text(locale, "button-new"), Action::NewHabit),
        Button::new(text(locale, "button-today"), Action::Today { page: 0 }),
    ]]
}
