//! What a person takes along: out of here as JSON or CSV, and in from there or from Loop Habit Tracker.
//!
//! Pure: bytes in, an [`Archive`] or a [`Refused`] out. Files come from anywhere, so every reader has bounds, and what it
//! returns keeps the rules of [`check`].

mod amount;
mod archive;
mod check;
mod format;
mod json;
mod loop_csv;
mod loop_db;
mod loop_habit;
mod loop_schedule;
mod notes;
mod refused;
mod text;
mod zipped;

pub use amount::Amount;
pub use archive::{Archive, Day, Direction, Goal, Habit, Pause, PauseReason, Person, Quiet, Status, VERSION};
pub use check::{MAX_DAYS, MAX_DAYS_OF_A_HABIT, MAX_HABITS, MAX_PAUSES};
pub use format::{Format, MAX_BYTES};
pub use json::JsonWriter;
pub use loop_schedule::is_same_in_loop;
pub use notes::Notes;
pub use refused::Refused;

use chrono::NaiveDate;

/// What was read of a file, and what of it could not be taken over as it was.
#[derive(Debug, Clone, PartialEq)]
pub struct Brought {
    pub archive: Archive,
    /// Sentences for the person, at most 101.
    pub notes: Vec<String>,
}

/// Reads a file of this format. `today` is the person's date: nothing later than the day after it is taken.
///
/// # Errors
///
/// Refuses what is larger than [`MAX_BYTES`], is not of the format, or breaks a rule.
pub fn read(format: Format, bytes: &[u8], today: NaiveDate) -> Result<Brought, Refused> {
    if bytes.len() > MAX_BYTES {
        return Err(Refused::new("file", format!("it is larger than the {MAX_BYTES} bytes allowed")));
    }
    let mut notes = Notes::default();
    let mut archive = match format {
        Format::Json => json::read(bytes)?,
        Format::LoopCsv => loop_csv::read(bytes, today, &mut notes)?,
        Format::LoopDb => loop_db::read(bytes, today, &mut notes)?,
    };
    check::check(&mut archive, today)?;
    Ok(Brought { archive, notes: notes.into_sentences() })
}

/// The archive as a zip of CSV files in the layout that Loop Habit Tracker exports.
///
/// Pauses, further reminders and earlier schedules have no place there: only the JSON holds everything.
///
/// # Errors
///
/// Fails on an archive that is too large for a zip.
pub fn to_loop_csv(archive: &Archive) -> Result<Vec<u8>, Refused> {
    loop_csv::write(archive)
}

#[cfg(test)]
mod tests;
