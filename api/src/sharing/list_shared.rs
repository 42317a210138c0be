//! `GET /shared`

use axum::extract::State;
use wire::sharing::SharedHabit;

use super::shared_with;
use crate::{
    App,
    error::ApiError,
    http::{Caller, Tagged},
};

/// The habits of others that the caller sees
///
/// The longest shared first, at most 50. Today and the last days are those of each owner, in his zone.
#[utoipa::path(
    get,
    path = "/shared",
    tag = "sharing",
    security(("token" = [])),
    responses(
        (status = OK, body = Vec<SharedHabit>, description = "The habits", headers(("ETag" = String))),
    ),
)]
#[tracing::instrument(skip_all)]
pub(super) async fn list_shared(State(app): State<App>, caller: Caller) -> Result<Tagged<Vec<SharedHabit>>, ApiError> {
    let mut conn = app.pool.acquire().await?;
    Ok(Tagged(shared_with(&mut conn, caller.user.id, caller.now).await?))
}
