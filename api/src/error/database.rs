//! Errors of the database: a broken rule is the client's, an absence passes, the rest is ours.

use sqlx::error::DatabaseError;

use super::{ApiError, SharingError};

impl From<sqlx::Error> for ApiError {
    fn from(error: sqlx::Error) -> Self {
        match &error {
            sqlx::Error::Database(reported) => match of_client(reported.as_ref()) {
                Some(refused) => refused,
                None if passes(reported.as_ref()) => Self::Unavailable(error),
                None => Self::Internal(anyhow::Error::new(error).context("a statement failed")),
            },
            sqlx::Error::Io(_)
            | sqlx::Error::Tls(_)
            | sqlx::Error::Protocol(_)
            | sqlx::Error::PoolTimedOut
            | sqlx::Error::PoolClosed
            | sqlx::Error::WorkerCrashed => Self::Unavailable(error),
            _ => Self::Internal(anyhow::Error::new(error).context("a statement failed")),
        }
    }
}

/// What the client did wrong, by the name of the violated constraint or the class of the error
/// (PostgreSQL, appendix A: 22 is a data exception).
fn of_client(error: &dyn DatabaseError) -> Option<ApiError> {
    match error.constraint() {
        Some("users_telegram_id_positive") => {
            Some(ApiError::invalid_field("telegram_id", "telegram_id has to be above 0"))
        }
        Some("habits_name_not_empty") => Some(ApiError::invalid_field("name", "the name of a habit is empty")),
        Some("habits_target_days_positive") => {
            Some(ApiError::invalid_field("target_days", "target_days has to be above 0"))
        }
        Some("executions_habit_id_fkey" | "habit_invites_habit_id_fkey") => Some(ApiError::HabitNotFound),
        // The habit, or the one shown in return, was deleted while its invite was accepted.
        Some("habit_partners_habit_id_fkey" | "habit_partners_own_habit_id_fkey") => {
            Some(SharingError::InviteNotFound.into())
        }
        // The person was deleted after the token was checked.
        Some(
            "api_tokens_user_id_fkey" | "habits_user_id_fkey" | "dialogues_user_id_fkey" | "webhooks_user_id_fkey",
        ) => Some(ApiError::TokenUserNotFound),
        None if error.code().is_some_and(|code| code.starts_with("22")) => Some(ApiError::Invalid {
            kind: "validation_error",
            loc: vec!["body".to_owned()],
            msg: "a value cannot be stored; look for NUL characters and for numbers and dates out of range".to_owned(),
        }),
        _ => None,
    }
}

/// Whether the same may succeed later: connection lost (08), schema not migrated yet (3F, 42P01, 42703), password or
/// database not there yet (28, 3D), deadlock and the like (40), out of resources (53), lock or idle timeouts (25P03,
/// 55P03), stopped by an admin or by a timeout (57).
fn passes(error: &dyn DatabaseError) -> bool {
    const CLASSES: [&str; 7] = ["08", "28", "3D", "3F", "40", "53", "57"];
    const CODES: [&str; 4] = ["25P03", "42703", "42P01", "55P03"];
    error.code().is_some_and(|code| CLASSES.iter().any(|class| code.starts_with(class)) || CODES.contains(&&*code))
}
