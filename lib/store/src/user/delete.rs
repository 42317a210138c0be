//! A person leaves, and everything of his goes.

use sqlx::PgConnection;

/// Habits whose history is deleted by one statement: with ten years of days each, some 0.1 s.
const HABITS_A_STATEMENT: usize = 50;

/// Deletes a person with all that is his, and says whether there was one. To be called in a transaction.
///
/// What nobody has sent yet is not sent any more. Whatever refers to a person or to a habit goes by its foreign key; only
/// the history, which can be long, goes before in statements of its own.
///
/// # Errors
///
/// Fails when the database does.
pub async fn delete(conn: &mut PgConnection, id: i64) -> sqlx::Result<bool> {
    // The person first, then his habits, then what hangs on them: everybody locks in this order.
    if super::lock(conn, id).await?.is_none() {
        return Ok(false);
    }
    let habits = sqlx::query_scalar!("select id from habits where user_id = $1 order by id for update", id);
    for some in habits.fetch_all(&mut *conn).await?.chunks(HABITS_A_STATEMENT) {
        sqlx::query!("delete from executions where habit_id = any($1)", some).execute(&mut *conn).await?;
    }
    let deleted = sqlx::query!("delete from users where id = $1", id).execute(conn).await?;
    Ok(deleted.rows_affected() == 1)
}

#[cfg(test)]
mod tests {
    use sqlx::PgPool;

    use super::*;

    async fn count(db: &PgPool, table: &str) -> i64 {
        let count = format!("select count(*) from {table}");
        sqlx::query_scalar(sqlx::AssertSqlSafe(count)).fetch_one(db).await.unwrap()
    }

    /// Two people, each with 120 habits of three days, a message that is due and an open dialogue.
    async fn two_people(db: &PgPool) -> Vec<i64> {
        for statement in [
            "insert into users (telegram_id, created_at, updated_at) values (7, now(), now()), (8, now(), now())",
            "insert into habits (user_id, name, time_to_remind, origin, created_at, updated_at)
             select id, 'Read', '20:00', 'api', now(), now() from users, generate_series(1, 120)",
            "insert into executions (habit_id, execution_date, status, created_at, updated_at)
             select id, '2026-11-20'::date + day, 'done', now(), now() from habits, generate_series(1, 3) as day",
            "insert into deliveries (kind, user_id, chat_id, scheduled_at, next_attempt_at, expires_at)
             select 'reminder', id, telegram_id, now(), now(), now() from users",
            "insert into delivery_items
             select scheduled_at, d.id, h.id, '2026-11-20' from deliveries d join habits h using (user_id)",
            "insert into dialogues select id, '{}', now() from users",
            "insert into seen_updates select id, 1, now() from users",
        ] {
            sqlx::query(statement).execute(db).await.unwrap();
        }
        sqlx::query_scalar("select id from users order by telegram_id").fetch_all(db).await.unwrap()
    }

    #[sqlx::test(migrations = "../../migrations")]
    async fn everything_of_the_person_goes_and_nothing_of_others(db: PgPool) {
        let people = two_people(&db).await;
        let tables = ["users", "habits", "executions", "deliveries", "delivery_items", "dialogues", "seen_updates"];
        let mut before = Vec::new();
        for table in tables {
            before.push(count(&db, table).await);
        }

        let mut tx = db.begin().await.unwrap();
        assert!(delete(&mut tx, people[0]).await.unwrap());
        assert!(!delete(&mut tx, people[0]).await.unwrap());
        tx.commit().await.unwrap();

        for (table, before) in tables.into_iter().zip(before) {
            assert_eq!(count(&db, table).await, before / 2, "{table}");
        }
        let left: Vec<i64> = sqlx::query_scalar("select distinct user_id from habits").fetch_all(&db).await.unwrap();
        assert_eq!(left, people[1..]);
    }

    /// So that a table to come does not keep people from leaving, or keeps what was theirs.
    #[sqlx::test(migrations = "../../migrations")]
    async fn whatever_refers_to_a_person_or_a_habit_goes_with_it(db: PgPool) {
        let kept: Vec<String> = sqlx::query_scalar(
            "select conname::text from pg_constraint
             where contype = 'f' and confrelid in ('users'::regclass, 'habits'::regclass)
               and confdeltype not in ('c', 'n')",
        )
        .fetch_all(&db)
        .await
        .unwrap();
        assert_eq!(kept, Vec::<String>::new());
    }
}
