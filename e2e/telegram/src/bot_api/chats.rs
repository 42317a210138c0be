//! Chats: who may be written to, actions, menu buttons.

use serde_json::{Value, json};

use super::{error::ApiError, request::Params};
use crate::{limits::Cost, objects, world::World};

const ACTIONS: [&str; 11] = [
    "typing",
    "upload_photo",
    "record_video",
    "upload_video",
    "record_voice",
    "upload_voice",
    "upload_document",
    "choose_sticker",
    "find_location",
    "record_video_note",
    "upload_video_note",
];

pub(crate) fn not_found() -> ApiError {
    ApiError::bad_request("chat not found")
}

/// The chat of the call, which must have begun: nobody can be written to who has never written.
pub(crate) fn known(world: &World, bot_id: i64, params: &Params) -> Result<i64, ApiError> {
    let Some(chat_id) = params.integer("chat_id") else {
        return Err(match params.value("chat_id") {
            Some(_) => not_found(), // The username of a channel.
            None => ApiError::violation("chat_id is empty"),
        });
    };
    let chat = world.chat(bot_id, chat_id).ok_or_else(not_found)?;
    match chat.migrated_to {
        Some(new_id) => Err(ApiError {
            parameters: Some(json!({ "migrate_to_chat_id": new_id })),
            ..ApiError::bad_request("group chat was upgraded to a supergroup chat")
        }),
        None => Ok(chat_id),
    }
}

/// A known chat whose person has neither blocked the bot nor left Telegram.
pub(crate) fn writable(world: &World, bot_id: i64, params: &Params) -> Result<i64, ApiError> {
    let chat_id = known(world, bot_id, params)?;
    if world.people.get(&chat_id).is_some_and(|person| person.deactivated) {
        return Err(ApiError::new(403, "Forbidden: user is deactivated"));
    }
    if world.chat(bot_id, chat_id).is_some_and(|chat| chat.blocked) {
        return Err(ApiError::new(403, "Forbidden: bot was blocked by the user"));
    }
    Ok(chat_id)
}

/// Takes the call out of the limits or answers 429.
pub(crate) fn admit(world: &mut World, bot_id: i64, chat_id: i64, cost: Cost) -> Result<(), ApiError> {
    let now_ms = world.clock.now_ms();
    let World { bots, limits, .. } = world;
    let bot = bots.get_mut(&bot_id).ok_or_else(ApiError::unauthorized)?;
    bot.admit(limits, chat_id, cost, now_ms).map_err(ApiError::too_many_requests)
}

pub(crate) fn get(world: &World, bot_id: i64, params: &Params) -> Result<Value, ApiError> {
    let chat_id = known(world, bot_id, params)?;
    world.chat(bot_id, chat_id).map(|chat| objects::full_chat(world, chat)).ok_or_else(not_found)
}

pub(crate) fn send_action(world: &mut World, bot_id: i64, params: &Params) -> Result<Value, ApiError> {
    let action = params.text("action").unwrap_or_default();
    if !ACTIONS.contains(&action) {
        return Err(ApiError::violation("wrong parameter action in request"));
    }
    let chat_id = writable(world, bot_id, params)?;
    let now_ms = world.clock.now_ms();
    if let Some(chat) = world.chat_mut(bot_id, chat_id) {
        chat.show_action(action, now_ms);
    }
    world.chat_changed(bot_id, chat_id);
    Ok(json!(true))
}

pub(crate) fn set_menu_button(world: &mut World, bot_id: i64, params: &Params) -> Result<Value, ApiError> {
    let button = params.value("menu_button").cloned();
    if params.value("chat_id").is_some() {
        let chat_id = known(world, bot_id, params)?;
        if let Some(chat) = world.chat_mut(bot_id, chat_id) {
            chat.menu_button = button;
        }
    } else if let Some(bot) = world.bots.get_mut(&bot_id) {
        bot.menu_button = button;
    }
    Ok(json!(true))
}

pub(crate) fn get_menu_button(world: &World, bot_id: i64, params: &Params) -> Result<Value, ApiError> {
    let of_chat = match params.value("chat_id") {
        Some(_) => world.chat(bot_id, known(world, bot_id, params)?).and_then(|chat| chat.menu_button.clone()),
        None => None,
    };
    let of_bot = || world.bots.get(&bot_id).and_then(|bot| bot.menu_button.clone());
    Ok(of_chat.or_else(of_bot).unwrap_or_else(|| json!({ "type": "commands" })))
}
