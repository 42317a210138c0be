//! What happened is noted for the webhooks that want to know.

use chrono::{DateTime, Utc};
use serde_json::Value;
use sqlx::PgConnection;
use uuid::Uuid;

use super::MAX_WAITING;

/// Notes an event for each active webhook of the person that is told of such. To be called in the transaction of what
/// happened.
///
/// Costs one probe of a partial index for a person without webhooks. A statement that is on a hot path can take it in as
/// a data-modifying `with` instead of a round trip of its own; `$1` to `$5` as here:
///
/// ```sql
/// with told as (
///     insert into webhook_deliveries (webhook_id, event_id, event_type, payload, next_attempt_at, created_at)
///     select w.id, $2, $3, $4, $5, $5 from webhooks w
///     where w.user_id = $1 and w.is_active and $3 = any (w.events)
///         and not exists (select from webhook_deliveries d
///                         where d.webhook_id = w.id and d.state = 'due' offset 999))
/// ```
///
/// # Errors
///
/// Fails when the database does.
pub async fn enqueue(
    conn: &mut PgConnection,
    user_id: i64,
    event_type: &str,
    payload: &Value,
    now: DateTime<Utc>,
) -> sqlx::Result<()> {
    sqlx::query!(
        "insert into webhook_deliveries (webhook_id, event_id, event_type, payload, next_attempt_at, created_at)
         select w.id, $2, $3, $4, $5, $5 from webhooks w
         where w.user_id = $1 and w.is_active and $3 = any (w.events)
             and not exists (select from webhook_deliveries d
                             where d.webhook_id = w.id and d.state = 'due' offset $6)",
        user_id,
        Uuid::new_v4(),
        event_type,
        payload,
        now,
        MAX_WAITING - 1,
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// Notes an event for one active webhook, whatever it is told of otherwise; `None` when too much waits for it already.
///
/// # Errors
///
/// Fails when the database does.
pub async fn enqueue_for(
    conn: &mut PgConnection,
    webhook_id: i64,
    event_type: &str,
    payload: &Value,
    now: DateTime<Utc>,
) -> sqlx::Result<Option<Uuid>> {
    sqlx::query_scalar!(
        "insert into webhook_deliveries (webhook_id, event_id, event_type, payload, next_attempt_at, created_at)
         select w.id, $2, $3, $4, $5, $5 from webhooks w
         where w.id = $1 and w.is_active
             and not exists (select from webhook_deliveries d
                             where d.webhook_id = w.id and d.state = 'due' offset $6)
         returning event_id",
        webhook_id,
        Uuid::new_v4(),
        event_type,
        payload,
        now,
        MAX_WAITING - 1,
    )
    .fetch_optional(conn)
    .await
}
