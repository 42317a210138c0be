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
    client::{Client, Person},
    token::BotLoginRequest,
    user::Language,
};

/// Below the 30 minutes that a token is good for.
const KEEP_MINUTES: i64 = 25;

/// People whose tokens are kept. Beyond, those of quiet people go.
const MOST_PEOPLE: usize = 10_000;

/// A person's access to the api.
#[derive(Debug, Clone)]
pub struct Session {
    token: SecretString,
    pub locale: Locale,
}

impl Session {
    #[must_use]
    pub fn in_locale(self, locale: Locale) -> Self {
        Self { locale, ..self }
    }
}

/// Logs people in, and remembers their tokens for a while.
#[derive(Debug)]
pub struct People {
    api: Client,
    key: SecretString,
    clock: Clock,
    known: Mutex<HashMap<u64, Known>>,
}

#[derive(Debug)]
struct Known {
    session: Session,
    until: DateTime<Utc>,
}

impl People {
    pub fn new(api: Client, key: SecretString, clock: Clock) -> Self {
        Self { api, key, clock, known: Mutex::default() }
    }

    /// The session of whoever sent this update; the api gets to know the person at the first time.
    pub async fn session(&self, user: &User, update_id: i64) -> Result<Session, ClientError> {
        if let Some(session) = self.remembered(user.id.0) {
            return Ok(session);
        }
        let login = self.api.login(&self.key, &introduction(user)).await?;
        let token = SecretString::from(login.access_token);
        let me = self.api.person(&token).for_update(update_id).me().await?;
        let session = Session { token, locale: locale(me.language) };
        self.remember(user.id.0, session.clone());
        Ok(session)
    }

    /// The api's calls of a session for one update.
    pub fn api<'a>(&'a self, session: &'a Session, update_id: i64) -> Person<'a> {
        self.api.person(&session.token).for_update(update_id)
    }

    /// The language to speak when the api cannot be asked: the person's own if he was here lately, else his Telegram's.
    pub fn likely_locale(&self, user: &User) -> Locale {
        let known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        let lately = known.get(&user.id.0).map(|person| person.session.locale);
        lately.unwrap_or_else(|| Locale::from_code(user.language_code.as_deref().unwrap_or_default()))
    }

    /// Keeps a session for the person's next updates.
    pub fn remember(&self, telegram_id: u64, session: Session) {
        let now = self.clock.now();
        let mut known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        if known.len() >= MOST_PEOPLE {
            known.retain(|_, person| person.until > now);
        }
        if known.len() >= MOST_PEOPLE {
            known.clear();
        }
        known.insert(telegram_id, Known { session, until: now + TimeDelta::minutes(KEEP_MINUTES) });
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
