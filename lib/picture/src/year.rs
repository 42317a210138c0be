//! What is drawn.

use chrono::NaiveDate;
use serde::Serialize;

/// Weeks that a picture shows, the last of them that of today.
pub const WEEKS: u16 = 53;

/// A year, with all words of the picture in one language.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Year {
    /// What people wrote; see [`Year::untitled`].
    pub title: String,
    /// Stands where nothing of the title can be shown.
    pub untitled: String,
    /// Which months the picture shows.
    pub subtitle: String,
    /// At most four.
    pub figures: Vec<Figure>,
    /// The Monday with which the first week begins.
    pub from: NaiveDate,
    /// From that day on until today; those beyond [`WEEKS`] are not shown.
    pub days: Vec<Day>,
    /// Short names, January first.
    pub months: Vec<String>,
    /// Two letters each, Monday first.
    pub weekdays: Vec<String>,
    pub legend: Legend,
}

/// A number and what it counts.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Figure {
    pub value: String,
    pub label: String,
}

/// What became of a day.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub enum Day {
    Done,
    /// Some of what was to be done.
    Partly,
    Skipped,
    /// Frozen or paused.
    Excused,
    Missed,
    /// Today, or a day of this week, and still to be done.
    Open,
    /// Nothing was asked.
    Off,
    /// Before the habit began.
    Before,
    /// How much was done of all habits: from 0, nothing, to 4, most.
    Level(u8),
}

/// What explains the days.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub enum Legend {
    /// A name for each kind, in this order.
    Kinds(Vec<(Day, String)>),
    /// From nothing to most.
    Scale { less: String, more: String },
}
