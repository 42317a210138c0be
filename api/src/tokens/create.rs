//! `POST /users/me/tokens`

use axum::{extract::State, response::Response};
use chrono::{DateTime, Datelike as _, Utc};
use secrecy::ExposeSecret as _;
use store::{
    api_token::{self, MAX_TOKENS, NewApiToken, Scope},
    user,
};
use wire::{
    api_token::{ApiTokenCreate, ApiTokenCreated, TokenScope},
    error::ErrorBody,
};

use super::reply;
use crate::{
    App,
    error::{ApiError, TokenError},
    http::{Idempotent, Session},
    keys::personal_token,
    text,
};

/// Make a token for a program of one's own
///
/// It stands in `Authorization: Bearer` in place of the bot's. A token of scope `read` answers to GET and HEAD alone
/// (403 `token_read_only`), and none makes or revokes tokens or deletes the account (403 `session_required`). The token
/// is told this once. A person has at most 20.
#[utoipa::path(
    post,
    path = "/users/me/tokens",
    tag = "tokens",
    security(("session" = [])),
    request_body = ApiTokenCreate,
    responses(
        (status = CREATED, body = ApiTokenCreated, description = "The token"),
        (
            status = CONFLICT,
            body = ErrorBody,
            description = "`too_many_tokens`, `secret_was_told`",
            headers(("Idempotent-Replayed" = String)),
        ),
    ),
)]
#[tracing::instrument(skip_all)]
pub(super) async fn create_token(
    State(app): State<App>,
    Session(caller): Session,
    Idempotent(request, key): Idempotent<ApiTokenCreate>,
) -> Result<Response, ApiError> {
    let name = text::token_name(&request.name)?;
    let expires_at = request.expires_at.map(|end| end_of_life(end, caller.now)).transpose()?;
    let token = personal_token::new();
    let new = NewApiToken {
        user_id: caller.user.id,
        name: &name,
        scope: scope(request.scope),
        hash: &personal_token::hash(token.expose_secret()),
        last_four: personal_token::last_four(&token),
        expires_at,
    };

    let mut tx = app.pool.begin().await?;
    // Locked, so that tokens made at the same time are counted.
    user::lock(&mut tx, caller.user.id).await?.ok_or(ApiError::TokenUserNotFound)?;
    if let Some(replayed) = key.replay(&mut tx, caller.user.id, caller.now).await? {
        return Ok(replayed);
    }
    if api_token::count(&mut tx, caller.user.id).await? >= MAX_TOKENS {
        return Err(TokenError::TooMany { max: MAX_TOKENS }.into());
    }
    let kept = api_token::insert(&mut tx, &new, caller.now).await?;
    let id = kept.id;
    let made = ApiTokenCreated { token: token.expose_secret().to_owned(), kept: reply(kept) };
    let replied = key.commit_secret(tx, caller.user.id, &made).await?;
    tracing::info!(token_id = id, "a personal token was made");
    Ok(replied)
}

fn end_of_life(end: DateTime<Utc>, now: DateTime<Utc>) -> Result<DateTime<Utc>, ApiError> {
    if end > now && end.year() <= 9999 {
        return Ok(end);
    }
    Err(ApiError::invalid_field("expires_at", "expires_at is in the future, until the year 9999"))
}

fn scope(asked: TokenScope) -> Scope {
    match asked {
        TokenScope::Read => Scope::Read,
        TokenScope::Write => Scope::Write,
    }
}
