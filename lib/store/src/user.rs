//! People.

use chrono::{DateTime, NaiveTime, Utc};
use habits::{
    Tz,
    day::{Calendar, MAX_START_HOUR},
    quiet::QuietHours,
};
use sqlx::PgConnection;

mod delete;

pub use delete::delete;

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
    /// Hour at which the person's day starts, 0 to 5.
    pub day_start_hour: i16,
    /// Local time from which reminders make no sound, together with `quiet_to`.
    pub quiet_from: Option<NaiveTime>,
    pub quiet_to: Option<NaiveTime>,
    pub is_active: bool,
    /// Since when Telegram refuses our messages to this person.
    pub blocked_at: Option<DateTime<Utc>>,
    pub created_at: DateTime<Utc>,
    pub updated_at: DateTime<Utc>,
}

impl User {
    /// How the person's instants become dates.
    pub fn calendar(&self) -> Calendar {
        calendar(&self.timezone, self.day_start_hour)
    }

    pub fn quiet_hours(&self) -> Option<QuietHours> {
        quiet_hours(self.quiet_from, self.quiet_to)
    }
}

/// The calendar that stored columns mean. A zone that this build does not know counts as UTC, so that one bad row never
/// stops a loop over all.
pub(crate) fn calendar(timezone: &str, day_start_hour: i16) -> Calendar {
    Calendar {
        zone: timezone.parse().unwrap_or(Tz::UTC),
        start_hour: u8::try_from(day_start_hour).unwrap_or_default().min(MAX_START_HOUR),
    }
}

pub(crate) fn quiet_hours(from: Option<NaiveTime>, to: Option<NaiveTime>) -> Option<QuietHours> {
    Some(QuietHours { from: from?, to: to? })
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
                day_start_hour, quiet_from, quiet_to, is_active, blocked_at, created_at, updated_at
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
    Ok(by_telegram_ids(conn, &[telegram_id]).await?.pop())
}

/// Finds people by Telegram's ids, in no order.
///
/// # Errors
///
/// Fails when the database does.
pub async fn by_telegram_ids(conn: &mut PgConnection, telegram_ids: &[i64]) -> sqlx::Result<Vec<User>> {
    sqlx::query_as!(
        User,
        "select id, telegram_id, username, first_name, last_name, language, timezone, timezone_chosen,
                day_start_hour, quiet_from, quiet_to, is_active, blocked_at, created_at, updated_at
         from users where telegram_id = any($1)",
        telegram_ids,
    )
    .fetch_all(conn)
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
                day_start_hour, quiet_from, quiet_to, is_active, blocked_at, created_at, updated_at
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
                day_start_hour, quiet_from, quiet_to, is_active, blocked_at, created_at, updated_at
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
                   day_start_hour, quiet_from, quiet_to, is_active, blocked_at, created_at, updated_at",
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

/// Writes what may change of a person: names, language, zone, start of the day, quiet hours, whether blocked.
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
                timezone_chosen = $7, day_start_hour = $8, quiet_from = $9, quiet_to = $10, blocked_at = $11,
                blocked_reason = case when $11::timestamptz is null then null else coalesce(blocked_reason, 'reported') end,
                updated_at = $12
         where id = $1
         returning id, telegram_id, username, first_name, last_name, language, timezone, timezone_chosen,
                   day_start_hour, quiet_from, quiet_to, is_active, blocked_at, created_at, updated_at",
        user.id,
        user.username,
        user.first_name,
        user.last_name,
        user.language,
        user.timezone,
        user.timezone_chosen,
        user.day_start_hour,
        user.quiet_from,
        user.quiet_to,
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
        assert_eq!(user.calendar().zone, Tz::Asia__Tokyo);
        user.timezone = "Mars/Olympus".to_owned();
        assert_eq!(update(&mut conn, &user, DateTime::UNIX_EPOCH).await.unwrap().calendar().zone, Tz::UTC);
    }
}
