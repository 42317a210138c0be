//! `DELETE /webhooks/{webhook_id}`

use axum::{extract::State, http::StatusCode};
use store::webhook;
use wire::error::ErrorBody;

use crate::{
    App,
    error::ApiError,
    http::{Session, WebhookId},
};

/// Delete a webhook and what waits for it
#[utoipa::path(
    delete,
    path = "/webhooks/{webhook_id}",
    tag = "webhooks",
    security(("session" = [])),
    params(("webhook_id" = i64, Path)),
    responses(
        (status = NO_CONTENT, description = "It is gone"),
        (status = NOT_FOUND, body = ErrorBody, description = "`webhook_not_found`"),
    ),
)]
#[tracing::instrument(skip_all, fields(webhook_id = id))]
pub(super) async fn delete_webhook(
    State(app): State<App>,
    Session(caller): Session,
    WebhookId(id): WebhookId,
) -> Result<StatusCode, ApiError> {
    let mut conn = app.pool.acquire().await?;
    let is_deleted = webhook::delete(&mut conn, caller.user.id, id).await?;
    if is_deleted { Ok(StatusCode::NO_CONTENT) } else { Err(ApiError::WebhookNotFound) }
}
