//! Acting as a person.

use std::sync::Arc;

use axum::{
    Json,
    extract::{Path, Query, State},
    http::StatusCode,
    response::{IntoResponse as _, Response},
};
use serde_json::{Value, json};

use super::{BotQuery, BotView, NewGroup, WaitQuery};
use crate::{
    acts::{Pressed, Pressing, Sending, Sent},
    bot::{Bot, ProfileField},
    person::{NewPerson, Person},
    shared::Shared,
    world::Refusal,
};

type App = State<Arc<Shared>>;

/// `GET /control/bots`
pub(crate) async fn bots(State(shared): App) -> Json<Vec<BotView>> {
    Json(shared.read(|world| world.bots.values().map(|bot| describe(bot, "")).collect()))
}

pub(super) fn describe(bot: &Bot, language: &str) -> BotView {
    BotView {
        id: bot.id,
        username: bot.username.clone(),
        name: bot.profile(ProfileField::Name, language).to_owned(),
        waiting_updates: bot.updates.len(),
        dropped_updates: bot.updates.dropped,
        has_webhook: bot.webhook.is_some(),
    }
}

/// `GET /control/people`
pub(crate) async fn list(State(shared): App) -> Json<Vec<Person>> {
    Json(shared.read(|world| world.people.values().cloned().collect()))
}

/// `POST /control/people`
pub(crate) async fn create(State(shared): App, Json(new): Json<NewPerson>) -> Result<Json<Person>, Refusal> {
    shared.write(|world| world.create_person(new)).map(Json)
}

/// Where a person sends to; the private chat if absent.
#[derive(Debug, serde::Deserialize)]
pub(crate) struct ChatQuery {
    chat: Option<i64>,
}

/// `POST /control/people/{person}/send`
pub(crate) async fn send(
    State(shared): App,
    Path(person): Path<i64>,
    Query(bot): Query<BotQuery>,
    Query(to): Query<ChatQuery>,
    Json(sending): Json<Sending>,
) -> Result<Json<Sent>, Refusal> {
    let bot = bot.id(&shared)?;
    shared.write(|world| world.send_as(bot, person, to.chat, sending)).map(Json)
}

/// `POST /control/people/{person}/press`
pub(crate) async fn press(
    State(shared): App,
    Path(person): Path<i64>,
    Query(bot): Query<BotQuery>,
    Json(pressing): Json<Pressing>,
) -> Result<Json<Pressed>, Refusal> {
    let bot = bot.id(&shared)?;
    shared.write(|world| world.press_as(bot, person, &pressing)).map(Json)
}

/// `GET /control/presses/{callback_query_id}`: the answer to a press, waited for; 408 when none came in time.
pub(crate) async fn answer(
    State(shared): App,
    Path(id): Path<String>,
    Query(bot): Query<BotQuery>,
    Query(wait): Query<WaitQuery>,
) -> Result<Response, Refusal> {
    let bot = bot.id(&shared)?;
    let press = |world: &crate::world::World| world.bots.get(&bot)?.press(&id).cloned();
    if shared.read(press).is_none() {
        return Err(Refusal::NotFound(format!("no button was pressed under {id}")));
    }
    let found = shared.wait_for(wait.timeout(), |world| press(world)?.answer).await;
    Ok(match found {
        Some(answer) => Json(answer).into_response(),
        None => (StatusCode::REQUEST_TIMEOUT, Json(json!({ "error": "the bot has not answered the press" })))
            .into_response(),
    })
}

/// `POST /control/people/{person}/block`
pub(crate) async fn block(
    State(shared): App,
    Path(person): Path<i64>,
    Query(bot): Query<BotQuery>,
) -> Result<Json<Value>, Refusal> {
    set_blocked(&shared, person, bot, true)
}

/// `POST /control/people/{person}/unblock`
pub(crate) async fn unblock(
    State(shared): App,
    Path(person): Path<i64>,
    Query(bot): Query<BotQuery>,
) -> Result<Json<Value>, Refusal> {
    set_blocked(&shared, person, bot, false)
}

fn set_blocked(shared: &Shared, person: i64, bot: BotQuery, blocked: bool) -> Result<Json<Value>, Refusal> {
    let bot = bot.id(shared)?;
    let update_id = shared.write(|world| world.set_blocked(bot, person, blocked))?;
    Ok(Json(json!({ "update_id": update_id })))
}

/// `POST /control/people/{person}/deactivate`
pub(crate) async fn deactivate(State(shared): App, Path(person): Path<i64>) -> Result<Json<Value>, Refusal> {
    shared.write(|world| world.deactivate(person))?;
    Ok(Json(json!({})))
}

/// `POST /control/groups`
pub(crate) async fn create_group(
    State(shared): App,
    Query(bot): Query<BotQuery>,
    Json(group): Json<NewGroup>,
) -> Result<Json<Value>, Refusal> {
    let bot = bot.id(&shared)?;
    let chat_id = shared.write(|world| world.create_group(bot, &group.title, group.members))?;
    Ok(Json(json!({ "chat_id": chat_id })))
}

/// `POST /control/groups/{chat}/migrate`
pub(crate) async fn migrate_group(
    State(shared): App,
    Path(chat): Path<i64>,
    Query(bot): Query<BotQuery>,
) -> Result<Json<Value>, Refusal> {
    let bot = bot.id(&shared)?;
    let chat_id = shared.write(|world| world.migrate_group(bot, chat))?;
    Ok(Json(json!({ "chat_id": chat_id })))
}
