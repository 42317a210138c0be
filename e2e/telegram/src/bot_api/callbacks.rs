//! Answers to pressed buttons: <https://core.telegram.org/bots/api#answercallbackquery>.

use serde_json::{Value, json};

use super::{error::ApiError, request::Params};
use crate::{
    bot::{CallbackAnswer, PRESS_LIFE_MS},
    world::World,
};

pub(crate) fn answer(world: &mut World, bot_id: i64, params: &Params) -> Result<Value, ApiError> {
    let now_ms = world.clock.now_ms();
    let id = params.text("callback_query_id").unwrap_or_default();
    let press = world
        .bots
        .get_mut(&bot_id)
        .and_then(|bot| bot.press_mut(id))
        .filter(|press| now_ms - press.pressed_at_ms <= PRESS_LIFE_MS)
        .ok_or_else(|| ApiError::bad_request("query is too old and response timeout expired or query ID is invalid"))?;
    press.answer = Some(CallbackAnswer {
        text: params.text("text").filter(|text| !text.is_empty()).map(str::to_owned),
        show_alert: params.flag("show_alert"),
        url: params.text("url").map(str::to_owned),
    });
    let chat_id = press.chat_id;
    world.chat_changed(bot_id, chat_id);
    Ok(json!(true))
}
