//! `/users/me/tokens`: tokens that people make for their own programs.

use axum::http::{HeaderName, HeaderValue, StatusCode, header};
use store::api_token::{self, Scope};
use utoipa_axum::{router::OpenApiRouter, routes};
use wire::api_token::{ApiToken, TokenScope};

use crate::App;

mod create;
mod list;
mod revoke;
pub(crate) mod secret;

pub(crate) fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(create::create_token, list::list_tokens)).routes(routes!(revoke::revoke_token))
}

/// Why a request about tokens is refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum TokenError {
    #[error("this token only reads; make one of scope write")]
    ReadOnly,
    #[error("a personal token cannot do this; sign in as the person")]
    SessionRequired,
    #[error("there is no such token")]
    NotFound,
    #[error("you have 20 tokens, expired ones included; revoke one first")]
    TooMany,
}

impl TokenError {
    pub(crate) fn status_and_kind(self) -> (StatusCode, &'static str) {
        match self {
            Self::ReadOnly => (StatusCode::FORBIDDEN, "token_read_only"),
            Self::SessionRequired => (StatusCode::FORBIDDEN, "session_required"),
            Self::NotFound => (StatusCode::NOT_FOUND, "token_not_found"),
            Self::TooMany => (StatusCode::CONFLICT, "too_many_tokens"),
        }
    }

    pub(crate) fn loc(self) -> &'static [&'static str] {
        match self {
            Self::ReadOnly | Self::SessionRequired => &["header", "Authorization"],
            Self::NotFound => &["path", "token_id"],
            Self::TooMany => &["body"],
        }
    }

    /// What a token lacks (RFC 6750, section 3.1).
    pub(crate) fn header(self) -> Option<(HeaderName, HeaderValue)> {
        let lacks_scope = matches!(self, Self::ReadOnly | Self::SessionRequired);
        lacks_scope
            .then(|| (header::WWW_AUTHENTICATE, HeaderValue::from_static(r#"Bearer error="insufficient_scope""#)))
    }
}

fn reply(token: api_token::ApiToken) -> ApiToken {
    ApiToken {
        id: token.id,
        name: token.name,
        scope: match token.scope {
            Scope::Read => TokenScope::Read,
            Scope::Write => TokenScope::Write,
        },
        last_four: token.last_four,
        created_at: token.created_at,
        expires_at: token.expires_at,
        last_used_at: token.last_used_at,
    }
}
