//! All SQL of the system: free functions on a connection, one module per noun.
//!
//! The caller opens the transaction and commits it. Every list has a total order and a limit. Time is a parameter.

pub mod api_token;
pub mod claim;
pub mod delivery;
pub mod dialogue;
pub mod execution;
pub mod habit;
pub mod idempotency_key;
pub mod leader;
pub mod live_message;
pub mod pause;
pub mod pool;
pub mod schema;
pub mod seen_update;
pub mod sharing;
pub mod streak;
pub mod template;
pub mod transfer;
pub mod user;
pub mod webhook;
