//! `/habits`: what a person wants to do every day, and what was done.

use ::habits::day;
use chrono::{DateTime, NaiveTime, Timelike as _, Utc};
use store::{
    habit::Habit,
    user::{self, User},
};
use utoipa_axum::{router::OpenApiRouter, routes};

use crate::{App, error::ApiError};

mod create;
mod delete;
mod execution;
mod list;
mod read;
mod update;

pub(crate) fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(create::create_habit, list::list_habits))
        .routes(routes!(read::read_habit, update::update_habit, delete::delete_habit))
        .routes(routes!(execution::set_execution))
}

fn reply(habit: Habit, is_done_today: bool, now: DateTime<Utc>) -> wire::habit::Habit {
    wire::habit::Habit {
        current_streak: habit.current_streak_at(now),
        id: habit.id,
        user_id: habit.user_id,
        name: habit.name,
        description: habit.description,
        time_to_remind: habit.time_to_remind,
        target_days: habit.target_days,
        is_active: habit.is_active,
        max_streak: habit.max_streak,
        created_at: habit.created_at,
        updated_at: habit.updated_at,
        is_done_today,
    }
}

/// Whether a habit that was found is this person's.
fn owned(habit: Option<Habit>, owner: &User) -> Result<Habit, ApiError> {
    let habit = habit.ok_or(ApiError::HabitNotFound)?;
    if habit.user_id == owner.id { Ok(habit) } else { Err(ApiError::HabitAccessForbidden) }
}

/// The owner as he is now that his habit is locked: his zone may have changed since the token was checked.
async fn owner_of_locked(tx: &mut sqlx::PgConnection, habit: &Habit) -> Result<User, ApiError> {
    user::by_id(tx, habit.user_id).await?.ok_or(ApiError::TokenUserNotFound)
}

fn target_days(days: Option<i32>) -> Result<Option<i32>, ApiError> {
    match days {
        Some(days) if days <= 0 => Err(ApiError::invalid_field("target_days", "target_days has to be above 0")),
        days => Ok(days),
    }
}

/// Whole seconds: Postgres would read a leap second as the midnight after it.
fn time_of_day(time: NaiveTime) -> NaiveTime {
    time.with_nanosecond(0).unwrap_or(time)
}

fn today_of(user: &User, now: DateTime<Utc>) -> chrono::NaiveDate {
    day::today(now, user.zone())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_leap_second_is_no_midnight() {
        assert_eq!(time_of_day("23:59:60.5".parse().unwrap()).to_string(), "23:59:59");
    }
}
