//! The whole state: people, bots, faults, the log of calls and the clock.

use std::collections::BTreeMap;

use crate::{
    bot::Bot,
    calls::CallLog,
    chat::Chat,
    clock::{self, Clock},
    faults::Faults,
    options::{Limits, Options},
    person::{NewPerson, Person},
    shared::Event,
};

const FIRST_PERSON_ID: i64 = 700_000_001;
const FIRST_PRESS_ID: u64 = 4_000_000_000_000_000_001;

#[derive(Debug)]
pub(crate) struct World {
    pub(crate) options: Options,
    pub(crate) limits: Limits,
    pub(crate) clock: Clock,
    pub(crate) people: BTreeMap<i64, Person>,
    pub(crate) bots: BTreeMap<i64, Bot>,
    pub(crate) faults: Faults,
    pub(crate) log: CallLog,
    /// News that `Shared::write` spreads.
    pub(crate) events: Vec<Event>,
    /// Where the ids of updates and messages begin in this run.
    first_id: i64,
    /// Sample people. They have written to every bot, if only before a restart: what it owes them still arrives.
    samples: Vec<i64>,
    next_person_id: i64,
    next_group: i64,
    next_press_id: u64,
}

/// Why the control API refuses.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Refusal {
    NotFound(String),
    Conflict(String),
}

impl World {
    pub(crate) fn new(options: Options) -> Self {
        let clock = Clock::default();
        let mut world = Self {
            first_id: options.first_id.unwrap_or_else(|| clock::first_id(clock.now_ms())),
            limits: options.limits.clone(),
            clock,
            people: BTreeMap::new(),
            bots: BTreeMap::new(),
            faults: Faults::new(options.seed),
            log: CallLog::new(options.bounds.calls),
            events: Vec::new(),
            samples: Vec::new(),
            next_person_id: FIRST_PERSON_ID,
            next_group: 1,
            next_press_id: FIRST_PRESS_ID,
            options,
        };
        for token in world.options.tokens.clone() {
            world.bot_of_token(&token);
        }
        world.create_sample_people();
        world
    }

    /// Forgets people, chats, updates, faults, calls and the advance of the clock. Bots keep what they set up about themselves.
    pub(crate) fn reset(&mut self) {
        self.limits = self.options.limits.clone();
        self.clock = Clock::default();
        self.people.clear();
        self.bots.values_mut().for_each(Bot::forget_people);
        self.faults.clear();
        self.log.clear();
        self.next_person_id = FIRST_PERSON_ID;
        self.create_sample_people();
        self.events.push(Event::People);
    }

    /// Id of the bot that this token belongs to; `None` = 401.
    pub(crate) fn bot_of_token(&mut self, token: &str) -> Option<i64> {
        let id = bot_id(token)?;
        let options = &self.options;
        let known = options.accept_any_token || options.tokens.iter().any(|known| known == token);
        if !known || options.revoked_tokens.iter().any(|revoked| revoked == token) {
            return None;
        }
        if !self.bots.contains_key(&id) {
            if self.bots.len() >= options.bounds.bots {
                return None;
            }
            let mut bot = Bot::new(id, &options.bot_name, self.first_id);
            bot.know(&self.samples);
            self.bots.insert(id, bot);
            self.events.push(Event::Bots);
        }
        Some(id)
    }

    /// The bot of this id, or the first one.
    pub(crate) fn bot(&self, id: Option<i64>) -> Result<&Bot, Refusal> {
        match id {
            Some(id) => self.bots.get(&id),
            None => self.bots.values().next(),
        }
        .ok_or_else(|| Refusal::NotFound("no such bot: it has not called yet, or its token is unknown".to_owned()))
    }

    pub(crate) fn chat(&self, bot_id: i64, chat_id: i64) -> Option<&Chat> {
        self.bots.get(&bot_id)?.chats.get(&chat_id)
    }

    pub(crate) fn chat_mut(&mut self, bot_id: i64, chat_id: i64) -> Option<&mut Chat> {
        self.bots.get_mut(&bot_id)?.chats.get_mut(&chat_id)
    }

    pub(crate) fn person(&self, id: i64) -> Result<&Person, Refusal> {
        self.people.get(&id).ok_or_else(|| Refusal::NotFound(format!("no person {id}")))
    }

    pub(crate) fn create_person(&mut self, new: NewPerson) -> Result<Person, Refusal> {
        if self.people.len() >= self.options.bounds.people {
            return Err(Refusal::Conflict(format!("there are {} people already", self.people.len())));
        }
        let id = match new.id {
            Some(id) if id <= 0 => return Err(Refusal::Conflict(format!("the id {id} is not above 0"))),
            Some(id) if self.people.contains_key(&id) => {
                return Err(Refusal::Conflict(format!("person {id} is there already")));
            }
            Some(id) => id,
            None => self.take_person_id(),
        };
        if new.first_name.is_empty() {
            return Err(Refusal::Conflict("a person needs a first_name".to_owned()));
        }
        let NewPerson { first_name, last_name, username, language_code, .. } = new;
        let person = Person { id, first_name, last_name, username, language_code, deactivated: false };
        self.people.insert(id, person.clone());
        self.events.push(Event::People);
        Ok(person)
    }

    /// Chat id of a new group; supergroups have -100 before it.
    pub(crate) fn take_group_id(&mut self, supergroup: bool) -> i64 {
        self.next_group += 1;
        let base = if supergroup { -1_002_000_000_000 } else { -4_000_000_000 };
        base - self.next_group
    }

    pub(crate) fn take_press_id(&mut self) -> String {
        self.next_press_id += 1;
        self.next_press_id.to_string()
    }

    pub(crate) fn chat_changed(&mut self, bot_id: i64, chat_id: i64) {
        self.events.push(Event::Chat { bot_id, chat_id });
    }

    fn take_person_id(&mut self) -> i64 {
        while self.people.contains_key(&self.next_person_id) {
            self.next_person_id += 1;
        }
        self.next_person_id
    }

    fn create_sample_people(&mut self) {
        if !self.options.sample_people {
            return;
        }
        self.samples.clear();
        for person in [NewPerson::named("Anna", "en"), NewPerson::named("Мария", "ru")] {
            match self.create_person(person) {
                Ok(person) => self.samples.push(person.id),
                Err(refusal) => tracing::warn!(?refusal, "a sample person was not created"),
            }
        }
        self.bots.values_mut().for_each(|bot| bot.know(&self.samples));
    }
}

/// The number before the colon of a well-formed token.
pub(crate) fn bot_id(token: &str) -> Option<i64> {
    let (id, secret) = token.split_once(':')?;
    let well_formed =
        secret.len() >= 30 && secret.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"_-".contains(&byte));
    id.parse().ok().filter(|id| *id > 0 && well_formed)
}
