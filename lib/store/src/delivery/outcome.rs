//! What a sender notes after it called Telegram.
//!
//! Each note but [`mark_sent`] is for the holder of the lease alone; without it, it changes nothing.

use chrono::{DateTime, Utc};
use sqlx::PgConnection;

use super::{Key, Lease};

/// Why Telegram refuses our messages to somebody.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum BlockedReason {
    Blocked,
    Deactivated,
    ChatNotFound,
}

impl BlockedReason {
    fn as_str(self) -> &'static str {
        match self {
            Self::Blocked => "blocked",
            Self::Deactivated => "deactivated",
            Self::ChatNotFound => "chat_not_found",
        }
    }
}

/// What comes after an attempt that came to nothing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Next {
    /// It is tried again; or another has it already.
    Attempt,
    /// It would be too late for it.
    Expired,
}

impl Next {
    /// `is_expired` of the row that changed, if one did.
    fn of(is_expired: Option<bool>) -> Self {
        if is_expired.unwrap_or(false) { Self::Expired } else { Self::Attempt }
    }
}

/// Notes that Telegram took the message. Holds whoever has the row now: what is sent is not sent again.
///
/// # Errors
///
/// Fails when the database does.
pub async fn mark_sent(conn: &mut PgConnection, key: Key, message_id: i32, now: DateTime<Utc>) -> sqlx::Result<()> {
    sqlx::query!(
        "update deliveries set state = 'sent', lease_until = null, error = null, message_id = $3, sent_at = $4
         where scheduled_at = $1 and id = $2 and state in ('due', 'queued', 'sending')",
        key.scheduled_at,
        key.id,
        message_id,
        now,
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// Tries again at `at`, or lets the delivery expire when that is too late for it.
///
/// # Errors
///
/// Fails when the database does.
pub async fn retry(conn: &mut PgConnection, lease: Lease, at: DateTime<Utc>, error: &str) -> sqlx::Result<Next> {
    let is_expired = sqlx::query_scalar!(
        r#"update deliveries set state = case when expires_at <= $4 then 'expired' else 'due' end,
             lease_until = null, next_attempt_at = $4, error = $5
         where scheduled_at = $1 and id = $2 and state = 'sending' and lease_until = $3
         returning state = 'expired' as "is_expired!""#,
        lease.key.scheduled_at,
        lease.key.id,
        lease.until,
        at,
        error,
    )
    .fetch_optional(conn)
    .await?;
    Ok(Next::of(is_expired))
}

/// Goes on at `at`, when Telegram takes messages again. Not an attempt.
///
/// # Errors
///
/// Fails when the database does.
pub async fn throttled(conn: &mut PgConnection, lease: Lease, at: DateTime<Utc>) -> sqlx::Result<Next> {
    let is_expired = sqlx::query_scalar!(
        r#"update deliveries set state = case when expires_at <= $4 then 'expired' else 'due' end,
             lease_until = null, next_attempt_at = $4, attempts = attempts - 1, error = 'too many requests'
         where scheduled_at = $1 and id = $2 and state = 'sending' and lease_until = $3
         returning state = 'expired' as "is_expired!""#,
        lease.key.scheduled_at,
        lease.key.id,
        lease.until,
        at,
    )
    .fetch_optional(conn)
    .await?;
    Ok(Next::of(is_expired))
}

/// Goes on at once in the chat that a group became. Not an attempt.
///
/// # Errors
///
/// Fails when the database does.
pub async fn move_chat(conn: &mut PgConnection, lease: Lease, chat_id: i64, now: DateTime<Utc>) -> sqlx::Result<()> {
    sqlx::query!(
        "update deliveries set state = 'due', lease_until = null, next_attempt_at = $5, attempts = attempts - 1,
             chat_id = $4
         where scheduled_at = $1 and id = $2 and state = 'sending' and lease_until = $3",
        lease.key.scheduled_at,
        lease.key.id,
        lease.until,
        chat_id,
        now,
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// Gives up: trying again cannot help.
///
/// # Errors
///
/// Fails when the database does.
pub async fn fail(conn: &mut PgConnection, lease: Lease, error: &str) -> sqlx::Result<()> {
    finish(conn, lease, "failed", Some(error)).await
}

/// Gives up: it is too late for it.
///
/// # Errors
///
/// Fails when the database does.
pub async fn expire(conn: &mut PgConnection, lease: Lease) -> sqlx::Result<()> {
    finish(conn, lease, "expired", None).await
}

/// Nothing of it is to be said any more.
///
/// # Errors
///
/// Fails when the database does.
pub async fn cancel(conn: &mut PgConnection, lease: Lease) -> sqlx::Result<()> {
    finish(conn, lease, "cancelled", None).await
}

async fn finish(conn: &mut PgConnection, lease: Lease, state: &str, error: Option<&str>) -> sqlx::Result<()> {
    sqlx::query!(
        "update deliveries set state = $4, lease_until = null, error = coalesce($5, error)
         where scheduled_at = $1 and id = $2 and state = 'sending' and lease_until = $3",
        lease.key.scheduled_at,
        lease.key.id,
        lease.until,
        state,
        error,
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// Marks somebody as out of reach, until he writes again, and cancels what was on its way to him.
///
/// # Errors
///
/// Fails when the database does.
pub async fn block_user(
    conn: &mut PgConnection,
    user_id: i64,
    reason: BlockedReason,
    now: DateTime<Utc>,
) -> sqlx::Result<()> {
    sqlx::query!(
        "update users set blocked_at = $2, blocked_reason = $3, updated_at = $2 where id = $1 and blocked_at is null",
        user_id,
        now,
        reason.as_str(),
    )
    .execute(&mut *conn)
    .await?;
    sqlx::query!(
        "update deliveries set state = 'cancelled', lease_until = null, error = $2
         where user_id = $1 and state in ('due', 'queued', 'sending')",
        user_id,
        reason.as_str(),
    )
    .execute(conn)
    .await?;
    Ok(())
}
