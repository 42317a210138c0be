//! What a partner sees.

use chrono::{DateTime, NaiveDate, Utc};
use habits::day::Calendar;
use sqlx::PgConnection;

use crate::{execution::Status, user};

/// Another person's habit, as much of it as a partner sees: not its description, and no notes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SharedHabit {
    pub habit_id: i64,
    pub name: String,
    pub is_active: bool,
    /// Over once `streak_expires_at` is past: see [`Self::current_streak_at`].
    pub current_streak: i32,
    pub streak_expires_at: Option<DateTime<Utc>>,
    pub max_streak: i32,
    pub owner_id: i64,
    pub owner_first_name: Option<String>,
    /// IANA name of the zone of the owner's days.
    pub owner_timezone: String,
    /// Hour at which the owner's day starts, 0 to 5.
    pub owner_day_start_hour: i16,
    pub since: DateTime<Utc>,
}

impl SharedHabit {
    /// How the owner's instants become dates.
    pub fn owner_calendar(&self) -> Calendar {
        user::calendar(&self.owner_timezone, self.owner_day_start_hour)
    }

    /// The streak at `now`: 0 from the instant it expires, also before the loops wrote so.
    pub fn current_streak_at(&self, now: DateTime<Utc>) -> i32 {
        if self.streak_expires_at.is_none_or(|at| at > now) { self.current_streak } else { 0 }
    }
}

/// How one day of a habit went.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Day {
    pub habit_id: i64,
    pub date: NaiveDate,
    pub status: Status,
}

/// The habits of others that a person sees, the longest shared first, at most `limit`.
///
/// # Errors
///
/// Fails when the database does.
pub async fn list(conn: &mut PgConnection, user_id: i64, limit: i64) -> sqlx::Result<Vec<SharedHabit>> {
    sqlx::query_as!(
        SharedHabit,
        "select h.id as habit_id, h.name, h.is_active, h.current_streak, h.streak_expires_at, h.max_streak,
                u.id as owner_id, u.first_name as owner_first_name, u.timezone as owner_timezone,
                u.day_start_hour as owner_day_start_hour, p.since
         from habit_partners p join habits h on h.id = p.habit_id join users u on u.id = h.user_id
         where p.user_id = $1 order by p.since, p.habit_id limit $2",
        user_id,
        limit,
    )
    .fetch_all(conn)
    .await
}

/// How many habits of others a person sees.
///
/// # Errors
///
/// Fails when the database does.
pub async fn count(conn: &mut PgConnection, user_id: i64) -> sqlx::Result<i64> {
    let shared = sqlx::query_scalar!(r#"select count(*) as "shared!" from habit_partners where user_id = $1"#, user_id);
    shared.fetch_one(conn).await
}

/// What was said of these habits on each day from `first` on, in no order.
///
/// # Errors
///
/// Fails when the database does.
pub async fn days(conn: &mut PgConnection, habit_ids: &[i64], first: NaiveDate) -> sqlx::Result<Vec<Day>> {
    sqlx::query_as!(
        Day,
        r#"select habit_id, execution_date as date, status as "status: Status"
           from executions where habit_id = any($1) and execution_date >= $2"#,
        habit_ids,
        first,
    )
    .fetch_all(conn)
    .await
}
