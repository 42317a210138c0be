//! Habits, with their cached streak and the next reminder.

use std::collections::BTreeSet;

use chrono::{DateTime, NaiveDate, NaiveTime, Utc};
use habits::{Tz, day, reminder, streak};
use sqlx::PgConnection;

use crate::execution;

mod list;
mod reschedule;

pub use list::{Page, list};
pub use reschedule::reschedule_all;

/// Days in a row to reach, unless a person says otherwise.
pub const DEFAULT_TARGET_DAYS: i32 = 21;

/// Where a habit was made.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Origin {
    Telegram,
    Api,
    /// Declared as a `Habit` resource.
    Crd,
}

impl Origin {
    fn as_str(self) -> &'static str {
        match self {
            Self::Telegram => "telegram",
            Self::Api => "api",
            Self::Crd => "crd",
        }
    }
}

/// A habit as stored.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Habit {
    pub id: i64,
    pub user_id: i64,
    pub name: String,
    pub description: Option<String>,
    pub target_days: i32,
    /// Local time of the daily reminder in the owner's zone.
    pub time_to_remind: NaiveTime,
    pub is_active: bool,
    /// Days in a row; over once `streak_expires_at` is past: see [`Self::current_streak_at`].
    pub current_streak: i32,
    pub max_streak: i32,
    pub streak_expires_at: Option<DateTime<Utc>>,
    /// `None` for a habit that is not active.
    pub next_reminder_at: Option<DateTime<Utc>>,
    pub created_at: DateTime<Utc>,
    pub updated_at: DateTime<Utc>,
}

impl Habit {
    /// The streak at `now`: 0 from the instant it expires, also before the loops wrote so.
    pub fn current_streak_at(&self, now: DateTime<Utc>) -> i32 {
        if self.streak_expires_at.is_some_and(|at| at > now) { self.current_streak } else { 0 }
    }

    /// Notes what the history says, as of `now` in the owner's `zone`.
    pub fn derive_streak(&mut self, done: &BTreeSet<NaiveDate>, now: DateTime<Utc>, zone: Tz) {
        let streak = streak::derive(done, day::today(now, zone), zone);
        self.current_streak = i32::try_from(streak.current).unwrap_or(i32::MAX);
        self.max_streak = i32::try_from(streak.record).unwrap_or(i32::MAX);
        self.streak_expires_at = streak.expires_at;
    }

    /// Notes when the next reminder after `now` is due in the owner's `zone`.
    pub fn schedule_reminder(&mut self, now: DateTime<Utc>, zone: Tz) {
        self.next_reminder_at = if self.is_active { reminder::next(now, self.time_to_remind, zone) } else { None };
    }
}

/// What a person wants to do.
#[derive(Debug, Clone, Copy)]
pub struct NewHabit<'a> {
    pub user_id: i64,
    /// 1 to 255 characters.
    pub name: &'a str,
    pub description: Option<&'a str>,
    /// Above 0; see [`DEFAULT_TARGET_DAYS`].
    pub target_days: i32,
    pub time_to_remind: NaiveTime,
    pub origin: Origin,
}

/// Adds a habit; its first reminder is the next one after `now` in the owner's `zone`.
///
/// Whoever reads the zone should [`crate::user::hold`] the person, or else a change of zone at the same time is missed.
///
/// # Errors
///
/// Fails when the database does, or on a violated constraint.
pub async fn insert(
    conn: &mut PgConnection,
    habit: &NewHabit<'_>,
    zone: Tz,
    now: DateTime<Utc>,
) -> sqlx::Result<Habit> {
    sqlx::query_as!(
        Habit,
        "insert into habits
            (user_id, name, description, target_days, time_to_remind, origin, next_reminder_at, created_at, updated_at)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $8)
         returning id, user_id, name, description, target_days, time_to_remind, is_active, current_streak, max_streak,
                   streak_expires_at, next_reminder_at, created_at, updated_at",
        habit.user_id,
        habit.name,
        habit.description,
        habit.target_days,
        habit.time_to_remind,
        habit.origin.as_str(),
        reminder::next(now, habit.time_to_remind, zone),
        now,
    )
    .fetch_one(conn)
    .await
}

/// Finds a habit, whoever owns it.
///
/// # Errors
///
/// Fails when the database does.
pub async fn by_id(conn: &mut PgConnection, id: i64) -> sqlx::Result<Option<Habit>> {
    sqlx::query_as!(
        Habit,
        "select id, user_id, name, description, target_days, time_to_remind, is_active, current_streak, max_streak,
                streak_expires_at, next_reminder_at, created_at, updated_at
         from habits where id = $1",
        id,
    )
    .fetch_optional(conn)
    .await
}

/// Loads a habit and locks its row until the transaction ends.
///
/// Read the owner's zone after this, not before: a change of zone locks the same row.
///
/// # Errors
///
/// Fails when the database does.
pub async fn lock(conn: &mut PgConnection, id: i64) -> sqlx::Result<Option<Habit>> {
    sqlx::query_as!(
        Habit,
        "select id, user_id, name, description, target_days, time_to_remind, is_active, current_streak, max_streak,
                streak_expires_at, next_reminder_at, created_at, updated_at
         from habits where id = $1 for no key update",
        id,
    )
    .fetch_optional(conn)
    .await
}

/// Writes all of a habit that may change. The row should be locked.
///
/// # Errors
///
/// Fails when the database does, or on a violated constraint.
pub async fn update(conn: &mut PgConnection, habit: &Habit) -> sqlx::Result<()> {
    sqlx::query!(
        "update habits set name = $2, description = $3, target_days = $4, time_to_remind = $5, is_active = $6,
                current_streak = $7, max_streak = $8, streak_expires_at = $9, next_reminder_at = $10, updated_at = $11
         where id = $1",
        habit.id,
        habit.name,
        habit.description,
        habit.target_days,
        habit.time_to_remind,
        habit.is_active,
        habit.current_streak,
        habit.max_streak,
        habit.streak_expires_at,
        habit.next_reminder_at,
        habit.updated_at,
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// Removes a habit of this owner together with its executions, and says whether there was one.
///
/// # Errors
///
/// Fails when the database does.
pub async fn delete(conn: &mut PgConnection, id: i64) -> sqlx::Result<bool> {
    let deleted = sqlx::query!("delete from habits where id = $1", id).execute(conn).await?;
    Ok(deleted.rows_affected() == 1)
}

/// Derives the streak of a locked habit from its executions, without writing it.
///
/// # Errors
///
/// Fails when the database does.
pub async fn derive_streak(
    conn: &mut PgConnection,
    habit: &mut Habit,
    zone: Tz,
    now: DateTime<Utc>,
) -> sqlx::Result<()> {
    let done = execution::done_dates(conn, habit.id).await?;
    habit.derive_streak(&done, now, zone);
    Ok(())
}

#[cfg(test)]
mod tests;
