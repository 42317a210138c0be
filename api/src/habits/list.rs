//! `GET /habits/`

use axum::extract::State;
use chrono::{DateTime, Utc};
use store::{
    execution::Status,
    habit::{self, Listed, Page},
};
use wire::habit::Habit;

use super::{Today, reply};
use crate::{
    App,
    error::ApiError,
    http::{Caller, Query, Tagged, query},
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
    /// Begin after the habit with this id, the last of the page before: no habit is missed or seen twice when others come
    /// and go
    #[param(exclusive_minimum = 0)]
    after: Option<i64>,
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
        (status = OK, body = Vec<Habit>, description = "A page of habits", headers(("ETag" = String))),
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
        after: query.optional_number("after", 1..=i64::MAX)?,
    };
    let mut conn = app.pool.acquire().await?;
    let today = caller.user.calendar().today(caller.now);
    let habits = habit::list(&mut conn, caller.user.id, today, page).await?;
    if let (true, Some(after)) = (habits.is_empty(), page.after)
        && !habit::is_cursor(&mut conn, caller.user.id, after).await?
    {
        return Err(query::refused("after", "there is no such habit any more; begin again without after".to_owned()));
    }
    Ok(Tagged(habits.into_iter().map(|listed| listed_reply(listed, caller.now)).collect()))
}

pub(crate) fn listed_reply(listed: Listed, now: DateTime<Utc>) -> Habit {
    let today = Today { status: listed.status.unwrap_or(Status::Pending), amount_milli: listed.amount_milli };
    reply(listed.habit, today, now)
}
