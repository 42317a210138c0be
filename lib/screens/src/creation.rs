//! The end of a creation: the habit is there.

use chrono::{DateTime, Utc};
use chrono_tz::Tz;
use wire::habit::Habit;

use crate::{
    Action, Button, Locale, Screen, calendar, draft,
    text::{key, text, text_with},
};

/// The new habit, and what to do next.
pub fn created(locale: Locale, habit: &Habit, zone: Tz, now: DateTime<Utc>) -> Screen {
    let mut lines = vec![text_with(locale, key::CREATED, [("name", draft::title(&habit.name).into())]), String::new()];
    if let Some(at) = habit.next_reminder_at {
        let moment = calendar::moment(locale, at, now, zone);
        lines.push(text_with(locale, key::CREATED_REMINDER, [("moment", moment.into()), ("zone", zone.name().into())]));
    }
    lines.push(text_with(locale, key::CREATED_TARGET, [("days", habit.target_days.into())]));
    let keyboard = vec![
        vec![
            Button::new(text(locale, key::BUTTON_TODAY), Action::Today { page: 0 }),
            Button::new(text(locale, key::BUTTON_OPEN), Action::Card { habit_id: habit.id }),
        ],
        vec![Button::new(text(locale, key::BUTTON_NEW), Action::NewHabit)],
    ];
    Screen::new(lines.join("\n"), keyboard)
}
