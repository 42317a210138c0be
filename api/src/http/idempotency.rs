//! Requests that are safe to repeat: `Idempotency-Key` (draft-ietf-httpapi-idempotency-key-header).
//!
//! A handler whose request is not safe to repeat by itself takes [`Idempotent`] in place of [`Json`](super::Json) and needs
//! two lines: [`IdempotencyKey::replay`] right after its transaction has begun, and [`IdempotencyKey::commit`] or
//! [`IdempotencyKey::commit_secret`] in place of the commit.

use axum::{
    body::Body,
    extract::{FromRequest, OriginalUri, Request},
    http::{HeaderValue, StatusCode, header},
    response::{IntoResponse as _, Response},
};
use chrono::{DateTime, Utc};
use serde::{Serialize, de::DeserializeOwned};
use sha2::{Digest as _, Sha256};
use sqlx::PgConnection;
use store::{
    idempotency_key::{self, Claim, Claimed},
    pool::DirectTransaction,
};
use wire::{IDEMPOTENCY_KEY_HEADER, IDEMPOTENT_REPLAYED_HEADER, UPDATE_ID_HEADER};

use super::{UpdateId, json};
use crate::error::ApiError;

const MAX_KEY_BYTES: usize = 255;

/// A JSON body, and the key that its request came with.
#[derive(Debug)]
pub struct Idempotent<T>(pub T, pub IdempotencyKey);

/// The key of a request, where it came with one; without, both steps do nothing but their part of the reply.
#[derive(Debug)]
pub struct IdempotencyKey(Option<Keyed>);

#[derive(Debug)]
struct Keyed {
    key: String,
    /// Method and path.
    operation: String,
    body_sha256: [u8; 32],
}

impl<T: DeserializeOwned, S: Send + Sync> FromRequest<S> for Idempotent<T> {
    type Rejection = ApiError;

    async fn from_request(request: Request, state: &S) -> Result<Self, ApiError> {
        let key = key_of(&request)?;
        let operation = key.as_ref().map(|_| operation_of(&request));
        let body = json::body_of(request, state).await?;
        let keyed = key.zip(operation).map(|(key, operation)| Keyed {
            key,
            operation,
            body_sha256: Sha256::digest(&body).into(),
        });
        Ok(Self(json::parse(&body)?, IdempotencyKey(keyed)))
    }
}

fn key_of(request: &Request) -> Result<Option<String>, ApiError> {
    let mut keys = request.headers().get_all(IDEMPOTENCY_KEY_HEADER).iter();
    let Some(key) = keys.next() else {
        return Ok(None);
    };
    let is_visible = key.as_bytes().iter().all(u8::is_ascii_graphic);
    match key.to_str() {
        Ok(text) if keys.next().is_none() && is_visible && (1..=MAX_KEY_BYTES).contains(&text.len()) => {
            Ok(Some(text.to_owned()))
        }
        _ => Err(ApiError::Invalid {
            kind: "validation_error",
            loc: vec!["header".to_owned(), IDEMPOTENCY_KEY_HEADER.to_owned()],
            msg: format!("the key is one of 1 to {MAX_KEY_BYTES} visible ASCII characters"),
        }),
    }
}

/// The same for both forms of a path, with and without a slash at its end.
fn operation_of(request: &Request) -> String {
    let original = request.extensions().get::<OriginalUri>();
    let path = original.map_or(request.uri().path(), |OriginalUri(uri)| uri.path());
    format!("{} {}", request.method(), path.trim_end_matches('/'))
}

impl IdempotencyKey {
    pub fn is_some(&self) -> bool {
        self.0.is_some()
    }

    /// This key, or else the update that the request carries out: for what the bot may send twice for one update, and no more
    /// than one of it.
    ///
    /// # Errors
    ///
    /// Fails when the request is no JSON.
    pub fn or_update(
        self,
        update: UpdateId,
        operation: impl FnOnce() -> String,
        request: &impl Serialize,
    ) -> Result<Self, ApiError> {
        let (None, Some(id)) = (&self.0, update.id()) else {
            return Ok(self);
        };
        let body_sha256 = Sha256::digest(json_of(request)?).into();
        Ok(Self(Some(Keyed { key: format!("{UPDATE_ID_HEADER}:{id}"), operation: operation(), body_sha256 })))
    }

    /// Claims the key in the transaction of the effect: the reply, when this very request was carried out before.
    ///
    /// # Errors
    ///
    /// Refuses a key that came with another request.
    pub async fn replay(
        &self,
        tx: &mut PgConnection,
        user_id: i64,
        now: DateTime<Utc>,
    ) -> Result<Option<Response>, ApiError> {
        let Some(Keyed { key, operation, body_sha256 }) = &self.0 else {
            return Ok(None);
        };
        match idempotency_key::claim(tx, Claim { user_id, key, operation, body_sha256 }, now).await? {
            Claimed::New => Ok(None),
            Claimed::Answered { status, reply } => {
                let status = StatusCode::from_u16(status).map_err(anyhow::Error::new)?;
                let mut response = json_response(status, reply);
                response.headers_mut().insert(IDEMPOTENT_REPLAYED_HEADER, HeaderValue::from_static("true"));
                Ok(Some(response))
            }
            Claimed::Reused => Err(ApiError::IdempotencyKeyReused),
        }
    }

    /// Notes the reply with the effect, commits both, and answers.
    ///
    /// # Errors
    ///
    /// Fails when the database does; then nothing is committed.
    pub async fn commit(
        self,
        tx: DirectTransaction,
        user_id: i64,
        status: StatusCode,
        reply: &impl Serialize,
    ) -> Result<Response, ApiError> {
        let body = json_of(reply)?;
        self.close(tx, user_id, status, &body).await?;
        Ok(json_response(status, body))
    }

    /// The same for a creation whose reply has a secret, which is kept nowhere: repeated, it creates nothing and is told
    /// that it did.
    ///
    /// # Errors
    ///
    /// Fails when the database does; then nothing is committed.
    pub async fn commit_secret(
        self,
        tx: DirectTransaction,
        user_id: i64,
        reply: &impl Serialize,
    ) -> Result<Response, ApiError> {
        let body = json_of(reply)?;
        self.close(tx, user_id, StatusCode::CONFLICT, &json_of(&ApiError::SecretWasTold.body())?).await?;
        Ok(json_response(StatusCode::CREATED, body))
    }

    async fn close(self, mut tx: DirectTransaction, user_id: i64, status: StatusCode, kept: &[u8]) -> sqlx::Result<()> {
        if let Some(keyed) = &self.0 {
            idempotency_key::answer(&mut tx, user_id, &keyed.key, status.as_u16(), kept).await?;
        }
        tx.commit().await
    }
}

fn json_of(value: &impl Serialize) -> Result<Vec<u8>, ApiError> {
    Ok(serde_json::to_vec(value).map_err(|error| anyhow::Error::new(error).context("a value is no JSON"))?)
}

fn json_response(status: StatusCode, body: Vec<u8>) -> Response {
    let json = HeaderValue::from_static("application/json");
    (status, [(header::CONTENT_TYPE, json)], Body::from(body)).into_response()
}
