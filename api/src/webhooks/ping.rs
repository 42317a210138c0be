//! `POST /webhooks/{webhook_id}/ping`

use axum::{extract::State, http::StatusCode};
use serde_json::json;
use store::webhook;
use wire::error::ErrorBody;

use crate::{
    App,
    error::ApiError,
    http::{Session, WebhookId},
};

/// Send a `ping` to a webhook
///
/// To try a receiver. What became of it is in the list of deliveries.
#[utoipa::path(
    post,
    path = "/webhooks/{webhook_id}/ping",
    tag = "webhooks",
    security(("session" = [])),
    params(("webhook_id" = i64, Path)),
    responses(
        (status = ACCEPTED, description = "It will be sent"),
        (status = NOT_FOUND, body = ErrorBody, description = "`webhook_not_found`"),
        (status = CONFLICT, body = ErrorBody, description = "`webhook_not_active`, `webhook_backlog_full`"),
    ),
)]
#[tracing::instrument(skip_all, fields(webhook_id = id))]
pub(super) async fn ping_webhook(
    State(app): State<App>,
    Session(caller): Session,
    WebhookId(id): WebhookId,
) -> Result<StatusCode, ApiError> {
    let mut conn = app.pool.acquire().await?;
    let webhook = webhook::by_id(&mut conn, caller.user.id, id).await?.ok_or(ApiError::WebhookNotFound)?;
    if !webhook.is_active {
        return Err(ApiError::WebhookNotActive);
    }
    let event = webhook::enqueue_for(&mut conn, id, "ping", &json!({}), caller.now).await?;
    event.map(|_| StatusCode::ACCEPTED).ok_or(ApiError::WebhookBacklogFull)
}
