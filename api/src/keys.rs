//! The key of the bot, and the tokens of people.

use std::{
    fmt,
    sync::{Arc, PoisonError, RwLock},
};

use chrono::{DateTime, TimeDelta, Utc};
use jsonwebtoken::{Algorithm, DecodingKey, EncodingKey, Header, TokenData, Validation, errors::ErrorKind};
use secrecy::{ExposeSecret as _, SecretString};
use serde::Serialize;
use serde_json::Value;
use subtle::ConstantTimeEq as _;
use uuid::Uuid;

use crate::error::ApiError;

pub mod personal_token;

const TOKEN_LIFETIME: TimeDelta = TimeDelta::minutes(30);
/// No token of ours lasts longer, nor did one of the old system: what claims to was made by somebody who has the secret.
const MAX_LIFETIME: TimeDelta = TimeDelta::hours(24);
/// How far the clock of whoever issued a token may be ahead.
const LEEWAY: TimeDelta = TimeDelta::minutes(1);
const ISSUER: &str = "habit-tracker";

/// The keys of this moment: they are exchanged while the service runs.
#[derive(Debug)]
pub struct KeyRing(RwLock<Arc<Keys>>);

impl KeyRing {
    pub fn new(keys: Keys) -> Self {
        Self(RwLock::new(Arc::new(keys)))
    }

    pub fn current(&self) -> Arc<Keys> {
        self.0.read().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Goes on with these keys, and says whether they are others.
    pub fn exchange(&self, keys: Keys) -> bool {
        let mut current = self.0.write().unwrap_or_else(PoisonError::into_inner);
        let are_others = !current.are(&keys);
        if are_others {
            *current = Arc::new(keys);
        }
        are_others
    }
}

/// What the api checks callers against. The previous ones are accepted as well, while a rotation lasts.
pub struct Keys {
    bot: Vec<SecretString>,
    jwt: Vec<SecretString>,
    signing: EncodingKey,
    verifying: Vec<DecodingKey>,
    validation: Validation,
}

#[derive(Serialize)]
struct Claims<'a> {
    user_id: i64,
    iat: i64,
    exp: i64,
    iss: &'a str,
    jti: String,
}

impl Keys {
    /// `bot` is the key that the bot shows, `jwt` signs the tokens (HS256).
    pub fn new(bot: SecretString, jwt: &SecretString) -> Self {
        let mut validation = Validation::new(Algorithm::HS256);
        // Checked below: times against the clock that is given, and a token of the old system has no issuer.
        validation.required_spec_claims.clear();
        validation.validate_exp = false;
        Self {
            bot: vec![bot],
            jwt: vec![jwt.clone()],
            signing: EncodingKey::from_secret(jwt.expose_secret().as_bytes()),
            verifying: vec![DecodingKey::from_secret(jwt.expose_secret().as_bytes())],
            validation,
        }
    }

    /// Accepts this key of the bot too.
    #[must_use]
    pub fn or_bot_key(mut self, previous: SecretString) -> Self {
        self.bot.push(previous);
        self
    }

    /// Accepts tokens too that were signed with this secret.
    #[must_use]
    pub fn or_jwt_secret(mut self, previous: &SecretString) -> Self {
        self.jwt.push(previous.clone());
        self.verifying.push(DecodingKey::from_secret(previous.expose_secret().as_bytes()));
        self
    }

    /// Whether this is the bot's key. Takes as long whatever part of it is right.
    pub fn is_bot_key(&self, shown: &[u8]) -> bool {
        let mut is_one = subtle::Choice::from(0);
        for key in &self.bot {
            is_one |= key.expose_secret().as_bytes().ct_eq(shown);
        }
        is_one.into()
    }

    /// A person's token, good for 30 minutes from `now`.
    ///
    /// # Errors
    ///
    /// Fails when signing does.
    pub fn issue(&self, user_id: i64, now: DateTime<Utc>) -> anyhow::Result<String> {
        let claims = Claims {
            user_id,
            iat: now.timestamp(),
            exp: (now + TOKEN_LIFETIME).timestamp(),
            iss: ISSUER,
            jti: Uuid::new_v4().to_string(),
        };
        Ok(jsonwebtoken::encode(&Header::new(Algorithm::HS256), &claims, &self.signing)?)
    }

    /// The id of the person whom a token names at `now`.
    ///
    /// HS256 alone is accepted (RFC 8725, section 3.1), whatever the header asks for. `exp` is needed and at most a day
    /// ahead; `nbf`, `iat` and `iss` are checked where they are there, with a minute for clocks that differ.
    ///
    /// # Errors
    ///
    /// Says whether the token is expired, names nobody, or is not the api's at all.
    pub fn verify(&self, token: &str, now: DateTime<Utc>) -> Result<i64, ApiError> {
        let TokenData { header, claims, .. } = self.decode(token)?;
        // Our tokens name no key and no address of one, and the previous secret is found by trying. A header that does
        // asks to be verified by something that we never gave out.
        if (Header { typ: None, ..header }) != (Header { typ: None, ..Header::new(Algorithm::HS256) }) {
            return Err(ApiError::InvalidToken);
        }
        if claims.get("iss").is_some_and(|issuer| issuer != ISSUER) {
            return Err(ApiError::InvalidToken);
        }
        check_times(&claims, now)?;
        claims.get("user_id").and_then(Value::as_i64).filter(|id| *id > 0).ok_or(ApiError::InvalidTokenPayload)
    }

    fn decode(&self, token: &str) -> Result<TokenData<Value>, ApiError> {
        for key in &self.verifying {
            match jsonwebtoken::decode::<Value>(token, key, &self.validation) {
                Ok(token) => return Ok(token),
                Err(error) if matches!(error.kind(), ErrorKind::InvalidSignature) => {}
                Err(_) => break,
            }
        }
        Err(ApiError::InvalidToken)
    }

    /// Whether these are the same secrets in the same order.
    fn are(&self, other: &Self) -> bool {
        let same = |one: &[SecretString], other: &[SecretString]| {
            one.iter().map(SecretString::expose_secret).eq(other.iter().map(SecretString::expose_secret))
        };
        same(&self.bot, &other.bot) && same(&self.jwt, &other.jwt)
    }
}

/// Whether the token is good at `now`, by its `NumericDate`s (RFC 7519, section 2).
fn check_times(claims: &Value, now: DateTime<Utc>) -> Result<(), ApiError> {
    let time_s = |name: &str| match claims.get(name) {
        Some(time) => time.as_f64().map(Some).ok_or(ApiError::InvalidToken),
        None => Ok(None),
    };
    let ends_s = time_s("exp")?.ok_or(ApiError::InvalidToken)?;
    if ends_s <= seconds(now) {
        return Err(ApiError::TokenExpired);
    }
    let starts_s = [time_s("nbf")?, time_s("iat")?];
    let is_ahead = starts_s.into_iter().flatten().any(|start_s| start_s > seconds(now + LEEWAY));
    if is_ahead || ends_s > seconds(now + MAX_LIFETIME) {
        return Err(ApiError::InvalidToken);
    }
    Ok(())
}

#[expect(clippy::cast_precision_loss, reason = "seconds of this era are exact in 52 bits")]
fn seconds(time: DateTime<Utc>) -> f64 {
    time.timestamp() as f64
}

impl fmt::Debug for Keys {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Keys")
    }
}

#[cfg(test)]
mod tests;
