//! How it went: of one habit, and of a year.

use chrono::{Days, NaiveDate, Weekday};
use utoipa_axum::{router::OpenApiRouter, routes};

use crate::App;

mod habit;
mod heatmap;
mod overview;
mod year;

pub(crate) fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(habit::read_habit_statistics))
        .routes(routes!(year::read_habit_year))
        .routes(routes!(overview::read_overview))
        .routes(routes!(heatmap::read_heatmap))
}

/// Weeks that a year of days is shown in, the last of them that of today.
const WEEKS: u64 = 53;

/// The Monday with which the first of the last [`WEEKS`] begins.
fn first_monday(today: NaiveDate) -> NaiveDate {
    let monday = today.week(Weekday::Mon).checked_first_day().unwrap_or(today);
    monday.checked_sub_days(Days::new(7 * (WEEKS - 1))).unwrap_or(monday)
}
