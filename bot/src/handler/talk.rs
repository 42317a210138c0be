//! One person's talk with the bot, for the length of one update.

use chrono::{DateTime, Utc};
use habits::{Tz, day::Calendar};
use process::Clock;
use screens::{Locale, Screen};
use teloxide::types::MessageId;
use wire::{client::Person, user::User};

use super::{error::HandleError, event::Event};
use crate::{
    dialogue::Dialogue,
    people::{People, Session},
    telegram::Telegram,
};

pub(super) struct Talk<'a> {
    telegram: &'a Telegram,
    people: &'a People,
    clock: &'a Clock,
    session: Session,
    event: &'a Event,
}

/// Where a screen goes.
#[derive(Debug, Clone, Copy)]
pub(super) enum Place {
    /// Below everything else.
    New,
    /// In the place of a message of ours.
    InPlaceOf(MessageId),
}

impl<'a> Talk<'a> {
    pub(super) fn new(
        telegram: &'a Telegram,
        people: &'a People,
        clock: &'a Clock,
        session: Session,
        event: &'a Event,
    ) -> Self {
        Self { telegram, people, clock, session, event }
    }

    /// The api's calls. All carry the update, which tells the api that the person has not blocked the bot.
    pub(super) fn api(&self) -> Person<'_> {
        self.people.api(&self.session, self.event.update_id)
    }

    pub(super) fn locale(&self) -> Locale {
        self.session.locale
    }

    /// Speaks another language from the next update on.
    pub(super) fn remember_locale(&self, locale: Locale) {
        self.people.remember(self.event.from.id.0, self.session.clone().in_locale(locale));
    }

    pub(super) fn now(&self) -> DateTime<Utc> {
        self.clock.now()
    }

    pub(super) fn update_id(&self) -> i64 {
        self.event.update_id
    }

    pub(super) fn first_name(&self) -> &str {
        &self.event.from.first_name
    }

    pub(super) async fn show(&self, place: Place, screen: &Screen) -> Result<(), HandleError> {
        let chat = self.event.chat;
        match place {
            Place::New => self.telegram.send(chat, screen).await?,
            Place::InPlaceOf(message) => self.telegram.replace(chat, message, screen).await?,
        }
        Ok(())
    }

    pub(super) async fn send(&self, screen: &Screen) -> Result<(), HandleError> {
        self.show(Place::New, screen).await
    }

    /// The open dialogue. A state that this version cannot read counts as none.
    pub(super) async fn dialogue(&self) -> Result<Option<Dialogue>, HandleError> {
        let Some(state) = self.api().dialogue().await?.state else {
            return Ok(None);
        };
        let dialogue = serde_json::from_value(state);
        Ok(dialogue.inspect_err(|error| tracing::warn!(%error, "a dialogue of another version is dropped")).ok())
    }

    /// Opens a dialogue, or brings the open one further.
    pub(super) async fn keep(&self, dialogue: &Dialogue) -> Result<(), HandleError> {
        let state = serde_json::to_value(dialogue).ok();
        Ok(self.api().set_dialogue(&wire::dialogue::Dialogue { state }).await?)
    }

    pub(super) async fn close_dialogue(&self) -> Result<(), HandleError> {
        Ok(self.api().set_dialogue(&wire::dialogue::Dialogue { state: None }).await?)
    }
}

/// The person's zone; the api stores none that is unknown.
pub(super) fn zone_of(me: &User) -> Tz {
    habits::zone::parse(&me.timezone).unwrap_or(Tz::UTC)
}

/// How the person's instants become dates.
pub(super) fn calendar_of(me: &User) -> Calendar {
    Calendar { zone: zone_of(me), start_hour: u8::try_from(me.day_start_hour).unwrap_or_default() }
}

/// Whether the person has never said where he lives.
pub(super) fn has_no_zone(me: &User) -> bool {
    !me.timezone_chosen
}
