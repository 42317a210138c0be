//! Habits, with their cached streak and the next reminder.

use chrono::{DateTime, NaiveDate, NaiveTime, Utc};
use habits::{
    completion::Standing,
    goal::Goal,
    reminder::{Plan, Reminder},
    schedule::{Schedule, Schedules},
};
use sqlx::{PgConnection, types::Json};

use crate::user::User;

mod day;
mod list;
mod overview;
mod reschedule;
pub(crate) mod row;
mod state;
mod today;

pub use day::{DayChange, write_day};
pub use list::{Listed, Page, is_cursor, list};
pub use overview::{Looked, overview};
pub use reschedule::{Cause, reminded, reschedule, reschedule_all};
pub(crate) use state::pauses;
pub use state::{State, lock, state};
pub use today::{Asked, today};

use row::Row;

/// Days to reach, unless a person says otherwise.
pub const DEFAULT_TARGET_DAYS: i32 = 21;
/// The most habits that a person can have, archived ones included.
pub const MAX_HABITS: i64 = 500;
/// The most reminders of a habit a day.
pub const MAX_REMINDERS: usize = 10;

/// Where a habit was made.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Origin {
    Telegram,
    Api,
    /// Declared as a `Habit` resource.
    Crd,
    /// Chosen from the catalogue.
    Template,
    /// Brought along from elsewhere.
    Import,
}

impl Origin {
    fn as_str(self) -> &'static str {
        match self {
            Self::Telegram => "telegram",
            Self::Api => "api",
            Self::Crd => "crd",
            Self::Template => "template",
            Self::Import => "import",
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
    pub schedules: Schedules,
    /// The owner's date on which it was begun.
    pub begun_on: Option<NaiveDate>,
    /// The streak at which it is complete.
    pub target_days: i32,
    pub goal: Option<Goal>,
    /// What the amounts count, such as `pages`; only with a goal.
    pub goal_unit: Option<String>,
    /// Local times of the reminders in the owner's zone, at least one: the first as it was set, the others ascending.
    pub reminder_times: Vec<NaiveTime>,
    pub is_active: bool,
    /// Since when it is complete; such a habit is not active.
    pub completed_at: Option<DateTime<Utc>>,
    /// Whether the person made it active again after it was complete: it goes on beyond `target_days`.
    pub taken_up: bool,
    /// Over once `streak_expires_at` is past: see [`Self::current_streak_at`].
    pub current_streak: i32,
    pub max_streak: i32,
    /// `None` without a streak, and for one that a pause keeps.
    pub streak_expires_at: Option<DateTime<Utc>>,
    /// `None` for a habit that is not active, or is paused without an end.
    pub next_reminder_at: Option<DateTime<Utc>>,
    /// Grows with each write of the habit, its days and its pauses.
    pub version: i64,
    pub created_at: DateTime<Utc>,
    pub updated_at: DateTime<Utc>,
}

impl Habit {
    /// The streak at `now`: 0 from the instant it expires, also before the loops wrote so.
    pub fn current_streak_at(&self, now: DateTime<Utc>) -> i32 {
        if self.streak_expires_at.is_none_or(|at| at > now) { self.current_streak } else { 0 }
    }

    /// How it stands towards its `target_days`.
    pub fn standing(&self) -> Standing {
        match (self.completed_at, self.taken_up) {
            (Some(_), _) => Standing::Complete,
            (None, true) => Standing::TakenUp,
            (None, false) => Standing::Open,
        }
    }

    /// The reminder that was set first.
    pub fn time_to_remind(&self) -> NaiveTime {
        self.reminder_times.first().copied().unwrap_or_default()
    }
}

/// What a person wants to do.
#[derive(Debug, Clone)]
pub struct NewHabit<'a> {
    /// 1 to 255 characters.
    pub name: &'a str,
    pub description: Option<&'a str>,
    pub schedule: Schedule,
    /// Above 0; see [`DEFAULT_TARGET_DAYS`].
    pub target_days: i32,
    pub goal: Option<Goal>,
    /// At most 30 characters; only with a goal.
    pub goal_unit: Option<&'a str>,
    /// 1 to [`MAX_REMINDERS`], each minute once: the first, then the others, ascending.
    pub reminder_times: &'a [NaiveTime],
    pub origin: Origin,
}

/// Adds a habit of `owner`; its first reminder is the next one after `now`.
///
/// [`crate::user::hold`] the owner before, or else a change of zone at the same time is missed.
///
/// # Errors
///
/// Fails when the database does, or on a violated constraint.
pub async fn insert(
    conn: &mut PgConnection,
    owner: &User,
    habit: &NewHabit<'_>,
    now: DateTime<Utc>,
) -> sqlx::Result<Habit> {
    let schedules = Schedules::from(habit.schedule);
    let pauses = crate::pause::of_all_habits(conn, owner.id).await?;
    let plan = Plan {
        schedules: &schedules,
        times: habit.reminder_times,
        pauses: &pauses,
        quiet: owner.quiet_hours(),
        calendar: owner.calendar(),
    };
    let (first, more) = row::split(habit.reminder_times);
    let row = sqlx::query_as!(
        Row,
        r#"insert into habits
            (user_id, name, description, target_days, time_to_remind, more_reminder_times, schedules, begun_on,
             goal_direction, goal_amount_milli, goal_unit, origin, next_reminder_at, created_at, updated_at)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $14)
         returning id, user_id, name, description, target_days, time_to_remind, more_reminder_times,
                   schedules as "schedules: Json<Schedules>", begun_on, goal_direction, goal_amount_milli, goal_unit,
                   is_active, completed_at, taken_up, current_streak, max_streak, streak_expires_at, next_reminder_at,
                   version, created_at, updated_at"#,
        owner.id,
        habit.name,
        habit.description,
        habit.target_days,
        first,
        more,
        Json(&schedules) as _,
        owner.calendar().today(now),
        habit.goal.map(|goal| row::direction(goal.direction)),
        habit.goal.map(|goal| goal.amount_milli),
        habit.goal_unit,
        habit.origin.as_str(),
        plan.next(now).map(|reminder: Reminder| reminder.at),
        now,
    )
    .fetch_one(conn)
    .await?;
    Ok(row.into())
}

/// How many habits a person has, archived ones included.
///
/// # Errors
///
/// Fails when the database does.
pub async fn count(conn: &mut PgConnection, user_id: i64) -> sqlx::Result<i64> {
    sqlx::query_scalar!(r#"select count(*) as "count!" from habits where user_id = $1"#, user_id).fetch_one(conn).await
}

/// Finds a habit, whoever owns it.
///
/// # Errors
///
/// Fails when the database does.
pub async fn by_id(conn: &mut PgConnection, id: i64) -> sqlx::Result<Option<Habit>> {
    let row = sqlx::query_as!(
        Row,
        r#"select id, user_id, name, description, target_days, time_to_remind, more_reminder_times,
                  schedules as "schedules: Json<Schedules>", begun_on, goal_direction, goal_amount_milli, goal_unit,
                  is_active, completed_at, taken_up, current_streak, max_streak, streak_expires_at, next_reminder_at,
                  version, created_at, updated_at
           from habits where id = $1"#,
        id,
    )
    .fetch_optional(conn)
    .await?;
    Ok(row.map(Habit::from))
}

/// Writes all of a habit that may change, and counts its version up. The row has to be locked. What the habit was reminded
/// of before its times were others does not count for them.
///
/// # Errors
///
/// Fails when the database does, or on a violated constraint.
pub async fn update(conn: &mut PgConnection, habit: &Habit) -> sqlx::Result<()> {
    let (first, more) = row::split(&habit.reminder_times);
    sqlx::query!(
        "update habits set name = $2, description = $3, target_days = $4, time_to_remind = $5,
                more_reminder_times = $6, schedules = $7, begun_on = $8, goal_direction = $9, goal_amount_milli = $10,
                goal_unit = $11, is_active = $12, completed_at = $13, taken_up = $14, current_streak = $15,
                max_streak = $16, streak_expires_at = $17, next_reminder_at = $18, updated_at = $19,
                reminder_times_changed_at = case when (time_to_remind, more_reminder_times) = ($5, $6)
                    then reminder_times_changed_at else $19 end,
                version = version + 1
         where id = $1",
        habit.id,
        habit.name,
        habit.description,
        habit.target_days,
        first,
        more,
        Json(&habit.schedules) as _,
        habit.begun_on,
        habit.goal.map(|goal| row::direction(goal.direction)),
        habit.goal.map(|goal| goal.amount_milli),
        habit.goal_unit,
        habit.is_active,
        habit.completed_at,
        habit.taken_up,
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

/// Removes a habit together with its executions, and says whether there was one.
///
/// # Errors
///
/// Fails when the database does.
pub async fn delete(conn: &mut PgConnection, id: i64) -> sqlx::Result<bool> {
    let deleted = sqlx::query!("delete from habits where id = $1", id).execute(conn).await?;
    Ok(deleted.rows_affected() == 1)
}

#[cfg(test)]
mod tests;
