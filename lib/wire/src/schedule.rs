//! How often a habit is to be done.

use chrono::NaiveDate;
use serde::{Deserialize, Deserializer, Serialize, de::Error};
use utoipa::ToSchema;

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum Schedule {
    Daily,
    /// On these days of the week.
    Weekdays {
        #[schema(min_items = 1, max_items = 7)]
        weekdays: Vec<Weekday>,
    },
    /// On any so many days of each week, Monday to Sunday.
    TimesPerWeek {
        #[schema(minimum = 1, maximum = 7)]
        times: u8,
    },
    /// On any so many days of each calendar month.
    TimesPerMonth {
        #[schema(minimum = 1, maximum = 31)]
        times: u8,
    },
    /// Once in each run of so many days.
    EveryNDays {
        #[schema(minimum = 2, maximum = 365)]
        days: u16,
        /// The first day of a run; today unless given.
        #[serde(default, skip_serializing_if = "Option::is_none", deserialize_with = "start")]
        start: Option<NaiveDate>,
    },
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub enum Weekday {
    Mon,
    Tue,
    Wed,
    Thu,
    Fri,
    Sat,
    Sun,
}

/// An error within a tagged enum does not say which field it is about, so this one does.
fn start<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<NaiveDate>, D::Error> {
    let text = Option::<String>::deserialize(deserializer)?;
    let date = text.map(|text| text.parse().map_err(|_| D::Error::custom("start is no date such as 2026-11-23")));
    date.transpose()
}
