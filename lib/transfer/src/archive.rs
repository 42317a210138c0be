//! The archive: everything that is a person's own, in a form that outlives this program.

use chrono::{DateTime, NaiveDate, NaiveTime, Utc};
use habits::schedule::Schedules;
use serde::{Deserialize, Deserializer, Serialize, de::Error as _};
use serde_json::{Value, json};

use crate::Amount;

/// The version of the format that is written, and the only one that is read so far.
pub const VERSION: u32 = 1;

/// A person's habits with all that was said of their days.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Archive {
    /// See [`VERSION`].
    pub version: u32,
    /// `None` where a file does not tell.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub exported_at: Option<DateTime<Utc>>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub person: Option<Person>,
    /// Pauses of all habits together.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub pauses: Vec<Pause>,
    /// The last field: an archive is written habit by habit.
    pub habits: Vec<Habit>,
}

/// How a person has set things up. An import leaves these alone.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Person {
    /// IANA name.
    pub timezone: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub language: Option<String>,
    /// Hour at which the day starts, 0 to 5.
    #[serde(default)]
    pub day_start_hour: i16,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub quiet_hours: Option<Quiet>,
}

/// Local times between which reminders make no sound.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Quiet {
    pub from: NaiveTime,
    pub to: NaiveTime,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Habit {
    /// 1 to 255 characters on one line.
    pub name: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub description: Option<String>,
    /// The schedule at the beginning, and its changes.
    #[serde(default, deserialize_with = "known_schedules")]
    pub schedules: Schedules,
    pub begun_on: NaiveDate,
    /// The streak at which it is complete, above 0.
    pub target_days: i32,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub goal: Option<Goal>,
    /// Local times, 1 to 10.
    pub reminders: Vec<NaiveTime>,
    /// Not active: archived, or complete.
    pub is_active: bool,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub completed_at: Option<DateTime<Utc>>,
    /// Made active again after it was complete: it goes on beyond its target.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub taken_up: bool,
    /// In the order of their dates, each once.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub days: Vec<Day>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub pauses: Vec<Pause>,
}

/// What a day is to reach.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Goal {
    pub direction: Direction,
    /// Above 0.
    pub amount: Amount,
    /// At most 30 characters.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub unit: Option<String>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Direction {
    AtLeast,
    AtMost,
}

/// What was said of a day.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Day {
    pub date: NaiveDate,
    pub status: Status,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub amount: Option<Amount>,
    /// At most 500 characters.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub note: Option<String>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Status {
    Pending,
    Done,
    NotDone,
    Skipped,
    Frozen,
}

/// Dates on which nothing is expected, both ends included.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Pause {
    pub from: NaiveDate,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub to: Option<NaiveDate>,
    #[serde(default)]
    pub reason: PauseReason,
}

#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PauseReason {
    #[default]
    Person,
    /// A date that was lost by flying east.
    Travel,
}

/// The form of the database takes what it does not know for something newer; in a file it is a mistake.
fn known_schedules<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Schedules, D::Error> {
    let given = Value::deserialize(deserializer)?;
    let known = Schedules::deserialize(&given).map_err(D::Error::custom)?;
    let whole = json!({"first": known.first(), "changes": known.changes()});
    match unknown_field(&given, &whole) {
        Some(field) => Err(D::Error::custom(format!("unknown field `{field}` in schedules"))),
        None => Ok(known),
    }
}

/// A field of `given`, however deep, that `known` has not.
fn unknown_field<'a>(given: &'a Value, known: &Value) -> Option<&'a str> {
    match (given, known) {
        (Value::Object(given), Value::Object(known)) => given
            .iter()
            .find_map(|(name, value)| known.get(name).map_or(Some(&**name), |known| unknown_field(value, known))),
        (Value::Array(given), Value::Array(known)) => {
            given.iter().zip(known).find_map(|(value, known)| unknown_field(value, known))
        }
        _ => None,
    }
}
