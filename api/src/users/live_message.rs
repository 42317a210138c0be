//! `PUT /users/me/live-message`

use axum::extract::State;
use store::live_message;
use wire::live_message::{LiveMessage, LiveMessageReplaced};

use crate::{
    App,
    error::ApiError,
    http::{Json, Session},
};

/// Note the message that shows the bot's screen
///
/// For the bot, which keeps one such message in a person's chat and takes the one before away.
#[utoipa::path(
    put,
    path = "/users/me/live-message",
    tag = "users",
    security(("session" = [])),
    request_body = LiveMessage,
    responses(
        (status = OK, body = LiveMessageReplaced, description = "The message that showed it before"),
    ),
)]
#[tracing::instrument(skip_all)]
pub(super) async fn set_live_message(
    State(app): State<App>,
    Session(caller): Session,
    Json(LiveMessage { message_id }): Json<LiveMessage>,
) -> Result<Json<LiveMessageReplaced>, ApiError> {
    if message_id <= 0 {
        return Err(ApiError::invalid_field("message_id", "message_id has to be above 0"));
    }
    let mut conn = app.pool.acquire().await?;
    let previous_message_id = live_message::replace(&mut conn, caller.user.id, message_id, caller.now).await?;
    Ok(Json(LiveMessageReplaced { previous_message_id }))
}
