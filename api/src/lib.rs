//! The REST service: rules, transactions, OpenAPI.
//!
//! `POST /api/v1/habits/`, say, is `habits/create.rs`. A handler takes what it needs by extractors (`http/`), opens the
//! transaction, calls `store`, and commits on its last line.

pub mod app;
pub mod auth;
pub mod config;
pub mod error;
pub mod habits;
pub mod health;
pub mod http;
pub mod keys;
pub mod limit;
pub mod metrics;
mod openapi;
pub mod pauses;
pub mod person;
pub mod router;
pub mod run;
pub mod sharing;
pub mod statistics;
pub mod templates;
pub mod text;
pub mod today;
pub mod tokens;
pub mod transfer;
pub mod users;
pub mod webhooks;

pub use app::{App, Defaults};
pub use config::Config;
pub use keys::Keys;
pub use router::{openapi, router};
pub use run::{run, serve};
