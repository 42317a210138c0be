//! `DELETE /habits/{habit_id}`

use axum::{extract::State, http::StatusCode};
use store::habit;
use wire::error::ErrorBody;

use crate::{
    App,
    error::ApiError,
    http::{Caller, HabitId},
};

/// Delete a habit and what was done of it
#[utoipa::path(
    delete,
    path = "/habits/{habit_id}",
    tag = "habits",
    security(("token" = [])),
    params(("habit_id" = i64, Path)),
    responses(
        (status = NO_CONTENT, description = "It is gone"),
        (status = UNAUTHORIZED, body = ErrorBody, description = "The token is missing or no good: see GET /users/me"),
        (status = FORBIDDEN, body = ErrorBody, description = "`habit_access_forbidden`"),
        (status = NOT_FOUND, body = ErrorBody, description = "`habit_not_found`"),
        (status = UNPROCESSABLE_ENTITY, body = ErrorBody, description = "`validation_error`"),
    ),
)]
#[tracing::instrument(skip_all, fields(habit_id = id))]
pub(super) async fn delete_habit(
    State(app): State<App>,
    caller: Caller,
    HabitId(id): HabitId,
) -> Result<StatusCode, ApiError> {
    let mut conn = app.pool.acquire().await?;
    let habit = habit::by_id(&mut conn, id).await?.ok_or(ApiError::HabitNotFound)?;
    if habit.user_id != caller.user.id {
        return Err(ApiError::HabitAccessForbidden);
    }
    if habit::delete(&mut conn, id).await? { Ok(StatusCode::NO_CONTENT) } else { Err(ApiError::HabitNotFound) }
}
