//! Due deliveries are marked for the stream, and marked due again when the stream or a sender lost them.

use chrono::{DateTime, TimeDelta, Utc};
use sqlx::PgConnection;

use super::Key;

/// What one batch did.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Queued {
    /// What the stream takes once the transaction is committed; oldest first.
    pub keys: Vec<Key>,
    /// Deliveries that waited until it was too late for them.
    pub expired: usize,
}

/// Marks at most `limit` deliveries queued that are due at `now`, each for the time of `lease`.
///
/// # Errors
///
/// Fails when the database does.
pub async fn queue_due(
    conn: &mut PgConnection,
    now: DateTime<Utc>,
    lease: TimeDelta,
    limit: i64,
) -> sqlx::Result<Queued> {
    let rows = sqlx::query!(
        r#"update deliveries set
             state = case when expires_at <= $1 then 'expired' else 'queued' end,
             lease_until = case when expires_at <= $1 then null else $2::timestamptz end
         where (scheduled_at, id) in (
             select scheduled_at, id from deliveries
             where state = 'due' and next_attempt_at <= $1
             order by next_attempt_at, scheduled_at, id limit $3
             for no key update skip locked)
         returning scheduled_at, id, state = 'queued' as "is_queued!""#,
        now,
        now + lease,
        limit,
    )
    .fetch_all(conn)
    .await?;
    let taken = rows.len();
    let queued = rows.into_iter().filter(|row| row.is_queued);
    let mut keys: Vec<Key> = queued.map(|row| Key { scheduled_at: row.scheduled_at, id: row.id }).collect();
    keys.sort_unstable();
    Ok(Queued { expired: taken - keys.len(), keys })
}

/// Makes at most `limit` deliveries due again whose lease ran out before `now`, and returns how many.
///
/// # Errors
///
/// Fails when the database does.
pub async fn requeue_expired_leases(conn: &mut PgConnection, now: DateTime<Utc>, limit: i64) -> sqlx::Result<u64> {
    let freed = sqlx::query!(
        "update deliveries set state = 'due', lease_until = null
         where (scheduled_at, id) in (
             select scheduled_at, id from deliveries
             where state in ('queued', 'sending') and lease_until < $1
             order by lease_until, scheduled_at, id limit $2
             for no key update skip locked)",
        now,
        limit,
    )
    .execute(conn)
    .await?;
    Ok(freed.rows_affected())
}

/// Makes everything due again that is queued, because Redis was wiped, and returns how many.
///
/// What a sender has in hand stays his. The stream's bound keeps the number small.
///
/// # Errors
///
/// Fails when the database does.
pub async fn requeue_all_queued(conn: &mut PgConnection) -> sqlx::Result<u64> {
    let freed = sqlx::query!("update deliveries set state = 'due', lease_until = null where state = 'queued'")
        .execute(conn)
        .await?;
    Ok(freed.rows_affected())
}
