//! Updates of Telegram whose effect is committed.

use chrono::{DateTime, Utc};
use sqlx::PgConnection;

/// Whether an update comes for the first time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Seen {
    First,
    Again,
}

/// Notes an update in the transaction that carries it out; a second delivery at the same time waits for its end.
///
/// # Errors
///
/// Fails when the database does.
pub async fn note(conn: &mut PgConnection, update_id: i64, now: DateTime<Utc>) -> sqlx::Result<Seen> {
    let noted = sqlx::query!(
        "insert into seen_updates (update_id, seen_at) values ($1, $2) on conflict do nothing",
        update_id,
        now,
    )
    .execute(conn)
    .await?;
    Ok(if noted.rows_affected() == 1 { Seen::First } else { Seen::Again })
}

/// Forgets at most `limit` updates that were carried out before `before`, and returns how many.
///
/// # Errors
///
/// Fails when the database does.
pub async fn forget(conn: &mut PgConnection, before: DateTime<Utc>, limit: i64) -> sqlx::Result<u64> {
    let forgotten = sqlx::query!(
        "delete from seen_updates where update_id in (
             select update_id from seen_updates where seen_at < $1 order by seen_at limit $2)",
        before,
        limit,
    )
    .execute(conn)
    .await?;
    Ok(forgotten.rows_affected())
}

#[cfg(test)]
mod tests {
    use sqlx::PgPool;

    use super::*;

    #[sqlx::test(migrations = "../../migrations")]
    async fn an_update_is_new_again_after_its_transaction_failed(pool: PgPool) {
        let now = DateTime::UNIX_EPOCH;
        let mut failed = pool.begin().await.unwrap();
        assert_eq!(note(&mut failed, 7, now).await.unwrap(), Seen::First);
        failed.rollback().await.unwrap();

        let mut conn = pool.acquire().await.unwrap();
        assert_eq!(note(&mut conn, 7, now).await.unwrap(), Seen::First);
        assert_eq!(note(&mut conn, 7, now).await.unwrap(), Seen::Again);
    }
}
