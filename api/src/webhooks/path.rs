//! The webhook that a path names.

use axum::{
    extract::{FromRequestParts, Path},
    http::request::Parts,
};

use crate::error::ApiError;

#[derive(Debug, Clone, Copy)]
pub(super) struct WebhookId(pub(super) i64);

impl<S: Send + Sync> FromRequestParts<S> for WebhookId {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, ApiError> {
        let path = Path::<i64>::from_request_parts(parts, state).await;
        path.map(|Path(id)| Self(id)).map_err(|_| ApiError::Invalid {
            kind: "validation_error",
            loc: vec!["path".to_owned(), "webhook_id".to_owned()],
            msg: "the id of a webhook is a whole number".to_owned(),
        })
    }
}
