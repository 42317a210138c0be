//! `GET /webhooks/{webhook_id}`

use axum::extract::State;
use store::webhook;
use wire::{error::ErrorBody, webhook::Webhook};

use super::reply;
use crate::{
    App,
    error::ApiError,
    http::{Caller, Json, WebhookId},
};

/// One webhook
#[utoipa::path(
    get,
    path = "/webhooks/{webhook_id}",
    tag = "webhooks",
    security(("token" = [])),
    params(("webhook_id" = i64, Path)),
    responses(
        (status = OK, body = Webhook, description = "The webhook, without its secret"),
        (status = NOT_FOUND, body = ErrorBody, description = "`webhook_not_found`"),
    ),
)]
#[tracing::instrument(skip_all, fields(webhook_id = id))]
pub(super) async fn read_webhook(
    State(app): State<App>,
    caller: Caller,
    WebhookId(id): WebhookId,
) -> Result<Json<Webhook>, ApiError> {
    let mut conn = app.pool.acquire().await?;
    let webhook = webhook::by_id(&mut conn, caller.user.id, id).await?;
    Ok(Json(reply(webhook.ok_or(ApiError::WebhookNotFound)?)))
}
