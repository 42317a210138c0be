//! `/habits`: what a person wants to do, and what was done.

use chrono::{DateTime, NaiveDate, Utc};
use store::{
    execution::Status,
    habit::{Habit, State},
    user::User,
};
use utoipa_axum::{router::OpenApiRouter, routes};
use wire::execution::ExecutionStatus;

use crate::{App, error::ApiError};

mod create;
mod delete;
mod execution;
mod fields;
mod list;
mod read;
mod snooze;
mod update;

pub(crate) use execution::{checked, set_locked};
pub(crate) use fields::from_milli;
pub(crate) use list::listed_reply;

pub(crate) fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(create::create_habit, list::list_habits))
        .routes(routes!(read::read_habit, update::update_habit, delete::delete_habit))
        .routes(routes!(execution::set_execution))
        .routes(routes!(snooze::set_snooze))
}

/// What was said of today.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Today {
    pub status: Status,
    pub amount_milli: Option<i64>,
}

impl Today {
    const NOTHING: Self = Self { status: Status::Pending, amount_milli: None };
}

pub(crate) fn reply(habit: Habit, today: Today, now: DateTime<Utc>) -> wire::habit::Habit {
    wire::habit::Habit {
        current_streak: habit.current_streak_at(now),
        time_to_remind: habit.time_to_remind(),
        more_reminder_times: habit.reminder_times.get(1..).unwrap_or_default().to_vec(),
        schedule: fields::schedule_reply(habit.schedules.current()),
        goal: habit.goal.map(|goal| fields::goal_reply(goal, habit.goal_unit)),
        id: habit.id,
        user_id: habit.user_id,
        name: habit.name,
        description: habit.description,
        target_days: habit.target_days,
        is_active: habit.is_active,
        completed_at: habit.completed_at,
        next_reminder_at: habit.next_reminder_at,
        max_streak: habit.max_streak,
        created_at: habit.created_at,
        updated_at: habit.updated_at,
        is_done_today: today.status == Status::Done,
        status_today: status_reply(today.status),
        amount_today: today.amount_milli.map(from_milli),
    }
}

pub(crate) fn status_reply(status: Status) -> ExecutionStatus {
    match status {
        Status::Pending => ExecutionStatus::Pending,
        Status::Done => ExecutionStatus::Done,
        Status::NotDone => ExecutionStatus::NotDone,
        Status::Skipped => ExecutionStatus::Skipped,
        Status::Frozen => ExecutionStatus::Frozen,
    }
}

/// Whether a habit that was found is this person's.
fn owned(state: Option<State>, owner: &User) -> Result<State, ApiError> {
    let state = state.ok_or(ApiError::HabitNotFound)?;
    if state.habit.user_id == owner.id { Ok(state) } else { Err(ApiError::HabitAccessForbidden) }
}

/// What was said of `date`, as `state` knows it; the amount is read only where the habit has a goal.
async fn said_of(conn: &mut sqlx::PgConnection, state: &State, date: NaiveDate) -> sqlx::Result<Today> {
    let amount_milli = match state.habit.goal {
        Some(_) => store::execution::amount_milli(conn, state.habit.id, date).await?,
        None => None,
    };
    Ok(Today { status: state.mark(date).into(), amount_milli })
}

/// The strength of the habit, from 0 to 1; amounts are read only where it has a goal.
pub(crate) async fn strength(conn: &mut sqlx::PgConnection, state: &State, now: DateTime<Utc>) -> sqlx::Result<f64> {
    let amounts = match state.habit.goal {
        Some(_) => store::execution::amounts(conn, state.habit.id).await?,
        None => Vec::new(),
    };
    Ok(state.score(&amounts, now))
}
