//! One person's talk with the bot, for the length of one update.

use std::sync::Arc;

use chrono::{DateTime, Utc};
use habits::Tz;
use picture::Year;
use process::Clock;
use screens::{Button, Locale, Screen};
use serde_json::Value;
use teloxide::types::MessageId;
use wire::{client::Person, dialogue::DialogueSet, template::Template, user::User};

use super::{error::HandleError, event::Event};
use crate::{
    catalogue::Catalogue,
    dialogue::Dialogue,
    people::{People, Session},
    pictures::{self, Content, Pictures},
    telegram::{Telegram, reason},
};

pub(super) struct Talk<'a> {
    telegram: &'a Telegram,
    people: &'a People,
    pictures: &'a Pictures,
    catalogue: &'a Catalogue,
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
        pictures: &'a Pictures,
        catalogue: &'a Catalogue,
        clock: &'a Clock,
        session: Session,
        event: &'a Event,
    ) -> Self {
        Self { telegram, people, pictures, catalogue, clock, session, event }
    }

    /// The api's calls. All carry the update, which tells the api that the person has not blocked the bot.
    pub(super) fn api(&self) -> Person<'_> {
        self.people.api(&self.session, self.event.update_id)
    }

    pub(super) fn locale(&self) -> Locale {
        self.session.locale()
    }

    /// The person as the api knew him last.
    pub(super) fn person(&self) -> &User {
        &self.session.person
    }

    /// Notes for the next update what the api has told of the person.
    pub(super) fn note(&self, person: User) {
        self.people.note(self.event.from.id.0, person);
    }

    /// The habits to start from.
    pub(super) async fn catalogue(&self) -> Result<Arc<[Template]>, HandleError> {
        Ok(self.catalogue.templates(self.locale(), self.api()).await?)
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
        let new = match place {
            Place::New => Some(self.telegram.send(chat, screen).await?),
            Place::InPlaceOf(message) => self.telegram.replace(chat, message, screen).await?,
        };
        if let Some(new) = new {
            self.make_live(new).await;
        }
        Ok(())
    }

    /// Sends the picture of a year in the place of the screen: a text can never become a picture.
    pub(super) async fn send_picture(&self, year: Year, caption: &Screen) -> Result<(), HandleError> {
        let content = Content::of(&year)?;
        let message = match self.picture_again(content, caption).await? {
            Some(message) => message,
            None => self.new_picture(content, year, caption).await?,
        };
        self.make_live(message).await;
        Ok(())
    }

    /// Sends what was uploaded before, where it was.
    async fn picture_again(&self, content: Content, caption: &Screen) -> Result<Option<MessageId>, HandleError> {
        let Some(file) = self.pictures.file(content) else {
            return Ok(None);
        };
        Ok(self.telegram.send_picture_again(self.event.chat, file, caption).await?)
    }

    async fn new_picture(&self, content: Content, year: Year, caption: &Screen) -> Result<MessageId, HandleError> {
        let png = pictures::drawn(year).await?;
        let (message, file) = self.telegram.send_picture(self.event.chat, png, caption).await?;
        if let Some(file) = file {
            self.pictures.keep(content, file);
        }
        Ok(message)
    }

    /// Changes the buttons of a message alone.
    pub(super) async fn set_keyboard(&self, message: MessageId, keyboard: &[Vec<Button>]) -> Result<(), HandleError> {
        Ok(self.telegram.set_keyboard(self.event.chat, message, keyboard).await?)
    }

    /// Takes the screen away that was shown in another message until now. The person has his answer by then: should this
    /// fail, an old screen stays, whose buttons work.
    async fn make_live(&self, message: MessageId) {
        let previous = match self.api().set_live_message(message.0.into()).await {
            Ok(previous) => previous.and_then(|previous| i32::try_from(previous).ok()),
            Err(error) => return tracing::warn!(%error, "the message of the screen is not noted"),
        };
        let Some(previous) = previous else {
            return;
        };
        if let Err(error) = self.telegram.take_away(self.event.chat, MessageId(previous)).await {
            tracing::debug!(error = reason(&error), "an old screen stays");
        }
    }

    pub(super) async fn send(&self, screen: &Screen) -> Result<(), HandleError> {
        self.show(Place::New, screen).await
    }

    /// The open dialogue as the api has it now. A state that this version cannot read counts as none.
    pub(super) async fn dialogue(&self) -> Result<Option<Dialogue>, HandleError> {
        self.people.note_dialogue(self.event.from.id.0, None);
        self.likely_dialogue().await
    }

    /// The open dialogue as this process knows it. What is written because of it is refused where that is out of date, and
    /// then the update is handled again.
    pub(super) async fn likely_dialogue(&self) -> Result<Option<Dialogue>, HandleError> {
        let told = match self.people.dialogue(self.event.from.id.0) {
            Some(known) => known,
            None => self.api().dialogue().await?,
        };
        self.people.note_dialogue(self.event.from.id.0, Some(told.clone()));
        let Some(state) = told.state else {
            return Ok(None);
        };
        let dialogue = serde_json::from_value(state);
        Ok(dialogue.inspect_err(|error| tracing::warn!(%error, "a dialogue of another version is dropped")).ok())
    }

    /// Opens a dialogue, or brings the open one further.
    pub(super) async fn keep(&self, dialogue: &Dialogue) -> Result<(), HandleError> {
        self.set_dialogue(serde_json::to_value(dialogue).ok()).await
    }

    /// Closes the dialogue; costs nothing where none is open.
    pub(super) async fn close_dialogue(&self) -> Result<(), HandleError> {
        self.set_dialogue(None).await
    }

    /// Notes that the api has closed the dialogue together with something else.
    pub(super) fn note_closed(&self) {
        self.people.note_dialogue(self.event.from.id.0, Some(wire::dialogue::Dialogue { state: None }));
    }

    async fn set_dialogue(&self, state: Option<Value>) -> Result<(), HandleError> {
        let person = self.event.from.id.0;
        let known = self.people.dialogue(person);
        if known.as_ref().is_some_and(|known| known.state == state) && state.is_none() {
            return Ok(());
        }
        // Not known until the api has taken it.
        self.people.note_dialogue(person, None);
        let set = DialogueSet { state: state.clone(), expected: known.map(|known| known.state) };
        self.api().set_dialogue(&set).await?;
        self.people.note_dialogue(person, Some(wire::dialogue::Dialogue { state }));
        Ok(())
    }
}

/// The person's zone; the api stores none that is unknown.
pub(super) fn zone_of(me: &User) -> Tz {
    habits::zone::parse(&me.timezone).unwrap_or(Tz::UTC)
}

/// Whether the person has never said where he lives.
pub(super) fn has_no_zone(me: &User) -> bool {
    !me.timezone_chosen
}
