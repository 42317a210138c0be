//! The Today list.

use screens::{
    Action, Screen,
    action::{Mark, Origin},
    today,
};
use wire::today::Today;

use super::{
    error::HandleError,
    event::Tap,
    talk::{Place, Talk},
};
use crate::people;

/// The list as it is now.
pub(super) async fn screen(talk: &Talk<'_>, page: u8) -> Result<Screen, HandleError> {
    Ok(drawn(talk, talk.api().today().await?, page))
}

/// Yesterday's list as it is now.
pub(super) async fn yesterday(talk: &Talk<'_>, page: u8) -> Result<Screen, HandleError> {
    Ok(drawn_yesterday(talk, talk.api().yesterday().await?, page))
}

/// The same as the api has just told it.
pub(super) fn drawn_yesterday(talk: &Talk<'_>, told: Today, page: u8) -> Screen {
    let screen = today::yesterday(people::locale(told.user.language), &told, page);
    talk.note(told.user);
    screen
}

/// The list as the api has just told it.
pub(super) fn drawn(talk: &Talk<'_>, told: Today, page: u8) -> Screen {
    let screen = today::today(people::locale(told.user.language), &told, page);
    talk.note(told.user);
    screen
}

/// Screens take each other's place; a reminder stays, and a screen is opened below it. So it is below a picture, which
/// goes then, as it was the screen until now.
pub(super) fn place(tap: &Tap) -> Place {
    let is_of_reminder = |action| matches!(action, Action::Mark(Mark { origin: Origin::Reminder, .. }));
    if tap.is_picture || tap.actions().any(is_of_reminder) { Place::New } else { Place::InPlaceOf(tap.message) }
}
