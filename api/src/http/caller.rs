//! Who calls.

use std::net::{IpAddr, Ipv4Addr, SocketAddr};

use axum::{
    extract::{ConnectInfo, FromRequestParts},
    http::{HeaderMap, Method, header, request::Parts},
};
use chrono::{DateTime, Utc};
use sqlx::PgConnection;
use store::{
    api_token::{self, ApiToken, Scope},
    user::{self, User},
};
use wire::{BOT_KEY_HEADER, UPDATE_ID_HEADER};

use crate::{
    App,
    error::{ApiError, TokenError},
    keys::personal_token,
    person,
};

/// The person whose token came with the request: the bot's (a JWT), or one of the person's own.
///
/// What a personal token of scope `read` may do is decided here by the method, so that no endpoint can forget it.
#[derive(Debug, Clone)]
pub struct Caller {
    pub user: User,
    /// Whether a personal token came, and not the bot's.
    pub is_personal: bool,
    /// The time of this request: one for all that it does.
    pub now: DateTime<Utc>,
}

impl FromRequestParts<App> for Caller {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, ApiError> {
        let holder = TokenHolder::from_request_parts(parts, app).await?;
        let mut conn = app.pool.acquire().await?;
        let user = holder.person(&mut conn).await?;
        Ok(Self { user, is_personal: holder.is_personal, now: holder.now })
    }
}

/// Whoever's token came with the request, before the person is looked up: for an endpoint whose own statement reads the
/// owner of the thing as well. Where it finds no such owner, [`TokenHolder::person`] says what there is to say.
#[derive(Debug, Clone, Copy)]
pub struct TokenHolder {
    pub user_id: i64,
    /// Whether a personal token came, and not the bot's.
    pub is_personal: bool,
    /// The time of this request: one for all that it does.
    pub now: DateTime<Utc>,
    /// Whether it carries out an update of the person's: he has not blocked the bot any more, and need not log in before
    /// we know.
    pub is_update: bool,
}

impl FromRequestParts<App> for TokenHolder {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, ApiError> {
        let now = app.clock.now();
        let token = bearer(&parts.headers)?;
        let holder = if personal_token::is_personal(token) {
            Self::of_personal_token(parts, app, token, now).await
        } else {
            Self::of_session(parts, app, token, now)
        };
        let holder = holder.map_err(|refused| counted(parts, app, refused))?;
        tracing::Span::current().record("user_id", holder.user_id);
        Ok(holder)
    }
}

impl TokenHolder {
    /// The person, who is active and hears of messages again where an update of his came.
    ///
    /// # Errors
    ///
    /// Refuses a person who is gone or not active.
    pub async fn person(&self, conn: &mut PgConnection) -> Result<User, ApiError> {
        let user = active(conn, self.user_id).await?;
        if user.blocked_at.is_some() && self.is_update {
            return person::unblock(conn, self.user_id, self.now).await?.ok_or(ApiError::TokenUserNotFound);
        }
        Ok(user)
    }

    fn of_session(parts: &Parts, app: &App, token: &str, now: DateTime<Utc>) -> Result<Self, ApiError> {
        let user_id = app.keys.current().verify(token, now)?;
        app.limits.take_of_person(user_id)?;
        Ok(Self { user_id, is_personal: false, now, is_update: parts.headers.contains_key(UPDATE_ID_HEADER) })
    }

    async fn of_personal_token(parts: &Parts, app: &App, token: &str, now: DateTime<Utc>) -> Result<Self, ApiError> {
        if !personal_token::is_well_formed(token) {
            return Err(ApiError::InvalidToken);
        }
        let mut conn = app.pool.acquire().await?;
        let token = api_token::by_hash(&mut conn, &personal_token::hash(token)).await?.ok_or(ApiError::InvalidToken)?;
        app.limits.take_of_token(token.id)?;
        app.limits.take_of_person(token.user_id)?;
        check(&token, &parts.method, now)?;
        api_token::note_use(&mut conn, &token, now).await?;
        Ok(Self { user_id: token.user_id, is_personal: true, now, is_update: false })
    }
}

fn check(token: &ApiToken, method: &Method, now: DateTime<Utc>) -> Result<(), ApiError> {
    if token.expires_at.is_some_and(|end| end <= now) {
        return Err(ApiError::TokenExpired);
    }
    match token.scope {
        Scope::Write => Ok(()),
        Scope::Read if matches!(*method, Method::GET | Method::HEAD) => Ok(()),
        Scope::Read => Err(TokenError::ReadOnly.into()),
    }
}

async fn active(conn: &mut PgConnection, user_id: i64) -> Result<User, ApiError> {
    let user = user::by_id(conn, user_id).await?.ok_or(ApiError::TokenUserNotFound)?;
    if user.is_active { Ok(user) } else { Err(ApiError::UserInactive) }
}

/// The person who signed in himself: for what no token of his own may do, such as making tokens or leaving.
#[derive(Debug, Clone)]
pub struct Session(pub Caller);

impl FromRequestParts<App> for Session {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, ApiError> {
        let caller = Caller::from_request_parts(parts, app).await?;
        if caller.is_personal { Err(TokenError::SessionRequired.into()) } else { Ok(Self(caller)) }
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

/// Proof that the bot calls. Its requests are not limited.
#[derive(Debug, Clone, Copy)]
pub struct BotKey;

impl FromRequestParts<App> for BotKey {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, ApiError> {
        match parts.headers.get(BOT_KEY_HEADER) {
            Some(shown) if app.keys.current().is_bot_key(shown.as_bytes()) => Ok(Self),
            Some(shown) if !shown.is_empty() => Err(counted(parts, app, ApiError::BotKeyInvalid)),
            _ => Err(ApiError::BotKeyMissing),
        }
    }
}

/// The refusal, or that there were too many guesses from this address.
///
/// A token that we made is no guess, even when it has expired: the bot shows those of many people from one address.
fn counted(parts: &Parts, app: &App, refused: ApiError) -> ApiError {
    if !matches!(refused, ApiError::InvalidToken | ApiError::BotKeyInvalid) {
        return refused;
    }
    let peer = parts.extensions.get::<ConnectInfo<SocketAddr>>().map(|ConnectInfo(peer)| peer.ip());
    app.limits.take_of_guesses(peer.unwrap_or(IpAddr::V4(Ipv4Addr::UNSPECIFIED))).err().unwrap_or(refused)
}
