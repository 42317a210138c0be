//! What people see in Telegram: texts, keyboards, and what the buttons carry. The bot and the sender draw the same.
//!
//! Pure functions from data to a [`Screen`] in the person's language; no I/O, and nothing of a Telegram library.

pub mod about;
pub mod action;
pub mod amount;
pub mod calendar;
pub mod card;
pub mod catalogue;
pub mod city;
pub mod creation;
pub mod draft;
pub mod edit;
pub mod group;
pub mod html;
pub mod list;
pub mod locale;
pub mod menu;
pub mod picture;
pub mod problem;
pub mod reminder;
pub mod schedule;
pub mod screen;
pub mod settings;
pub mod stats;
pub mod toast;
pub mod today;

mod page;
mod text;

pub use action::Action;
pub use locale::Locale;
pub use reminder::{MarkedRow, ReminderRow, Said, reminder, reminder_marked};
pub use screen::{Button, OnTap, Screen};
