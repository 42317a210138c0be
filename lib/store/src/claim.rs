//! Which generation of a declared Habit has been applied: commits with the habit that it made, and outlives it.

use chrono::{DateTime, Utc};
use sqlx::PgConnection;
use uuid::Uuid;

/// What was applied of one resource.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Claim {
    /// The resource's `metadata.generation` that was applied last.
    pub generation: i64,
    /// The habit that it made; `None` once the person deleted it.
    pub habit_id: Option<i64>,
}

/// The claim of a resource, locked until the transaction ends; `None` for one that was never applied.
///
/// # Errors
///
/// Fails when the database does.
pub async fn find(conn: &mut PgConnection, resource_uid: Uuid) -> sqlx::Result<Option<Claim>> {
    sqlx::query_as!(
        Claim,
        "select generation, habit_id from habit_claims where resource_uid = $1 for update",
        resource_uid,
    )
    .fetch_optional(conn)
    .await
}

/// Notes that `generation` is applied. A later one that was noted already stays.
///
/// # Errors
///
/// Fails when the database does.
pub async fn record(conn: &mut PgConnection, resource_uid: Uuid, claim: Claim, now: DateTime<Utc>) -> sqlx::Result<()> {
    sqlx::query!(
        "insert into habit_claims (resource_uid, generation, habit_id, claimed_at) values ($1, $2, $3, $4)
         on conflict (resource_uid) do update
             set generation = excluded.generation, habit_id = excluded.habit_id, claimed_at = excluded.claimed_at
             where habit_claims.generation < excluded.generation",
        resource_uid,
        claim.generation,
        claim.habit_id,
        now,
    )
    .execute(conn)
    .await?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use sqlx::PgPool;

    use super::*;

    #[sqlx::test(migrations = "../../migrations")]
    async fn a_claim_only_moves_forward(db: PgPool) {
        let mut conn = db.acquire().await.unwrap();
        let uid = Uuid::now_v7();
        let now: DateTime<Utc> = "2026-11-22T09:00:00Z".parse().unwrap();
        assert_eq!(find(&mut conn, uid).await.unwrap(), None);
        for generation in [1, 3, 2] {
            record(&mut conn, uid, Claim { generation, habit_id: None }, now).await.unwrap();
        }
        assert_eq!(find(&mut conn, uid).await.unwrap(), Some(Claim { generation: 3, habit_id: None }));
    }
}
