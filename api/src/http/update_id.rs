//! The Telegram update that a request carries out.

use axum::{extract::FromRequestParts, http::request::Parts};
use chrono::{DateTime, Utc};
use sqlx::PgConnection;
use store::seen_update::{self, Seen};
use wire::UPDATE_ID_HEADER;

use crate::error::ApiError;

/// The `update_id`, where the request came with one.
#[derive(Debug, Clone, Copy)]
pub struct UpdateId(Option<i64>);

impl<S: Send + Sync> FromRequestParts<S> for UpdateId {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, ApiError> {
        let Some(value) = parts.headers.get(UPDATE_ID_HEADER) else {
            return Ok(Self(None));
        };
        let id = value.to_str().ok().and_then(|text| text.parse().ok());
        id.map(|id| Self(Some(id))).ok_or_else(|| ApiError::Invalid {
            kind: "validation_error",
            loc: vec!["header".to_owned(), UPDATE_ID_HEADER.to_owned()],
            msg: "the id of an update is a whole number".to_owned(),
        })
    }
}

impl UpdateId {
    /// Notes the update of this person in the transaction of its effect.
    ///
    /// # Errors
    ///
    /// Refuses an update whose effect is committed already.
    pub async fn note(self, conn: &mut PgConnection, user_id: i64, now: DateTime<Utc>) -> Result<(), ApiError> {
        let Some(id) = self.0 else {
            return Ok(());
        };
        match seen_update::note(conn, user_id, id, now).await? {
            Seen::First => Ok(()),
            Seen::Again => Err(ApiError::UpdateAlreadyApplied),
        }
    }

    pub fn id(self) -> Option<i64> {
        self.0
    }

    pub fn is_some(self) -> bool {
        self.0.is_some()
    }
}
