//! `GET /users/me/tokens`

use axum::extract::State;
use store::api_token;
use wire::api_token::ApiToken;

use super::reply;
use crate::{
    App,
    error::ApiError,
    http::{Session, Tagged},
};

/// The person's tokens
///
/// Oldest first, expired ones included; the tokens themselves are not known any more.
#[utoipa::path(
    get,
    path = "/users/me/tokens",
    tag = "tokens",
    security(("session" = [])),
    responses(
        (status = OK, body = Vec<ApiToken>, description = "At most 20 tokens", headers(("ETag" = String))),
    ),
)]
#[tracing::instrument(skip_all)]
pub(super) async fn list_tokens(
    State(app): State<App>,
    Session(caller): Session,
) -> Result<Tagged<Vec<ApiToken>>, ApiError> {
    let mut conn = app.pool.acquire().await?;
    let tokens = api_token::list(&mut conn, caller.user.id).await?;
    Ok(Tagged(tokens.into_iter().map(reply).collect()))
}
