//! What Telegram shows of the bot before anybody has written to it.

use crate::{
    Locale,
    text::{key, text},
};

/// Shown in the empty chat, at most 512 characters.
pub fn description(locale: Locale) -> String {
    text(locale, key::ABOUT_DESCRIPTION)
}

/// Shown on the bot's profile and where somebody hands it on, at most 120 characters.
pub fn short(locale: Locale) -> String {
    text(locale, key::ABOUT_SHORT)
}
