//! What all endpoints share of HTTP: extractors that refuse in the one shape of errors, and the layers around them.

mod caller;
pub(crate) mod docs;
mod etag;
mod guard;
mod idempotency;
mod json;
mod observe;
mod path;
pub mod query;
mod update_id;

pub use caller::{BotKey, Caller, Session, TokenHolder};
pub use etag::{Tagged, answer_unchanged};
pub use guard::{bounded_head, secured, shed};
pub use idempotency::{IdempotencyKey, Idempotent};
pub use json::{Json, MAX_BODY_BYTES};
pub use observe::{bounded_in_time, named, observe, panicked};
pub use path::{BelowHabit, HabitId, PauseId, TokenId, WebhookId};
pub use query::Query;
pub use update_id::UpdateId;
