//! The CSV export of Loop Habit Tracker: a zip with `Habits.csv`, and of each habit a folder `001 Name` with
//! `Checkmarks.csv`.
//!
//! The layout is that of `HabitsCSVExporter` in <https://github.com/iSoron/uhabits>. It tells nothing of reminders.

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
