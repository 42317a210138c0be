use std::{
    sync::atomic::{AtomicUsize, Ordering},
    time::Duration,
};

use sqlx::{PgPool, postgres::PgPoolOptions};

use super::*;

/// A pool of one connection, which is waited for briefly.
async fn single(pool: &PgPool) -> DirectPool {
    let options = pool.connect_options().as_ref().clone();
    let one = PgPoolOptions::new().max_connections(1).acquire_timeout(Duration::from_secs(5));
    DirectPool::new(one.connect_with(options).await.unwrap())
}

async fn pid(conn: &mut PgConnection) -> i32 {
    sqlx::query_scalar("select pg_backend_pid()").fetch_one(conn).await.unwrap()
}

async fn exists(pool: &DirectPool, table: &str) -> bool {
    let mut conn = pool.acquire().await.unwrap();
    let found: Option<String> =
        sqlx::query_scalar("select to_regclass($1)::text").bind(table).fetch_one(&mut *conn).await.unwrap();
    found.is_some()
}

fn idle(pool: &DirectPool) -> usize {
    pool.0.idle.lock().unwrap().len()
}

#[sqlx::test(migrations = false)]
async fn a_connection_goes_to_the_next_as_it_is(pool: PgPool) {
    let given_out = Arc::new(AtomicUsize::new(0));
    let count = given_out.clone();
    let one = PgPoolOptions::new().max_connections(1).before_acquire(move |_, _| {
        count.fetch_add(1, Ordering::Relaxed);
        Box::pin(async { Ok(true) })
    });
    let pool = DirectPool::new(one.connect_with(pool.connect_options().as_ref().clone()).await.unwrap());
    let first = pid(&mut pool.acquire().await.unwrap()).await;
    assert_eq!(idle(&pool), 1);
    assert_eq!(pid(&mut pool.acquire().await.unwrap()).await, first);
    assert_eq!(given_out.load(Ordering::Relaxed), 1, "sqlx is asked once");
}

#[sqlx::test(migrations = false)]
async fn a_transaction_that_is_dropped_is_rolled_back(pool: PgPool) {
    let pool = single(&pool).await;
    let mut conn = pool.acquire().await.unwrap();
    let mut tx = conn.begin().await.unwrap();
    sqlx::query("create table half_done ()").execute(&mut *tx).await.unwrap();
    drop(tx);
    drop(conn);
    assert!(!exists(&pool, "half_done").await);
}

#[sqlx::test(migrations = false)]
async fn a_committed_transaction_stays_and_its_connection_serves_the_next(pool: PgPool) {
    let pool = single(&pool).await;
    let mut tx = pool.begin().await.unwrap();
    sqlx::query("create table done ()").execute(&mut *tx).await.unwrap();
    tx.commit().await.unwrap();
    assert!(exists(&pool, "done").await);
}

#[sqlx::test(migrations = false)]
async fn a_statement_that_was_cut_short_is_not_left_to_the_next(pool: PgPool) {
    let pool = single(&pool).await;
    let mut conn = pool.acquire().await.unwrap();
    let cut = tokio::time::timeout(Duration::from_millis(20), sqlx::query("select pg_sleep(0.3)").execute(&mut *conn));
    assert!(cut.await.is_err());
    drop(conn);
    assert_eq!(idle(&pool), 0);
    pid(&mut pool.acquire().await.unwrap()).await;
}

#[sqlx::test(migrations = false)]
async fn a_connection_that_broke_is_replaced(pool: PgPool) {
    let pool = single(&pool).await;
    let mut conn = pool.acquire().await.unwrap();
    let broken = pid(&mut conn).await;
    sqlx::query("select pg_terminate_backend(pg_backend_pid())").execute(&mut *conn).await.unwrap_err();
    drop(conn);
    assert_ne!(pid(&mut pool.acquire().await.unwrap()).await, broken);
}

#[sqlx::test(migrations = false)]
async fn who_finds_none_free_is_told_so_in_time(pool: PgPool) {
    let options = pool.connect_options().as_ref().clone();
    let brief = PgPoolOptions::new().max_connections(1).acquire_timeout(Duration::from_millis(50));
    let pool = DirectPool::new(brief.connect_with(options).await.unwrap());
    let held = pool.acquire().await.unwrap();
    assert!(matches!(pool.acquire().await, Err(sqlx::Error::PoolTimedOut)));
    drop(held);
    pool.acquire().await.unwrap();
}

#[sqlx::test(migrations = false)]
async fn one_connection_is_left_to_others(pool: PgPool) {
    let options = pool.connect_options().as_ref().clone();
    let brief = PgPoolOptions::new().max_connections(3).acquire_timeout(Duration::from_millis(500));
    let shared = brief.connect_with(options).await.unwrap();
    let direct = DirectPool::new(shared.clone());
    let held = (direct.acquire().await.unwrap(), direct.acquire().await.unwrap());
    shared.acquire().await.unwrap();
    drop(held);
    shared.acquire().await.unwrap();
}
