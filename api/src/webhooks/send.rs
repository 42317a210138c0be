//! One attempt to deliver a message.

use std::{error::Error, sync::Arc, time::Duration};

use axum::http::{StatusCode, header};
use reqwest::{Client, Response, redirect};
use store::webhook::Claimed;

use super::{
    address::{PrivateAddress, PublicResolver},
    message::Message,
    target,
};

const CONNECT_TIME: Duration = Duration::from_secs(5);
const IDLE_TIME: Duration = Duration::from_secs(30);
/// More of an answer is left unread, and its connection is closed.
const ANSWER_BYTES: usize = 4 * 1024;

/// Why an attempt failed.
#[derive(Debug, thiserror::Error)]
pub(super) enum SendError {
    /// The receiver wants no more.
    #[error("answered 410")]
    Gone,
    #[error("answered {0}, a redirect: give the URL that it leads to")]
    Redirected(u16),
    #[error("answered {0}")]
    Refused(u16),
    #[error("no answer in time")]
    TimedOut,
    #[error("no connection")]
    Unreachable,
    #[error("the URL leads to no public address")]
    PrivateAddress,
    /// Ours: to be looked into.
    #[error("not sent")]
    Internal(#[source] anyhow::Error),
}

impl SendError {
    /// A closed set, for metrics.
    pub(super) fn label(&self) -> &'static str {
        match self {
            Self::Gone => "gone",
            Self::Redirected(_) => "redirected",
            Self::Refused(_) => "refused",
            Self::TimedOut => "timed_out",
            Self::Unreachable => "unreachable",
            Self::PrivateAddress => "private_address",
            Self::Internal(_) => "internal",
        }
    }

    /// Of the answer, if there was one.
    pub(super) fn status(&self) -> Option<u16> {
        match self {
            Self::Gone => Some(StatusCode::GONE.as_u16()),
            Self::Redirected(status) | Self::Refused(status) => Some(*status),
            _ => None,
        }
    }

    fn of(error: &reqwest::Error) -> Self {
        if error.is_timeout() {
            return Self::TimedOut;
        }
        let mut source: Option<&(dyn Error + 'static)> = error.source();
        while let Some(cause) = source {
            if cause.is::<PrivateAddress>() {
                return Self::PrivateAddress;
            }
            source = cause.source();
        }
        Self::Unreachable
    }
}

/// Follows no redirect and uses no proxy: either would lead past the check of addresses.
pub(super) fn client(answer_within: Duration, allow_private: bool) -> reqwest::Result<Client> {
    let mut builder = Client::builder()
        .redirect(redirect::Policy::none())
        .no_proxy()
        .timeout(answer_within)
        .connect_timeout(CONNECT_TIME)
        .pool_max_idle_per_host(1)
        .pool_idle_timeout(IDLE_TIME)
        .https_only(!allow_private)
        .user_agent("habit-tracker-webhooks");
    if !allow_private {
        builder = builder.dns_resolver(Arc::new(PublicResolver));
    }
    builder.build()
}

/// Sends a message, and returns the status of an answer that is a success.
pub(super) async fn send(
    client: &Client,
    claimed: &Claimed,
    message: Message,
    allow_private: bool,
) -> Result<u16, SendError> {
    // Again, since what is allowed may be less now; and addresses in place of names are never resolved.
    let url = target::parse(&claimed.url, allow_private).map_err(|_| SendError::PrivateAddress)?;
    let request = client
        .post(url)
        .header(header::CONTENT_TYPE.as_str(), "application/json")
        .header("webhook-id", message.id)
        .header("webhook-timestamp", message.timestamp)
        .header("webhook-signature", message.signature)
        .body(message.body);
    let response = request.send().await.map_err(|error| SendError::of(&error))?;
    let status = response.status();
    read_some(response).await;
    match status.as_u16() {
        410 => Err(SendError::Gone),
        code if status.is_success() => Ok(code),
        code if status.is_redirection() => Err(SendError::Redirected(code)),
        code => Err(SendError::Refused(code)),
    }
}

/// Reads the little that an answer should have, so that its connection can be used again.
async fn read_some(mut response: Response) {
    let mut read = 0;
    while read <= ANSWER_BYTES {
        match response.chunk().await {
            Ok(Some(chunk)) => read += chunk.len(),
            Ok(None) | Err(_) => return,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_name_that_leads_to_a_private_address_is_not_connected_to() {
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("https://localhost:{}/", listener.local_addr().unwrap().port());
        let of_all = client(Duration::from_secs(5), false).unwrap();
        let error = of_all.post(url).send().await.unwrap_err();
        assert!(matches!(SendError::of(&error), SendError::PrivateAddress), "{error:?}");
    }
}
