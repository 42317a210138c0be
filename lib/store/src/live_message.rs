//! The bot's screen in a person's chat: the one message that shows it.

use chrono::{DateTime, Utc};
use sqlx::PgConnection;

/// Notes the message that shows the screen from now on. Gives the one that did before, if it was another.
///
/// # Errors
///
/// Fails when the database does, or when the person does not exist (foreign key).
pub async fn replace(
    conn: &mut PgConnection,
    user_id: i64,
    message_id: i64,
    now: DateTime<Utc>,
) -> sqlx::Result<Option<i64>> {
    // What the statement began with: its own write does not show.
    let previous = sqlx::query_scalar!(
        "with previous as (select message_id from live_messages where user_id = $1),
              written as (
                  insert into live_messages (user_id, message_id, updated_at) values ($1, $2, $3)
                  on conflict on constraint live_messages_pkey do update
                  set message_id = excluded.message_id, updated_at = excluded.updated_at)
         select message_id from previous",
        user_id,
        message_id,
        now,
    );
    let previous = previous.fetch_optional(conn).await?;
    Ok(previous.filter(|previous| *previous != message_id))
}

#[cfg(test)]
mod tests {
    use habits::Tz;
    use sqlx::PgPool;

    use super::*;
    use crate::user::{self, NewUser};

    const NOW: DateTime<Utc> = DateTime::UNIX_EPOCH;

    #[sqlx::test(migrations = "../../migrations")]
    async fn the_message_before_is_told_once(pool: PgPool) {
        let mut conn = pool.acquire().await.unwrap();
        let person = NewUser {
            telegram_id: 7,
            username: None,
            first_name: None,
            last_name: None,
            language: None,
            zone: Tz::UTC,
        };
        let person = user::insert(&mut conn, &person, NOW).await.unwrap().unwrap().id;
        let mut told = Vec::new();
        for message in [5, 8, 8, 9] {
            told.push(replace(&mut conn, person, message, NOW).await.unwrap());
        }
        assert_eq!(told, [None, Some(5), None, Some(8)]);
    }
}
