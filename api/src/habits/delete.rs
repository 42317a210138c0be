//! `DELETE /habits/{habit_id}`

use axum::{extract::State, http::StatusCode};
use store::{habit, sharing::partner};
use wire::{error::ErrorBody, webhook::EventType};

use crate::{
    App,
    error::ApiError,
    http::{Caller, HabitId},
    webhooks::event,
};

/// Delete a habit and what was done of it
///
/// Whoever saw it sees it no more, and what he showed in return is shown no more either.
#[utoipa::path(
    delete,
    path = "/habits/{habit_id}",
    tag = "habits",
    security(("token" = [])),
    params(("habit_id" = i64, Path)),
    responses(
        (status = NO_CONTENT, description = "It is gone"),
        (status = FORBIDDEN, body = ErrorBody, description = "`habit_access_forbidden`"),
        (status = NOT_FOUND, body = ErrorBody, description = "`habit_not_found`"),
    ),
)]
#[tracing::instrument(skip_all, fields(habit_id = id))]
pub(super) async fn delete_habit(
    State(app): State<App>,
    caller: Caller,
    HabitId(id): HabitId,
) -> Result<StatusCode, ApiError> {
    let mut tx = app.pool.begin().await?;
    let habit = habit::by_id(&mut tx, id).await?.ok_or(ApiError::HabitNotFound)?;
    if habit.user_id != caller.user.id {
        return Err(ApiError::HabitAccessForbidden);
    }
    partner::remove_all(&mut tx, id).await?;
    if !habit::delete(&mut tx, id).await? {
        return Err(ApiError::HabitNotFound);
    }
    event::habit(&mut tx, EventType::HabitDeleted, &habit, caller.now).await?;
    tx.commit().await?;
    Ok(StatusCode::NO_CONTENT)
}
