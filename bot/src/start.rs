//! Meeting Telegram at the start.

use process::{Readiness, Shutdown, fatal};
use secrecy::SecretString;
use teloxide::{ApiError, RequestError};
use url::Url;

use crate::{
    backoff::Backoff,
    readiness::TELEGRAM,
    telegram::{self, Telegram},
};

/// How updates come in.
#[derive(Debug, Clone, Copy)]
pub enum Delivery<'a> {
    /// The bot asks for them.
    Polling,
    /// Telegram brings them to this address, with this secret.
    Webhook { url: &'a Url, secret: &'a SecretString },
}

/// Waits until Telegram knows the bot, and sets up what belongs to it. Returns early at shutdown.
///
/// # Errors
///
/// Fatal when Telegram does not know the token.
pub async fn meet(
    telegram: &Telegram,
    delivery: Delivery<'_>,
    readiness: &Readiness,
    shutdown: &Shutdown,
) -> anyhow::Result<()> {
    let mut backoff = Backoff::default();
    while !shutdown.is_stopped() {
        match set_up(telegram, delivery).await {
            Ok(()) => {
                readiness.set(TELEGRAM, Ok(()));
                return Ok(());
            }
            Err(RequestError::Api(ApiError::InvalidToken)) => return Err(token_rejected()),
            Err(error) => {
                readiness.set(TELEGRAM, Err(telegram::reason(&error)));
                backoff.wait(shutdown, &error).await;
            }
        }
    }
    Ok(())
}

async fn set_up(telegram: &Telegram, delivery: Delivery<'_>) -> Result<(), RequestError> {
    let me = telegram.me().await?;
    match delivery {
        Delivery::Polling => telegram.delete_webhook().await?,
        Delivery::Webhook { url, secret } => telegram.set_webhook(url, secret).await?,
    }
    tracing::info!(bot = me.username(), "Telegram knows the bot");
    Ok(())
}

/// The end of a bot whose token Telegram does not know.
pub fn token_rejected() -> anyhow::Error {
    fatal("TokenRejected", "Telegram does not know the bot's token; put the token from @BotFather in the Secret")
}
