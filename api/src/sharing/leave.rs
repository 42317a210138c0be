//! `DELETE /habits/{habit_id}/partners/me`

use axum::{extract::State, http::StatusCode};
use store::sharing::partner;
use wire::error::ErrorBody;

use crate::{
    App,
    error::{ApiError, SharingError},
    http::{Caller, HabitId},
};

/// See another person's habit no more
///
/// What the caller showed in return for it alone ends as well.
#[utoipa::path(
    delete,
    path = "/habits/{habit_id}/partners/me",
    tag = "sharing",
    security(("token" = [])),
    params(("habit_id" = i64, Path)),
    responses(
        (status = NO_CONTENT, description = "The caller does not see it any more"),
        (status = NOT_FOUND, body = ErrorBody, description = "`partner_not_found`: the caller does not see such a habit"),
    ),
)]
#[tracing::instrument(skip_all, fields(habit_id = id))]
pub(super) async fn leave(
    State(app): State<App>,
    caller: Caller,
    HabitId(id): HabitId,
) -> Result<StatusCode, ApiError> {
    let mut tx = app.pool.begin().await?;
    if !partner::remove(&mut tx, id, caller.user.id).await? {
        return Err(SharingError::PartnerNotFound.into());
    }
    tx.commit().await?;
    Ok(StatusCode::NO_CONTENT)
}
