//! `GET /webhooks/{webhook_id}/deliveries`

use axum::extract::State;
use store::webhook::{self, Delivery};
use wire::{
    error::ErrorBody,
    webhook::{DeliveryState, WebhookDelivery},
};

use crate::{
    App,
    error::ApiError,
    http::{Caller, Query, Tagged, WebhookId},
};

const MAX_PAGE: i64 = 200;
const PAGE: i64 = 50;

/// What became of the last events of a webhook
///
/// Newest first, of the last 7 days. For the next page give the id of the last one as `before`.
#[utoipa::path(
    get,
    path = "/webhooks/{webhook_id}/deliveries",
    tag = "webhooks",
    security(("token" = [])),
    params(
        ("webhook_id" = i64, Path),
        ("before" = Option<i64>, Query, minimum = 1, description = "Only deliveries before the one with this id"),
        ("limit" = Option<i64>, Query, minimum = 1, maximum = 200, description = "How many; 50 unless given"),
    ),
    responses(
        (status = OK, body = Vec<WebhookDelivery>, description = "The deliveries", headers(("ETag" = String))),
        (status = NOT_FOUND, body = ErrorBody, description = "`webhook_not_found`"),
    ),
)]
#[tracing::instrument(skip_all, fields(webhook_id = id))]
pub(super) async fn list_deliveries(
    State(app): State<App>,
    caller: Caller,
    WebhookId(id): WebhookId,
    query: Query,
) -> Result<Tagged<Vec<WebhookDelivery>>, ApiError> {
    let before = query.number("before", 1..=i64::MAX, i64::MAX)?;
    let limit = query.number("limit", 1..=MAX_PAGE, PAGE)?;
    let mut conn = app.pool.acquire().await?;
    let webhook = webhook::by_id(&mut conn, caller.user.id, id).await?.ok_or(ApiError::WebhookNotFound)?;
    let deliveries = webhook::deliveries(&mut conn, webhook.id, before, limit).await?;
    Ok(Tagged(deliveries.into_iter().map(reply).collect()))
}

fn reply(delivery: Delivery) -> WebhookDelivery {
    WebhookDelivery {
        id: delivery.id,
        event_id: delivery.event_id.to_string(),
        event_type: delivery.event_type,
        state: match delivery.state.as_str() {
            "due" => DeliveryState::Due,
            "delivered" => DeliveryState::Delivered,
            "cancelled" => DeliveryState::Cancelled,
            _ => DeliveryState::Failed,
        },
        attempts: delivery.attempts,
        next_attempt_at: delivery.next_attempt_at,
        last_status: delivery.last_status,
        last_error: delivery.last_error,
        created_at: delivery.created_at,
    }
}
