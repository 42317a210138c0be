//! Updates of Telegram whose effect is committed.

use chrono::{DateTime, Utc};
use sqlx::PgConnection;

/// Whether an update comes for the first time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Seen {
    First,
    Again,
}

/// Notes an update of a person in the transaction that carries it out; a second delivery at the same time waits for its
/// end. What one person sends never makes another's update a second one.
///
/// # Errors
///
/// Fails when the database does, or when the person does not exist (foreign key).
pub async fn note(conn: &mut PgConnection, user_id: i64, update_id: i64, now: DateTime<Utc>) -> sqlx::Result<Seen> {
    let noted = sqlx::query!(
        "insert into seen_updates (user_id, update_id, seen_at) values ($1, $2, $3)
         on conflict on constraint seen_updates_pkey do nothing",
        user_id,
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
        "delete from seen_updates where (user_id, update_id) in (
             select user_id, update_id from seen_updates where seen_at < $1 order by seen_at limit $2)",
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

    #[sqlx::test(migrations = "../../migrations")]
    async fn an_update_is_new_again_after_its_transaction_failed(pool: PgPool) {
        let mut conn = pool.acquire().await.unwrap();
        let person = a_person(&mut conn, 7).await;
        let mut failed = pool.begin().await.unwrap();
        assert_eq!(note(&mut failed, person, 31, NOW).await.unwrap(), Seen::First);
        failed.rollback().await.unwrap();

        assert_eq!(note(&mut conn, person, 31, NOW).await.unwrap(), Seen::First);
        assert_eq!(note(&mut conn, person, 31, NOW).await.unwrap(), Seen::Again);
    }

    #[sqlx::test(migrations = "../../migrations")]
    async fn only_old_updates_are_forgotten(pool: PgPool) {
        let mut conn = pool.acquire().await.unwrap();
        let (ada, ben) = (a_person(&mut conn, 7).await, a_person(&mut conn, 8).await);
        let later = NOW + TimeDelta::hours(1);
        note(&mut conn, ada, 31, NOW).await.unwrap();
        note(&mut conn, ben, 31, later).await.unwrap();
        assert_eq!(forget(&mut conn, later, 10).await.unwrap(), 1);
        assert_eq!(note(&mut conn, ada, 31, later).await.unwrap(), Seen::First);
        assert_eq!(note(&mut conn, ben, 31, later).await.unwrap(), Seen::Again);
    }
}
