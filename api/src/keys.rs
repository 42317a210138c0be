//! The key of the bot, and the tokens of people.

use std::fmt;

use chrono::{DateTime, TimeDelta, Utc};
use jsonwebtoken::{Algorithm, DecodingKey, EncodingKey, Header, Validation, errors::ErrorKind};
use secrecy::{ExposeSecret as _, SecretString};
use serde::Serialize;
use serde_json::Value;
use subtle::ConstantTimeEq as _;
use uuid::Uuid;

use crate::error::ApiError;

const TOKEN_LIFETIME: TimeDelta = TimeDelta::minutes(30);
const ISSUER: &str = "habit-tracker";

/// What the api checks callers against. The previous ones are accepted as well, while a rotation lasts.
pub struct Keys {
    bot: Vec<SecretString>,
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
        validation.set_issuer(&[ISSUER]);
        // Checked below against the clock that is given; a token of the old system has no issuer.
        validation.required_spec_claims.clear();
        validation.validate_exp = false;
        Self {
            bot: vec![bot],
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
    /// # Errors
    ///
    /// Says whether the token is expired, names nobody, or is not the api's at all.
    pub fn verify(&self, token: &str, now: DateTime<Utc>) -> Result<i64, ApiError> {
        let claims = self.claims(token)?;
        let expires_s = claims.get("exp").and_then(Value::as_f64).ok_or(ApiError::InvalidToken)?;
        #[expect(clippy::cast_precision_loss, reason = "seconds of this era are exact in 52 bits")]
        if expires_s <= now.timestamp() as f64 {
            return Err(ApiError::TokenExpired);
        }
        claims.get("user_id").and_then(Value::as_i64).filter(|id| *id > 0).ok_or(ApiError::InvalidTokenPayload)
    }

    fn claims(&self, token: &str) -> Result<Value, ApiError> {
        for key in &self.verifying {
            match jsonwebtoken::decode::<Value>(token, key, &self.validation) {
                Ok(token) => return Ok(token.claims),
                Err(error) if matches!(error.kind(), ErrorKind::InvalidSignature) => {}
                Err(_) => break,
            }
        }
        Err(ApiError::InvalidToken)
    }
}

impl fmt::Debug for Keys {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Keys")
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    const NOW: DateTime<Utc> = DateTime::from_timestamp(1_795_000_000, 0).unwrap();

    fn keys(bot: &str, jwt: &str) -> Keys {
        Keys::new(bot.to_owned().into(), &jwt.to_owned().into())
    }

    fn signed(algorithm: Algorithm, secret: &str, claims: &Value) -> String {
        let key = EncodingKey::from_secret(secret.as_bytes());
        jsonwebtoken::encode(&Header::new(algorithm), claims, &key).unwrap()
    }

    fn refusal(token: &str) -> String {
        keys("bot", "secret").verify(token, NOW).unwrap_err().kind().to_owned()
    }

    #[test]
    fn a_token_is_good_for_30_minutes() {
        let keys = keys("bot", "secret");
        let token = keys.issue(7, NOW).unwrap();
        assert_eq!(keys.verify(&token, NOW + TimeDelta::minutes(29)).unwrap(), 7);
        let late = keys.verify(&token, NOW + TimeDelta::minutes(30)).unwrap_err();
        assert_eq!(late.kind(), "token_expired");
    }

    #[test]
    fn a_token_with_only_a_user_and_an_end_is_accepted() {
        let token = signed(Algorithm::HS256, "secret", &json!({"user_id": 7, "exp": NOW.timestamp() + 60}));
        assert_eq!(keys("bot", "secret").verify(&token, NOW).unwrap(), 7);
    }

    #[test]
    fn a_token_that_never_ends_is_refused() {
        assert_eq!(refusal(&signed(Algorithm::HS256, "secret", &json!({"user_id": 7}))), "invalid_token");
    }

    #[test]
    fn a_token_of_another_issuer_is_refused() {
        let claims = json!({"user_id": 7, "exp": NOW.timestamp() + 60, "iss": "elsewhere"});
        assert_eq!(refusal(&signed(Algorithm::HS256, "secret", &claims)), "invalid_token");
    }

    #[test]
    fn a_token_of_another_algorithm_is_refused() {
        let claims = json!({"user_id": 7, "exp": NOW.timestamp() + 60});
        assert_eq!(refusal(&signed(Algorithm::HS512, "secret", &claims)), "invalid_token");
    }

    #[test]
    fn a_token_without_signature_is_refused() {
        // {"alg":"none","typ":"JWT"} and {"user_id":7,"exp":9999999999}
        let token = "eyJhbGciOiJub25lIiwidHlwIjoiSldUIn0.eyJ1c2VyX2lkIjo3LCJleHAiOjk5OTk5OTk5OTl9.";
        assert_eq!(refusal(token), "invalid_token");
    }

    #[test]
    fn a_token_that_names_nobody_has_an_invalid_payload() {
        for claims in [json!({"exp": NOW.timestamp() + 60}), json!({"user_id": "x", "exp": NOW.timestamp() + 60})] {
            assert_eq!(refusal(&signed(Algorithm::HS256, "secret", &claims)), "invalid_token_payload");
        }
    }

    #[test]
    fn during_a_rotation_both_secrets_and_both_keys_are_good() {
        let old = keys("old-bot", "old-secret");
        let new = keys("new-bot", "new-secret")
            .or_bot_key("old-bot".to_owned().into())
            .or_jwt_secret(&"old-secret".to_owned().into());
        assert_eq!(new.verify(&old.issue(7, NOW).unwrap(), NOW).unwrap(), 7);
        assert_eq!(new.verify(&new.issue(8, NOW).unwrap(), NOW).unwrap(), 8);
        assert!(new.is_bot_key(b"old-bot") && new.is_bot_key(b"new-bot"));
        assert!(old.verify(&new.issue(8, NOW).unwrap(), NOW).is_err());
    }

    #[test]
    fn a_part_of_the_key_is_not_the_key() {
        let keys = keys("bot-key", "secret");
        assert!(keys.is_bot_key(b"bot-key"));
        for wrong in [&b""[..], b"bot", b"bot-kex", b"bot-key2"] {
            assert!(!keys.is_bot_key(wrong));
        }
    }
}
