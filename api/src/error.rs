//! Why a request failed, in the terms its client can act on.

use axum::{
    Json,
    http::{HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};
use wire::{
    BOT_KEY_HEADER,
    error::{ErrorBody, ErrorDetail},
};

mod database;
mod sharing;
mod token;

pub use sharing::SharingError;
pub use token::TokenError;

/// What handlers and extractors return.
///
/// What is our fault folds into [`ApiError::Internal`]: it is logged here, once, and the client learns nothing of it but
/// the status.
#[derive(Debug, thiserror::Error)]
pub enum ApiError {
    #[error("send the key of the bot in the header {BOT_KEY_HEADER}")]
    BotKeyMissing,
    #[error("the key in the header {BOT_KEY_HEADER} is not the key of the bot")]
    BotKeyInvalid,
    #[error("this person is not active and gets no token")]
    LoginInactive,

    #[error("send a token in the header Authorization: Bearer")]
    AuthenticationRequired,
    #[error("the token has expired; get a new one")]
    TokenExpired,
    #[error("the token is not one of this service; get a new one")]
    InvalidToken,
    #[error("the token names no person; get a new one")]
    InvalidTokenPayload,
    #[error("the person whom the token names does not exist any more")]
    TokenUserNotFound,
    #[error("this person is not active")]
    UserInactive,
    #[error("to delete everything, confirm with the telegram_id of the person whose token this is")]
    WrongPerson,

    #[error("there is no such habit")]
    HabitNotFound,
    #[error("this habit is somebody else's")]
    HabitAccessForbidden,
    #[error("this habit is somebody else's")]
    HabitForbidden,
    #[error("this habit is not active; activate it first")]
    HabitNotActive,
    #[error("you have 500 habits, archived ones included; delete one first")]
    TooManyHabits,
    #[error("there is no such pause")]
    PauseNotFound,
    #[error("you have 500 pauses; they are kept because streaks depend on them")]
    TooManyPauses,
    #[error("both freezes of that month are spent; the day can be filled in or skipped")]
    NoFreezeLeft,
    #[error("the dialogue is not as expected any more; read it again")]
    DialogueChanged,
    #[error("this update was carried out already")]
    UpdateAlreadyApplied,

    #[error(transparent)]
    Sharing(#[from] SharingError),
    #[error("there is no such webhook")]
    WebhookNotFound,
    #[error("a person has at most {max} webhooks; delete one first")]
    WebhookLimitReached { max: i64 },
    #[error("this webhook is not active; activate it first")]
    WebhookNotActive,
    #[error("too many deliveries wait for this webhook already")]
    WebhookBacklogFull,
    #[error(transparent)]
    Token(#[from] TokenError),

    /// A value that breaks a rule.
    #[error("{msg}")]
    Invalid { kind: &'static str, loc: Vec<String>, msg: String },
    #[error("the body is larger than the {max_bytes} bytes allowed")]
    TooLarge { max_bytes: usize },
    #[error("the body did not come in time")]
    BodyTimedOut,
    #[error("path and query are too long")]
    UriTooLong,
    #[error("the headers are too many or too long")]
    HeadersTooLarge,
    #[error("send the body as application/json")]
    UnsupportedMediaType,
    #[error("there is nothing at this path")]
    NotFound,
    #[error("this path does not know the method")]
    MethodNotAllowed,
    #[error("too many requests; wait {retry_after_s} s")]
    RateLimited { retry_after_s: u64 },

    /// A key that came before, with another request.
    #[error("this key was sent before with another request; send each request with a key of its own")]
    IdempotencyKeyReused,
    /// A key that came before with this request, whose reply is not kept.
    #[error(
        "this was done before, and its secret is told once; if it is lost, delete what the list shows and make another"
    )]
    SecretWasTold,
    #[error("too many requests at once; try again")]
    Overloaded,
    #[error("the database does not answer; try again")]
    Unavailable(#[source] sqlx::Error),
    #[error("the answer took too long; try again")]
    TimedOut,
    #[error("internal error")]
    Internal(#[source] anyhow::Error),
}

impl ApiError {
    /// A field of the body that breaks a rule.
    pub fn invalid_field(field: &str, msg: impl Into<String>) -> Self {
        Self::Invalid { kind: "validation_error", loc: vec!["body".to_owned(), field.to_owned()], msg: msg.into() }
    }

    /// The stable name of this error, part of the contract.
    pub fn kind(&self) -> &'static str {
        self.status_and_kind().1
    }

    fn status_and_kind(&self) -> (StatusCode, &'static str) {
        match self {
            Self::BotKeyMissing => (StatusCode::FORBIDDEN, "bot_api_key_missing"),
            Self::BotKeyInvalid => (StatusCode::FORBIDDEN, "bot_api_key_invalid"),
            Self::LoginInactive => (StatusCode::BAD_REQUEST, "user_inactive"),
            Self::AuthenticationRequired => (StatusCode::UNAUTHORIZED, "authentication_required"),
            Self::TokenExpired => (StatusCode::UNAUTHORIZED, "token_expired"),
            Self::InvalidToken => (StatusCode::UNAUTHORIZED, "invalid_token"),
            Self::InvalidTokenPayload => (StatusCode::UNAUTHORIZED, "invalid_token_payload"),
            Self::TokenUserNotFound => (StatusCode::UNAUTHORIZED, "token_user_not_found"),
            Self::UserInactive => (StatusCode::FORBIDDEN, "user_inactive"),
            Self::WrongPerson => (StatusCode::CONFLICT, "wrong_person"),
            Self::HabitNotFound => (StatusCode::NOT_FOUND, "habit_not_found"),
            Self::HabitAccessForbidden => (StatusCode::FORBIDDEN, "habit_access_forbidden"),
            Self::HabitForbidden => (StatusCode::FORBIDDEN, "habit_forbidden"),
            Self::HabitNotActive => (StatusCode::BAD_REQUEST, "habit_not_active"),
            Self::TooManyHabits => (StatusCode::CONFLICT, "too_many_habits"),
            Self::PauseNotFound => (StatusCode::NOT_FOUND, "pause_not_found"),
            Self::TooManyPauses => (StatusCode::CONFLICT, "too_many_pauses"),
            Self::NoFreezeLeft => (StatusCode::CONFLICT, "no_freeze_left"),
            Self::DialogueChanged => (StatusCode::CONFLICT, "dialogue_changed"),
            Self::UpdateAlreadyApplied => (StatusCode::CONFLICT, "update_already_applied"),
            Self::Sharing(error) => (error.parts().0, error.parts().1),
            Self::WebhookNotFound => (StatusCode::NOT_FOUND, "webhook_not_found"),
            Self::WebhookLimitReached { .. } => (StatusCode::CONFLICT, "webhook_limit_reached"),
            Self::WebhookNotActive => (StatusCode::CONFLICT, "webhook_not_active"),
            Self::WebhookBacklogFull => (StatusCode::CONFLICT, "webhook_backlog_full"),
            Self::Token(error) => error.status_and_kind(),
            Self::Invalid { kind, .. } => (StatusCode::UNPROCESSABLE_ENTITY, kind),
            Self::TooLarge { .. } => (StatusCode::PAYLOAD_TOO_LARGE, "body_too_large"),
            Self::BodyTimedOut => (StatusCode::REQUEST_TIMEOUT, "body_timed_out"),
            Self::UriTooLong => (StatusCode::URI_TOO_LONG, "uri_too_long"),
            Self::HeadersTooLarge => (StatusCode::REQUEST_HEADER_FIELDS_TOO_LARGE, "headers_too_large"),
            Self::IdempotencyKeyReused => (StatusCode::UNPROCESSABLE_ENTITY, "idempotency_key_reused"),
            Self::SecretWasTold => (StatusCode::CONFLICT, "secret_was_told"),
            Self::Overloaded => (StatusCode::SERVICE_UNAVAILABLE, "overloaded"),
            Self::UnsupportedMediaType => (StatusCode::UNSUPPORTED_MEDIA_TYPE, "unsupported_media_type"),
            Self::NotFound => (StatusCode::NOT_FOUND, "not_found"),
            Self::MethodNotAllowed => (StatusCode::METHOD_NOT_ALLOWED, "method_not_allowed"),
            Self::RateLimited { .. } => (StatusCode::TOO_MANY_REQUESTS, "rate_limited"),
            Self::Unavailable(_) => (StatusCode::SERVICE_UNAVAILABLE, "database_unavailable"),
            Self::TimedOut => (StatusCode::GATEWAY_TIMEOUT, "timed_out"),
            Self::Internal(_) => (StatusCode::INTERNAL_SERVER_ERROR, "internal_error"),
        }
    }

    fn loc(&self) -> Vec<String> {
        let loc: &[&str] = match self {
            Self::Invalid { loc, .. } => return loc.clone(),
            Self::Sharing(error) => error.parts().2,
            Self::Token(error) => error.loc(),
            Self::BotKeyMissing | Self::BotKeyInvalid => &["header", BOT_KEY_HEADER],
            Self::AuthenticationRequired
            | Self::TokenExpired
            | Self::InvalidToken
            | Self::InvalidTokenPayload
            | Self::TokenUserNotFound
            | Self::UserInactive => &["header", "Authorization"],
            Self::HabitNotFound | Self::HabitAccessForbidden | Self::HabitForbidden | Self::HabitNotActive => {
                &["path", "habit_id"]
            }
            Self::PauseNotFound => &["path", "pause_id"],
            Self::NoFreezeLeft => &["body", "status"],
            Self::WrongPerson => &["query", "telegram_id"],
            Self::WebhookNotFound | Self::WebhookNotActive | Self::WebhookBacklogFull => &["path", "webhook_id"],
            Self::UpdateAlreadyApplied => &["header", wire::UPDATE_ID_HEADER],
            Self::DialogueChanged => &["body", "expected"],
            Self::LoginInactive => &["body", "telegram_id"],
            Self::IdempotencyKeyReused | Self::SecretWasTold => &["header", wire::IDEMPOTENCY_KEY_HEADER],
            Self::TooManyHabits | Self::TooManyPauses | Self::TooLarge { .. } | Self::BodyTimedOut => &["body"],
            Self::HeadersTooLarge => &["header"],
            Self::UnsupportedMediaType => &["header", "Content-Type"],
            Self::UriTooLong | Self::NotFound => &["path"],
            Self::MethodNotAllowed
            | Self::RateLimited { .. }
            | Self::WebhookLimitReached { .. }
            | Self::Overloaded
            | Self::Unavailable(_)
            | Self::TimedOut
            | Self::Internal(_) => &[],
        };
        loc.iter().map(|part| (*part).to_owned()).collect()
    }

    /// What the client reads of it.
    pub(crate) fn body(&self) -> ErrorBody {
        ErrorBody { detail: ErrorDetail { r#type: self.kind().to_owned(), msg: self.to_string(), loc: self.loc() } }
    }

    pub(crate) fn header(&self) -> Option<(header::HeaderName, HeaderValue)> {
        match self {
            Self::AuthenticationRequired => Some((header::WWW_AUTHENTICATE, HeaderValue::from_static("Bearer"))),
            Self::TokenExpired | Self::InvalidToken | Self::InvalidTokenPayload | Self::TokenUserNotFound => {
                Some((header::WWW_AUTHENTICATE, HeaderValue::from_static(r#"Bearer error="invalid_token""#)))
            }
            Self::Token(error) => error.header(),
            Self::RateLimited { retry_after_s } => Some((header::RETRY_AFTER, HeaderValue::from(*retry_after_s))),
            Self::Overloaded | Self::Unavailable(_) => Some((header::RETRY_AFTER, HeaderValue::from(1))),
            _ => None,
        }
    }
}

impl From<anyhow::Error> for ApiError {
    fn from(error: anyhow::Error) -> Self {
        Self::Internal(error)
    }
}

impl IntoResponse for ApiError {
    fn into_response(self) -> Response {
        match &self {
            Self::Internal(cause) => tracing::error!(error = format!("{cause:#}"), "request failed"),
            Self::Unavailable(cause) => tracing::warn!(error = %cause, "the database is not available"),
            Self::TimedOut => tracing::warn!("request took too long"),
            _ => {}
        }
        let mut response = (self.status_and_kind().0, Json(self.body())).into_response();
        if let Some((name, value)) = self.header() {
            response.headers_mut().insert(name, value);
        }
        response
    }
}
