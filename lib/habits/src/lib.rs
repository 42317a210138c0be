//! The rules: what day it is for a person, when a reminder is due, how long a streak is.
//!
//! Pure functions over civil dates, zones and instants. They take `now` from the caller and do no I/O.

pub mod completion;
pub mod day;
pub mod fate;
pub mod goal;
pub mod history;
pub mod pause;
pub mod quiet;
pub mod reminder;
pub mod schedule;
pub mod score;
pub mod statistics;
pub mod streak;
pub mod text;
pub mod zone;

pub use chrono_tz::Tz;
