//! Settings: time zone and language.

use chrono::{DateTime, Utc};
use chrono_tz::Tz;

use crate::{
    Action, Button, Locale, Screen, calendar, city,
    menu::start_buttons,
    screen::quoted,
    text::{key, text, text_with},
};

/// Units of UTF-16 that are repeated of what somebody typed.
const TYPED_UNITS: usize = 60;

pub fn settings(locale: Locale, zone: Tz, now: DateTime<Utc>) -> Screen {
    let arguments = [
        ("zone", zone.name().into()),
        ("time", calendar::time_in(zone, now).into()),
        ("language", locale.own_name().into()),
    ];
    let keyboard = vec![
        vec![Button::new(text(locale, key::BUTTON_ZONE), Action::AskZone)],
        vec![Button::new(text(locale, key::BUTTON_LANGUAGE), Action::AskLanguage)],
    ];
    Screen::new(text_with(locale, key::SETTINGS, arguments), keyboard)
}

/// Asks for the zone: a city to tap, with the time there, or a name to type.
pub fn ask_zone(locale: Locale, now: DateTime<Utc>) -> Screen {
    let button = |(zone, name): &city::City| {
        Button::new(format!("{} {name}", calendar::time_in(*zone, now)), Action::Zone(*zone))
    };
    let keyboard = city::offered(locale).chunks(2).map(|cities| cities.iter().map(button).collect()).collect();
    Screen::new(text(locale, key::ASK_ZONE), keyboard)
}

/// The answer to a name that is no zone, with the question again.
pub fn unknown_zone(locale: Locale, typed: &str, now: DateTime<Utc>) -> Screen {
    let problem = text_with(locale, key::UNKNOWN_ZONE, [("typed", quoted(typed, TYPED_UNITS).into())]);
    ask_zone(locale, now).below(&problem)
}

/// The answer to a picture, a sticker or the like where a zone was asked.
pub fn zone_wants_text(locale: Locale, now: DateTime<Utc>) -> Screen {
    ask_zone(locale, now).below(&text(locale, key::WANTS_TEXT))
}

pub fn zone_set(locale: Locale, zone: Tz, now: DateTime<Utc>) -> Screen {
    let arguments = [("zone", zone.name().into()), ("time", calendar::time_in(zone, now).into())];
    Screen::new(text_with(locale, key::ZONE_SET, arguments), start_buttons(locale))
}

pub fn ask_language(locale: Locale) -> Screen {
    let button = |offered: Locale| {
        let chosen = if offered == locale { "✅ " } else { "" };
        vec![Button::new(format!("{chosen}{}", offered.own_name()), Action::Language(offered))]
    };
    Screen::new(text(locale, key::ASK_LANGUAGE), Locale::ALL.into_iter().map(button).collect())
}

/// `locale` is the new language.
pub fn language_set(locale: Locale) -> Screen {
    Screen::new(text(locale, key::LANGUAGE_SET), start_buttons(locale))
}
