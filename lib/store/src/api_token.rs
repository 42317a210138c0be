//! Tokens that people make for their own programs. Stored is their SHA-256.

use chrono::{DateTime, TimeDelta, Utc};
use sqlx::PgConnection;

/// The most tokens of a person.
pub const MAX_TOKENS: i64 = 20;

/// How exactly the last use is known: a busy program costs one write in this time.
const LAST_USED_WITHIN: TimeDelta = TimeDelta::minutes(1);

/// What a token may do.
#[derive(Debug, Clone, Copy, PartialEq, Eq, sqlx::Type)]
#[sqlx(type_name = "text", rename_all = "snake_case")]
pub enum Scope {
    Read,
    Write,
}

/// A token as it is kept. The token itself is not known any more.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ApiToken {
    pub id: i64,
    pub user_id: i64,
    pub name: String,
    pub scope: Scope,
    pub last_four: String,
    pub created_at: DateTime<Utc>,
    /// `None`: until it is revoked.
    pub expires_at: Option<DateTime<Utc>>,
    /// To the minute.
    pub last_used_at: Option<DateTime<Utc>>,
}

/// A token to be kept.
#[derive(Debug, Clone, Copy)]
pub struct NewApiToken<'a> {
    pub user_id: i64,
    /// 1 to 100 characters.
    pub name: &'a str,
    pub scope: Scope,
    /// SHA-256 of the token.
    pub hash: &'a [u8; 32],
    pub last_four: &'a str,
    pub expires_at: Option<DateTime<Utc>>,
}

/// Keeps a token.
///
/// # Errors
///
/// Fails when the database does, or on a violated constraint.
pub async fn insert(conn: &mut PgConnection, token: &NewApiToken<'_>, now: DateTime<Utc>) -> sqlx::Result<ApiToken> {
    sqlx::query_as!(
        ApiToken,
        r#"insert into api_tokens (user_id, name, scope, token_hash, last_four, created_at, expires_at)
           values ($1, $2, $3, $4, $5, $6, $7)
           returning id, user_id, name, scope as "scope: Scope", last_four, created_at, expires_at, last_used_at"#,
        token.user_id,
        token.name,
        token.scope as Scope,
        &token.hash[..],
        token.last_four,
        now,
        token.expires_at,
    )
    .fetch_one(conn)
    .await
}

/// The token with this SHA-256.
///
/// # Errors
///
/// Fails when the database does.
pub async fn by_hash(conn: &mut PgConnection, hash: &[u8; 32]) -> sqlx::Result<Option<ApiToken>> {
    sqlx::query_as!(
        ApiToken,
        r#"select id, user_id, name, scope as "scope: Scope", last_four, created_at, expires_at, last_used_at
           from api_tokens where token_hash = $1"#,
        &hash[..],
    )
    .fetch_optional(conn)
    .await
}

/// A person's tokens, oldest first, at most [`MAX_TOKENS`].
///
/// # Errors
///
/// Fails when the database does.
pub async fn list(conn: &mut PgConnection, user_id: i64) -> sqlx::Result<Vec<ApiToken>> {
    sqlx::query_as!(
        ApiToken,
        r#"select id, user_id, name, scope as "scope: Scope", last_four, created_at, expires_at, last_used_at
           from api_tokens where user_id = $1 order by id limit $2"#,
        user_id,
        MAX_TOKENS,
    )
    .fetch_all(conn)
    .await
}

/// How many tokens a person has, expired ones included.
///
/// # Errors
///
/// Fails when the database does.
pub async fn count(conn: &mut PgConnection, user_id: i64) -> sqlx::Result<i64> {
    sqlx::query_scalar!(r#"select count(*) as "count!" from api_tokens where user_id = $1"#, user_id)
        .fetch_one(conn)
        .await
}

/// Notes that a token was used at `now`, unless a use within the last minute is known.
///
/// # Errors
///
/// Fails when the database does.
pub async fn note_use(conn: &mut PgConnection, token: &ApiToken, now: DateTime<Utc>) -> sqlx::Result<()> {
    let before = now - LAST_USED_WITHIN;
    if token.last_used_at.is_some_and(|used| used > before) {
        return Ok(());
    }
    sqlx::query!(
        "update api_tokens set last_used_at = $2 where id = $1 and (last_used_at is null or last_used_at <= $3)",
        token.id,
        now,
        before,
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// Deletes this person's token, and says whether there was one.
///
/// # Errors
///
/// Fails when the database does.
pub async fn delete(conn: &mut PgConnection, user_id: i64, id: i64) -> sqlx::Result<bool> {
    let deleted = sqlx::query!("delete from api_tokens where user_id = $1 and id = $2", user_id, id);
    Ok(deleted.execute(conn).await?.rows_affected() == 1)
}
