//! Sending and deleting messages.

use serde_json::{Value, json};

use super::{
    chats,
    error::ApiError,
    keyboard::{self, ReplyMarkup},
    media,
    request::Params,
    text::{self, Formatted},
};
use crate::{
    acts::written,
    chat::Chat,
    limits::Cost,
    message::{Author, Content, Message},
    objects,
    world::World,
};

/// How long a bot may delete a message: <https://core.telegram.org/bots/api#deletemessage>.
const DELETABLE_MS: i64 = 48 * 60 * 60 * 1_000;

pub(crate) fn send_message(world: &mut World, bot_id: i64, params: &Params) -> Result<Value, ApiError> {
    let text = text::text(params)?;
    send(world, bot_id, params, text, |_| Ok(Content::Text))
}

pub(crate) fn send_photo(world: &mut World, bot_id: i64, params: &Params) -> Result<Value, ApiError> {
    let caption = text::caption(params)?;
    let photo = media::photo(params)?;
    send(world, bot_id, params, caption, |world| photo.keep(world, bot_id))
}

pub(crate) fn send_document(world: &mut World, bot_id: i64, params: &Params) -> Result<Value, ApiError> {
    let caption = text::caption(params)?;
    let document = media::document(params)?;
    send(world, bot_id, params, caption, |world| document.keep(world, bot_id))
}

fn send(
    world: &mut World,
    bot_id: i64,
    params: &Params,
    text: Formatted,
    content: impl FnOnce(&mut World) -> Result<Content, ApiError>,
) -> Result<Value, ApiError> {
    let markup = keyboard::reply_markup(params)?;
    let chat_id = chats::writable(world, bot_id, params)?;
    let reply_to = answered(world, bot_id, chat_id, params)?;
    chats::admit(world, bot_id, chat_id, Cost::Message)?;
    let content = content(world)?;
    let now_ms = world.clock.now_ms();
    let bound = world.options.bounds.messages_per_chat;
    let bot = world.bots.get_mut(&bot_id).ok_or_else(ApiError::unauthorized)?;
    let message_id = bot.take_message_id();
    let chat = bot.chats.get_mut(&chat_id).ok_or_else(chats::not_found)?;
    let mut message = Message {
        html: text.html(),
        entities: text.entities,
        reply_to,
        silent: params.flag("disable_notification"),
        ..written(message_id, chat_id, Author::Bot, content, text.text, now_ms)
    };
    attach(chat, &mut message, markup);
    chat.push(message, bound);
    world.chat_changed(bot_id, chat_id);
    describe(world, bot_id, chat_id, message_id)
}

fn attach(chat: &mut Chat, message: &mut Message, markup: ReplyMarkup) {
    message.carried_reply_markup = !matches!(markup, ReplyMarkup::Absent | ReplyMarkup::Inline(_));
    match markup {
        ReplyMarkup::Inline(rows) => message.keyboard = rows,
        ReplyMarkup::Reply(keyboard) => chat.reply_keyboard = Some(keyboard),
        ReplyMarkup::Remove => chat.reply_keyboard = None,
        ReplyMarkup::Absent | ReplyMarkup::ForceReply => {}
    }
}

/// The message that `reply_parameters` names.
fn answered(world: &World, bot_id: i64, chat_id: i64, params: &Params) -> Result<Option<i64>, ApiError> {
    let Some(reply) = params.value("reply_parameters") else { return Ok(None) };
    let message_id = reply["message_id"].as_i64();
    let found = message_id.and_then(|id| world.chat(bot_id, chat_id)?.message(id)).map(|message| message.message_id);
    if found.is_none() && !reply["allow_sending_without_reply"].as_bool().unwrap_or(false) {
        return Err(ApiError::bad_request("message to be replied not found"));
    }
    Ok(found)
}

pub(crate) fn delete_message(world: &mut World, bot_id: i64, params: &Params) -> Result<Value, ApiError> {
    let chat_id = chats::known(world, bot_id, params)?;
    let now_ms = world.clock.now_ms();
    let chat = world.chat_mut(bot_id, chat_id).ok_or_else(chats::not_found)?;
    let message_id = params.integer("message_id").unwrap_or_default();
    let message = chat.message(message_id).ok_or_else(|| ApiError::bad_request("message to delete not found"))?;
    if message.sent_at_ms + DELETABLE_MS < now_ms {
        return Err(ApiError::bad_request("message can't be deleted for everyone"));
    }
    chat.remove(message_id);
    world.chat_changed(bot_id, chat_id);
    Ok(json!(true))
}

/// A message as the bot gets it.
pub(crate) fn describe(world: &World, bot_id: i64, chat_id: i64, message_id: i64) -> Result<Value, ApiError> {
    let bot = world.bots.get(&bot_id).ok_or_else(ApiError::unauthorized)?;
    let chat = bot.chats.get(&chat_id).ok_or_else(chats::not_found)?;
    let message = chat.message(message_id).ok_or_else(|| ApiError::bad_request("message not found"))?;
    Ok(objects::message(world, bot, chat, message))
}
