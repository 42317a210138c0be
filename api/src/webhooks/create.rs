//! `POST /webhooks`

use axum::{extract::State, response::Response};
use store::{user, webhook};
use wire::{
    error::ErrorBody,
    webhook::{WebhookCreate, WebhookWithSecret},
};

use super::{MAX_WEBHOOKS, message, names, new_secret, reply, target};
use crate::{
    App,
    error::ApiError,
    http::{Idempotent, Session},
};

/// Create a webhook
///
/// At most 5 a person. The reply has the secret that signs what is sent; it is not shown again.
#[utoipa::path(
    post,
    path = "/webhooks",
    tag = "webhooks",
    security(("session" = [])),
    request_body = WebhookCreate,
    responses(
        (status = CREATED, body = WebhookWithSecret, description = "The new webhook and its secret"),
        (
            status = CONFLICT,
            body = ErrorBody,
            description = "`webhook_limit_reached`, `secret_was_told`",
            headers(("Idempotent-Replayed" = String)),
        ),
        (status = UNPROCESSABLE_ENTITY, body = ErrorBody, description = "`private_address`"),
    ),
)]
#[tracing::instrument(skip_all)]
pub(super) async fn create_webhook(
    State(app): State<App>,
    Session(caller): Session,
    Idempotent(request, key): Idempotent<WebhookCreate>,
) -> Result<Response, ApiError> {
    let url = target::parse(&request.url, app.allow_private_webhooks)?;
    let events = names(&request.events)?;
    let secret = new_secret();

    let mut tx = app.pool.begin().await?;
    // Locked, so that two requests at once count one after the other.
    let owner = user::lock(&mut tx, caller.user.id).await?.ok_or(ApiError::TokenUserNotFound)?;
    if let Some(replayed) = key.replay(&mut tx, owner.id, caller.now).await? {
        return Ok(replayed);
    }
    if webhook::count(&mut tx, owner.id).await? >= MAX_WEBHOOKS {
        return Err(ApiError::WebhookLimitReached { max: MAX_WEBHOOKS });
    }
    let webhook = webhook::insert(&mut tx, owner.id, url.as_str(), &events, &secret, caller.now).await?;
    let made = WebhookWithSecret { webhook: reply(webhook), secret: message::shown(&secret) };
    key.commit_secret(tx, owner.id, &made).await
}
