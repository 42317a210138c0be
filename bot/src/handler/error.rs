//! Why an update was not handled.

use std::time::Duration;

use reqwest::StatusCode;
use teloxide::{ApiError, RequestError};
use wire::ClientError;

use crate::{pictures::PictureError, telegram};

#[derive(Debug, thiserror::Error)]
pub(super) enum HandleError {
    #[error("the api failed")]
    Api(#[from] ClientError),
    #[error("Telegram failed")]
    Telegram(#[from] RequestError),
    #[error("no picture was drawn")]
    Picture(#[from] PictureError),
    #[error("it took too long")]
    TookTooLong,
}

impl HandleError {
    /// Whether trying again can help.
    pub(super) fn is_transient(&self) -> bool {
        match self {
            Self::Api(ClientError::Unavailable(_)) => true,
            Self::Api(error @ ClientError::Refused { status, .. }) => {
                // What this process knew of the dialogue was out of date; it reads it again.
                *status == StatusCode::TOO_MANY_REQUESTS || error.is("dialogue_changed")
            }
            Self::Api(ClientError::Address(_)) | Self::Picture(_) | Self::TookTooLong => false,
            Self::Telegram(error) => telegram::is_transient(error),
        }
    }

    /// How long the other side asks to wait.
    pub(super) fn asked_wait(&self) -> Option<Duration> {
        match self {
            Self::Telegram(RequestError::RetryAfter(seconds)) => Some(seconds.duration()),
            _ => None,
        }
    }

    /// Whether the person's token has ended.
    pub(super) fn is_unauthorized(&self) -> bool {
        matches!(self, Self::Api(error) if error.is_unauthorized())
    }

    /// Whether the account was closed by an admin.
    pub(super) fn is_closed_account(&self) -> bool {
        matches!(self, Self::Api(error) if error.is("user_inactive"))
    }

    /// Whether Telegram does not bring our messages to the person any more.
    pub(super) fn is_unreachable_person(&self) -> bool {
        let Self::Telegram(RequestError::Api(error)) = self else {
            return false;
        };
        matches!(error, ApiError::BotBlocked | ApiError::UserDeactivated | ApiError::ChatNotFound)
    }

    /// The error and its causes, without a token.
    pub(super) fn chain(&self) -> String {
        match self {
            Self::Api(ClientError::Unavailable(error)) => format!("the api did not answer: {error}"),
            Self::Api(error) => error.to_string(),
            Self::Telegram(error) => telegram::reason(error),
            Self::Picture(error) => format!("no picture was drawn: {error}"),
            Self::TookTooLong => self.to_string(),
        }
    }
}
