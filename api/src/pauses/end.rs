//! `DELETE /pauses/{pause_id}`

use axum::{extract::State, http::StatusCode};
use chrono::Days;
use store::{habit, pause, user};
use wire::error::ErrorBody;

use super::follow;
use crate::{
    App,
    error::ApiError,
    http::{Caller, PauseId},
};

/// End a pause
///
/// Today is expected to be done again; the days that are over stay excused. A pause that is still to come is forgotten.
#[utoipa::path(
    delete,
    path = "/pauses/{pause_id}",
    tag = "pauses",
    security(("token" = [])),
    params(("pause_id" = i64, Path)),
    responses(
        (status = NO_CONTENT, description = "It is over"),
        (status = NOT_FOUND, body = ErrorBody, description = "`pause_not_found`"),
    ),
)]
#[tracing::instrument(skip_all)]
pub(super) async fn end_pause(
    State(app): State<App>,
    caller: Caller,
    PauseId(id): PauseId,
) -> Result<StatusCode, ApiError> {
    let mut tx = app.pool.begin().await?;
    let owner = user::hold(&mut tx, caller.user.id).await?.ok_or(ApiError::TokenUserNotFound)?;
    let pause = pause::lock(&mut tx, owner.id, id).await?.ok_or(ApiError::PauseNotFound)?;
    let today = owner.calendar().today(caller.now);
    if pause.to_date.is_some_and(|to| to < today) {
        // Over already: its days stay as they are.
        return Ok(StatusCode::NO_CONTENT);
    }
    if let Some(habit_id) = pause.habit_id {
        habit::lock(&mut tx, habit_id).await?;
    }
    pause::end(&mut tx, &pause, today - Days::new(1)).await?;
    follow(&mut tx, &pause, caller.now).await?;
    tx.commit().await?;
    Ok(StatusCode::NO_CONTENT)
}
