//! Updates delivered to a bot: <https://core.telegram.org/bots/api#setwebhook>.

use std::{sync::Arc, time::Duration};

use serde_json::Value;
use tokio_util::sync::CancellationToken;

use crate::{shared::Shared, update::Update};

/// Where the updates of a bot go.
#[derive(Debug, Clone)]
pub(crate) struct Webhook {
    pub(crate) url: url::Url,
    pub(crate) secret_token: Option<String>,
    pub(crate) max_connections: i64,
    pub(crate) last_error: Option<(i64, String)>,
    /// Ends the delivery when the webhook is replaced or deleted.
    pub(crate) ended: CancellationToken,
}

const DELIVERY_TIMEOUT: Duration = Duration::from_secs(30);
const FIRST_RETRY: Duration = Duration::from_millis(200);
const LAST_RETRY: Duration = Duration::from_secs(10);

/// Delivers the updates of one bot in order, each until it is answered with 2xx, while the webhook lasts.
pub(crate) async fn deliver(shared: Arc<Shared>, bot_id: i64, webhook: Webhook) {
    let mut changed = shared.changed();
    let mut retry = FIRST_RETRY;
    while !webhook.ended.is_cancelled() {
        let Some(update) = next_update(&shared, bot_id) else {
            tokio::select! {
                _ = changed.changed() => continue,
                () = webhook.ended.cancelled() => return,
            }
        };
        let outcome = tokio::select! {
            outcome = post(&shared.http, &webhook, &update.body) => outcome,
            () = webhook.ended.cancelled() => return,
        };
        match outcome {
            Ok(()) => {
                confirm(&shared, bot_id, update.id);
                retry = FIRST_RETRY;
            }
            Err(reason) => {
                tracing::info!(bot_id, update_id = update.id, reason, "the webhook did not take an update");
                note_error(&shared, bot_id, reason);
                tokio::select! {
                    () = tokio::time::sleep(retry) => retry = (retry * 2).min(LAST_RETRY),
                    () = webhook.ended.cancelled() => return,
                }
            }
        }
    }
}

fn next_update(shared: &Shared, bot_id: i64) -> Option<Update> {
    shared.read(|world| world.bots.get(&bot_id)?.updates.front().cloned())
}

fn confirm(shared: &Shared, bot_id: i64, update_id: i64) {
    shared.write(|world| {
        if let Some(bot) = world.bots.get_mut(&bot_id) {
            bot.updates.confirm(update_id + 1);
        }
    });
}

fn note_error(shared: &Shared, bot_id: i64, reason: String) {
    shared.write(|world| {
        let now_ms = world.clock.now_ms();
        if let Some(webhook) = world.bots.get_mut(&bot_id).and_then(|bot| bot.webhook.as_mut()) {
            webhook.last_error = Some((now_ms, reason));
        }
    });
}

async fn post(http: &reqwest::Client, webhook: &Webhook, update: &Value) -> Result<(), String> {
    let mut request = http.post(webhook.url.clone()).timeout(DELIVERY_TIMEOUT).json(update);
    if let Some(secret) = &webhook.secret_token {
        request = request.header("X-Telegram-Bot-Api-Secret-Token", secret);
    }
    let response = request.send().await.map_err(|error| describe(&error))?;
    if response.status().is_success() {
        return Ok(());
    }
    Err(format!("Wrong response from the webhook: {}", response.status()))
}

fn describe(error: &reqwest::Error) -> String {
    if error.is_timeout() {
        "Read timeout expired".to_owned()
    } else if error.is_connect() {
        "Connection refused".to_owned()
    } else {
        error.to_string()
    }
}
