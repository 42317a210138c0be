//! The service as its clients see it, on a real Postgres.

#![expect(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking, in its helpers too")]

mod access;
mod account_deletion;
mod bad_input;
mod concurrency;
mod database_away;
mod days;
mod dialogue;
mod errors;
mod executions;
mod guesses;
mod habits;
mod http_layer;
mod log_in;
mod openapi;
mod schedules;
mod screens;
mod secrets_in_logs;
mod server;
mod sharing;
mod templates;
mod tokens;
mod transfer;
mod typed_client;
mod users;
mod walk;
mod webhooks;
mod years;
