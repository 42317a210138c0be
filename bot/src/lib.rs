//! The Telegram front end: a thin client of the api. It keeps nothing that a restart could lose.
//!
//! An update comes in through [`poll`] or [`webhook`], goes to [`handler`], and by what it is to one of the handler's modules: a command,
//! a text in a dialogue, a tap. What people see is drawn by `screens`.

pub mod answer;
pub mod backoff;
pub mod catalogue;
pub mod command;
pub mod config;
pub mod dialogue;
pub mod draft;
pub mod handler;
pub mod hurry;
pub mod introduction;
pub mod line;
pub mod metrics;
pub mod people;
pub mod pictures;
pub mod poll;
pub mod readiness;
pub mod run;
pub mod start;
pub mod telegram;
pub mod turn;
pub mod webhook;

pub use config::Config;
pub use run::{Settings, Updates, run, serve};
