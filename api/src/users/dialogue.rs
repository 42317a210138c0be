//! `GET` and `PUT /users/me/dialogue`

use axum::{extract::State, http::StatusCode};
use store::dialogue;
use wire::{
    dialogue::{Dialogue, DialogueSet},
    error::ErrorBody,
};

use crate::{
    App,
    error::ApiError,
    http::{Json, Session},
};

const MAX_STATE_BYTES: usize = 16 * 1024;

/// Where the person's talk with the bot stands
#[utoipa::path(
    get,
    path = "/users/me/dialogue",
    tag = "users",
    security(("session" = [])),
    responses(
        (status = OK, body = Dialogue, description = "The state, or null"),
    ),
)]
pub(super) async fn read_dialogue(
    State(app): State<App>,
    Session(caller): Session,
) -> Result<Json<Dialogue>, ApiError> {
    let mut conn = app.pool.acquire().await?;
    let state = dialogue::get(&mut conn, caller.user.id).await?;
    Ok(Json(Dialogue { state }))
}

/// Store where the person's talk with the bot stands
///
/// The state is the bot's own, at most 16 KB as JSON. A state of null closes the dialogue.
#[utoipa::path(
    put,
    path = "/users/me/dialogue",
    tag = "users",
    security(("session" = [])),
    request_body = DialogueSet,
    responses(
        (status = NO_CONTENT, description = "It is stored"),
        (status = CONFLICT, body = ErrorBody, description = "`dialogue_changed`: it is not as expected any more"),
    ),
)]
#[tracing::instrument(skip_all)]
pub(super) async fn set_dialogue(
    State(app): State<App>,
    Session(caller): Session,
    Json(DialogueSet { state, expected }): Json<DialogueSet>,
) -> Result<StatusCode, ApiError> {
    if state.as_ref().is_some_and(|state| state.to_string().len() > MAX_STATE_BYTES) {
        let message = format!("the state of a dialogue has at most {MAX_STATE_BYTES} bytes");
        return Err(ApiError::invalid_field("state", message));
    }
    let mut conn = app.pool.acquire().await?;
    let user_id = caller.user.id;
    match (state, expected) {
        (state, Some(expected)) => {
            let is_as_expected =
                dialogue::replace(&mut conn, user_id, expected.as_ref(), state.as_ref(), caller.now).await?;
            if !is_as_expected {
                return Err(ApiError::DialogueChanged);
            }
        }
        (Some(state), None) => dialogue::set(&mut conn, user_id, &state, caller.now).await?,
        (None, None) => dialogue::close(&mut conn, user_id).await?,
    }
    Ok(StatusCode::NO_CONTENT)
}
