//! Flags and environment of how updates come in.

use std::{net::SocketAddr, path::PathBuf};

use anyhow::Context as _;
use outbound::{Keys, connection};
use process::{RedisConfig, fatal, secret};
use redis::aio::ConnectionManager;
use secrecy::{ExposeSecret as _, SecretString};
use tokio::net::TcpListener;
use url::Url;

use crate::{Updates, webhook::Webhook};

/// Letters of a webhook's secret at most (<https://core.telegram.org/bots/api#setwebhook>).
const MOST_SECRET: usize = 256;

#[derive(Debug, Clone, clap::Args)]
pub struct UpdatesConfig {
    /// How updates come in; by default a webhook when it has a URL, else polling
    #[arg(long, env = "TELEGRAM_UPDATES", value_enum)]
    updates: Option<Way>,

    /// Public https address where Telegram brings updates, such as `https://habits.example.com/telegram`: it has to lead
    /// to /telegram at the webhook's address
    #[arg(long, env = "TELEGRAM_WEBHOOK_URL", value_parser = https_url)]
    telegram_webhook_url: Option<Url>,

    /// What Telegram shows with every update: 1 to 256 of A-Z, a-z, 0-9, _ and -
    #[arg(long, env = "TELEGRAM_WEBHOOK_SECRET", hide_env_values = true)]
    telegram_webhook_secret: Option<SecretString>,

    /// File that holds it
    #[arg(long, env = "TELEGRAM_WEBHOOK_SECRET_FILE")]
    telegram_webhook_secret_file: Option<PathBuf>,

    /// Where the webhook is served, without TLS
    #[arg(long, env = "WEBHOOK_ADDRESS", default_value = "0.0.0.0:8443")]
    webhook_address: SocketAddr,

    #[command(flatten)]
    redis: RedisConfig,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
enum Way {
    /// One process asks for them
    Polling,
    /// Telegram brings them, to any number of replicas; needs Redis
    Webhook,
}

impl UpdatesConfig {
    /// The way that updates come in, with its port bound.
    ///
    /// # Errors
    ///
    /// Fatal when something is missing or can never work; fails when the address is taken.
    pub async fn open(&self) -> anyhow::Result<Updates> {
        match self.way() {
            Way::Polling => Ok(Updates::Polling),
            Way::Webhook => self.webhook().await.map(Updates::Webhook),
        }
    }

    fn way(&self) -> Way {
        let likely = if self.telegram_webhook_url.is_some() { Way::Webhook } else { Way::Polling };
        self.updates.unwrap_or(likely)
    }

    async fn webhook(&self) -> anyhow::Result<Webhook> {
        let url = self.telegram_webhook_url.clone().ok_or_else(|| {
            fatal(
                "ConfigurationMissing",
                "TELEGRAM_WEBHOOK_URL is not set; set it to where Telegram shall bring updates",
            )
        })?;
        let secret = self.secret()?;
        let redis = self.redis()?;
        let address = self.webhook_address;
        let listener = TcpListener::bind(address)
            .await
            .with_context(|| format!("failed to listen on {address} for the webhook"))?;
        Ok(Webhook { url, secret, listener, redis, keys: Keys::default() })
    }

    fn redis(&self) -> anyhow::Result<ConnectionManager> {
        if self.redis.redis_url.is_none() && self.redis.redis_url_file.is_none() {
            let message = "REDIS_URL is not set, and a webhook needs Redis for the order of each person's updates; set it, \
                           or REDIS_URL_FILE to a file that holds it, or take updates by polling";
            return Err(fatal("ConfigurationMissing", message));
        }
        connection::client(self.redis.url()?.expose_secret())
            .and_then(connection::lazy)
            .map_err(|error| fatal("RedisUrlInvalid", format!("REDIS_URL is no Redis URL: {error}; correct it")))
    }

    fn secret(&self) -> anyhow::Result<SecretString> {
        let secret = secret::read(
            "TELEGRAM_WEBHOOK_SECRET",
            self.telegram_webhook_secret.as_ref(),
            self.telegram_webhook_secret_file.as_ref(),
        )?;
        if is_secret(secret.expose_secret()) {
            return Ok(secret);
        }
        let message = "TELEGRAM_WEBHOOK_SECRET has letters that Telegram does not take, or too many; set it to 1 to 256 of \
                       A-Z, a-z, 0-9, _ and -";
        Err(fatal("ConfigurationInvalid", message))
    }
}

fn is_secret(text: &str) -> bool {
    (1..=MOST_SECRET).contains(&text.len())
        && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"_-".contains(&byte))
}

fn https_url(text: &str) -> Result<Url, String> {
    let url: Url = text.parse().map_err(|error| format!("{error}"))?;
    if url.scheme() == "https" { Ok(url) } else { Err("Telegram brings updates to https:// alone".to_owned()) }
}

#[cfg(test)]
mod tests {
    use clap::Parser as _;
    use process::Fatal;
    use rstest::rstest;

    use super::*;

    #[derive(Debug, clap::Parser)]
    struct Program {
        #[command(flatten)]
        updates: UpdatesConfig,
    }

    const URL: [&str; 2] = ["--telegram-webhook-url", "https://habits.example.com/telegram"];
    const SECRET: [&str; 2] = ["--telegram-webhook-secret", "hunter-2"];
    const REDIS: [&str; 2] = ["--redis-url", "redis://127.0.0.1:1"];
    const ADDRESS: [&str; 2] = ["--webhook-address", "127.0.0.1:0"];

    /// Without what the environment says of Redis.
    fn config(arguments: &[&[&str]]) -> UpdatesConfig {
        let arguments = arguments.concat();
        let mut config = Program::try_parse_from([&["bot"], arguments.as_slice()].concat()).unwrap().updates;
        if !arguments.contains(&REDIS[0]) {
            config.redis = RedisConfig::default();
        }
        config
    }

    #[rstest]
    #[case(&[], Way::Polling)]
    #[case(&[&URL[..]], Way::Webhook)]
    #[case(&[&URL[..], &["--updates", "polling"]], Way::Polling)]
    #[case(&[&["--updates", "webhook"][..]], Way::Webhook)]
    fn a_url_makes_it_a_webhook_unless_said_otherwise(#[case] arguments: &[&[&str]], #[case] way: Way) {
        assert_eq!(config(arguments).way(), way);
    }

    #[rstest]
    #[case(&[&["--updates", "webhook"][..], &SECRET, &REDIS], "TELEGRAM_WEBHOOK_URL is not set")]
    #[case(&[&URL[..], &REDIS], "TELEGRAM_WEBHOOK_SECRET is not set")]
    #[case(&[&URL[..], &SECRET], "REDIS_URL is not set, and a webhook needs Redis")]
    #[tokio::test]
    async fn what_a_webhook_misses_is_named(#[case] arguments: &[&[&str]], #[case] expected: &str) {
        let error = config(&[arguments, &[&ADDRESS]].concat()).open().await.unwrap_err();
        let fatal = error.downcast_ref::<Fatal>().unwrap();
        assert_eq!(fatal.reason, "ConfigurationMissing");
        assert!(fatal.message.starts_with(expected), "{}", fatal.message);
    }

    #[tokio::test]
    async fn a_webhook_with_all_it_needs_is_opened() {
        let opened = config(&[&URL, &SECRET, &REDIS, &ADDRESS]).open().await.unwrap();
        assert!(matches!(opened, Updates::Webhook(_)));
    }

    #[test]
    fn polling_needs_nothing() {
        assert_eq!(config(&[]).way(), Way::Polling);
    }

    #[rstest]
    #[case("hunter 2")]
    #[case("пароль")]
    #[case(&"a".repeat(257))]
    fn a_secret_that_telegram_refuses_is_fatal_and_not_shown(#[case] secret: &str) {
        let error = config(&[&["--telegram-webhook-secret", secret]]).secret().unwrap_err();
        assert!(error.to_string().starts_with("ConfigurationInvalid: "), "{error}");
        assert!(!error.to_string().contains(secret));
    }

    #[test]
    fn an_address_without_tls_is_refused() {
        assert!(Program::try_parse_from(["bot", "--telegram-webhook-url", "http://habits.example.com"]).is_err());
    }
}
