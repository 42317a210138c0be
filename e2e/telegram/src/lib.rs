//! A Telegram of one's own: the Bot API as far as HabitTracker's programs use it, a chat page for people, and a control
//! API for tests. Strict where Telegram is strict, and about parameters that Telegram would silently ignore. All state is
//! in memory and bounded.
//!
//! ```no_run
//! # async fn example() -> Result<(), Box<dyn std::error::Error>> {
//! use std::time::Duration;
//! use telegram_simulator::{Condition, NewPerson, Options, SAMPLE_TOKEN, Simulator};
//!
//! let telegram = Simulator::start(Options::with_token(SAMPLE_TOKEN)).await?;
//! let control = telegram.control();
//! let anna = control.create_person(&NewPerson::named("Anna", "en")).await?;
//! // Start the bot with TELEGRAM_API_URL = telegram.url(), then:
//! control.send_text(anna.id, "/start").await?;
//! let greeting = control.wait_for(anna.id, &Condition::text("Hello"), Duration::from_secs(5)).await?;
//! control.press_text(anna.id, greeting.message_id, "New habit").await?;
//! # Ok(())
//! # }
//! ```

mod acts;
mod bot;
mod bot_api;
mod calls;
mod chat;
mod client;
mod clock;
mod control;
mod faults;
mod file;
mod html;
mod limits;
mod links;
mod message;
mod objects;
mod options;
mod page;
mod person;
mod schema;
mod shared;
mod simulator;
mod update;
mod webhook;
mod world;

pub use acts::{ButtonChoice, Pressed, Pressing, Sending, Sent};
pub use bot::CallbackAnswer;
pub use calls::Call;
pub use client::{Control, ControlError};
pub use control::{BotView, CallFilter, ChatView, Condition, MenuCommand, NewGroup};
pub use faults::{Effect, Fault};
pub use message::{Author, Button, Content, Entity, Message, ReplyButton, ReplyKeyboard, Version};
pub use options::{Bounds, Limits, Options};
pub use person::{NewPerson, Person};
pub use simulator::Simulator;

/// A well-formed token for tests and for the local cluster; the bot's id is 7000001.
pub const SAMPLE_TOKEN: &str = "7000001:AAE-simulated_telegram_bot_token_01";
