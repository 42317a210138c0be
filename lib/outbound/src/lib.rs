//! The way of a delivery from Postgres to a sender: a Redis Stream, and the pace that Telegram allows. Connections and
//! names of keys serve the bot too.
//!
//! Redis holds nothing that Postgres does not: it may be emptied at any moment. A [`Queue`] notices that by a marker
//! that is gone, a [`Consumer`] by its group that is gone.

pub mod connection;
pub mod consumer;
pub mod pace;
pub mod queue;

use chrono::{DateTime, Utc};

pub use consumer::Consumer;
pub use pace::{Pace, Permit};
pub use queue::Queue;

/// One delivery, as the stream names it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Delivery {
    /// The minute that the delivery is for.
    pub scheduled_at: DateTime<Utc>,
    /// Its number in that minute.
    pub id: i64,
}

/// Names of the keys that one deployment has in Redis.
#[derive(Debug, Clone)]
pub struct Keys {
    prefix: String,
}

impl Keys {
    /// Tests take a prefix of their own.
    pub fn with_prefix(prefix: impl Into<String>) -> Self {
        Self { prefix: prefix.into() }
    }

    /// The stream of deliveries to send.
    pub fn stream(&self) -> String {
        format!("{}:deliveries", self.prefix)
    }

    /// There from the first use of a Redis until it is wiped.
    pub fn marker(&self) -> String {
        format!("{}:deliveries:marker", self.prefix)
    }

    /// When the bot's token may send next.
    pub fn token_pace(&self) -> String {
        format!("{}:pace:token", self.prefix)
    }

    /// When one chat may get its next message.
    pub fn chat_pace(&self, chat_id: i64) -> String {
        format!("{}:pace:chat:{chat_id}", self.prefix)
    }

    /// Chats that Telegram throttled lately.
    pub fn throttled_chats(&self) -> String {
        format!("{}:pace:throttled", self.prefix)
    }

    /// There while an update of this person is in hand.
    pub fn turn(&self, telegram_id: u64) -> String {
        format!("{}:turn:{telegram_id}", self.prefix)
    }

    /// Updates of this person that wait for the turn.
    pub fn turn_waiting(&self, telegram_id: u64) -> String {
        format!("{}:turn:{telegram_id}:waiting", self.prefix)
    }

    /// There for a day after this update of this bot was handled.
    pub fn seen_update(&self, bot_id: &str, update_id: u32) -> String {
        format!("{}:update:{bot_id}:{update_id}", self.prefix)
    }
}

impl Default for Keys {
    fn default() -> Self {
        Self::with_prefix("habit")
    }
}

#[cfg(test)]
mod testing;
