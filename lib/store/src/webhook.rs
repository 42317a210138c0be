//! Webhooks: where people's own programs are told what happens to their habits.
//!
//! What is to be told is an outbox ([`enqueue`]) that commits with the change it tells of; the api delivers it
//! ([`claim`], [`finish`]).

use std::fmt;

use chrono::{DateTime, Utc};
use sqlx::PgConnection;

mod delivery;
mod outbox;

pub use delivery::{Claimed, Delivery, Finished, Outcome, Places, claim, deliveries, due_since, finish, forget};
pub use outbox::{enqueue, enqueue_for};

/// At most so many deliveries of one webhook wait; what happens beyond is not told to it.
pub const MAX_WAITING: i64 = 1_000;

/// The key of a webhook's HMAC, 24 to 64 bytes. Its debug output shows none of it.
#[derive(Clone, PartialEq, Eq)]
pub struct Secret(Vec<u8>);

impl Secret {
    pub fn new(bytes: Vec<u8>) -> Self {
        Self(bytes)
    }

    pub fn expose(&self) -> &[u8] {
        &self.0
    }
}

impl From<Vec<u8>> for Secret {
    fn from(bytes: Vec<u8>) -> Self {
        Self(bytes)
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Secret")
    }
}

/// A webhook as its owner sees it: without its secret.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Webhook {
    pub id: i64,
    pub url: String,
    /// Names of the events that it is told of.
    pub events: Vec<String>,
    pub is_active: bool,
    /// Attempts that failed since the last that succeeded.
    pub failures: i32,
    pub failing_since: Option<DateTime<Utc>>,
    /// `gone` or `failing`; `None` when it is on or when its owner switched it off.
    pub disabled_reason: Option<String>,
    /// Until when the secret before the last rotation signs along.
    pub previous_secret_until: Option<DateTime<Utc>>,
    pub created_at: DateTime<Utc>,
    pub updated_at: DateTime<Utc>,
}

/// Adds a webhook.
///
/// # Errors
///
/// Fails when the database does, or on a violated constraint.
pub async fn insert(
    conn: &mut PgConnection,
    user_id: i64,
    url: &str,
    events: &[String],
    secret: &Secret,
    now: DateTime<Utc>,
) -> sqlx::Result<Webhook> {
    sqlx::query_as!(
        Webhook,
        "insert into webhooks (user_id, url, events, secret, created_at, updated_at) values ($1, $2, $3, $4, $5, $5)
         returning id, url, events, is_active, failures, failing_since, disabled_reason, previous_secret_until,
                   created_at, updated_at",
        user_id,
        url,
        events,
        secret.expose(),
        now,
    )
    .fetch_one(conn)
    .await
}

/// How many webhooks a person has. Exact while the person is locked.
///
/// # Errors
///
/// Fails when the database does.
pub async fn count(conn: &mut PgConnection, user_id: i64) -> sqlx::Result<i64> {
    sqlx::query_scalar!(r#"select count(*) as "count!" from webhooks where user_id = $1"#, user_id)
        .fetch_one(conn)
        .await
}

/// The webhooks of a person, oldest first, at most `limit`.
///
/// # Errors
///
/// Fails when the database does.
pub async fn list(conn: &mut PgConnection, user_id: i64, limit: i64) -> sqlx::Result<Vec<Webhook>> {
    sqlx::query_as!(
        Webhook,
        "select id, url, events, is_active, failures, failing_since, disabled_reason, previous_secret_until,
                created_at, updated_at
         from webhooks where user_id = $1 order by id limit $2",
        user_id,
        limit,
    )
    .fetch_all(conn)
    .await
}

/// Finds a webhook of this person.
///
/// # Errors
///
/// Fails when the database does.
pub async fn by_id(conn: &mut PgConnection, user_id: i64, id: i64) -> sqlx::Result<Option<Webhook>> {
    sqlx::query_as!(
        Webhook,
        "select id, url, events, is_active, failures, failing_since, disabled_reason, previous_secret_until,
                created_at, updated_at
         from webhooks where id = $2 and user_id = $1",
        user_id,
        id,
    )
    .fetch_optional(conn)
    .await
}

/// Loads a webhook of this person and locks its row until the transaction ends.
///
/// # Errors
///
/// Fails when the database does.
pub async fn lock(conn: &mut PgConnection, user_id: i64, id: i64) -> sqlx::Result<Option<Webhook>> {
    sqlx::query_as!(
        Webhook,
        "select id, url, events, is_active, failures, failing_since, disabled_reason, previous_secret_until,
                created_at, updated_at
         from webhooks where id = $2 and user_id = $1 for no key update",
        user_id,
        id,
    )
    .fetch_optional(conn)
    .await
}

/// Writes all of a webhook that may change but its secret; what waits for one that is not active is cancelled. The row
/// should be locked.
///
/// # Errors
///
/// Fails when the database does, or on a violated constraint.
pub async fn update(conn: &mut PgConnection, webhook: &Webhook) -> sqlx::Result<()> {
    sqlx::query!(
        "update webhooks set url = $2, events = $3, is_active = $4, failures = $5, failing_since = $6,
                disabled_reason = $7, updated_at = $8
         where id = $1",
        webhook.id,
        webhook.url,
        &webhook.events,
        webhook.is_active,
        webhook.failures,
        webhook.failing_since,
        webhook.disabled_reason,
        webhook.updated_at,
    )
    .execute(&mut *conn)
    .await?;
    if !webhook.is_active {
        delivery::cancel_waiting(conn, webhook.id).await?;
    }
    Ok(())
}

/// Gives a webhook of this person another secret; the one before signs along until `previous_until`. `None` when there
/// is no such webhook.
///
/// # Errors
///
/// Fails when the database does.
pub async fn rotate_secret(
    conn: &mut PgConnection,
    user_id: i64,
    id: i64,
    secret: &Secret,
    previous_until: DateTime<Utc>,
    now: DateTime<Utc>,
) -> sqlx::Result<Option<Webhook>> {
    sqlx::query_as!(
        Webhook,
        "update webhooks set previous_secret = secret, previous_secret_until = $4, secret = $3, updated_at = $5
         where id = $2 and user_id = $1
         returning id, url, events, is_active, failures, failing_since, disabled_reason, previous_secret_until,
                   created_at, updated_at",
        user_id,
        id,
        secret.expose(),
        previous_until,
        now,
    )
    .fetch_optional(conn)
    .await
}

/// Removes a webhook of this person with all that waits for it, and says whether there was one.
///
/// # Errors
///
/// Fails when the database does.
pub async fn delete(conn: &mut PgConnection, user_id: i64, id: i64) -> sqlx::Result<bool> {
    let deleted =
        sqlx::query!("delete from webhooks where id = $2 and user_id = $1", user_id, id).execute(conn).await?;
    Ok(deleted.rows_affected() == 1)
}

#[cfg(test)]
mod tests;
