//! `GET /webhooks`

use axum::extract::State;
use store::webhook;
use wire::webhook::Webhook;

use super::{MAX_WEBHOOKS, reply};
use crate::{
    App,
    error::ApiError,
    http::{Caller, Tagged},
};

/// The webhooks of the person, oldest first
#[utoipa::path(
    get,
    path = "/webhooks",
    tag = "webhooks",
    security(("token" = [])),
    responses(
        (status = OK, body = Vec<Webhook>, description = "All of them, without their secrets", headers(("ETag" = String))),
    ),
)]
#[tracing::instrument(skip_all)]
pub(super) async fn list_webhooks(State(app): State<App>, caller: Caller) -> Result<Tagged<Vec<Webhook>>, ApiError> {
    let mut conn = app.pool.acquire().await?;
    let webhooks = webhook::list(&mut conn, caller.user.id, MAX_WEBHOOKS).await?;
    Ok(Tagged(webhooks.into_iter().map(reply).collect()))
}
