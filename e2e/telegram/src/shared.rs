//! What all connections share: the world under one lock, and the news of its changes.

use std::sync::{Mutex, MutexGuard, PoisonError};

use serde::Serialize;
use tokio::sync::{broadcast, watch};
use tokio_util::{sync::CancellationToken, task::TaskTracker};

use crate::world::World;

/// News for the chat page. A reader that falls behind by this many starts anew.
const EVENTS_BUFFERED: usize = 1_024;

#[derive(Debug)]
pub(crate) struct Shared {
    world: Mutex<World>,
    changes: watch::Sender<u64>,
    events: broadcast::Sender<Event>,
    pub(crate) http: reqwest::Client,
    pub(crate) tasks: TaskTracker,
    pub(crate) shutdown: CancellationToken,
}

/// Something a viewer wants to look at again.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub(crate) enum Event {
    /// Messages, keyboard, action or menu of a chat.
    Chat { bot_id: i64, chat_id: i64 },
    /// Who is there.
    People,
    /// Which bots there are and what they say of themselves.
    Bots,
}

impl Shared {
    pub(crate) fn new(world: World) -> Self {
        Self {
            world: Mutex::new(world),
            changes: watch::Sender::new(0),
            events: broadcast::Sender::new(EVENTS_BUFFERED),
            http: reqwest::Client::new(),
            tasks: TaskTracker::new(),
            shutdown: CancellationToken::new(),
        }
    }

    pub(crate) fn read<R>(&self, look: impl FnOnce(&World) -> R) -> R {
        look(&self.lock())
    }

    /// Changes the world and wakes all who wait for a change.
    pub(crate) fn write<R>(&self, change: impl FnOnce(&mut World) -> R) -> R {
        let mut world = self.lock();
        let result = change(&mut world);
        let events = std::mem::take(&mut world.events);
        drop(world);
        for event in events {
            // Nobody may be looking.
            drop(self.events.send(event));
        }
        self.changes.send_modify(|version| *version = version.wrapping_add(1));
        result
    }

    /// Resolves once for all changes since it was last looked at.
    pub(crate) fn changed(&self) -> watch::Receiver<u64> {
        self.changes.subscribe()
    }

    pub(crate) fn events(&self) -> broadcast::Receiver<Event> {
        self.events.subscribe()
    }

    /// Looks after every change until `look` finds something, the deadline passes or the simulator stops.
    pub(crate) async fn wait_for<R>(
        &self,
        timeout: std::time::Duration,
        mut look: impl FnMut(&World) -> Option<R>,
    ) -> Option<R> {
        let mut changed = self.changed();
        let deadline = tokio::time::sleep(timeout);
        tokio::pin!(deadline);
        loop {
            changed.mark_unchanged();
            if let Some(found) = self.read(&mut look) {
                return Some(found);
            }
            tokio::select! {
                _ = changed.changed() => {}
                () = &mut deadline => return None,
                () = self.shutdown.cancelled() => return None,
            }
        }
    }

    /// A panic elsewhere leaves the world as it was before or after one change: go on with it.
    fn lock(&self) -> MutexGuard<'_, World> {
        self.world.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
