//! Identifiers in paths.

use axum::{
    extract::{FromRequestParts, Path},
    http::request::Parts,
};

use crate::error::ApiError;

/// The id of what a path names, alone in it: the type, the parameter and what it is called.
macro_rules! ids {
    ($($id:ident, $parameter:literal, $thing:literal;)+) => {$(
        #[doc = concat!("The ", $thing, " that a path names.")]
        #[derive(Debug, Clone, Copy)]
        pub struct $id(pub i64);

        impl<S: Send + Sync> FromRequestParts<S> for $id {
            type Rejection = ApiError;

            async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, ApiError> {
                let path = Path::<i64>::from_request_parts(parts, state).await;
                let msg = concat!("the id of a ", $thing, " is a whole number");
                path.map(|Path(id)| Self(id)).map_err(|_| refused($parameter, msg))
            }
        }
    )+};
}

ids! {
    HabitId, "habit_id", "habit";
    PauseId, "pause_id", "pause";
    TokenId, "token_id", "token";
    WebhookId, "webhook_id", "webhook";
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

/// A habit and something below it, as `/habits/{habit_id}/partners/{user_id}` names them.
#[derive(Debug, Clone, Copy)]
pub struct BelowHabit {
    pub habit_id: i64,
    pub id: i64,
}

impl<S: Send + Sync> FromRequestParts<S> for BelowHabit {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, ApiError> {
        let named = Path::<Vec<(String, String)>>::from_request_parts(parts, state).await;
        let Path(named) = named.map_err(|error| anyhow::Error::new(error).context("a path cannot be read"))?;
        let number = |place: usize| {
            let (name, text) = named.get(place).ok_or_else(|| anyhow::anyhow!("a route names less than this"))?;
            text.parse().map_err(|_| refused(name, &format!("{name} is a whole number")))
        };
        Ok(Self { habit_id: number(0)?, id: number(1)? })
    }
}

fn refused(parameter: &str, msg: &str) -> ApiError {
    ApiError::Invalid {
        kind: "validation_error",
        loc: vec!["path".to_owned(), parameter.to_owned()],
        msg: msg.to_owned(),
    }
}
