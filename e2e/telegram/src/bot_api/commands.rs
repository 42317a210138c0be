//! The slash menu: <https://core.telegram.org/bots/api#setmycommands>.

use serde_json::{Value, json};

use super::{error::ApiError, request::Params};
use crate::{
    bot::{Bot, CommandsKey},
    shared::Event,
    world::World,
};

pub(crate) fn set(world: &mut World, bot_id: i64, params: &Params) -> Result<Value, ApiError> {
    let commands: Vec<Value> = params.value("commands").and_then(Value::as_array).cloned().unwrap_or_default();
    for command in &commands {
        let name = command["command"].as_str().unwrap_or_default();
        let valid = name.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'_');
        if !valid {
            return Err(
                ApiError::bad_request("BOT_COMMAND_INVALID").violating(format!("\"{name}\" is no name of a command"))
            );
        }
    }
    let key = key(params)?;
    bot(world, bot_id)?.commands.insert(key, commands);
    world.events.push(Event::Bots);
    Ok(json!(true))
}

pub(crate) fn get(world: &mut World, bot_id: i64, params: &Params) -> Result<Value, ApiError> {
    let key = key(params)?;
    Ok(json!(bot(world, bot_id)?.commands.get(&key).cloned().unwrap_or_default()))
}

pub(crate) fn delete(world: &mut World, bot_id: i64, params: &Params) -> Result<Value, ApiError> {
    let key = key(params)?;
    bot(world, bot_id)?.commands.remove(&key);
    world.events.push(Event::Bots);
    Ok(json!(true))
}

fn bot(world: &mut World, bot_id: i64) -> Result<&mut Bot, ApiError> {
    world.bots.get_mut(&bot_id).ok_or_else(ApiError::unauthorized)
}

/// Scope and language of the call.
fn key(params: &Params) -> Result<CommandsKey, ApiError> {
    let language = params.text("language_code").unwrap_or_default();
    if !(language.is_empty() || language.len() == 2 && language.bytes().all(|byte| byte.is_ascii_lowercase())) {
        return Err(
            ApiError::bad_request("BOT_COMMAND_INVALID").violating(format!("\"{language}\" is no ISO 639-1 code"))
        );
    }
    let scope = match params.value("scope") {
        None => "default".to_owned(),
        Some(scope) => {
            let kind = scope["type"].as_str().unwrap_or_default();
            match kind {
                "default" | "all_private_chats" | "all_group_chats" | "all_chat_administrators" => kind.to_owned(),
                "chat" | "chat_administrators" => format!("{kind}:{}", scope["chat_id"]),
                "chat_member" => format!("{kind}:{}:{}", scope["chat_id"], scope["user_id"]),
                _ => return Err(ApiError::violation(&format!("unsupported BotCommandScope type \"{kind}\""))),
            }
        }
    };
    Ok((scope, language.to_owned()))
}
