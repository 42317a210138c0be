//! Who runs the loops of this database: a row in the very database that the loops write.
//!
//! Each transaction of a loop calls [`fence`] first: it ends unless its leader still leads, and no other can begin to
//! lead before it is over. Expiry goes by this database's clock alone.

use std::time::Duration;

use sqlx::{PgConnection, postgres::types::PgInterval};

/// A leadership: it grows with every change of leader, so that a leader of the past is told from the present one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Epoch(pub i64);

/// Why a transaction of a loop may not go on.
#[derive(Debug, thiserror::Error)]
pub enum FenceError {
    /// Another one leads now. Nothing may be written any more under this epoch.
    #[error("the loops are led by another since epoch {0}")]
    Superseded(i64),
    /// Postgres failed.
    #[error("failed to read who leads the loops")]
    Database(#[from] sqlx::Error),
}

/// Begins to lead for `lease`, unless another's lease still runs.
///
/// # Errors
///
/// Fails when the database does.
pub async fn acquire(conn: &mut PgConnection, holder: &str, lease: Duration) -> sqlx::Result<Option<Epoch>> {
    let epoch = sqlx::query_scalar!(
        "insert into loop_leader (holder, epoch, expires_at) values ($1, 1, clock_timestamp() + $2)
         on conflict (only_row) do update
             set holder = $1, epoch = loop_leader.epoch + 1, expires_at = clock_timestamp() + $2
             where loop_leader.expires_at <= clock_timestamp()
         returning epoch",
        holder,
        interval(lease),
    )
    .fetch_optional(conn)
    .await?;
    Ok(epoch.map(Epoch))
}

/// Leads on for another `lease`. `false` when another leads now.
///
/// # Errors
///
/// Fails when the database does.
pub async fn renew(conn: &mut PgConnection, epoch: Epoch, lease: Duration) -> sqlx::Result<bool> {
    let renewed = sqlx::query!(
        "update loop_leader set expires_at = clock_timestamp() + $2 where epoch = $1",
        epoch.0,
        interval(lease),
    )
    .execute(conn)
    .await?;
    Ok(renewed.rows_affected() == 1)
}

/// Leads no longer, so that another can begin at once.
///
/// # Errors
///
/// Fails when the database does.
pub async fn release(conn: &mut PgConnection, epoch: Epoch) -> sqlx::Result<()> {
    sqlx::query!("update loop_leader set expires_at = clock_timestamp() where epoch = $1", epoch.0)
        .execute(conn)
        .await?;
    Ok(())
}

/// Holds the leadership still until the transaction ends, or says that it is over.
///
/// # Errors
///
/// [`FenceError::Superseded`] when `epoch` is of the past.
pub async fn fence(conn: &mut PgConnection, epoch: Epoch) -> Result<(), FenceError> {
    let current = sqlx::query_scalar!("select epoch from loop_leader for share").fetch_optional(conn).await?;
    match current {
        Some(current) if current == epoch.0 => Ok(()),
        other => Err(FenceError::Superseded(other.unwrap_or_default())),
    }
}

fn interval(lease: Duration) -> PgInterval {
    PgInterval { months: 0, days: 0, microseconds: i64::try_from(lease.as_micros()).unwrap_or(i64::MAX) }
}

#[cfg(test)]
mod tests {
    use sqlx::PgPool;

    use super::*;

    const LEASE: Duration = Duration::from_mins(1);

    #[sqlx::test(migrations = "../../migrations")]
    async fn only_one_leads(db: PgPool) {
        let mut conn = db.acquire().await.unwrap();
        assert_eq!(acquire(&mut conn, "first", LEASE).await.unwrap(), Some(Epoch(1)));
        assert_eq!(acquire(&mut conn, "second", LEASE).await.unwrap(), None);
    }

    #[sqlx::test(migrations = "../../migrations")]
    async fn a_released_leadership_is_taken_at_once(db: PgPool) {
        let mut conn = db.acquire().await.unwrap();
        let first = acquire(&mut conn, "first", LEASE).await.unwrap().unwrap();
        assert!(renew(&mut conn, first, LEASE).await.unwrap());
        release(&mut conn, first).await.unwrap();
        assert_eq!(acquire(&mut conn, "second", LEASE).await.unwrap(), Some(Epoch(2)));
        assert!(!renew(&mut conn, first, LEASE).await.unwrap());
    }

    #[sqlx::test(migrations = "../../migrations")]
    async fn an_old_epoch_is_refused(db: PgPool) {
        let mut conn = db.acquire().await.unwrap();
        let old = acquire(&mut conn, "first", Duration::ZERO).await.unwrap().unwrap();
        fence(&mut conn, old).await.unwrap();
        let new = acquire(&mut conn, "second", LEASE).await.unwrap().unwrap();
        fence(&mut conn, new).await.unwrap();
        assert!(matches!(fence(&mut conn, old).await, Err(FenceError::Superseded(2))));
    }

    #[sqlx::test(migrations = "../../migrations")]
    async fn nobody_begins_to_lead_while_a_fenced_transaction_runs(db: PgPool) {
        let mut tx = db.begin().await.unwrap();
        let old = acquire(&mut tx, "first", Duration::ZERO).await.unwrap().unwrap();
        tx.commit().await.unwrap();

        let mut tx = db.begin().await.unwrap();
        fence(&mut tx, old).await.unwrap();
        let mut rival = db.acquire().await.unwrap();
        sqlx::query("set lock_timeout = '50ms'").execute(&mut *rival).await.unwrap();
        assert!(acquire(&mut rival, "second", LEASE).await.is_err());
        tx.commit().await.unwrap();
        assert_eq!(acquire(&mut rival, "second", LEASE).await.unwrap(), Some(Epoch(2)));
    }
}
