//! Why a request about personal tokens, or with one, is refused.

use axum::http::{HeaderName, HeaderValue, StatusCode, header};

/// Why a request about tokens is refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum TokenError {
    #[error("this token only reads; make one of scope write")]
    ReadOnly,
    #[error("a personal token cannot do this; sign in as the person")]
    SessionRequired,
    #[error("there is no such token")]
    NotFound,
    #[error("you have {max} tokens, expired ones included; revoke one first")]
    TooMany { max: i64 },
}

impl TokenError {
    pub(super) fn status_and_kind(self) -> (StatusCode, &'static str) {
        match self {
            Self::ReadOnly => (StatusCode::FORBIDDEN, "token_read_only"),
            Self::SessionRequired => (StatusCode::FORBIDDEN, "session_required"),
            Self::NotFound => (StatusCode::NOT_FOUND, "token_not_found"),
            Self::TooMany { .. } => (StatusCode::CONFLICT, "too_many_tokens"),
        }
    }

    pub(super) fn loc(self) -> &'static [&'static str] {
        match self {
            Self::ReadOnly | Self::SessionRequired => &["header", "Authorization"],
            Self::NotFound => &["path", "token_id"],
            Self::TooMany { .. } => &["body"],
        }
    }

    /// What a token lacks (RFC 6750, section 3.1).
    pub(super) fn header(self) -> Option<(HeaderName, HeaderValue)> {
        let lacks_scope = matches!(self, Self::ReadOnly | Self::SessionRequired);
        lacks_scope
            .then(|| (header::WWW_AUTHENTICATE, HeaderValue::from_static(r#"Bearer error="insufficient_scope""#)))
    }
}
