//! A queue of updates for each person, and one worker for each person who has some.

use std::{
    collections::{HashMap, VecDeque, hash_map::Entry},
    sync::Arc,
};

use anyhow::Context as _;
use teloxide::types::{Update, UpdateId};
use tokio::{sync::watch, task::JoinSet};

use crate::{handler::Handler, hurry::Hurry, metrics::Outcome};

/// Updates of one person that wait behind the one in hand; further ones wait at Telegram. All people together cannot have
/// more in hand than Telegram shows at once.
const MOST_WAITING: usize = 10;

/// A Telegram id. Updates of nobody in particular count as one person's.
type Person = Option<u64>;

/// People's updates: one person's in order, people beside each other.
#[derive(Debug)]
pub(super) struct Queues {
    handler: Arc<Handler>,
    /// Everybody of whom an update is in hand, with those that wait for it.
    people: HashMap<Person, VecDeque<Update>>,
    workers: JoinSet<(Person, UpdateId, Outcome)>,
    hurry: watch::Sender<bool>,
    hurried: Hurry,
}

impl Queues {
    pub(super) fn new(handler: Arc<Handler>) -> Self {
        let (hurry, hurried) = Hurry::new();
        Self { handler, people: HashMap::new(), workers: JoinSet::new(), hurry, hurried }
    }

    /// Takes an update, unless too many of its person wait already.
    pub(super) fn take(&mut self, update: Update) -> bool {
        let person = update.from().map(|user| user.id.0);
        match self.people.entry(person) {
            Entry::Occupied(waiting) if waiting.get().len() >= MOST_WAITING => return false,
            Entry::Occupied(mut waiting) => waiting.get_mut().push_back(update),
            Entry::Vacant(place) => {
                place.insert(VecDeque::new());
                self.begin(person, update);
            }
        }
        true
    }

    fn begin(&mut self, person: Person, update: Update) {
        let (handler, hurry) = (self.handler.clone(), self.hurried.clone());
        self.workers.spawn(async move {
            let id = update.id;
            (person, id, handler.handle(update, &hurry).await)
        });
    }

    /// Waits for the next update whose handling ends, and begins its person's next; waits for ever while there is none.
    /// Nothing is lost when the wait is given up.
    ///
    /// # Errors
    ///
    /// Fails when a worker died.
    pub(super) async fn next(&mut self) -> anyhow::Result<(UpdateId, Outcome)> {
        let Some(ended) = self.workers.join_next().await else {
            return std::future::pending().await;
        };
        let (person, id, outcome) = ended.context("a worker died")?;
        match self.people.get_mut(&person).and_then(VecDeque::pop_front) {
            // One that is left is before those that wait: they are left too.
            Some(next) if outcome != Outcome::Left => self.begin(person, next),
            _ => drop(self.people.remove(&person)),
        }
        Ok((id, outcome))
    }

    /// Leaves what is not in hand.
    pub(super) fn leave_waiting(&mut self) {
        self.people.values_mut().for_each(VecDeque::clear);
    }

    /// Those of whom an update is in hand.
    pub(super) fn people(&self) -> usize {
        self.people.len()
    }

    /// Says whether everybody waits for what is in hand.
    pub(super) fn hurry(&self, is_on: bool) {
        if self.hurry.send_replace(is_on) != is_on && is_on {
            tracing::warn!(people = self.people(), "few people hold up all others");
        }
    }
}
