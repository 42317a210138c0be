//! `GET /habits/{habit_id}/partners`

use std::collections::HashMap;

use axum::extract::State;
use store::sharing::partner;
use wire::{error::ErrorBody, sharing::Partner};

use super::{MAX_PARTNERS, own_habit, shared_with};
use crate::{
    App,
    error::ApiError,
    http::{Caller, HabitId, Tagged},
};

/// Who sees a habit
///
/// The longest first, each with the habit that he shows in return.
#[utoipa::path(
    get,
    path = "/habits/{habit_id}/partners",
    tag = "sharing",
    security(("token" = [])),
    params(("habit_id" = i64, Path)),
    responses(
        (status = OK, body = Vec<Partner>, description = "At most 10 people", headers(("ETag" = String))),
        (status = FORBIDDEN, body = ErrorBody, description = "`habit_access_forbidden`"),
        (status = NOT_FOUND, body = ErrorBody, description = "`habit_not_found`"),
    ),
)]
#[tracing::instrument(skip_all, fields(habit_id = id))]
pub(super) async fn list_partners(
    State(app): State<App>,
    caller: Caller,
    HabitId(id): HabitId,
) -> Result<Tagged<Vec<Partner>>, ApiError> {
    let mut conn = app.pool.acquire().await?;
    own_habit(&mut conn, caller.user.id, id).await?;
    let partners = partner::list(&mut conn, id, MAX_PARTNERS).await?;
    let seen = shared_with(&mut conn, caller.user.id, caller.now).await?;
    let mut seen: HashMap<i64, _> = seen.into_iter().map(|habit| (habit.habit_id, habit)).collect();
    let reply = partners.into_iter().map(|partner| Partner {
        user_id: partner.user_id,
        first_name: partner.first_name,
        since: partner.since,
        habit: partner.own_habit_id.and_then(|own| seen.remove(&own)),
    });
    Ok(Tagged(reply.collect()))
}
