//! What a sender does before it calls Telegram.

use chrono::{DateTime, NaiveDate, TimeDelta, Utc};
use sqlx::PgConnection;

use super::{Key, Lease};

/// A delivery that waits to be sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Waiting {
    pub key: Key,
    pub chat_id: i64,
}

/// Those of `keys` that can be sent at `now`; the others are sent already, or no longer to be sent from the stream.
///
/// # Errors
///
/// Fails when the database does.
pub async fn waiting(conn: &mut PgConnection, keys: &[Key], now: DateTime<Utc>) -> sqlx::Result<Vec<Waiting>> {
    let times: Vec<DateTime<Utc>> = keys.iter().map(|key| key.scheduled_at).collect();
    let ids: Vec<i64> = keys.iter().map(|key| key.id).collect();
    let rows = sqlx::query!(
        "select d.scheduled_at, d.id, d.chat_id from deliveries d
         join unnest($1::timestamptz[], $2::bigint[]) as entry (scheduled_at, id)
             on d.scheduled_at = entry.scheduled_at and d.id = entry.id
         where d.state = 'queued' or (d.state = 'sending' and d.lease_until < $3)",
        &times,
        &ids,
        now,
    )
    .fetch_all(conn)
    .await?;
    let waiting = rows
        .into_iter()
        .map(|row| Waiting { key: Key { scheduled_at: row.scheduled_at, id: row.id }, chat_id: row.chat_id });
    Ok(waiting.collect())
}

/// A delivery that is one sender's to send.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Claimed {
    pub lease: Lease,
    pub user_id: i64,
    pub chat_id: i64,
    /// The owner's language, when it is known.
    pub language: Option<String>,
    /// Without a sound.
    pub is_silent: bool,
    /// From then on it is too late for it.
    pub expires_at: DateTime<Utc>,
    /// How many attempts there were, this one included.
    pub attempts: i32,
}

/// Takes a delivery that is queued, or whose sender's lease ran out before `now`. `None` when it is not to be had.
///
/// # Errors
///
/// Fails when the database does.
pub async fn claim(
    conn: &mut PgConnection,
    key: Key,
    now: DateTime<Utc>,
    lease: TimeDelta,
) -> sqlx::Result<Option<Claimed>> {
    let row = sqlx::query!(
        r#"update deliveries d set state = 'sending', lease_until = $4, attempts = d.attempts + 1
         from users u
         where u.id = d.user_id and d.scheduled_at = $1 and d.id = $2
             and (d.state = 'queued' or (d.state = 'sending' and d.lease_until < $3))
         returning d.user_id, d.chat_id, d.is_silent, d.expires_at, d.attempts, d.lease_until as "until!", u.language"#,
        key.scheduled_at,
        key.id,
        now,
        now + lease,
    )
    .fetch_optional(conn)
    .await?;
    Ok(row.map(|row| Claimed {
        lease: Lease { key, until: row.until },
        user_id: row.user_id,
        chat_id: row.chat_id,
        language: row.language,
        is_silent: row.is_silent,
        expires_at: row.expires_at,
        attempts: row.attempts,
    }))
}

/// One habit of a reminder, as it is now.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Item {
    pub habit_id: i64,
    pub name: String,
    /// Days in a row.
    pub current_streak: i32,
    /// The date that the reminder is about.
    pub date: NaiveDate,
}

/// What of a delivery is still to be said: habits that are active and not done on their date, of a person who wants it.
///
/// # Errors
///
/// Fails when the database does.
pub async fn items_to_send(conn: &mut PgConnection, key: Key) -> sqlx::Result<Vec<Item>> {
    // At most the habits that one person has due at one minute; a message has room for 100 rows.
    sqlx::query_as!(
        Item,
        r#"select i.habit_id, h.name, i.execution_date as date,
                case when h.streak_expires_at <= now() then 0 else h.current_streak end as "current_streak!"
         from delivery_items i
         join habits h on h.id = i.habit_id
         join users u on u.id = h.user_id
         where i.scheduled_at = $1 and i.delivery_id = $2
             and h.is_active and u.is_active and u.blocked_at is null
             and not exists (
                 select from executions e
                 where e.habit_id = i.habit_id and e.execution_date = i.execution_date
                     and e.status in ('done', 'skipped', 'frozen'))
             and not exists (
                 select from pauses p
                 where p.user_id = h.user_id and (p.habit_id is null or p.habit_id = h.id)
                     and p.from_date <= i.execution_date and (p.to_date is null or p.to_date >= i.execution_date))
         order by h.name, h.id limit 100"#,
        key.scheduled_at,
        key.id,
    )
    .fetch_all(conn)
    .await
}

/// Makes those of `keys` due again that are queued: their sender leaves before their turn came.
///
/// # Errors
///
/// Fails when the database does.
pub async fn give_back(conn: &mut PgConnection, keys: &[Key]) -> sqlx::Result<()> {
    let times: Vec<DateTime<Utc>> = keys.iter().map(|key| key.scheduled_at).collect();
    let ids: Vec<i64> = keys.iter().map(|key| key.id).collect();
    sqlx::query!(
        "update deliveries set state = 'due', lease_until = null
         where (scheduled_at, id) in (
             select d.scheduled_at, d.id from deliveries d
             join unnest($1::timestamptz[], $2::bigint[]) as entry (scheduled_at, id)
                 on d.scheduled_at = entry.scheduled_at and d.id = entry.id
             where d.state = 'queued'
             order by d.scheduled_at, d.id
             for no key update of d)",
        &times,
        &ids,
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// Puts a queued delivery off until `at`, because its chat or the token has to wait longer than the stream may hold it.
///
/// # Errors
///
/// Fails when the database does.
pub async fn postpone(conn: &mut PgConnection, key: Key, at: DateTime<Utc>) -> sqlx::Result<()> {
    sqlx::query!(
        "update deliveries set state = 'due', lease_until = null, next_attempt_at = $3
         where scheduled_at = $1 and id = $2 and state = 'queued'",
        key.scheduled_at,
        key.id,
        at,
    )
    .execute(conn)
    .await?;
    Ok(())
}
