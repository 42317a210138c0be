//! A message as Standard Webhooks lays it down: an id, a time, a body, and who vouches for the three.
//!
//! <https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md>

use anyhow::Context as _;
use base64::{Engine as _, prelude::BASE64_STANDARD};
use chrono::{DateTime, Utc};
use hmac::{Hmac, KeyInit as _, Mac as _};
use serde::Serialize;
use serde_json::Value;
use sha2::Sha256;
use store::webhook::{Claimed, Secret};

/// What travels: the body, and the values of the headers `webhook-id`, `webhook-timestamp`, `webhook-signature`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Message {
    pub(super) id: String,
    pub(super) timestamp: String,
    pub(super) signature: String,
    pub(super) body: String,
}

#[derive(Serialize)]
struct Body<'a> {
    r#type: &'a str,
    timestamp: DateTime<Utc>,
    data: &'a Value,
}

impl Message {
    /// The message of a delivery that is attempted at `now`. Its id and body are the same at each attempt.
    pub(super) fn of(claimed: &Claimed, now: DateTime<Utc>) -> anyhow::Result<Self> {
        let body = Body { r#type: &claimed.event_type, timestamp: claimed.created_at, data: &claimed.payload };
        let body = serde_json::to_string(&body).context("failed to write the body")?;
        let (id, timestamp) = (claimed.event_id.to_string(), now.timestamp().to_string());
        let mut signature = sign(&claimed.secret, &id, &timestamp, &body)?;
        if let Some(previous) = &claimed.previous_secret
            && claimed.previous_secret_until.is_some_and(|until| now < until)
        {
            signature = format!("{signature} {}", sign(previous, &id, &timestamp, &body)?);
        }
        Ok(Self { id, timestamp, signature, body })
    }
}

/// The form in which people get a secret.
pub(super) fn shown(secret: &Secret) -> String {
    format!("whsec_{}", BASE64_STANDARD.encode(secret.expose()))
}

fn sign(secret: &Secret, id: &str, timestamp: &str, body: &str) -> anyhow::Result<String> {
    let mut mac = Hmac::<Sha256>::new_from_slice(secret.expose()).context("the secret is no key")?;
    mac.update(format!("{id}.{timestamp}.{body}").as_bytes());
    Ok(format!("v1,{}", BASE64_STANDARD.encode(mac.finalize().into_bytes())))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The example of Standard Webhooks' own libraries.
    #[test]
    fn a_signature_is_the_one_of_the_standard() {
        let secret = Secret::new(BASE64_STANDARD.decode("MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw").unwrap());
        let signature = sign(&secret, "msg_p5jXN8AQM9LWM0D4loKWxJek", "1614265330", r#"{"test": 2432232314}"#).unwrap();
        assert_eq!(signature, "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=");
        assert_eq!(shown(&secret), "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw");
    }
}
