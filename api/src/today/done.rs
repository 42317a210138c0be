//! `POST /today/done`

use ::habits::history::Mark;
use axum::extract::State;
use store::{
    habit::{self, Listed},
    pause,
};
use wire::{
    error::ErrorBody,
    execution::{ExecutionCreate, ExecutionStatus},
    today::{Today, TodayDone},
};

use super::{Place, mark, of, place};
use crate::{
    App,
    error::ApiError,
    habits,
    http::{Caller, Json},
};

/// Say that all of today is done
///
/// Every habit of today that is still open is set to done; what was skipped stays skipped. All of them or, on an error,
/// none.
#[utoipa::path(
    post,
    path = "/today/done",
    tag = "habits",
    security(("token" = [])),
    request_body = TodayDone,
    responses(
        (status = OK, body = Today, description = "The screen of today after it"),
        (status = UNPROCESSABLE_ENTITY, body = ErrorBody, description = "`date_out_of_range`: that date is not today"),
    ),
)]
#[tracing::instrument(skip_all)]
pub(super) async fn set_all_done(
    State(app): State<App>,
    caller: Caller,
    Json(request): Json<TodayDone>,
) -> Result<Json<Today>, ApiError> {
    let today = caller.user.calendar().today(caller.now);
    if request.date != today {
        return Err(ApiError::Invalid {
            kind: "date_out_of_range",
            loc: vec!["body".to_owned(), "date".to_owned()],
            msg: format!("today is {today}"),
        });
    }
    let done = habits::checked(&ExecutionCreate::status(ExecutionStatus::Done, Some(today)))?;
    let mut tx = app.pool.begin().await?;
    let asked = habit::today(&mut tx, caller.user.id, today).await?;
    let resting = pause::on(&mut tx, caller.user.id, today).await?;
    let is_open = |listed: &Listed| !matches!(mark(listed), Some(Mark::Done | Mark::Skipped));
    let shown = asked.into_iter().filter(|asked| place(asked, today, &resting) == Place::Shown);
    // In the order of their ids, as everybody who locks several does.
    for listed in shown.map(|asked| asked.listed).filter(is_open) {
        habits::set_locked(&mut tx, listed.habit.id, caller.now, &done).await?;
    }
    let screen = of(&mut tx, caller.user, app.defaults, caller.now, today).await?;
    tx.commit().await?;
    Ok(Json(screen))
}
