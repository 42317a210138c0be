//! People.

use chrono::{DateTime, Utc};
use habits::Tz;
use sqlx::PgConnection;

/// A person who wrote to the bot, or whom an old token names.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct User {
    pub id: i64,
    pub telegram_id: i64,
    pub username: Option<String>,
    pub first_name: Option<String>,
    pub last_name: Option<String>,
    /// `en` or `ru`; `None` until the person's next login.
    pub language: Option<String>,
    /// IANA name of the person's time zone.
    pub timezone: String,
    /// Whether the person chose that zone; otherwise it is the deployment's default.
    pub timezone_chosen: bool,
    pub is_active: bool,
    /// Since when Telegram refuses our messages to this person.
    pub blocked_at: Option<DateTime<Utc>>,
    pub created_at: DateTime<Utc>,
    pub updated_at: DateTime<Utc>,
}

impl User {
    /// The zone of the person's days. A name that this build does not know counts as UTC, so that one bad row never
    /// stops a loop over all.
    pub fn zone(&self) -> Tz {
        zone_of(&self.timezone)
    }
}

/// The zone that a stored name means; UTC for one that this build does not know.
pub fn zone_of(timezone: &str) -> Tz {
    timezone.parse().unwrap_or(Tz::UTC)
}

/// What is known of somebody who writes for the first time.
#[derive(Debug, Clone, Copy)]
pub struct NewUser<'a> {
    /// Above 0.
    pub telegram_id: i64,
    pub username: Option<&'a str>,
    pub first_name: Option<&'a str>,
    pub last_name: Option<&'a str>,
    /// `en` or `ru`.
    pub language: Option<&'a str>,
    /// The deployment's default: a zone that the person chooses is written by [`update`].
    pub zone: Tz,
}

/// Finds a person by our own id.
///
/// # Errors
///
/// Fails when the database does.
pub async fn by_id(conn: &mut PgConnection, id: i64) -> sqlx::Result<Option<User>> {
    sqlx::query_as!(
        User,
        "select id, telegram_id, username, first_name, last_name, language, timezone, timezone_chosen,
                is_active, blocked_at, created_at, updated_at
         from users where id = $1",
        id,
    )
    .fetch_optional(conn)
    .await
}

/// Finds a person by Telegram's id.
///
/// # Errors
///
/// Fails when the database does.
pub async fn by_telegram_id(conn: &mut PgConnection, telegram_id: i64) -> sqlx::Result<Option<User>> {
    sqlx::query_as!(
        User,
        "select id, telegram_id, username, first_name, last_name, language, timezone, timezone_chosen,
                is_active, blocked_at, created_at, updated_at
         from users where telegram_id = $1",
        telegram_id,
    )
    .fetch_optional(conn)
    .await
}

/// Loads a person and keeps others from changing the row, the zone above all, until the transaction ends.
///
/// # Errors
///
/// Fails when the database does.
pub async fn hold(conn: &mut PgConnection, id: i64) -> sqlx::Result<Option<User>> {
    sqlx::query_as!(
        User,
        "select id, telegram_id, username, first_name, last_name, language, timezone, timezone_chosen,
                is_active, blocked_at, created_at, updated_at
         from users where id = $1 for share",
        id,
    )
    .fetch_optional(conn)
    .await
}

/// Loads a person and locks the row until the transaction ends.
///
/// # Errors
///
/// Fails when the database does.
pub async fn lock(conn: &mut PgConnection, id: i64) -> sqlx::Result<Option<User>> {
    sqlx::query_as!(
        User,
        "select id, telegram_id, username, first_name, last_name, language, timezone, timezone_chosen,
                is_active, blocked_at, created_at, updated_at
         from users where id = $1 for no key update",
        id,
    )
    .fetch_optional(conn)
    .await
}

/// Adds a person, or returns `None` when somebody with this Telegram id came first.
///
/// # Errors
///
/// Fails when the database does.
pub async fn insert(conn: &mut PgConnection, person: &NewUser<'_>, now: DateTime<Utc>) -> sqlx::Result<Option<User>> {
    sqlx::query_as!(
        User,
        "insert into users
            (telegram_id, username, first_name, last_name, language, timezone, created_at, updated_at)
         values ($1, $2, $3, $4, $5, $6, $7, $7)
         on conflict on constraint users_telegram_id_key do nothing
         returning id, telegram_id, username, first_name, last_name, language, timezone, timezone_chosen,
                   is_active, blocked_at, created_at, updated_at",
        person.telegram_id,
        person.username,
        person.first_name,
        person.last_name,
        person.language,
        person.zone.name(),
        now,
    )
    .fetch_optional(conn)
    .await
}

/// Writes what may change of a person: names, language, zone, whether blocked.
///
/// The row should be locked. Habits do not follow a changed zone by themselves: see [`crate::habit::reschedule_all`].
///
/// # Errors
///
/// Fails when the database does.
pub async fn update(conn: &mut PgConnection, user: &User, now: DateTime<Utc>) -> sqlx::Result<User> {
    sqlx::query_as!(
        User,
        "update users set username = $2, first_name = $3, last_name = $4, language = $5, timezone = $6,
                timezone_chosen = $7, blocked_at = $8,
                blocked_reason = case when $8::timestamptz is null then null else coalesce(blocked_reason, 'reported') end,
                updated_at = $9
         where id = $1
         returning id, telegram_id, username, first_name, last_name, language, timezone, timezone_chosen,
                   is_active, blocked_at, created_at, updated_at",
        user.id,
        user.username,
        user.first_name,
        user.last_name,
        user.language,
        user.timezone,
        user.timezone_chosen,
        user.blocked_at,
        now,
    )
    .fetch_one(conn)
    .await
}

#[cfg(test)]
mod tests {
    use sqlx::PgPool;

    use super::*;

    #[sqlx::test(migrations = "../../migrations")]
    async fn a_zone_that_this_build_does_not_know_counts_as_utc(pool: PgPool) {
        let mut conn = pool.acquire().await.unwrap();
        let person = NewUser {
            telegram_id: 7,
            username: None,
            first_name: None,
            last_name: None,
            language: None,
            zone: Tz::Asia__Tokyo,
        };
        let mut user = insert(&mut conn, &person, DateTime::UNIX_EPOCH).await.unwrap().unwrap();
        assert_eq!(user.zone(), Tz::Asia__Tokyo);
        user.timezone = "Mars/Olympus".to_owned();
        assert_eq!(update(&mut conn, &user, DateTime::UNIX_EPOCH).await.unwrap().zone(), Tz::UTC);
    }
}
