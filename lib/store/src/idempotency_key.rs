//! Keys of requests that are safe to repeat, with the replies they got.

use chrono::{DateTime, Utc};
use sqlx::PgConnection;

/// The newest keys of a person that are remembered, so that nobody fills the table.
const MAX_KEYS: i64 = 1_000;

/// A request that came with a key.
#[derive(Debug, Clone, Copy)]
pub struct Claim<'a> {
    pub user_id: i64,
    /// 1 to 255 visible ASCII characters.
    pub key: &'a str,
    /// Method and path.
    pub operation: &'a str,
    pub body_sha256: &'a [u8; 32],
}

/// What is known of a key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Claimed {
    /// It comes for the first time: carry the request out, then [`answer`] it in the same transaction.
    New,
    /// The same request was carried out before, with this status and body.
    Answered { status: u16, reply: Vec<u8> },
    /// It came with another request.
    Reused,
}

/// Claims a key in the transaction that carries its request out. A second request with the key at the same time waits for
/// the end of the first, and gets its reply, or its chance when the first failed. Keys of the person beyond his newest
/// [`MAX_KEYS`] are forgotten.
///
/// # Errors
///
/// Fails when the database does, or when the person does not exist (foreign key).
pub async fn claim(conn: &mut PgConnection, claim: Claim<'_>, now: DateTime<Utc>) -> sqlx::Result<Claimed> {
    let Claim { user_id, key, operation, body_sha256 } = claim;
    let claimed = sqlx::query!(
        "with forgotten as (
             delete from idempotency_keys where user_id = $1 and key in (
                 select key from idempotency_keys where user_id = $1 and key <> $2
                 order by created_at desc, key offset $6 limit 10))
         insert into idempotency_keys (user_id, key, operation, body_sha256, created_at) values ($1, $2, $3, $4, $5)
         on conflict on constraint idempotency_keys_pkey do nothing",
        user_id,
        key,
        operation,
        body_sha256,
        now,
        MAX_KEYS - 1,
    )
    .execute(&mut *conn)
    .await?;
    if claimed.rows_affected() == 1 {
        return Ok(Claimed::New);
    }
    let known = sqlx::query!(
        r#"select operation = $3 and body_sha256 = $4 as "is_same!", status, reply
           from idempotency_keys where user_id = $1 and key = $2"#,
        user_id,
        key,
        operation,
        body_sha256,
    )
    .fetch_one(conn)
    .await?;
    let status = known.status.and_then(|status| u16::try_from(status).ok());
    Ok(match (known.is_same, status, known.reply) {
        (true, Some(status), Some(reply)) => Claimed::Answered { status, reply },
        _ => Claimed::Reused,
    })
}

/// Notes the reply to a request whose key was claimed in this transaction.
///
/// # Errors
///
/// Fails when the database does.
pub async fn answer(conn: &mut PgConnection, user_id: i64, key: &str, status: u16, reply: &[u8]) -> sqlx::Result<()> {
    sqlx::query!(
        "update idempotency_keys set status = $3, reply = $4 where user_id = $1 and key = $2",
        user_id,
        key,
        i16::try_from(status).unwrap_or(i16::MAX),
        reply,
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// Forgets at most `limit` keys that came before `before`, and returns how many.
///
/// # Errors
///
/// Fails when the database does.
pub async fn forget(conn: &mut PgConnection, before: DateTime<Utc>, limit: i64) -> sqlx::Result<u64> {
    let forgotten = sqlx::query!(
        "delete from idempotency_keys where (user_id, key) in (
             select user_id, key from idempotency_keys where created_at < $1 order by created_at limit $2)",
        before,
        limit,
    )
    .execute(conn)
    .await?;
    Ok(forgotten.rows_affected())
}

#[cfg(test)]
mod tests {
    use chrono::TimeDelta;
    use habits::Tz;
    use sqlx::PgPool;

    use super::*;
    use crate::user::{self, NewUser};

    const NOW: DateTime<Utc> = DateTime::UNIX_EPOCH;

    async fn a_person(conn: &mut PgConnection, telegram_id: i64) -> i64 {
        let person =
            NewUser { telegram_id, username: None, first_name: None, last_name: None, language: None, zone: Tz::UTC };
        user::insert(conn, &person, NOW).await.unwrap().unwrap().id
    }

    fn of(user_id: i64, key: &str) -> Claim<'_> {
        Claim { user_id, key, operation: "POST /habits", body_sha256: &[7; 32] }
    }

    #[sqlx::test(migrations = "../../migrations")]
    async fn a_key_gives_the_reply_to_its_own_request_alone(pool: PgPool) {
        let mut conn = pool.acquire().await.unwrap();
        let (ada, ben) = (a_person(&mut conn, 7).await, a_person(&mut conn, 8).await);
        assert_eq!(claim(&mut conn, of(ada, "k"), NOW).await.unwrap(), Claimed::New);
        answer(&mut conn, ada, "k", 201, b"{}").await.unwrap();

        let answered = Claimed::Answered { status: 201, reply: b"{}".to_vec() };
        assert_eq!(claim(&mut conn, of(ada, "k"), NOW).await.unwrap(), answered);
        let elsewhere = Claim { operation: "POST /webhooks", ..of(ada, "k") };
        assert_eq!(claim(&mut conn, elsewhere, NOW).await.unwrap(), Claimed::Reused);
        let with_another_body = Claim { body_sha256: &[8; 32], ..of(ada, "k") };
        assert_eq!(claim(&mut conn, with_another_body, NOW).await.unwrap(), Claimed::Reused);
        assert_eq!(claim(&mut conn, of(ada, "l"), NOW).await.unwrap(), Claimed::New);
        assert_eq!(claim(&mut conn, of(ben, "k"), NOW).await.unwrap(), Claimed::New);
    }

    #[sqlx::test(migrations = "../../migrations")]
    async fn a_key_is_new_again_after_its_transaction_failed(pool: PgPool) {
        let person = a_person(&mut pool.acquire().await.unwrap(), 7).await;
        let mut failed = pool.begin().await.unwrap();
        assert_eq!(claim(&mut failed, of(person, "k"), NOW).await.unwrap(), Claimed::New);
        failed.rollback().await.unwrap();
        let mut conn = pool.acquire().await.unwrap();
        assert_eq!(claim(&mut conn, of(person, "k"), NOW).await.unwrap(), Claimed::New);
    }

    #[sqlx::test(migrations = "../../migrations")]
    async fn the_oldest_of_more_than_a_thousand_keys_is_forgotten(pool: PgPool) {
        let mut conn = pool.acquire().await.unwrap();
        let (ada, ben) = (a_person(&mut conn, 7).await, a_person(&mut conn, 8).await);
        claim(&mut conn, of(ben, "oldest"), NOW).await.unwrap();
        for (at, key) in [(1, "oldest"), (2, "old")] {
            claim(&mut conn, of(ada, key), NOW + TimeDelta::seconds(at)).await.unwrap();
        }
        sqlx::query(
            "insert into idempotency_keys select user_id, n, operation, body_sha256, null, null, created_at
             from idempotency_keys, generate_series(1, 998) n where key = 'old'",
        )
        .execute(&mut *conn)
        .await
        .unwrap();
        let later = NOW + TimeDelta::hours(1);
        assert_eq!(claim(&mut conn, of(ada, "new"), later).await.unwrap(), Claimed::New);
        let keys: Vec<(i64, i64)> =
            sqlx::query_as("select user_id, count(*) from idempotency_keys group by user_id order by user_id")
                .fetch_all(&mut *conn)
                .await
                .unwrap();
        assert_eq!(keys, [(ada, 1_000), (ben, 1)]);
        assert_eq!(claim(&mut conn, of(ada, "old"), later).await.unwrap(), Claimed::Reused);
        assert_eq!(claim(&mut conn, of(ada, "oldest"), later).await.unwrap(), Claimed::New);
    }

    #[sqlx::test(migrations = "../../migrations")]
    async fn only_old_keys_are_forgotten(pool: PgPool) {
        let mut conn = pool.acquire().await.unwrap();
        let person = a_person(&mut conn, 7).await;
        let later = NOW + TimeDelta::hours(1);
        claim(&mut conn, of(person, "old"), NOW).await.unwrap();
        claim(&mut conn, of(person, "new"), later).await.unwrap();
        assert_eq!(forget(&mut conn, later, 10).await.unwrap(), 1);
        assert_eq!(claim(&mut conn, of(person, "old"), later).await.unwrap(), Claimed::New);
        assert_eq!(claim(&mut conn, of(person, "new"), later).await.unwrap(), Claimed::Reused);
    }
}
