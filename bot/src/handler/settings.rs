//! Time zone and language.

use habits::Tz;
use screens::{Locale, Screen, settings as screen};
use wire::user::UserPatch;

use super::{
    error::HandleError,
    talk::{Place, Talk, zone_of},
};
use crate::{
    answer,
    dialogue::{Dialogue, Step},
    people,
};

pub(super) async fn screen(talk: &Talk<'_>) -> Result<Screen, HandleError> {
    let me = talk.api().me().await?;
    let screen = screen::settings(talk.locale(), zone_of(&me), talk.now());
    talk.note(me);
    Ok(screen)
}

/// Asks for the zone, and takes what is typed next for it.
pub(super) async fn ask_zone(talk: &Talk<'_>, place: Place) -> Result<(), HandleError> {
    talk.keep(&Dialogue::open(Step::Zone, talk.update_id())).await?;
    talk.show(place, &screen::ask_zone(talk.locale(), talk.now())).await
}

pub(super) async fn zone_typed(talk: &Talk<'_>, typed: &str) -> Result<(), HandleError> {
    match answer::zone(typed) {
        Some(zone) => set_zone(talk, zone, Place::New).await,
        None => talk.send(&screen::unknown_zone(talk.locale(), typed, talk.now())).await,
    }
}

/// Sets the zone. A dialogue stays open unless the zone is what it asked for.
pub(super) async fn set_zone(talk: &Talk<'_>, zone: Tz, place: Place) -> Result<(), HandleError> {
    let patch = UserPatch { timezone: Some(zone.name().to_owned()), ..UserPatch::default() };
    let me = talk.api().update_me(&patch).await?;
    let zone = zone_of(&me);
    talk.note(me);
    talk.show(place, &screen::zone_set(talk.locale(), zone, talk.now())).await?;
    match talk.likely_dialogue().await? {
        Some(Dialogue { step: Step::Zone, .. }) => talk.close_dialogue().await,
        _ => Ok(()),
    }
}

pub(super) async fn set_language(talk: &Talk<'_>, locale: Locale, place: Place) -> Result<(), HandleError> {
    let patch = UserPatch { language: Some(people::language(locale)), ..UserPatch::default() };
    talk.note(talk.api().update_me(&patch).await?);
    talk.show(place, &screen::language_set(locale)).await
}

/// Notes that Telegram brings no more messages to the person, or brings them again.
pub(super) async fn set_blocked(talk: &Talk<'_>, blocked: bool) -> Result<(), HandleError> {
    let patch = UserPatch { is_bot_blocked: Some(blocked), ..UserPatch::default() };
    talk.api().update_me(&patch).await?;
    Ok(())
}
