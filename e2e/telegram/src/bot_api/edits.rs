//! Changing messages in place: <https://core.telegram.org/bots/api#updating-messages>.

use serde_json::Value;

use super::{
    chats,
    error::ApiError,
    keyboard::{self, ReplyMarkup},
    messages,
    request::Params,
    text::{self, Formatted},
};
use crate::{
    limits::Cost,
    message::{Author, Button, Content, Message, Version},
    world::World,
};

const NOT_MODIFIED: &str = "message is not modified: specified new message content and reply markup are exactly the same as a \
                            current content and reply markup of the message";

pub(crate) fn edit_text(world: &mut World, bot_id: i64, params: &Params) -> Result<Value, ApiError> {
    let text = text::text(params)?;
    edit(world, bot_id, params, Some(text), |message| {
        (message.content == Content::Text).then_some(()).ok_or("there is no text in the message to edit")
    })
}

pub(crate) fn edit_caption(world: &mut World, bot_id: i64, params: &Params) -> Result<Value, ApiError> {
    let caption = text::caption(params)?;
    edit(world, bot_id, params, Some(caption), |message| match message.content {
        Content::Photo { .. } | Content::Document { .. } => Ok(()),
        _ => Err("there is no caption in the message to edit"),
    })
}

pub(crate) fn edit_reply_markup(world: &mut World, bot_id: i64, params: &Params) -> Result<Value, ApiError> {
    edit(world, bot_id, params, None, |_| Ok(()))
}

/// Gives the message this text, or leaves its text, and this keyboard or none: an edit without markup removes the keyboard.
fn edit(
    world: &mut World,
    bot_id: i64,
    params: &Params,
    text: Option<Formatted>,
    fits: impl FnOnce(&Message) -> Result<(), &'static str>,
) -> Result<Value, ApiError> {
    let keyboard = match keyboard::reply_markup(params)? {
        ReplyMarkup::Inline(rows) => rows,
        ReplyMarkup::Absent => Vec::new(),
        _ => return Err(ApiError::violation("object expected as reply markup: an edit takes inline keyboards alone")),
    };
    let Some(message_id) = params.integer("message_id") else {
        return Err(ApiError::violation("message identifier is not specified"));
    };
    let chat_id = chats::writable(world, bot_id, params)?;
    let message = world
        .chat(bot_id, chat_id)
        .and_then(|chat| chat.message(message_id))
        .ok_or_else(|| ApiError::bad_request("message to edit not found"))?;
    if message.from != Author::Bot || message.carried_reply_markup {
        return Err(ApiError::bad_request("message can't be edited"));
    }
    fits(message).map_err(ApiError::bad_request)?;
    let text = text.unwrap_or_else(|| Formatted { text: message.text.clone(), entities: message.entities.clone() });
    if text.text == message.text && text.entities == message.entities && keyboard == message.keyboard {
        return Err(ApiError::bad_request(NOT_MODIFIED));
    }
    chats::admit(world, bot_id, chat_id, Cost::Edit)?;
    replace(world, bot_id, chat_id, message_id, text, keyboard);
    messages::describe(world, bot_id, chat_id, message_id)
}

fn replace(world: &mut World, bot_id: i64, chat_id: i64, message_id: i64, text: Formatted, keyboard: Vec<Vec<Button>>) {
    let now_ms = world.clock.now_ms();
    let bound = world.options.bounds.versions_per_message.max(1);
    let Some(message) = world.chat_mut(bot_id, chat_id).and_then(|chat| chat.message_mut(message_id)) else { return };
    if message.history.len() >= bound {
        message.history.remove(0);
    }
    let html = text.html();
    message.history.push(Version {
        text: std::mem::replace(&mut message.text, text.text),
        html: std::mem::replace(&mut message.html, html),
        keyboard: std::mem::replace(&mut message.keyboard, keyboard),
        replaced_at_ms: now_ms,
    });
    message.entities = text.entities;
    message.edited_at_ms = Some(now_ms);
    message.edits += 1;
    world.chat_changed(bot_id, chat_id);
}
