//! `/webhooks`: a person's own programs are told what happens to the habits.
//!
//! Handlers note an event in the transaction of what happened ([`event`]); [`Deliverer`] sends it, signed as Standard
//! Webhooks lays down (<https://www.standardwebhooks.com>).

use store::webhook::{Secret, Webhook as Stored};
use utoipa_axum::{router::OpenApiRouter, routes};
use wire::webhook::{DisabledReason, EventType, Webhook};

use crate::{App, error::ApiError};

mod address;
mod create;
mod delete;
mod deliver;
mod deliveries;
pub mod event;
mod list;
mod message;
mod metrics;
mod ping;
mod read;
mod rotate_secret;
mod send;
mod target;
mod update;

pub use deliver::{Deliverer, Pace};
pub use metrics::Metrics;

/// Webhooks of one person.
const MAX_WEBHOOKS: i64 = 5;
/// As long as the output of the hash, which is what RFC 2104, section 3, asks of a key.
const SECRET_BYTES: usize = 32;

pub(crate) fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(create::create_webhook, list::list_webhooks))
        .routes(routes!(read::read_webhook, update::update_webhook, delete::delete_webhook))
        .routes(routes!(rotate_secret::rotate_secret))
        .routes(routes!(deliveries::list_deliveries))
        .routes(routes!(ping::ping_webhook))
}

fn reply(webhook: Stored) -> Webhook {
    Webhook {
        id: webhook.id,
        url: webhook.url,
        events: EventType::ALL
            .into_iter()
            .filter(|event| webhook.events.iter().any(|name| name == event.as_str()))
            .collect(),
        is_active: webhook.is_active,
        failures: webhook.failures,
        failing_since: webhook.failing_since,
        disabled_reason: webhook.disabled_reason.as_deref().map(|reason| match reason {
            "gone" => DisabledReason::Gone,
            _ => DisabledReason::Failing,
        }),
        previous_secret_until: webhook.previous_secret_until,
        created_at: webhook.created_at,
        updated_at: webhook.updated_at,
    }
}

/// The names of these events, each once.
fn names(events: &[EventType]) -> Result<Vec<String>, ApiError> {
    let max = EventType::ALL.len();
    if events.is_empty() || events.len() > max {
        return Err(ApiError::invalid_field("events", format!("name 1 to {max} events")));
    }
    let asked = EventType::ALL.into_iter().filter(|event| events.contains(event));
    Ok(asked.map(|event| event.as_str().to_owned()).collect())
}

fn new_secret() -> Secret {
    Secret::new(rand::random::<[u8; SECRET_BYTES]>().to_vec())
}
