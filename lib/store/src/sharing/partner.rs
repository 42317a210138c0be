//! Who sees whose habit.

use chrono::{DateTime, Utc};
use sqlx::PgConnection;

/// Somebody who sees a habit.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Partner {
    pub user_id: i64,
    pub first_name: Option<String>,
    /// The partner's own habit that the owner sees in return.
    pub own_habit_id: Option<i64>,
    pub since: DateTime<Utc>,
}

/// Lets a person see a habit, and says whether he did not before. A habit that he shows in return is noted also for one
/// who did; that the owner sees it takes a call of its own.
///
/// # Errors
///
/// Fails when the database does, or when habit or person do not exist (foreign keys).
pub async fn add(
    conn: &mut PgConnection,
    habit_id: i64,
    user_id: i64,
    own_habit_id: Option<i64>,
    now: DateTime<Utc>,
) -> sqlx::Result<bool> {
    let is_new = sqlx::query_scalar!(
        r#"insert into habit_partners as known (habit_id, user_id, own_habit_id, since) values ($1, $2, $3, $4)
           on conflict on constraint habit_partners_pkey do update
               set own_habit_id = coalesce(excluded.own_habit_id, known.own_habit_id)
           returning xmax = 0 as "is_new!""#,
        habit_id,
        user_id,
        own_habit_id,
        now,
    );
    is_new.fetch_one(conn).await
}

/// How many people see a habit.
///
/// # Errors
///
/// Fails when the database does.
pub async fn count(conn: &mut PgConnection, habit_id: i64) -> sqlx::Result<i64> {
    let partners =
        sqlx::query_scalar!(r#"select count(*) as "partners!" from habit_partners where habit_id = $1"#, habit_id);
    partners.fetch_one(conn).await
}

/// The people who see a habit, the longest first, at most `limit`.
///
/// # Errors
///
/// Fails when the database does.
pub async fn list(conn: &mut PgConnection, habit_id: i64, limit: i64) -> sqlx::Result<Vec<Partner>> {
    sqlx::query_as!(
        Partner,
        "select p.user_id, u.first_name, p.own_habit_id, p.since
         from habit_partners p join users u on u.id = p.user_id
         where p.habit_id = $1 order by p.since, p.user_id limit $2",
        habit_id,
        limit,
    )
    .fetch_all(conn)
    .await
}

/// Ends that a person sees a habit, and that its owner sees what was shown in return for it alone; says whether there was
/// anything. To be called in a transaction.
///
/// Two habits belong together when the row of either names the other. One that was shown in return for several stays
/// while one of them is seen.
///
/// # Errors
///
/// Fails when the database does.
pub async fn remove(conn: &mut PgConnection, habit_id: i64, user_id: i64) -> sqlx::Result<bool> {
    // Both people, in the order that everybody locks people in: of two that end at once each would leave the other as
    // a reason.
    sqlx::query!(
        "select from users where id = $2 or id = (select user_id from habits where id = $1)
         order by id for no key update",
        habit_id,
        user_id,
    )
    .execute(&mut *conn)
    .await?;
    let removed = sqlx::query_scalar!(
        r#"with ended as (
               delete from habit_partners where habit_id = $1 and user_id = $2 returning own_habit_id
           ), in_return as (
               select shown.habit_id, shown.user_id, (
                   select min(other.habit_id) from habit_partners other join habits h on h.id = other.habit_id
                   where h.user_id = shown.user_id and other.user_id = $2 and other.habit_id <> $1
                       and (other.own_habit_id = shown.habit_id or shown.own_habit_id = other.habit_id)
               ) as also_for
               from ended, habits seen, habit_partners shown join habits own on own.id = shown.habit_id
               where seen.id = $1 and shown.user_id = seen.user_id and own.user_id = $2
                   and (shown.habit_id = ended.own_habit_id or shown.own_habit_id = $1)
           ), withdrawn as (
               delete from habit_partners p using in_return r
               where p.habit_id = r.habit_id and p.user_id = r.user_id and r.also_for is null
           ), kept as (
               update habit_partners p set own_habit_id = r.also_for from in_return r
               where p.habit_id = r.habit_id and p.user_id = r.user_id and r.also_for is not null
           )
           select exists (select from ended) as "removed!""#,
        habit_id,
        user_id,
    );
    removed.fetch_one(conn).await
}

/// Ends that anybody sees a habit, each as [`remove`] does. To be called before the habit is deleted, in a transaction.
///
/// # Errors
///
/// Fails when the database does.
pub async fn remove_all(conn: &mut PgConnection, habit_id: i64) -> sqlx::Result<()> {
    // All of them at once, in the order of `remove`. Who came to see it meanwhile is not waited for out of this order; what
    // he sees goes with the habit.
    let locked = sqlx::query_scalar!(
        "select id from users where id in (
             select user_id from habit_partners where habit_id = $1 union select user_id from habits where id = $1)
         order by id for no key update",
        habit_id,
    );
    let locked = locked.fetch_all(&mut *conn).await?;
    let partners = sqlx::query_scalar!(
        "select user_id from habit_partners where habit_id = $1 and user_id = any($2)",
        habit_id,
        &locked,
    );
    for user_id in partners.fetch_all(&mut *conn).await? {
        remove(conn, habit_id, user_id).await?;
    }
    Ok(())
}
