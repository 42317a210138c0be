//! Meeting Telegram at the start.

use process::{Readiness, Shutdown, fatal};
use teloxide::{ApiError, RequestError};

use crate::{
    backoff::Backoff,
    readiness::TELEGRAM,
    telegram::{self, Telegram},
};

/// Waits until Telegram knows the bot, and sets up what belongs to it. Returns early at shutdown.
///
/// # Errors
///
/// Fatal when Telegram does not know the token.
pub async fn meet(telegram: &Telegram, readiness: &Readiness, shutdown: &Shutdown) -> anyhow::Result<()> {
    let mut backoff = Backoff::default();
    while !shutdown.is_stopped() {
        match set_up(telegram).await {
            Ok(()) => return Ok(()),
            Err(RequestError::Api(ApiError::InvalidToken)) => return Err(token_rejected()),
            Err(error) => {
                readiness.set(TELEGRAM, Err(telegram::reason(&error)));
                backoff.wait(shutdown, &error).await;
            }
        }
    }
    Ok(())
}

async fn set_up(telegram: &Telegram) -> Result<(), RequestError> {
    let me = telegram.me().await?;
    telegram.set_up().await?;
    tracing::info!(bot = me.username(), "Telegram knows the bot");
    Ok(())
}

/// The end of a bot whose token Telegram does not know.
pub fn token_rejected() -> anyhow::Error {
    fatal("TokenRejected", "Telegram does not know the bot's token; put the token from @BotFather in the Secret")
}
