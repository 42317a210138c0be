//! What the bot says in groups: where its private chat is.

use crate::{
    Button, Locale, Screen,
    text::{key, text},
};

/// The slash menu in groups: commands without the slash, each with its description.
pub fn commands(locale: Locale) -> Vec<(&'static str, String)> {
    [("today", key::GROUP_COMMAND_TODAY), ("new", key::GROUP_COMMAND_NEW), ("help", key::GROUP_COMMAND_HELP)]
        .into_iter()
        .map(|(command, key)| (command, text(locale, key)))
        .collect()
}

/// The answer to whoever speaks to the bot of this username in a group.
pub fn hello(locale: Locale, username: &str) -> Screen {
    let link = |key, parameter| Button::link(text(locale, key), format!("https://t.me/{username}?start={parameter}"));
    let keyboard = vec![vec![link(key::GROUP_BUTTON_TODAY, "today"), link(key::GROUP_BUTTON_NEW, "new")]];
    Screen::new(text(locale, key::GROUP_HELLO), keyboard)
}

/// The answer to a tap on a button that somebody brought into a group.
pub fn toast(locale: Locale) -> String {
    text(locale, key::GROUP_TOAST)
}
