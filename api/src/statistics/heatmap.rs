//! `GET /statistics/heatmap`

use axum::extract::State;
use chrono::{Datelike as _, NaiveDate};
use store::execution;
use wire::statistics::{Heatmap, HeatmapDay};

use crate::{
    App,
    error::ApiError,
    http::{Caller, Json, Query},
};

#[derive(utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
#[expect(dead_code, reason = "documents the parameters")]
struct Parameters {
    /// This year unless given
    #[param(minimum = 2000, maximum = 2100)]
    year: Option<i32>,
}

/// A year of days
///
/// How many habits were done on each, over all habits.
#[utoipa::path(
    get,
    path = "/statistics/heatmap",
    tag = "statistics",
    security(("token" = [])),
    params(Parameters),
    responses(
        (status = OK, body = Heatmap, description = "The days on which something was done"),
    ),
)]
#[tracing::instrument(skip_all)]
pub(super) async fn read_heatmap(
    State(app): State<App>,
    caller: Caller,
    query: Query,
) -> Result<Json<Heatmap>, ApiError> {
    let this_year = caller.user.calendar().today(caller.now).year();
    let asked = query.number("year", 2000..=2100, this_year.into())?;
    let year = i32::try_from(asked).unwrap_or(this_year);
    let mut conn = app.pool.acquire().await?;
    let day = |month, day| NaiveDate::from_ymd_opt(year, month, day).unwrap_or_default();
    let days = execution::done_by_date(&mut conn, caller.user.id, day(1, 1), day(12, 31)).await?;
    let days = days.into_iter().map(|(date, done)| HeatmapDay { date, done }).collect();
    Ok(Json(Heatmap { year, days }))
}
