//! `PATCH /webhooks/{webhook_id}`

use axum::extract::State;
use store::webhook::{self, Webhook as Stored};
use wire::{
    error::ErrorBody,
    webhook::{Webhook, WebhookPatch},
};

use super::{names, reply, target};
use crate::{
    App,
    error::ApiError,
    http::{Json, Session, WebhookId},
};

/// Change a webhook
///
/// What is absent or null stays. Switched off, it is told nothing more, and what waits for it is cancelled; switched on
/// again, its failures are forgotten. What waits goes to a changed URL.
#[utoipa::path(
    patch,
    path = "/webhooks/{webhook_id}",
    tag = "webhooks",
    security(("session" = [])),
    params(("webhook_id" = i64, Path)),
    request_body = WebhookPatch,
    responses(
        (status = OK, body = Webhook, description = "The webhook after it"),
        (status = NOT_FOUND, body = ErrorBody, description = "`webhook_not_found`"),
        (status = UNPROCESSABLE_ENTITY, body = ErrorBody, description = "`private_address`"),
    ),
)]
#[tracing::instrument(skip_all, fields(webhook_id = id))]
pub(super) async fn update_webhook(
    State(app): State<App>,
    Session(caller): Session,
    WebhookId(id): WebhookId,
    Json(patch): Json<WebhookPatch>,
) -> Result<Json<Webhook>, ApiError> {
    let mut tx = app.pool.begin().await?;
    let before = webhook::lock(&mut tx, caller.user.id, id).await?.ok_or(ApiError::WebhookNotFound)?;
    let mut after = patched(&before, &patch, app.allow_private_webhooks)?;
    if after != before {
        after.updated_at = caller.now;
        webhook::update(&mut tx, &after).await?;
    }
    tx.commit().await?;
    Ok(Json(reply(after)))
}

fn patched(before: &Stored, patch: &WebhookPatch, allow_private: bool) -> Result<Stored, ApiError> {
    let mut after = before.clone();
    if let Some(url) = &patch.url {
        after.url = target::parse(url, allow_private)?.into();
    }
    if let Some(events) = &patch.events {
        after.events = names(events)?;
    }
    after.is_active = patch.is_active.unwrap_or(before.is_active);
    if after.url != before.url || (after.is_active && !before.is_active) {
        (after.failures, after.failing_since) = (0, None);
    }
    if after.is_active {
        after.disabled_reason = None;
    }
    Ok(after)
}
