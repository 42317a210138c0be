//! `GET /today`: what there is to do.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::{habit::Habit, user::User};

/// All that a screen of today shows.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct Today {
    /// Today in the person's zone, from the hour at which the person's day starts.
    pub date: NaiveDate,
    pub user: User,
    /// How many of the habits below are done or skipped.
    pub settled: u32,
    /// The habits that are to be done today, or were, by time and name.
    pub habits: Vec<Habit>,
    /// How many active habits have a day off.
    pub days_off: u32,
    /// How many active habits are paused.
    pub paused: u32,
}
