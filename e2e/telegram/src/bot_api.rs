//! The Bot API over HTTP: <https://core.telegram.org/bots/api#making-requests>.

mod callbacks;
mod chats;
mod commands;
mod edits;
mod error;
mod keyboard;
mod media;
mod messages;
mod polling;
mod profile;
mod request;
mod text;
mod webhooks;

use std::{sync::Arc, time::Duration};

use axum::{
    Json,
    body::Body,
    extract::{Request, State},
    http::{StatusCode, header},
    response::{IntoResponse as _, Response},
};
use serde_json::{Value, json};

use crate::{calls::Call, faults::Effect, schema, shared::Shared, world, world::World};
use error::ApiError;
use request::Params;

/// Longest hang or delay of a fault.
const MAX_FAULT: Duration = Duration::from_mins(10);

/// Answers `/bot<token>/<method>` and `/file/bot<token>/<path>`; everything else is not found.
pub(crate) async fn serve(State(shared): State<Arc<Shared>>, request: Request) -> Response {
    let path = request.uri().path().to_owned();
    if let Some((token, file_path)) = path.strip_prefix("/file/bot").and_then(|rest| rest.split_once('/')) {
        return media::serve_file(&shared, token, file_path);
    }
    match path.strip_prefix("/bot").and_then(|rest| rest.split_once('/')) {
        Some((token, method)) => call(shared, token.to_owned(), method, request).await,
        None => ApiError::not_found().into_response(),
    }
}

/// A call on its way through authorization, faults, the check of its parameters, its effect and the log.
async fn call(shared: Arc<Shared>, token: String, method: &str, request: Request) -> Response {
    let started_ms = shared.read(|world| world.clock.now_ms());
    let refuse = |bot_id, method: &str, error: ApiError| {
        let record = Record::new(bot_id, method, started_ms, Value::Null);
        shared.write(|world| world.log.push(record.finished(Some(&Err(error.clone())), false, None, world)));
        error.into_response()
    };
    let Some(bot_id) = shared.write(|world| world.bot_of_token(&token)) else {
        let well_formed = world::bot_id(&token).is_some();
        return refuse(None, method, if well_formed { ApiError::unauthorized() } else { ApiError::not_found() });
    };
    let Some(method) = schema::method_name(method) else {
        let unknown = format!("the simulator does not know the method {method}");
        return refuse(Some(bot_id), method, ApiError::not_found().violating(unknown));
    };
    match request::read(request).await {
        Ok(params) => carry_out(shared, bot_id, method, started_ms, params).await,
        Err(error) => refuse(Some(bot_id), method, error),
    }
}

async fn carry_out(
    shared: Arc<Shared>,
    bot_id: i64,
    method: &'static str,
    started_ms: i64,
    mut params: Params,
) -> Response {
    let mistakes = params.check(method);
    let record = Record::new(Some(bot_id), method, started_ms, params.describe());
    let chat_id = params.integer("chat_id");
    let fault = shared.write(|world| world.faults.strike(method, chat_id));
    let accepted = fault.as_ref().is_none_or(Effect::is_accepted);
    let answer = match (mistakes.is_empty(), accepted) {
        (_, false) => None,
        (false, true) => Some(Err(ApiError::mistakes(&mistakes))),
        (true, true) if method == "getUpdates" => Some(polling::get_updates(&shared, bot_id, &params).await),
        (true, true) => Some(apply(&shared, bot_id, method, &params)),
    };
    let (answer, lost) = match (&fault, answer) {
        (Some(effect), None) => (effect.error(), effect.error().is_none()),
        (Some(Effect::Hang { .. } | Effect::Drop { .. }), answer) => (answer, true),
        (_, answer) => (answer, false),
    };
    shared.write(|world| world.log.push(record.finished(answer.as_ref(), lost, fault.as_ref(), world)));
    if let Some(late) = fault.as_ref().and_then(Effect::lateness) {
        tokio::select! {
            () = tokio::time::sleep(late) => {}
            () = shared.shutdown.cancelled() => {}
        }
    }
    match answer {
        Some(answer) if !lost => answer.map_or_else(ApiError::into_response, |result| {
            Json(json!({ "ok": true, "result": result })).into_response()
        }),
        _ => broken_connection(),
    }
}

/// Runs a method under the lock: it happens wholly or not at all.
fn apply(shared: &Arc<Shared>, bot_id: i64, method: &str, params: &Params) -> Result<Value, ApiError> {
    let result = shared.write(|world| dispatch(world, bot_id, method, params));
    if method == "setWebhook" && result.is_ok() {
        webhooks::start(shared, bot_id);
    }
    result
}

fn dispatch(world: &mut World, bot_id: i64, method: &str, params: &Params) -> Result<Value, ApiError> {
    match method {
        "getMe" => profile::get_me(world, bot_id),
        "setWebhook" => webhooks::set(world, bot_id, params),
        "deleteWebhook" => webhooks::delete(world, bot_id, params),
        "getWebhookInfo" => webhooks::info(world, bot_id),
        "sendMessage" => messages::send_message(world, bot_id, params),
        "sendPhoto" => messages::send_photo(world, bot_id, params),
        "sendDocument" => messages::send_document(world, bot_id, params),
        "editMessageText" => edits::edit_text(world, bot_id, params),
        "editMessageCaption" => edits::edit_caption(world, bot_id, params),
        "editMessageReplyMarkup" => edits::edit_reply_markup(world, bot_id, params),
        "deleteMessage" => messages::delete_message(world, bot_id, params),
        "answerCallbackQuery" => callbacks::answer(world, bot_id, params),
        "sendChatAction" => chats::send_action(world, bot_id, params),
        "getChat" => chats::get(world, bot_id, params),
        "setChatMenuButton" => chats::set_menu_button(world, bot_id, params),
        "getChatMenuButton" => chats::get_menu_button(world, bot_id, params),
        "getFile" => media::get_file(world, bot_id, params),
        "setMyCommands" => commands::set(world, bot_id, params),
        "getMyCommands" => commands::get(world, bot_id, params),
        "deleteMyCommands" => commands::delete(world, bot_id, params),
        _ => profile::dispatch(world, bot_id, method, params),
    }
}

impl Effect {
    /// What the caller is told in place of the call's effect; `None` = nothing at all.
    fn error(&self) -> Option<Result<Value, ApiError>> {
        Some(Err(match self {
            Self::TooManyRequests { retry_after_s } => ApiError::too_many_requests(i64::from(*retry_after_s)),
            Self::ServerError { status } => ApiError::new(*status, "Internal Server Error"),
            Self::Error { code, description } => ApiError::new(*code, description),
            Self::Hang { .. } | Self::Drop { .. } | Self::Delay { .. } => return None,
        }))
    }

    fn lateness(&self) -> Option<Duration> {
        let late = match self {
            Self::Hang { seconds, .. } => Duration::from_secs(u64::from(*seconds)),
            Self::Delay { ms } => Duration::from_millis(u64::from(*ms)),
            _ => return None,
        };
        Some(late.min(MAX_FAULT))
    }

    fn name(&self) -> &'static str {
        match self {
            Self::TooManyRequests { .. } => "too_many_requests",
            Self::ServerError { .. } => "server_error",
            Self::Error { .. } => "error",
            Self::Hang { .. } => "hang",
            Self::Drop { .. } => "drop",
            Self::Delay { .. } => "delay",
        }
    }
}

/// A body that fails before its first byte: the server closes the connection and has sent nothing, not even a status.
fn broken_connection() -> Response {
    let failure = futures::stream::once(async {
        Err::<axum::body::Bytes, _>(std::io::Error::other("a fault ends the connection"))
    });
    (StatusCode::OK, [(header::CONTENT_LENGTH, "1")], Body::from_stream(failure)).into_response()
}

/// A line of the log while its call goes on.
struct Record(Call);

impl Record {
    fn new(bot_id: Option<i64>, method: &str, at_ms: i64, params: Value) -> Self {
        Self(Call {
            number: 0,
            bot_id,
            method: method.to_owned(),
            chat_id: params.get("chat_id").and_then(Value::as_i64),
            params,
            status: 0,
            result: None,
            error: None,
            violations: Vec::new(),
            fault: None,
            at_ms,
            took_ms: 0,
        })
    }

    fn finished(
        self,
        answer: Option<&Result<Value, ApiError>>,
        lost: bool,
        fault: Option<&Effect>,
        world: &World,
    ) -> Call {
        let mut call = self.0;
        call.took_ms = world.clock.now_ms() - call.at_ms;
        call.fault = fault.map(|effect| effect.name().to_owned());
        match answer {
            Some(Ok(result)) => {
                call.status = 200;
                call.result = Some(brief(result));
            }
            Some(Err(error)) => {
                call.status = error.code;
                call.error = Some(error.description.clone());
                call.violations.clone_from(&error.violations);
            }
            None => {}
        }
        if lost {
            call.status = 0;
        }
        call
    }
}

/// A list of updates as their ids, which keeps the log small; any other result as it is.
fn brief(result: &Value) -> Value {
    match result.as_array() {
        Some(updates) if updates.iter().any(|update| update.get("update_id").is_some()) => {
            updates.iter().map(|update| update["update_id"].clone()).collect()
        }
        _ => result.clone(),
    }
}
