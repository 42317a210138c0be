//! The outbox: one row per message to one chat, and what moves it on.
//!
//! ```text
//! due -> queued -> sending -> sent
//!  ^________|_________|         failed, expired, cancelled
//! ```
//!
//! `queued` and `sending` are leased: a row whose lease runs out is due again, so whoever dies on the way loses nothing.

use chrono::{DateTime, NaiveDate, Utc};

mod due;
mod outcome;
mod queue;
mod send;
mod snooze;

pub use due::{Made, MergeError, make_due};
pub use outcome::{BlockedReason, Next, block_user, cancel, expire, fail, mark_sent, move_chat, retry, throttled};
pub use queue::{Queued, queue_due, requeue_all_queued, requeue_expired_leases};
pub use send::{Claimed, Item, Waiting, claim, give_back, items_to_send, postpone, waiting};
pub use snooze::{Reminded, snooze, take_snooze_back};

/// Which delivery is meant: its minute, which never changes, and its number.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Key {
    pub scheduled_at: DateTime<Utc>,
    pub id: i64,
}

/// The right to send one delivery until an instant. Whoever's lease ran out has lost the row to another.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Lease {
    pub key: Key,
    pub until: DateTime<Utc>,
}

/// A habit and the date that its reminder is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct HabitDay {
    habit_id: i64,
    date: NaiveDate,
}

#[cfg(test)]
mod tests;
