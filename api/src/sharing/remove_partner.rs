//! `DELETE /habits/{habit_id}/partners/{user_id}`

use axum::{extract::State, http::StatusCode};
use store::sharing::partner;
use wire::error::ErrorBody;

use super::own_habit;
use crate::{
    App,
    error::{ApiError, SharingError},
    http::{BelowHabit, Caller},
};

/// Let somebody not see a habit any more
///
/// What that person showed in return ends as well.
#[utoipa::path(
    delete,
    path = "/habits/{habit_id}/partners/{user_id}",
    tag = "sharing",
    security(("token" = [])),
    params(("habit_id" = i64, Path), ("user_id" = i64, Path)),
    responses(
        (status = NO_CONTENT, description = "He does not see it any more"),
        (status = FORBIDDEN, body = ErrorBody, description = "`habit_access_forbidden`"),
        (status = NOT_FOUND, body = ErrorBody, description = "`habit_not_found`, `partner_not_found`"),
    ),
)]
#[tracing::instrument(skip_all, fields(habit_id = path.habit_id))]
pub(super) async fn remove_partner(
    State(app): State<App>,
    caller: Caller,
    path: BelowHabit,
) -> Result<StatusCode, ApiError> {
    let mut tx = app.pool.begin().await?;
    own_habit(&mut tx, caller.user.id, path.habit_id).await?;
    if !partner::remove(&mut tx, path.habit_id, path.id).await? {
        return Err(SharingError::PartnerNotFound.into());
    }
    tx.commit().await?;
    Ok(StatusCode::NO_CONTENT)
}
