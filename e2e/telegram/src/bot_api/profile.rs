//! What a bot says of itself: getMe, name and descriptions per language.

use serde_json::{Value, json};

use super::{error::ApiError, request::Params};
use crate::{
    bot::ProfileField,
    objects::{self, put},
    shared::Event,
    world::World,
};

pub(crate) fn get_me(world: &World, bot_id: i64) -> Result<Value, ApiError> {
    let bot = world.bots.get(&bot_id).ok_or_else(ApiError::unauthorized)?;
    let mut me = objects::bot_user(bot);
    put(&mut me, "can_join_groups", Some(true));
    for absent in
        ["can_read_all_group_messages", "supports_inline_queries", "can_connect_to_business", "has_main_web_app"]
    {
        put(&mut me, absent, Some(false));
    }
    Ok(me)
}

/// The set and get methods of name, description and short description.
pub(crate) fn dispatch(world: &mut World, bot_id: i64, method: &str, params: &Params) -> Result<Value, ApiError> {
    match method {
        "setMyName" => set(world, bot_id, ProfileField::Name, params.text("name"), params),
        "getMyName" => get(world, bot_id, ProfileField::Name, "name", params),
        "setMyDescription" => set(world, bot_id, ProfileField::Description, params.text("description"), params),
        "getMyDescription" => get(world, bot_id, ProfileField::Description, "description", params),
        "setMyShortDescription" => {
            set(world, bot_id, ProfileField::ShortDescription, params.text("short_description"), params)
        }
        "getMyShortDescription" => get(world, bot_id, ProfileField::ShortDescription, "short_description", params),
        _ => Err(ApiError::not_found()),
    }
}

fn set(
    world: &mut World,
    bot_id: i64,
    field: ProfileField,
    text: Option<&str>,
    params: &Params,
) -> Result<Value, ApiError> {
    let language = params.text("language_code").unwrap_or_default().to_owned();
    let bot = world.bots.get_mut(&bot_id).ok_or_else(ApiError::unauthorized)?;
    match text.filter(|text| !text.is_empty()) {
        Some(text) => drop(bot.profile.insert((field, language), text.to_owned())),
        // The name without a language cannot be taken away.
        None if field == ProfileField::Name && language.is_empty() => {}
        None => drop(bot.profile.remove(&(field, language))),
    }
    world.events.push(Event::Bots);
    Ok(json!(true))
}

fn get(world: &World, bot_id: i64, field: ProfileField, name: &str, params: &Params) -> Result<Value, ApiError> {
    let bot = world.bots.get(&bot_id).ok_or_else(ApiError::unauthorized)?;
    Ok(json!({ name: bot.profile(field, params.text("language_code").unwrap_or_default()) }))
}
