//! `GET /habits/`

use axum::extract::State;
use store::habit::{self, Page};
use wire::{error::ErrorBody, habit::Habit};

use super::{reply, today_of};
use crate::{
    App,
    error::ApiError,
    http::{Caller, Query, Tagged},
};

#[derive(utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
#[expect(dead_code, reason = "documents the parameters")]
struct ListParameters {
    /// How many to pass over
    #[param(minimum = 0, default = 0)]
    skip: Option<i64>,
    /// At most how many
    #[param(minimum = 1, maximum = 200, default = 100)]
    limit: Option<i64>,
    /// Only habits that are active
    #[param(default = true)]
    active_only: Option<bool>,
}

/// The person's habits
///
/// The active ones by time and name, or all, newest first.
#[utoipa::path(
    get,
    path = "/habits",
    tag = "habits",
    security(("token" = [])),
    params(ListParameters),
    responses(
        (status = OK, body = Vec<Habit>, description = "A page of habits"),
        (status = UNAUTHORIZED, body = ErrorBody, description = "The token is missing or no good: see GET /users/me"),
        (status = UNPROCESSABLE_ENTITY, body = ErrorBody, description = "`validation_error`"),
    ),
)]
#[tracing::instrument(skip_all)]
pub(super) async fn list_habits(
    State(app): State<App>,
    caller: Caller,
    query: Query,
) -> Result<Tagged<Vec<Habit>>, ApiError> {
    let page = Page {
        active_only: query.flag("active_only", true)?,
        skip: query.number("skip", 0..=i64::MAX, 0)?,
        limit: query.number("limit", 1..=200, 100)?,
    };
    let mut conn = app.pool.acquire().await?;
    let habits = habit::list(&mut conn, caller.user.id, today_of(&caller.user, caller.now), page).await?;
    Ok(Tagged(habits.into_iter().map(|(habit, is_done_today)| reply(habit, is_done_today, caller.now)).collect()))
}
