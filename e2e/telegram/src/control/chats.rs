//! Looking at chats and waiting for messages.

use std::sync::Arc;

use axum::{
    Json,
    extract::{Path, Query, State},
    http::{StatusCode, header},
    response::{IntoResponse as _, Response},
};
use serde_json::json;

use super::{BotQuery, ChatView, Condition, MenuCommand, WaitQuery, people};
use crate::{
    bot::{Bot, ProfileField},
    message::Message,
    shared::Shared,
    world::{Refusal, World},
};

/// Messages that a wait in vain shows.
const SHOWN_AFTER_TIMEOUT: usize = 20;

type App = State<Arc<Shared>>;

/// `GET /control/chats/{chat}`
pub(crate) async fn view(
    State(shared): App,
    Path(chat): Path<i64>,
    Query(bot): Query<BotQuery>,
) -> Result<Json<ChatView>, Refusal> {
    shared.read(|world| {
        let bot = world.bot(bot.bot)?;
        Ok(Json(describe(world, bot, chat)))
    })
}

fn describe(world: &World, bot: &Bot, chat_id: i64) -> ChatView {
    let language = world.people.get(&chat_id).and_then(|person| person.language_code.as_deref()).unwrap_or_default();
    let language = language.split('-').next().unwrap_or_default();
    let chat = bot.chats.get(&chat_id);
    let commands = bot.commands_for(chat_id, language);
    ChatView {
        bot: people::describe(bot, language),
        description: bot.profile(ProfileField::Description, language).to_owned(),
        messages: chat.map(|chat| chat.messages().cloned().collect()).unwrap_or_default(),
        reply_keyboard: chat.and_then(|chat| chat.reply_keyboard.clone()),
        commands: commands
            .iter()
            .filter_map(|command| serde_json::from_value::<MenuCommand>(command.clone()).ok())
            .collect(),
        action: chat.and_then(|chat| chat.action(world.clock.now_ms())).map(str::to_owned),
        blocked: chat.is_some_and(|chat| chat.blocked),
    }
}

/// `GET /control/chats/{chat}/messages`
pub(crate) async fn messages(
    State(shared): App,
    Path(chat): Path<i64>,
    Query(bot): Query<BotQuery>,
) -> Result<Json<Vec<Message>>, Refusal> {
    shared.read(|world| {
        let bot = world.bot(bot.bot)?;
        Ok(Json(bot.chats.get(&chat).map(|chat| chat.messages().cloned().collect()).unwrap_or_default()))
    })
}

/// `POST /control/chats/{chat}/wait`: the messages that fulfil the condition, or 408 with what the chat holds.
pub(crate) async fn wait(
    State(shared): App,
    Path(chat): Path<i64>,
    Query(bot): Query<BotQuery>,
    Query(wait): Query<WaitQuery>,
    Json(condition): Json<Condition>,
) -> Result<Response, Refusal> {
    let bot = bot.id(&shared)?;
    let found = shared.wait_for(wait.timeout(), |world| fulfilled(world, bot, chat, &condition)).await;
    Ok(match found {
        Some(messages) => Json(messages).into_response(),
        None => (StatusCode::REQUEST_TIMEOUT, Json(shared.read(|world| in_vain(world, bot, chat)))).into_response(),
    })
}

fn fulfilled(world: &World, bot: i64, chat: i64, condition: &Condition) -> Option<Vec<Message>> {
    let chat = world.chat(bot, chat)?;
    let messages: Vec<Message> = chat.messages().filter(|message| condition.holds_for(message)).cloned().collect();
    (messages.len() >= condition.count.max(1)).then_some(messages)
}

fn in_vain(world: &World, bot: i64, chat: i64) -> serde_json::Value {
    let messages: Vec<&Message> = world
        .chat(bot, chat)
        .map(|chat| chat.messages().skip(chat.messages().len().saturating_sub(SHOWN_AFTER_TIMEOUT)).collect())
        .unwrap_or_default();
    json!({ "error": "no such message came in time", "messages": messages })
}

/// `GET /control/files/{file}`
pub(crate) async fn file(
    State(shared): App,
    Path(file): Path<String>,
    Query(bot): Query<BotQuery>,
) -> Result<Response, Refusal> {
    shared.read(|world| {
        let bot = world.bot(bot.bot)?;
        let file = bot.files.get(&file).ok_or_else(|| Refusal::NotFound(format!("no file {file}")))?;
        Ok(([(header::CONTENT_TYPE, file.mime_type.clone())], file.bytes.clone()).into_response())
    })
}
