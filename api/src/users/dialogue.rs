//! `GET` and `PUT /users/me/dialogue`

use axum::{extract::State, http::StatusCode};
use store::dialogue;
use wire::dialogue::Dialogue;

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
    request_body = Dialogue,
    responses(
        (status = NO_CONTENT, description = "It is stored"),
    ),
)]
#[tracing::instrument(skip_all)]
pub(super) async fn set_dialogue(
    State(app): State<App>,
    Session(caller): Session,
    Json(dialogue): Json<Dialogue>,
) -> Result<StatusCode, ApiError> {
    let mut conn = app.pool.acquire().await?;
    match dialogue.state {
        Some(state) if state.to_string().len() > MAX_STATE_BYTES => {
            let message = format!("the state of a dialogue has at most {MAX_STATE_BYTES} bytes");
            return Err(ApiError::invalid_field("state", message));
        }
        Some(state) => dialogue::set(&mut conn, caller.user.id, &state, caller.now).await?,
        None => dialogue::close(&mut conn, caller.user.id).await?,
    }
    Ok(StatusCode::NO_CONTENT)
}
