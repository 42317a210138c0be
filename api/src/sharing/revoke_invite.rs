//! `DELETE /habits/{habit_id}/invites/{invite_id}`

use axum::{extract::State, http::StatusCode};
use store::sharing::invite;
use wire::error::ErrorBody;

use super::own_habit;
use crate::{
    App,
    error::{ApiError, SharingError},
    http::{BelowHabit, Caller},
};

/// Take an invite back
///
/// Who accepted it before stays a partner.
#[utoipa::path(
    delete,
    path = "/habits/{habit_id}/invites/{invite_id}",
    tag = "sharing",
    security(("token" = [])),
    params(("habit_id" = i64, Path), ("invite_id" = i64, Path)),
    responses(
        (status = NO_CONTENT, description = "Nobody can accept it any more"),
        (status = FORBIDDEN, body = ErrorBody, description = "`habit_access_forbidden`"),
        (status = NOT_FOUND, body = ErrorBody, description = "`habit_not_found`, `invite_not_found`"),
    ),
)]
#[tracing::instrument(skip_all, fields(habit_id = path.habit_id))]
pub(super) async fn revoke_invite(
    State(app): State<App>,
    caller: Caller,
    path: BelowHabit,
) -> Result<StatusCode, ApiError> {
    let mut conn = app.pool.acquire().await?;
    own_habit(&mut conn, caller.user.id, path.habit_id).await?;
    if invite::delete(&mut conn, path.habit_id, path.id).await? {
        Ok(StatusCode::NO_CONTENT)
    } else {
        Err(SharingError::InviteNotFound.into())
    }
}
