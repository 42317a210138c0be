//! How it went: of one habit, and of a year.

use utoipa_axum::{router::OpenApiRouter, routes};

use crate::App;

mod habit;
mod heatmap;

pub(crate) fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(habit::read_habit_statistics)).routes(routes!(heatmap::read_heatmap))
}
