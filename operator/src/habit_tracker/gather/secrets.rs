//! The Secrets that programs read. Values are compared, never shown.
use std::fmt;

use crds::HabitTrackerDeployment;
use hmac::{Hmac, KeyInit as _, Mac as _};
use k8s_openapi::api::core::v1::Secret;
use kube::ResourceExt;
use secrecy::{ExposeSecret as _, SecretSlice};
use sha2::Sha256;

use super::{GatherError, Reader};
use crate::habit_tracker::names::{Component, child, hex_of};

/// The Secrets that the programs read.
#[derive(Debug)]
pub struct Secrets {
    /// Given by people.
    pub telegram_token: SecretValue,
    /// The database's URL: ours with a managed database, else given.
    pub database_url: SecretValue,
    /// The URL of Redis: ours with a managed one, else given.
    pub redis_url: SecretValue,
    /// Ours: what the api signs with.
    pub jwt_secret: SecretValue,
    /// Ours: what the bot shows to the api.
    pub bot_key: SecretValue,
    /// Whether people have to give the database's URL.
    pub database_url_is_given: bool,
    /// Whether people have to give the URL of Redis.
    pub redis_url_is_given: bool,
}

impl Secrets {
    /// Whether something waits for people to create a Secret.
    pub fn is_one_missing(&self) -> bool {
        !self.telegram_token.is_present()
            || (self.database_url_is_given && !self.database_url.is_present())
            || (self.redis_url_is_given && !self.redis_url.is_present())
    }

    /// Changes when any of the values does: an HMAC-SHA-256 in hexadecimal, under the key that the api signs with, so that
    /// whoever reads it cannot try out values. Until there is such a key it says nothing.
    pub fn fingerprint(&self, values: &[&SecretValue]) -> String {
        let SecretState::Present(key) = &self.jwt_secret.state else {
            return String::new();
        };
        let Ok(mut mac) = Hmac::<Sha256>::new_from_slice(key.expose_secret()) else {
            // Keys of any length are taken.
            return String::new();
        };
        for value in values {
            let bytes: &[u8] = match &value.state {
                SecretState::Present(value) => value.expose_secret(),
                SecretState::NoSecret | SecretState::NoKey => b"",
            };
            // The length keeps apart what would read the same put together.
            mac.update(&u64::try_from(bytes.len()).unwrap_or(u64::MAX).to_be_bytes());
            mac.update(bytes);
        }
        hex_of(&mac.finalize().into_bytes())
    }
}

/// One key of one Secret.
pub struct SecretValue {
    pub name: String,
    pub key: String,
    /// The Secret's, where there is one.
    pub uid: Option<String>,
    pub state: SecretState,
}

/// What is found at a key of a Secret.
pub enum SecretState {
    /// Its value. Never logged.
    Present(SecretSlice<u8>),
    NoSecret,
    NoKey,
}

impl SecretValue {
    pub fn is_present(&self) -> bool {
        matches!(self.state, SecretState::Present(_))
    }

    /// The value as text, where it is some.
    pub fn text(&self) -> Option<String> {
        match &self.state {
            SecretState::Present(value) => String::from_utf8(value.expose_secret().to_vec()).ok(),
            SecretState::NoSecret | SecretState::NoKey => None,
        }
    }
}

impl fmt::Debug for SecretValue {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "SecretValue({}/{}, present: {})", self.name, self.key, self.is_present())
    }
}

/// Reads them, each by its name.
pub(super) async fn read(reader: &Reader<'_>, deployment: &HabitTrackerDeployment) -> Result<Secrets, GatherError> {
    let (name, spec) = (deployment.name_any(), &deployment.spec);
    let token = &spec.telegram.token_secret_ref;
    let given_database = spec.postgres.external.as_ref().map(|external| &external.url_secret_ref);
    let given_redis = spec.redis.external.as_ref().map(|external| &external.url_secret_ref);
    let url = |given: Option<&crds::deployment::postgres::UrlSecretRef>, component| {
        given.map_or_else(
            || (child(&name, component), "url".to_owned()),
            |reference| (reference.name.clone(), reference.key.clone()),
        )
    };
    let api = child(&name, Component::Api);
    let (telegram_token, database_url, redis_url, (jwt_secret, bot_key)) = tokio::try_join!(
        secret(reader, (token.name.clone(), token.key.clone())),
        secret(reader, url(given_database, Component::Postgres)),
        secret(reader, url(given_redis, Component::Redis)),
        async {
            let found: Option<Box<Secret>> = reader.get(api.clone()).await?;
            let value = |key: &str| value(found.as_deref(), (api.clone(), key.to_owned()));
            Ok((value("jwt-secret"), value("bot-key")))
        },
    )?;
    Ok(Secrets {
        telegram_token,
        database_url,
        redis_url,
        jwt_secret,
        bot_key,
        database_url_is_given: given_database.is_some(),
        redis_url_is_given: given_redis.is_some(),
    })
}

async fn secret(reader: &Reader<'_>, (name, key): (String, String)) -> Result<SecretValue, GatherError> {
    let found: Option<Box<Secret>> = reader.get(name.clone()).await?;
    Ok(value(found.as_deref(), (name, key)))
}

fn value(secret: Option<&Secret>, (name, key): (String, String)) -> SecretValue {
    let state = match secret {
        None => SecretState::NoSecret,
        Some(secret) => match secret.data.as_ref().and_then(|data| data.get(&key)) {
            Some(value) if !value.0.is_empty() => SecretState::Present(value.0.clone().into()),
            _ => SecretState::NoKey,
        },
    };
    SecretValue { name, key, uid: secret.and_then(ResourceExt::uid), state }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::habit_tracker::fixture;

    #[test]
    fn a_fingerprint_changes_with_a_value_alone() {
        let of = |secrets: &Secrets| secrets.fingerprint(&[&secrets.telegram_token, &secrets.redis_url]);
        let (before, mut after) = (fixture::gathered().secrets, fixture::gathered().secrets);
        after.telegram_token.uid = Some("made anew".to_owned());
        assert_eq!(of(&after), of(&before));
        after.telegram_token.state = SecretState::Present(b"another".to_vec().into());
        assert_ne!(of(&after), of(&before));
    }

    #[test]
    fn a_fingerprint_tells_nothing_to_who_does_not_hold_the_key() {
        let (before, mut after) = (fixture::gathered().secrets, fixture::gathered().secrets);
        after.jwt_secret.state = SecretState::Present(b"another key".to_vec().into());
        assert_ne!(after.fingerprint(&[&after.redis_url]), before.fingerprint(&[&before.redis_url]));
        after.jwt_secret.state = SecretState::NoSecret;
        assert_eq!(after.fingerprint(&[&after.redis_url]), "");
    }
}
