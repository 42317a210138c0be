//! `DELETE /users/me/tokens/{token_id}`

use axum::{extract::State, http::StatusCode};
use store::api_token;
use wire::error::ErrorBody;

use crate::{
    App,
    error::{ApiError, TokenError},
    http::{Session, TokenId},
};

/// Revoke a token
///
/// It is no good from the next request on (401 `invalid_token`).
#[utoipa::path(
    delete,
    path = "/users/me/tokens/{token_id}",
    tag = "tokens",
    security(("session" = [])),
    params(("token_id" = i64, Path)),
    responses(
        (status = NO_CONTENT, description = "It is revoked"),
        (status = NOT_FOUND, body = ErrorBody, description = "`token_not_found`, another person's included"),
    ),
)]
#[tracing::instrument(skip_all, fields(token_id = id))]
pub(super) async fn revoke_token(
    State(app): State<App>,
    Session(caller): Session,
    TokenId(id): TokenId,
) -> Result<StatusCode, ApiError> {
    let mut conn = app.pool.acquire().await?;
    if !api_token::delete(&mut conn, caller.user.id, id).await? {
        return Err(TokenError::NotFound.into());
    }
    tracing::info!("a personal token was revoked");
    Ok(StatusCode::NO_CONTENT)
}
