//! `POST /webhooks/{webhook_id}/rotate-secret`

use axum::extract::State;
use chrono::TimeDelta;
use store::webhook;
use wire::{error::ErrorBody, webhook::WebhookWithSecret};

use super::{message, new_secret, reply};
use crate::{
    App,
    error::ApiError,
    http::{Json, Session, WebhookId},
};

/// For as long the secret before signs along.
const OVERLAP: TimeDelta = TimeDelta::hours(24);

/// Give a webhook another secret
///
/// For 24 hours each message is signed with the new secret and with the one before, so that the receiver can change over.
/// A secret that was still signing along from an earlier rotation ends at once.
#[utoipa::path(
    post,
    path = "/webhooks/{webhook_id}/rotate-secret",
    tag = "webhooks",
    security(("session" = [])),
    params(("webhook_id" = i64, Path)),
    responses(
        (status = OK, body = WebhookWithSecret, description = "The webhook and its new secret"),
        (status = NOT_FOUND, body = ErrorBody, description = "`webhook_not_found`"),
    ),
)]
#[tracing::instrument(skip_all, fields(webhook_id = id))]
pub(super) async fn rotate_secret(
    State(app): State<App>,
    Session(caller): Session,
    WebhookId(id): WebhookId,
) -> Result<Json<WebhookWithSecret>, ApiError> {
    let (secret, now) = (new_secret(), caller.now);
    let mut conn = app.pool.acquire().await?;
    let webhook = webhook::rotate_secret(&mut conn, caller.user.id, id, &secret, now + OVERLAP, now).await?;
    let webhook = reply(webhook.ok_or(ApiError::WebhookNotFound)?);
    Ok(Json(WebhookWithSecret { webhook, secret: message::shown(&secret) }))
}
