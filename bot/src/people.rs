//! The people who talk to the bot, and their tokens at the api.

use std::{
    collections::HashMap,
    sync::{Mutex, PoisonError},
};

use chrono::{DateTime, TimeDelta, Utc};
use process::Clock;
use screens::Locale;
use secrecy::SecretString;
use teloxide::types::User;
use wire::{
    ClientError,
    client::{Client, Person as Calls},
    dialogue::Dialogue,
    token::BotLoginRequest,
    user::{Language, User as Person},
};

/// Below the 30 minutes that a token is good for.
const KEEP_MINUTES: i64 = 25;

/// People whose tokens are kept. When there are more, the tenth goes that logged in first.
const MOST_PEOPLE: usize = 10_000;

/// A person's access to the api.
#[derive(Debug, Clone)]
pub struct Session {
    token: SecretString,
    /// The person as the api knew him last.
    pub person: Person,
}

impl Session {
    pub fn locale(&self) -> Locale {
        locale(self.person.language)
    }
}

/// Logs people in, and remembers their tokens for a while.
#[derive(Debug)]
pub struct People {
    api: Client,
    key: SecretString,
    clock: Clock,
    /// Whether no other process moves people's dialogues on.
    is_alone: bool,
    known: Mutex<HashMap<u64, Known>>,
}

#[derive(Debug)]
struct Known {
    session: Session,
    /// Where the person's talk stands as far as this process knows; `None` when it has to ask.
    dialogue: Option<Dialogue>,
    until: DateTime<Utc>,
}

impl People {
    /// Beside other replicas (not `is_alone`) the dialogue of a person is asked for with each update that needs it.
    pub fn new(api: Client, key: SecretString, clock: Clock, is_alone: bool) -> Self {
        Self { api, key, clock, is_alone, known: Mutex::default() }
    }

    /// The session of whoever sent this update; the api gets to know the person at the first time.
    pub async fn session(&self, user: &User, update_id: i64) -> Result<Session, ClientError> {
        if let Some(session) = self.remembered(user.id.0) {
            if !self.is_alone {
                self.note_dialogue(user.id.0, None);
            }
            return Ok(session);
        }
        let login = self.api.login(&self.key, &introduction(user)).await?;
        let token = SecretString::from(login.access_token);
        let person = match login.user {
            Some(person) => person,
            // An api of the version before.
            None => self.api.person(&token).for_update(update_id).me().await?,
        };
        let session = Session { token, person };
        let until = self.clock.now() + TimeDelta::minutes(KEEP_MINUTES);
        self.keep(user.id.0, Known { session: session.clone(), dialogue: login.dialogue, until });
        Ok(session)
    }

    /// The api's calls of a session for one update.
    pub fn api<'a>(&'a self, session: &'a Session, update_id: i64) -> Calls<'a> {
        self.api.person(&session.token).for_update(update_id)
    }

    /// The language to speak when the api cannot be asked: the person's own if he was here lately, else his Telegram's.
    pub fn likely_locale(&self, user: &User) -> Locale {
        let known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        let lately = known.get(&user.id.0).map(|person| person.session.locale());
        lately.unwrap_or_else(|| Locale::from_code(user.language_code.as_deref().unwrap_or_default()))
    }

    /// Notes what the api has told of a person since.
    pub fn note(&self, telegram_id: u64, person: Person) {
        let mut known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(known) = known.get_mut(&telegram_id) {
            known.session.person = person;
        }
    }

    fn keep(&self, telegram_id: u64, session: Known) {
        let now = self.clock.now();
        let mut known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        if known.len() >= MOST_PEOPLE {
            let mut ends: Vec<_> = known.values().map(|person| person.until).collect();
            let (_, end, _) = ends.select_nth_unstable(MOST_PEOPLE / 10);
            let end = now.max(*end);
            known.retain(|_, person| person.until > end);
        }
        known.insert(telegram_id, session);
    }

    /// Where the person's talk stands, as far as this process knows: another one may have moved it on.
    pub fn dialogue(&self, telegram_id: u64) -> Option<Dialogue> {
        let known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        known.get(&telegram_id)?.dialogue.clone()
    }

    /// Notes where the person's talk stands; `None` when nobody knows.
    pub fn note_dialogue(&self, telegram_id: u64, dialogue: Option<Dialogue>) {
        let mut known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(known) = known.get_mut(&telegram_id) {
            known.dialogue = dialogue;
        }
    }

    /// Has the person log in again at the next update.
    pub fn forget(&self, telegram_id: u64) {
        self.known.lock().unwrap_or_else(PoisonError::into_inner).remove(&telegram_id);
    }

    fn remembered(&self, telegram_id: u64) -> Option<Session> {
        let known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        known.get(&telegram_id).filter(|person| person.until > self.clock.now()).map(|person| person.session.clone())
    }
}

fn introduction(user: &User) -> BotLoginRequest {
    BotLoginRequest {
        telegram_id: i64::try_from(user.id.0).unwrap_or_default(),
        username: user.username.clone(),
        first_name: Some(user.first_name.clone()),
        last_name: user.last_name.clone(),
        timezone: None,
        language_code: user.language_code.clone(),
    }
}

/// The texts for a language of the api.
pub fn locale(language: Language) -> Locale {
    match language {
        Language::En => Locale::En,
        Language::Ru => Locale::Ru,
    }
}

/// The language of the api for texts.
pub fn language(locale: Locale) -> Language {
    match locale {
        Locale::En => Language::En,
        Locale::Ru => Language::Ru,
    }
}
