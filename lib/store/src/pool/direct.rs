//! Connections that go from one request to the next without a word to Postgres.
//!
//! sqlx's own pool asks Postgres for a sign of life whenever a connection comes back. That costs a round trip and a task
//! for each request: a quarter of the rate of short ones. Here a connection on which nothing is under way is handed on as
//! it is; only one that was left in the middle of something goes back through sqlx, which cleans or closes it.

use std::{
    future::Future as _,
    ops::{Deref, DerefMut},
    pin::pin,
    sync::{Arc, Mutex, PoisonError},
    task::{Context, Poll, Waker},
    time::{Duration, Instant},
};

use sqlx::{Connection as _, PgConnection, PgPool, Postgres, Transaction, pool::PoolConnection};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

/// Whoever was idle for longer is tested before the next use: a firewall or a failover may have cut it.
const IDLE: Duration = Duration::from_secs(30);
/// How long a busy connection is kept from sqlx, which ends those that are too old.
const KEPT: Duration = Duration::from_mins(5);

/// Hands connections of a pool directly from one request to the next. Cheap to clone.
///
/// Leaves one connection of the pool to others, such as a check of the database's health.
#[derive(Debug, Clone)]
pub struct DirectPool(Arc<Shared>);

#[derive(Debug)]
struct Shared {
    pool: PgPool,
    permits: Arc<Semaphore>,
    idle: Mutex<Vec<Kept>>,
}

#[derive(Debug)]
struct Kept {
    conn: PoolConnection<Postgres>,
    /// When sqlx gave it out.
    since: Instant,
    idle_since: Instant,
}

impl DirectPool {
    pub fn new(pool: PgPool) -> Self {
        let connections = usize::try_from(pool.options().get_max_connections()).unwrap_or(Semaphore::MAX_PERMITS);
        let permits = Arc::new(Semaphore::new(connections.saturating_sub(1).max(1)));
        Self(Arc::new(Shared { pool, permits, idle: Mutex::default() }))
    }

    /// A connection, as soon as there is one.
    ///
    /// # Errors
    ///
    /// Fails when none is free, or none can be opened, within the pool's time for it.
    pub async fn acquire(&self) -> sqlx::Result<DirectConnection> {
        let wait = self.0.pool.options().get_acquire_timeout();
        let permit = tokio::time::timeout(wait, self.0.permits.clone().acquire_owned()).await;
        let permit = permit.map_err(|_| sqlx::Error::PoolTimedOut)?.map_err(|_| sqlx::Error::PoolClosed)?;
        let kept = match self.0.take_idle() {
            Some(kept) => kept,
            None => Kept { conn: self.0.pool.acquire().await?, since: Instant::now(), idle_since: Instant::now() },
        };
        Ok(DirectConnection { kept: Some(kept), shared: self.0.clone(), permit: Some(permit) })
    }

    /// Whether the database answers. Asks on the connection that is left for it, so that a busy pool is no absent database.
    ///
    /// # Errors
    ///
    /// Fails when the database does.
    pub async fn ping(&self) -> sqlx::Result<()> {
        self.0.pool.acquire().await?.ping().await
    }

    /// A transaction on a connection of its own. It ends through sqlx, with its round trip; where that counts, begin one
    /// on an acquired connection.
    ///
    /// # Errors
    ///
    /// As [`Self::acquire`], or when the database fails.
    pub async fn begin(&self) -> sqlx::Result<DirectTransaction> {
        let mut conn = self.acquire().await?;
        let permit = conn.permit.take();
        let Some(kept) = conn.kept.take() else {
            return Err(sqlx::Error::PoolClosed);
        };
        Ok(DirectTransaction { tx: Transaction::begin(kept.conn, None).await?, _permit: permit })
    }
}

impl Shared {
    fn take_idle(&self) -> Option<Kept> {
        loop {
            let kept = self.idle.lock().unwrap_or_else(PoisonError::into_inner).pop()?;
            if kept.idle_since.elapsed() < IDLE {
                return Some(kept);
            }
        }
    }

    fn put_back(&self, kept: Kept) {
        self.idle.lock().unwrap_or_else(PoisonError::into_inner).push(kept);
    }
}

impl Kept {
    /// Whether nothing is under way: no statement that was cut short, no transaction to roll back.
    fn is_clean(&mut self) -> bool {
        // Sends what is left to send and waits for its end; ready at once when there is nothing.
        let flushed = pin!(self.conn.flush()).poll(&mut Context::from_waker(Waker::noop()));
        matches!(flushed, Poll::Ready(Ok(())))
    }
}

/// A connection that was taken from a [`DirectPool`] and goes back to it.
#[derive(Debug)]
pub struct DirectConnection {
    /// There until the connection goes back.
    kept: Option<Kept>,
    shared: Arc<Shared>,
    /// Given back last, so that who waits for it finds the connection. `None` once a transaction has it.
    permit: Option<OwnedSemaphorePermit>,
}

#[expect(clippy::expect_used, reason = "taken only by drop, and by begin, which consumes the connection")]
impl Deref for DirectConnection {
    type Target = PgConnection;

    fn deref(&self) -> &PgConnection {
        &self.kept.as_ref().expect("a connection in use is there").conn
    }
}

#[expect(clippy::expect_used, reason = "taken only by drop, and by begin, which consumes the connection")]
impl DerefMut for DirectConnection {
    fn deref_mut(&mut self) -> &mut PgConnection {
        &mut self.kept.as_mut().expect("a connection in use is there").conn
    }
}

impl Drop for DirectConnection {
    fn drop(&mut self) {
        // What is not put back is dropped, and so goes through sqlx.
        if let Some(mut kept) = self.kept.take()
            && !self.shared.pool.is_closed()
            && kept.since.elapsed() < KEPT
            && kept.is_clean()
        {
            kept.idle_since = Instant::now();
            self.shared.put_back(kept);
        }
    }
}

/// A transaction of a [`DirectPool`]; rolled back unless it is committed.
#[derive(Debug)]
pub struct DirectTransaction {
    tx: Transaction<'static, Postgres>,
    _permit: Option<OwnedSemaphorePermit>,
}

impl DirectTransaction {
    /// Makes all of it last.
    ///
    /// # Errors
    ///
    /// Fails when the database does; whether it was committed is unknown then.
    pub async fn commit(self) -> sqlx::Result<()> {
        self.tx.commit().await
    }
}

impl Deref for DirectTransaction {
    type Target = PgConnection;

    fn deref(&self) -> &PgConnection {
        &self.tx
    }
}

impl DerefMut for DirectTransaction {
    fn deref_mut(&mut self) -> &mut PgConnection {
        &mut self.tx
    }
}

#[cfg(test)]
mod tests;
