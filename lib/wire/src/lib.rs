//! What travels between the api and its clients: requests, replies, errors, and a typed client.
//!
//! The shapes are the REST contract under `/api/v1`. Optional fields that are absent are left out of requests.

pub mod api_token;
pub mod client;
pub mod dialogue;
pub mod error;
pub mod execution;
pub mod habit;
pub mod live_message;
pub mod pause;
pub mod schedule;
pub mod sharing;
pub mod snooze;
pub mod statistics;
pub mod template;
pub mod time_of_day;
pub mod today;
pub mod token;
pub mod transfer;
pub mod user;
pub mod webhook;

pub use client::{Client, ClientError};

/// Header with the key that the bot and the api share.
pub const BOT_KEY_HEADER: &str = "X-BOT-API-KEY";

/// Header with the `update_id` of the Telegram update that a request is made for.
///
/// It shows that messages reach the person again; and a second `POST /habits/` for the same update creates nothing: the
/// api answers it with 409 `update_already_applied`.
pub const UPDATE_ID_HEADER: &str = "X-Telegram-Update-Id";

/// Header with a key of the client's own, 1 to 255 visible ASCII characters, that makes a request safe to repeat: sent
/// again within 48 hours it changes nothing more and gets the first reply.
pub const IDEMPOTENCY_KEY_HEADER: &str = "Idempotency-Key";

/// Header, `true`, of a reply that was given before to the same [`IDEMPOTENCY_KEY_HEADER`].
pub const IDEMPOTENT_REPLAYED_HEADER: &str = "Idempotent-Replayed";
