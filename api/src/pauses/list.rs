//! `GET /pauses`

use axum::extract::State;
use store::pause;
use wire::pause::Pause;

use super::reply;
use crate::{
    App,
    error::ApiError,
    http::{Caller, Tagged},
};

/// The person's pauses that are not over
///
/// The earliest first.
#[utoipa::path(
    get,
    path = "/pauses",
    tag = "pauses",
    security(("token" = [])),
    responses(
        (status = OK, body = Vec<Pause>, description = "Pauses that go on or are to come, at most 500",
            headers(("ETag" = String))),
    ),
)]
#[tracing::instrument(skip_all)]
pub(super) async fn list_pauses(State(app): State<App>, caller: Caller) -> Result<Tagged<Vec<Pause>>, ApiError> {
    let mut conn = app.pool.acquire().await?;
    let today = caller.user.calendar().today(caller.now);
    let pauses = pause::list(&mut conn, caller.user.id, today).await?;
    Ok(Tagged(pauses.iter().map(reply).collect()))
}
