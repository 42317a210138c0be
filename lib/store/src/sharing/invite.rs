//! Invites: codes that make whoever shows them a partner. Stored is their SHA-256.

use chrono::{DateTime, Utc};
use sqlx::PgConnection;

/// An invite as its owner sees it. The code is not known any more.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Invite {
    pub id: i64,
    pub habit_id: i64,
    /// How many more people can accept; 0 for one that is used up.
    pub uses_left: i32,
    pub created_at: DateTime<Utc>,
    pub expires_at: DateTime<Utc>,
}

/// An invite to be made.
#[derive(Debug, Clone, Copy)]
pub struct NewInvite<'a> {
    pub habit_id: i64,
    /// Impossible to guess.
    pub code: &'a str,
    /// Above 0.
    pub uses: i32,
    pub expires_at: DateTime<Utc>,
}

/// What a code opens, as one person sees it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Offer {
    pub invite_id: i64,
    pub habit_id: i64,
    pub habit_name: String,
    pub owner_id: i64,
    pub owner_first_name: Option<String>,
    pub uses_left: i32,
    pub expires_at: DateTime<Utc>,
    /// Whether that person is a partner already.
    pub is_partner: bool,
}

/// Adds an invite.
///
/// # Errors
///
/// Fails when the database does, or when the habit does not exist (foreign key).
pub async fn insert(conn: &mut PgConnection, invite: &NewInvite<'_>, now: DateTime<Utc>) -> sqlx::Result<Invite> {
    sqlx::query_as!(
        Invite,
        "insert into habit_invites (habit_id, code_hash, uses_left, created_at, expires_at)
         values ($1, sha256(convert_to($2, 'UTF8')), $3, $4, $5)
         returning id, habit_id, uses_left, created_at, expires_at",
        invite.habit_id,
        invite.code,
        invite.uses,
        now,
        invite.expires_at,
    )
    .fetch_one(conn)
    .await
}

/// How many invites to habits of this person can be accepted at `now`. Those that expired are deleted.
///
/// # Errors
///
/// Fails when the database does.
pub async fn count_open(conn: &mut PgConnection, owner_id: i64, now: DateTime<Utc>) -> sqlx::Result<i64> {
    sqlx::query!(
        "delete from habit_invites
         where habit_id in (select id from habits where user_id = $1) and expires_at <= $2",
        owner_id,
        now,
    )
    .execute(&mut *conn)
    .await?;
    let open = sqlx::query_scalar!(
        r#"select count(*) as "open!" from habit_invites
           where habit_id in (select id from habits where user_id = $1) and uses_left > 0"#,
        owner_id,
    );
    open.fetch_one(conn).await
}

/// The invites to a habit that can be accepted at `now`, oldest first, at most `limit`.
///
/// # Errors
///
/// Fails when the database does.
pub async fn list_open(
    conn: &mut PgConnection,
    habit_id: i64,
    now: DateTime<Utc>,
    limit: i64,
) -> sqlx::Result<Vec<Invite>> {
    sqlx::query_as!(
        Invite,
        "select id, habit_id, uses_left, created_at, expires_at from habit_invites
         where habit_id = $1 and uses_left > 0 and expires_at > $2 order by id limit $3",
        habit_id,
        now,
        limit,
    )
    .fetch_all(conn)
    .await
}

/// Takes an invite to this habit back, and says whether there was one.
///
/// # Errors
///
/// Fails when the database does.
pub async fn delete(conn: &mut PgConnection, habit_id: i64, id: i64) -> sqlx::Result<bool> {
    let deleted = sqlx::query!("delete from habit_invites where habit_id = $1 and id = $2", habit_id, id);
    Ok(deleted.execute(conn).await?.rows_affected() == 1)
}

/// What a code opens for a person at `now`; one that is used up is found, one that expired is not.
///
/// # Errors
///
/// Fails when the database does.
pub async fn by_code(
    conn: &mut PgConnection,
    code: &str,
    user_id: i64,
    now: DateTime<Utc>,
) -> sqlx::Result<Option<Offer>> {
    sqlx::query_as!(
        Offer,
        r#"select i.id as invite_id, h.id as habit_id, h.name as habit_name, u.id as owner_id,
                  u.first_name as owner_first_name, i.uses_left, i.expires_at,
                  exists (select from habit_partners where habit_id = h.id and user_id = $2) as "is_partner!"
           from habit_invites i join habits h on h.id = i.habit_id join users u on u.id = h.user_id
           where i.code_hash = sha256(convert_to($1, 'UTF8')) and i.expires_at > $3"#,
        code,
        user_id,
        now,
    )
    .fetch_optional(conn)
    .await
}

/// Uses an invite once, and says whether it could be.
///
/// The partner should be added before in the same transaction: a habit that is deleted is locked before its invites.
///
/// # Errors
///
/// Fails when the database does.
pub async fn take(conn: &mut PgConnection, id: i64, now: DateTime<Utc>) -> sqlx::Result<bool> {
    let taken = sqlx::query!(
        "update habit_invites set uses_left = uses_left - 1 where id = $1 and uses_left > 0 and expires_at > $2",
        id,
        now,
    );
    Ok(taken.execute(conn).await?.rows_affected() == 1)
}
