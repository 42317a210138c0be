//! The outbox of webhooks is worked off.
//!
//! A row in hand stays `due`, with its lease as the instant of its next attempt: whoever dies on the way loses nothing.

use chrono::{DateTime, TimeDelta, Utc};
use serde_json::Value;
use sqlx::PgConnection;
use uuid::Uuid;

use super::Secret;

/// A webhook that has failed so long is switched off when a delivery is given up.
const GIVE_UP_AFTER: TimeDelta = TimeDelta::days(5);
/// Due rows that one look considers, so that it costs the same however many wait.
const HEAD_ROWS: i64 = 256;

/// A delivery that is one process's to make until its lease ends.
#[derive(Debug, Clone, PartialEq)]
pub struct Claimed {
    pub id: i64,
    pub webhook_id: i64,
    pub event_id: Uuid,
    pub event_type: String,
    pub payload: Value,
    /// When it happened.
    pub created_at: DateTime<Utc>,
    /// How many attempts there were, this one included.
    pub attempts: i32,
    pub url: String,
    pub secret: Secret,
    pub previous_secret: Option<Secret>,
    pub previous_secret_until: Option<DateTime<Utc>>,
}

/// Since when the oldest delivery is due; `None` when nothing is at `now`.
///
/// # Errors
///
/// Fails when the database does.
pub async fn due_since(conn: &mut PgConnection, now: DateTime<Utc>) -> sqlx::Result<Option<DateTime<Utc>>> {
    sqlx::query_scalar!(
        "select next_attempt_at from webhook_deliveries
         where state = 'due' and next_attempt_at <= $1 order by next_attempt_at, id limit 1",
        now,
    )
    .fetch_optional(conn)
    .await
}

/// How many deliveries may be in hand at once.
#[derive(Debug, Clone, Copy)]
pub struct Places {
    /// That are still free.
    pub free: i64,
    /// Of one webhook: a slow one delays no other.
    pub per_webhook: i64,
    /// Of all webhooks of one person.
    pub per_person: i64,
}

/// Takes deliveries that are due at `now`, oldest first, as many as there are places.
///
/// What is due for a webhook that is not active any more is cancelled on the way. Two processes that claim in the same
/// instant may exceed the places of a webhook and of a person.
///
/// # Errors
///
/// Fails when the database does.
pub async fn claim(
    conn: &mut PgConnection,
    now: DateTime<Utc>,
    lease: TimeDelta,
    places: Places,
) -> sqlx::Result<Vec<Claimed>> {
    let rows = sqlx::query!(
        r#"with in_hand as (
               select w.user_id, d.webhook_id, count(*) as taken, sum(count(*)) over (partition by w.user_id)::bigint
                   as of_person
               from webhook_deliveries d join webhooks w on w.id = d.webhook_id
               where d.lease_until is not null and d.lease_until > $1 group by w.user_id, d.webhook_id),
           head as (
               select d.id, d.webhook_id, w.user_id, d.next_attempt_at
               from webhook_deliveries d join webhooks w on w.id = d.webhook_id
               where d.state = 'due' and d.next_attempt_at <= $1 and not exists (
                   select from in_hand b where (b.webhook_id = d.webhook_id and b.taken >= $4)
                       or (b.user_id = w.user_id and b.of_person >= $6))
               order by d.next_attempt_at, d.id limit $5),
           placed as (
               select h.id,
                   coalesce((select b.taken from in_hand b where b.webhook_id = h.webhook_id), 0)
                   + row_number() over (partition by h.webhook_id order by h.next_attempt_at, h.id) as place,
                   coalesce((select max(b.of_person) from in_hand b where b.user_id = h.user_id), 0)
                   + row_number() over (partition by h.user_id order by h.next_attempt_at, h.id) as place_of_person
               from head h),
           taken as (
               select d.id from webhook_deliveries d join placed p using (id)
               where p.place <= $4 and p.place_of_person <= $6 and d.state = 'due' and d.next_attempt_at <= $1
               order by d.next_attempt_at, d.id limit $3
               for no key update of d skip locked)
           update webhook_deliveries d set
               state = case when w.is_active then 'due' else 'cancelled' end,
               attempts = d.attempts + w.is_active::integer,
               lease_until = case when w.is_active then $2::timestamptz end,
               next_attempt_at = $2
           from taken join webhook_deliveries t using (id) join webhooks w on w.id = t.webhook_id
           where d.id = taken.id
           returning d.id, d.webhook_id, d.event_id, d.event_type, d.payload, d.created_at, d.attempts, w.is_active,
                     w.url, w.secret, w.previous_secret, w.previous_secret_until"#,
        now,
        now + lease,
        places.free,
        places.per_webhook,
        HEAD_ROWS,
        places.per_person,
    )
    .fetch_all(conn)
    .await?;
    let active = rows.into_iter().filter(|row| row.is_active);
    Ok(active
        .map(|row| Claimed {
            id: row.id,
            webhook_id: row.webhook_id,
            event_id: row.event_id,
            event_type: row.event_type,
            payload: row.payload,
            created_at: row.created_at,
            attempts: row.attempts,
            url: row.url,
            secret: row.secret.into(),
            previous_secret: row.previous_secret.map(Secret::from),
            previous_secret_until: row.previous_secret_until,
        })
        .collect())
}

/// How an attempt ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Outcome {
    Delivered,
    /// To be tried again then.
    Retry(DateTime<Utc>),
    /// It was tried often enough.
    GiveUp,
    /// The receiver wants no more of them.
    Gone,
}

/// An attempt that ended, for [`finish`].
#[derive(Debug, Clone, Copy)]
pub struct Finished<'a> {
    pub outcome: Outcome,
    /// Of the answer, if there was one.
    pub status: Option<i16>,
    /// Why it failed, in words for the owner.
    pub error: Option<&'a str>,
}

/// Notes how an attempt ended, with its webhook's failures. Of an attempt whose lease another has by now it notes
/// nothing.
///
/// # Errors
///
/// Fails when the database does.
pub async fn finish(
    conn: &mut PgConnection,
    claimed: &Claimed,
    finished: Finished<'_>,
    now: DateTime<Utc>,
) -> sqlx::Result<()> {
    // The webhook first, as everybody who cancels its deliveries does.
    let Some(webhook) =
        sqlx::query!("select failing_since from webhooks where id = $1 for no key update", claimed.webhook_id)
            .fetch_optional(&mut *conn)
            .await?
    else {
        return Ok(());
    };
    if !close(conn, claimed, finished).await? {
        return Ok(());
    }
    let has_failed_long = webhook.failing_since.is_some_and(|since| now - since >= GIVE_UP_AFTER);
    match finished.outcome {
        Outcome::Delivered => note_success(conn, claimed.webhook_id).await,
        Outcome::Retry(_) => note_failure(conn, claimed.webhook_id, None, now).await,
        Outcome::GiveUp => note_failure(conn, claimed.webhook_id, has_failed_long.then_some("failing"), now).await,
        Outcome::Gone => note_failure(conn, claimed.webhook_id, Some("gone"), now).await,
    }
}

async fn close(conn: &mut PgConnection, claimed: &Claimed, finished: Finished<'_>) -> sqlx::Result<bool> {
    let (state, next) = match finished.outcome {
        Outcome::Delivered => ("delivered", None),
        Outcome::Retry(at) => ("due", Some(at)),
        Outcome::GiveUp | Outcome::Gone => ("failed", None),
    };
    let closed = sqlx::query!(
        "update webhook_deliveries set state = $3, next_attempt_at = coalesce($4, next_attempt_at), lease_until = null,
                last_status = $5, last_error = $6
         where id = $1 and attempts = $2 and state = 'due'",
        claimed.id,
        claimed.attempts,
        state,
        next,
        finished.status,
        finished.error,
    )
    .execute(conn)
    .await?;
    Ok(closed.rows_affected() == 1)
}

async fn note_success(conn: &mut PgConnection, webhook_id: i64) -> sqlx::Result<()> {
    sqlx::query!("update webhooks set failures = 0, failing_since = null where id = $1 and failures > 0", webhook_id)
        .execute(conn)
        .await?;
    Ok(())
}

/// Counts a failure, and switches the webhook off where there is a reason to.
async fn note_failure(
    conn: &mut PgConnection,
    webhook_id: i64,
    disable: Option<&str>,
    now: DateTime<Utc>,
) -> sqlx::Result<()> {
    sqlx::query!(
        "update webhooks set failures = least(failures, 1000000) + 1, failing_since = coalesce(failing_since, $2),
                is_active = is_active and $3::text is null,
                disabled_reason = coalesce($3, disabled_reason),
                updated_at = case when $3 is null then updated_at else $2 end
         where id = $1",
        webhook_id,
        now,
        disable,
    )
    .execute(&mut *conn)
    .await?;
    if disable.is_some() {
        cancel_waiting(conn, webhook_id).await?;
    }
    Ok(())
}

/// Cancels what waits for a locked webhook.
pub(super) async fn cancel_waiting(conn: &mut PgConnection, webhook_id: i64) -> sqlx::Result<()> {
    sqlx::query!(
        "update webhook_deliveries set state = 'cancelled', lease_until = null where webhook_id = $1 and state = 'due'",
        webhook_id,
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// A delivery as the owner of its webhook sees it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Delivery {
    pub id: i64,
    pub event_id: Uuid,
    pub event_type: String,
    /// `due`, `delivered`, `failed` or `cancelled`.
    pub state: String,
    pub attempts: i32,
    /// `None` unless it is due.
    pub next_attempt_at: Option<DateTime<Utc>>,
    pub last_status: Option<i16>,
    pub last_error: Option<String>,
    pub created_at: DateTime<Utc>,
}

/// The last deliveries of a webhook, newest first, at most `limit`, of those before the delivery `before`.
///
/// # Errors
///
/// Fails when the database does.
pub async fn deliveries(
    conn: &mut PgConnection,
    webhook_id: i64,
    before: i64,
    limit: i64,
) -> sqlx::Result<Vec<Delivery>> {
    sqlx::query_as!(
        Delivery,
        r#"select id, event_id, event_type, state, attempts,
                  case when state = 'due' then next_attempt_at end as next_attempt_at,
                  last_status, last_error, created_at
           from webhook_deliveries where webhook_id = $1 and id < $2 order by id desc limit $3"#,
        webhook_id,
        before,
        limit,
    )
    .fetch_all(conn)
    .await
}

/// Forgets at most `limit` deliveries that were made before `before`, and returns how many.
///
/// # Errors
///
/// Fails when the database does.
pub async fn forget(conn: &mut PgConnection, before: DateTime<Utc>, limit: i64) -> sqlx::Result<u64> {
    let forgotten = sqlx::query!(
        "delete from webhook_deliveries where id in (
             select id from webhook_deliveries where created_at < $1 order by created_at limit $2)",
        before,
        limit,
    )
    .execute(conn)
    .await?;
    Ok(forgotten.rows_affected())
}
