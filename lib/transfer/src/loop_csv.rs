//! The CSV export of Loop Habit Tracker: a zip with `Habits.csv`, and of each habit a folder `001 Name` with
//! `Checkmarks.csv`.
//!
//! The layout is that of `HabitsCSVExporter` in <https://github.com/iSoron/uhabits>. It tells nothing of reminders.

use std::borrow::Cow;

mod read;
mod write;

pub(crate) use read::read;
pub(crate) use write::write;

const HABITS: &str = "Habits.csv";
const CHECKMARKS: &str = "Checkmarks.csv";
const HABITS_HEADER: [&str; 12] = [
    "Position",
    "Name",
    "Type",
    "Question",
    "Description",
    "FrequencyNumerator",
    "FrequencyDenominator",
    "Color",
    "Unit",
    "Target Type",
    "Target Value",
    "Archived?",
];

/// What a spreadsheet takes for a formula, and runs, begins with one of these (OWASP, CSV injection).
const FORMULA: [char; 6] = ['=', '+', '-', '@', '\t', '\r'];

fn is_formula(text: &str) -> bool {
    text.trim_start_matches('\'').starts_with(FORMULA)
}

/// A text that somebody wrote, as the cell that shows it and runs nothing.
fn to_cell(text: &str) -> Cow<'_, str> {
    if is_formula(text) { Cow::Owned(format!("'{text}")) } else { Cow::Borrowed(text) }
}

/// The text of a cell that [`to_cell`] may have made.
fn of_cell(cell: &str) -> &str {
    cell.strip_prefix('\'').filter(|text| is_formula(text)).unwrap_or(cell)
}
