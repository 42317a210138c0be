//! Who calls.

use axum::{
    extract::FromRequestParts,
    http::{HeaderMap, header, request::Parts},
};
use chrono::{DateTime, Utc};
use store::user::{self, User};
use wire::{BOT_KEY_HEADER, UPDATE_ID_HEADER};

use crate::{App, error::ApiError, person};

/// The person whose token came with the request.
#[derive(Debug, Clone)]
pub struct Caller {
    pub user: User,
    /// The time of this request: one for all that it does.
    pub now: DateTime<Utc>,
}

impl FromRequestParts<App> for Caller {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, ApiError> {
        let now = app.clock.now();
        let user_id = app.keys.verify(bearer(&parts.headers)?, now)?;
        app.limit.take(user_id)?;
        let mut conn = app.pool.acquire().await?;
        let mut user = user::by_id(&mut conn, user_id).await?.ok_or(ApiError::TokenUserNotFound)?;
        if !user.is_active {
            return Err(ApiError::UserInactive);
        }
        // An update of his came: he has not blocked the bot any more, and need not log in before we know.
        if user.blocked_at.is_some() && parts.headers.contains_key(UPDATE_ID_HEADER) {
            user = person::unblock(&mut conn, user_id, now).await?.ok_or(ApiError::TokenUserNotFound)?;
        }
        tracing::Span::current().record("user_id", user.id);
        Ok(Self { user, now })
    }
}

/// The token of `Authorization: Bearer` (RFC 6750, section 2.1).
fn bearer(headers: &HeaderMap) -> Result<&str, ApiError> {
    let value = headers.get(header::AUTHORIZATION).and_then(|value| value.to_str().ok()).unwrap_or_default();
    match value.split_once(' ') {
        Some((scheme, token)) if scheme.eq_ignore_ascii_case("bearer") && !token.trim().is_empty() => Ok(token.trim()),
        _ => Err(ApiError::AuthenticationRequired),
    }
}

/// Proof that the bot calls.
#[derive(Debug, Clone, Copy)]
pub struct BotKey;

impl FromRequestParts<App> for BotKey {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, ApiError> {
        match parts.headers.get(BOT_KEY_HEADER) {
            Some(shown) if app.keys.is_bot_key(shown.as_bytes()) => Ok(Self),
            Some(shown) if !shown.is_empty() => Err(ApiError::BotKeyInvalid),
            _ => Err(ApiError::BotKeyMissing),
        }
    }
}
