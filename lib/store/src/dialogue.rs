//! Where a person's talk with the bot stands: at most one open dialogue each.

use chrono::{DateTime, Utc};
use serde_json::Value;
use sqlx::PgConnection;

/// The state of the open dialogue, if there is one.
///
/// # Errors
///
/// Fails when the database does.
pub async fn get(conn: &mut PgConnection, user_id: i64) -> sqlx::Result<Option<Value>> {
    sqlx::query_scalar!("select state from dialogues where user_id = $1", user_id).fetch_optional(conn).await
}

/// Opens a dialogue or moves the open one on.
///
/// # Errors
///
/// Fails when the database does.
pub async fn set(conn: &mut PgConnection, user_id: i64, state: &Value, now: DateTime<Utc>) -> sqlx::Result<()> {
    sqlx::query!(
        "insert into dialogues (user_id, state, updated_at) values ($1, $2, $3)
         on conflict on constraint dialogues_pkey do update
         set state = excluded.state, updated_at = excluded.updated_at",
        user_id,
        state,
        now,
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// Stores `state`, or closes the dialogue, where it is still as `expected`. Says whether it was.
///
/// # Errors
///
/// Fails when the database does.
pub async fn replace(
    conn: &mut PgConnection,
    user_id: i64,
    expected: Option<&Value>,
    state: Option<&Value>,
    now: DateTime<Utc>,
) -> sqlx::Result<bool> {
    let done = match (expected, state) {
        (None, Some(state)) => {
            let insert = sqlx::query!(
                "insert into dialogues (user_id, state, updated_at) values ($1, $2, $3)
                 on conflict on constraint dialogues_pkey do nothing",
                user_id,
                state,
                now,
            );
            insert.execute(conn).await?
        }
        (Some(expected), Some(state)) => {
            let update = sqlx::query!(
                "update dialogues set state = $3, updated_at = $4 where user_id = $1 and state = $2",
                user_id,
                expected,
                state,
                now,
            );
            update.execute(conn).await?
        }
        (Some(expected), None) => {
            sqlx::query!("delete from dialogues where user_id = $1 and state = $2", user_id, expected)
                .execute(conn)
                .await?
        }
        (None, None) => return Ok(get(conn, user_id).await?.is_none()),
    };
    Ok(done.rows_affected() == 1)
}

/// Closes the dialogue; none being open is no error.
///
/// # Errors
///
/// Fails when the database does.
pub async fn close(conn: &mut PgConnection, user_id: i64) -> sqlx::Result<()> {
    sqlx::query!("delete from dialogues where user_id = $1", user_id).execute(conn).await?;
    Ok(())
}
