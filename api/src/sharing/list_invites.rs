//! `GET /habits/{habit_id}/invites`

use axum::extract::State;
use store::sharing::invite;
use wire::{error::ErrorBody, sharing::Invite};

use super::{MAX_OPEN_INVITES, create_invite::reply, own_habit};
use crate::{
    App,
    error::ApiError,
    http::{Caller, HabitId, Tagged},
};

/// The invites to a habit that can still be accepted
///
/// Oldest first. Their codes are not known any more: an invite whose link is lost is taken back and made anew.
#[utoipa::path(
    get,
    path = "/habits/{habit_id}/invites",
    tag = "sharing",
    security(("token" = [])),
    params(("habit_id" = i64, Path)),
    responses(
        (status = OK, body = Vec<Invite>, description = "The open invites", headers(("ETag" = String))),
        (status = FORBIDDEN, body = ErrorBody, description = "`habit_access_forbidden`"),
        (status = NOT_FOUND, body = ErrorBody, description = "`habit_not_found`"),
    ),
)]
#[tracing::instrument(skip_all, fields(habit_id = id))]
pub(super) async fn list_invites(
    State(app): State<App>,
    caller: Caller,
    HabitId(id): HabitId,
) -> Result<Tagged<Vec<Invite>>, ApiError> {
    let mut conn = app.pool.acquire().await?;
    own_habit(&mut conn, caller.user.id, id).await?;
    let invites = invite::list_open(&mut conn, id, caller.now, MAX_OPEN_INVITES).await?;
    Ok(Tagged(invites.iter().map(reply).collect()))
}
