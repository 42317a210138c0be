//! Identifiers in paths.

use axum::{
    extract::{FromRequestParts, Path},
    http::request::Parts,
};

use crate::error::ApiError;

/// The habit that a path names.
#[derive(Debug, Clone, Copy)]
pub struct HabitId(pub i64);

impl<S: Send + Sync> FromRequestParts<S> for HabitId {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, ApiError> {
        let path = Path::<i64>::from_request_parts(parts, state).await;
        path.map(|Path(id)| Self(id)).map_err(|_| refused("habit_id", "the id of a habit is a whole number"))
    }
}

impl HabitId {
    /// The id, for a path whose contract wants it above 0.
    ///
    /// # Errors
    ///
    /// Refuses 0 and below.
    pub fn positive(self) -> Result<i64, ApiError> {
        if self.0 > 0 { Ok(self.0) } else { Err(refused("habit_id", "the id of a habit is above 0")) }
    }
}

/// The pause that a path names.
#[derive(Debug, Clone, Copy)]
pub struct PauseId(pub i64);

impl<S: Send + Sync> FromRequestParts<S> for PauseId {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, ApiError> {
        let path = Path::<i64>::from_request_parts(parts, state).await;
        path.map(|Path(id)| Self(id)).map_err(|_| refused("pause_id", "the id of a pause is a whole number"))
    }
}

/// The personal token that a path names.
#[derive(Debug, Clone, Copy)]
pub struct TokenId(pub i64);

impl<S: Send + Sync> FromRequestParts<S> for TokenId {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, ApiError> {
        let path = Path::<i64>::from_request_parts(parts, state).await;
        path.map(|Path(id)| Self(id)).map_err(|_| refused("token_id", "the id of a token is a whole number"))
    }
}

fn refused(parameter: &str, msg: &str) -> ApiError {
    ApiError::Invalid {
        kind: "validation_error",
        loc: vec!["path".to_owned(), parameter.to_owned()],
        msg: msg.to_owned(),
    }
}
