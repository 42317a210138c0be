//! Flags and environment of `api`.

use std::{net::SocketAddr, num::NonZeroU32, path::PathBuf};

use habits::{Tz, zone::UnknownZone};
use process::{DatabaseConfig, fatal, probes::ProbesConfig, secret, telemetry::LogConfig};
use secrecy::{ExposeSecret as _, SecretString};
use wire::user::Language;

use crate::{
    Defaults, Keys,
    app::{CONNECTIONS_PER_ADDRESS, MAX_IN_FLIGHT},
    limit::{Limits, REQUESTS_PER_SECOND},
};

/// HS256 wants a key as long as its hash (RFC 7518, section 3.2).
const JWT_SECRET_BYTES: usize = 32;

/// The REST service of the habit tracker
#[derive(Debug, clap::Parser)]
#[command(name = "api", version)]
pub struct Config {
    /// Where the API is served
    #[arg(long, env = "LISTEN_ADDRESS", default_value = "0.0.0.0:8000")]
    pub listen_address: SocketAddr,

    #[command(flatten)]
    pub database: DatabaseConfig,

    #[command(flatten)]
    pub keys: KeysConfig,

    /// IANA name of the zone of people who tell none
    #[arg(long, env = "HABIT_DEFAULT_TIME_ZONE", default_value = "UTC", value_parser = zone)]
    pub default_time_zone: Tz,

    /// Language of people who tell none: en or ru
    #[arg(long, env = "HABIT_DEFAULT_LOCALE", default_value = "en", value_parser = language)]
    pub default_locale: Language,

    /// Lets webhooks lead to private addresses and over plain HTTP: people can then reach what the api can reach
    #[arg(long, env = "HABIT_WEBHOOKS_ALLOW_PRIVATE")]
    pub webhooks_allow_private: bool,

    /// Requests in hand at once; what comes beyond is refused with 503 at once
    #[arg(long, env = "MAX_REQUESTS_IN_FLIGHT", default_value_t = MAX_IN_FLIGHT, value_parser = in_flight)]
    pub max_requests_in_flight: usize,

    /// Connections of one address at once, others are closed; 0: no bound, for when all come through one proxy
    #[arg(long, env = "MAX_CONNECTIONS_PER_ADDRESS", default_value_t = CONNECTIONS_PER_ADDRESS)]
    pub max_connections_per_address: usize,

    /// Requests a second of one person that are served; counted by each process for itself
    #[arg(long, env = "PERSON_REQUESTS_PER_SECOND", default_value_t = REQUESTS_PER_SECOND)]
    pub person_requests_per_second: NonZeroU32,

    /// Requests a second with one personal token that are served; the person's count too
    #[arg(long, env = "TOKEN_REQUESTS_PER_SECOND", default_value_t = REQUESTS_PER_SECOND)]
    pub token_requests_per_second: NonZeroU32,

    #[command(flatten)]
    pub probes: ProbesConfig,

    #[command(flatten)]
    pub log: LogConfig,
}

/// Each is given as it is or as the file that holds it.
#[derive(Debug, clap::Args)]
pub struct KeysConfig {
    /// Key that the bot shows to get tokens
    #[arg(long, env = "API_BOT_SHARED_KEY", hide_env_values = true)]
    pub bot_shared_key: Option<SecretString>,

    /// File that holds it
    #[arg(long, env = "API_BOT_SHARED_KEY_FILE")]
    pub bot_shared_key_file: Option<PathBuf>,

    /// Key that the bot showed before, accepted during a rotation
    #[arg(long, env = "API_BOT_SHARED_KEY_PREVIOUS", hide_env_values = true)]
    pub bot_shared_key_previous: Option<SecretString>,

    /// File that holds it
    #[arg(long, env = "API_BOT_SHARED_KEY_PREVIOUS_FILE")]
    pub bot_shared_key_previous_file: Option<PathBuf>,

    /// Secret that signs people's tokens (HS256)
    #[arg(long, env = "JWT_SECRET", hide_env_values = true)]
    pub jwt_secret: Option<SecretString>,

    /// File that holds it
    #[arg(long, env = "JWT_SECRET_FILE")]
    pub jwt_secret_file: Option<PathBuf>,

    /// Secret that signed tokens before, accepted during a rotation
    #[arg(long, env = "JWT_SECRET_PREVIOUS", hide_env_values = true)]
    pub jwt_secret_previous: Option<SecretString>,

    /// File that holds it
    #[arg(long, env = "JWT_SECRET_PREVIOUS_FILE")]
    pub jwt_secret_previous_file: Option<PathBuf>,
}

impl Config {
    pub fn defaults(&self) -> Defaults {
        Defaults { zone: self.default_time_zone, language: self.default_locale }
    }

    pub fn limits(&self) -> Limits {
        Limits::per_second(self.person_requests_per_second, self.token_requests_per_second)
    }
}

impl KeysConfig {
    /// Reads the keys.
    ///
    /// # Errors
    ///
    /// Fatal when one that is needed is not given, or when a file cannot be read.
    pub fn read(&self) -> anyhow::Result<Keys> {
        let bot = secret::read("API_BOT_SHARED_KEY", self.bot_shared_key.as_ref(), self.bot_shared_key_file.as_ref())?;
        let jwt = secret::read("JWT_SECRET", self.jwt_secret.as_ref(), self.jwt_secret_file.as_ref())?;
        if jwt.expose_secret().len() < JWT_SECRET_BYTES {
            let message =
                format!("JWT_SECRET is shorter than {JWT_SECRET_BYTES} bytes; set it to a longer random value");
            return Err(fatal("ConfigurationInvalid", message));
        }
        let mut keys = Keys::new(bot, &jwt);
        let previous_bot = optional(
            "API_BOT_SHARED_KEY_PREVIOUS",
            self.bot_shared_key_previous.as_ref(),
            self.bot_shared_key_previous_file.as_ref(),
        )?;
        if let Some(previous) = previous_bot {
            keys = keys.or_bot_key(previous);
        }
        let previous_jwt =
            optional("JWT_SECRET_PREVIOUS", self.jwt_secret_previous.as_ref(), self.jwt_secret_previous_file.as_ref())?;
        if let Some(previous) = previous_jwt {
            keys = keys.or_jwt_secret(&previous);
        }
        Ok(keys)
    }
}

/// An empty variable is none, as a variable that is not set.
fn optional(name: &str, value: Option<&SecretString>, file: Option<&PathBuf>) -> anyhow::Result<Option<SecretString>> {
    let value = value.filter(|value| !value.expose_secret().is_empty());
    if value.is_none() && file.is_none() {
        return Ok(None);
    }
    secret::read(name, value, file).map(Some)
}

fn in_flight(text: &str) -> Result<usize, String> {
    match text.parse() {
        Ok(requests) if (1..=65_536).contains(&requests) => Ok(requests),
        _ => Err("a number from 1 to 65536".to_owned()),
    }
}

fn zone(name: &str) -> Result<Tz, UnknownZone> {
    habits::zone::parse(name)
}

fn language(name: &str) -> Result<Language, &'static str> {
    match name {
        "en" => Ok(Language::En),
        "ru" => Ok(Language::Ru),
        _ => Err("the languages are en and ru"),
    }
}

#[cfg(test)]
mod tests {
    use clap::Parser as _;

    use super::*;

    #[test]
    fn a_missing_secret_is_named_in_the_error() {
        let config = Config::try_parse_from(["api", "--bot-shared-key", "key"]).unwrap();
        let error = config.keys.read().unwrap_err();
        assert!(error.to_string().contains("JWT_SECRET is not set"), "{error}");
    }

    const LONG: &str = "a secret of thirty-two bytes, at the least";

    #[test]
    fn a_short_secret_signs_nothing() {
        let arguments = ["api", "--bot-shared-key", "key", "--jwt-secret", "secret"];
        let error = Config::try_parse_from(arguments).unwrap().keys.read().unwrap_err();
        assert!(error.to_string().contains("JWT_SECRET is shorter than 32 bytes"), "{error}");
    }

    #[test]
    fn an_empty_previous_key_opens_nothing() {
        let arguments = ["api", "--bot-shared-key", "key", "--jwt-secret", LONG, "--bot-shared-key-previous", ""];
        let keys = Config::try_parse_from(arguments).unwrap().keys.read().unwrap();
        assert!(!keys.is_bot_key(b""));
    }

    #[test]
    fn debug_output_never_shows_a_secret() {
        let config = Config::try_parse_from(["api", "--jwt-secret", "hunter2"]).unwrap();
        assert!(!format!("{config:?}").contains("hunter2"));
    }

    #[test]
    fn an_unknown_zone_is_refused() {
        let error = Config::try_parse_from(["api", "--default-time-zone", "Mars/Olympus"]).unwrap_err();
        assert!(error.to_string().contains("Mars/Olympus"));
    }
}
