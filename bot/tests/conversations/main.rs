//! Conversations with the bot, against a simulated Telegram and the real api on a real Postgres.

#![expect(clippy::unwrap_used, clippy::panic, reason = "fails the test with its place")]

mod chat_page;
mod creation;
mod every_step;
mod groups;
mod habits;
mod introduction;
mod marks;
mod polling;
mod settings;
mod statistics;
mod trouble;
mod walk;
mod webhook;
mod world;
