//! Setting, deleting and describing a webhook.

use std::sync::Arc;

use serde_json::{Value, json};
use tokio_util::sync::CancellationToken;

use super::{error::ApiError, request::Params};
use crate::{
    objects::put,
    shared::Shared,
    webhook::{self, Webhook},
    world::World,
};

/// `setWebhook`; an empty address deletes the webhook. Unlike Telegram it takes `http` and any port: the bot runs beside it.
pub(crate) fn set(world: &mut World, bot_id: i64, params: &Params) -> Result<Value, ApiError> {
    let address = params.text("url").unwrap_or_default();
    if address.is_empty() {
        return delete(world, bot_id, params);
    }
    let url = url::Url::parse(address)
        .ok()
        .filter(|url| matches!(url.scheme(), "http" | "https"))
        .ok_or_else(|| ApiError::violation("bad webhook: invalid webhook URL specified"))?;
    let secret = params.text("secret_token");
    if secret.is_some_and(|secret| !secret.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"_-".contains(&byte))) {
        return Err(ApiError::violation("bad webhook: secret token contains unallowed characters"));
    }
    delete(world, bot_id, params)?;
    let bot = world.bots.get_mut(&bot_id).ok_or_else(ApiError::unauthorized)?;
    if let Some(kinds) = params.value("allowed_updates").and_then(Value::as_array) {
        bot.updates.allow(kinds.iter().filter_map(Value::as_str).map(str::to_owned).collect());
    }
    bot.webhook = Some(Webhook {
        url,
        secret_token: secret.map(str::to_owned),
        max_connections: params.integer("max_connections").unwrap_or(40),
        last_error: None,
        ended: CancellationToken::new(),
    });
    Ok(json!(true))
}

/// Starts the delivery to a webhook that was just set.
pub(crate) fn start(shared: &Arc<Shared>, bot_id: i64) {
    let Some(webhook) = shared.read(|world| world.bots.get(&bot_id)?.webhook.clone()) else { return };
    let ended = webhook.ended.clone();
    let delivery = webhook::deliver(Arc::clone(shared), bot_id, webhook);
    let shutdown = shared.shutdown.clone();
    shared.tasks.spawn(async move {
        tokio::select! {
            () = delivery => {}
            () = shutdown.cancelled() => ended.cancel(),
        }
    });
}

pub(crate) fn delete(world: &mut World, bot_id: i64, params: &Params) -> Result<Value, ApiError> {
    let bot = world.bots.get_mut(&bot_id).ok_or_else(ApiError::unauthorized)?;
    if let Some(webhook) = bot.webhook.take() {
        webhook.ended.cancel();
    }
    if params.flag("drop_pending_updates") {
        bot.updates.clear();
    }
    Ok(json!(true))
}

pub(crate) fn info(world: &World, bot_id: i64) -> Result<Value, ApiError> {
    let bot = world.bots.get(&bot_id).ok_or_else(ApiError::unauthorized)?;
    let url = bot.webhook.as_ref().map_or("", |webhook| webhook.url.as_str());
    let mut info = json!({ "url": url, "has_custom_certificate": false, "pending_update_count": bot.updates.len() });
    put(&mut info, "allowed_updates", bot.updates.allowed.as_ref());
    if let Some(webhook) = &bot.webhook {
        put(&mut info, "max_connections", Some(webhook.max_connections));
        put(&mut info, "last_error_date", webhook.last_error.as_ref().map(|(at_ms, _)| at_ms / 1_000));
        put(&mut info, "last_error_message", webhook.last_error.as_ref().map(|(_, reason)| reason));
    }
    Ok(info)
}
