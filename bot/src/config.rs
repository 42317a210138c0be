//! Flags and environment of `bot`.

use std::path::PathBuf;

use process::{fatal, probes::ProbesConfig, secret, telemetry::LogConfig};
use secrecy::{ExposeSecret as _, SecretString};
use url::Url;

mod updates;

use updates::UpdatesConfig;

/// The Telegram front end of the habit tracker
#[derive(Debug, clap::Parser)]
#[command(name = "bot", version)]
pub struct Config {
    /// Token of the bot, as `@BotFather` gives it
    #[arg(long, env = "TELEGRAM_BOT_TOKEN", hide_env_values = true)]
    pub telegram_bot_token: Option<SecretString>,

    /// File that holds it
    #[arg(long, env = "TELEGRAM_BOT_TOKEN_FILE")]
    pub telegram_bot_token_file: Option<PathBuf>,

    /// Bot API server
    #[arg(long, env = "TELEGRAM_API_URL", default_value = "https://api.telegram.org", value_parser = http_url)]
    pub telegram_api_url: Url,

    /// Where the api is, such as `http://family-api:8000`
    #[arg(long, env = "API_URL", value_parser = http_url)]
    pub api_url: Url,

    /// Key that the bot shows to the api
    #[arg(long, env = "API_BOT_SHARED_KEY", hide_env_values = true)]
    pub api_bot_shared_key: Option<SecretString>,

    /// File that holds it
    #[arg(long, env = "API_BOT_SHARED_KEY_FILE")]
    pub api_bot_shared_key_file: Option<PathBuf>,

    #[command(flatten)]
    pub updates: UpdatesConfig,

    #[command(flatten)]
    pub probes: ProbesConfig,

    #[command(flatten)]
    pub log: LogConfig,
}

impl Config {
    /// The token, which has the shape of one.
    ///
    /// # Errors
    ///
    /// Fatal when it is missing or can be no token.
    pub fn token(&self) -> anyhow::Result<SecretString> {
        let token = secret::read(
            "TELEGRAM_BOT_TOKEN",
            self.telegram_bot_token.as_ref(),
            self.telegram_bot_token_file.as_ref(),
        )?;
        if is_token(token.expose_secret()) {
            return Ok(token);
        }
        Err(fatal(
            "TokenRejected",
            "the bot's token has not the shape of one; put the token from @BotFather in the Secret",
        ))
    }

    /// The key of the api.
    ///
    /// # Errors
    ///
    /// Fatal when it is missing.
    pub fn api_key(&self) -> anyhow::Result<SecretString> {
        secret::read("API_BOT_SHARED_KEY", self.api_bot_shared_key.as_ref(), self.api_bot_shared_key_file.as_ref())
    }
}

/// The bot's id, a colon, and letters (<https://core.telegram.org/bots/api#authorizing-your-bot>).
fn is_token(text: &str) -> bool {
    let is_secret = |secret: &str| {
        !secret.is_empty() && secret.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"_-".contains(&byte))
    };
    text.split_once(':').is_some_and(|(id, secret)| id.parse::<u64>().is_ok() && is_secret(secret))
}

fn http_url(text: &str) -> Result<Url, String> {
    let url: Url = text.parse().map_err(|error| format!("{error}"))?;
    if matches!(url.scheme(), "http" | "https") { Ok(url) } else { Err("write it with http:// or https://".to_owned()) }
}

#[cfg(test)]
mod tests {
    use clap::Parser as _;
    use rstest::rstest;

    use super::*;

    fn config(arguments: &[&str]) -> Config {
        Config::try_parse_from([&["bot", "--api-url", "http://api:8000"], arguments].concat()).unwrap()
    }

    #[rstest]
    #[case("hunter2")]
    #[case("12:")]
    #[case("12:a b")]
    #[case("x:abc")]
    fn what_can_be_no_token_is_fatal_and_not_shown(#[case] token: &str) {
        let error = config(&["--telegram-bot-token", token]).token().unwrap_err();
        assert!(error.to_string().starts_with("TokenRejected: "), "{error}");
        assert!(!error.to_string().contains(token));
    }

    #[test]
    fn a_token_is_taken() {
        assert!(config(&["--telegram-bot-token", "7000001:AAE-simulated_01"]).token().is_ok());
    }

    #[test]
    fn an_empty_token_counts_as_missing() {
        let error = config(&["--telegram-bot-token", ""]).token().unwrap_err();
        assert!(error.to_string().starts_with("ConfigurationMissing: "), "{error}");
    }

    #[test]
    fn a_missing_key_is_named() {
        let error = config(&[]).api_key().unwrap_err();
        assert!(error.to_string().contains("API_BOT_SHARED_KEY is not set"), "{error}");
    }

    #[test]
    fn debug_output_never_shows_a_secret() {
        let config = config(&["--telegram-bot-token", "1:hunter2", "--api-bot-shared-key", "hunter2"]);
        assert!(!format!("{config:?}").contains("hunter2"));
    }

    #[test]
    fn an_address_of_another_kind_is_refused() {
        assert!(Config::try_parse_from(["bot", "--api-url", "mailto:anna@example.com"]).is_err());
    }
}
