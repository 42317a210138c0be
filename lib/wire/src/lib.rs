//! What travels between the api and its clients: requests, replies, errors, and a typed client.
//!
//! The shapes are the REST contract under `/api/v1`. Optional fields that are absent are left out of requests.

pub mod api_token;
pub mod client;
pub mod dialogue;
pub mod error;
pub mod execution;
pub mod habit;
pub mod pause;
pub mod schedule;
pub mod sharing;
pub mod statistics;
pub mod template;
pub mod today;
pub mod token;
pub mod user;

pub use client::{Client, ClientError};

/// Header with the key that the bot and the api share.
pub const BOT_KEY_HEADER: &str = "X-BOT-API-KEY";

/// Header with the `update_id` of the Telegram update that a request is made for.
///
/// It shows that messages reach the person again; and a second `POST /habits/` for the same update creates nothing: the
/// api answers it with 409 `update_already_applied`.
pub const UPDATE_ID_HEADER: &str = "X-Telegram-Update-Id";
