//! Habits that their owners let others see: `/habits/{habit_id}/invites` and `/partners`, `/invites`, `/shared`.
//!
//! Whoever accepts an invite sees one habit: its name, streak and last days. He may name a habit of his own when he
//! accepts; then each sees the other's.

use std::collections::HashMap;

use axum::{
    extract::{FromRequestParts, Path},
    http::request::Parts,
};
use chrono::{DateTime, Days, NaiveDate, Utc};
use sqlx::PgConnection;
use store::{
    execution::Status,
    sharing::shared::{self, SharedHabit as Stored},
};
use utoipa_axum::{router::OpenApiRouter, routes};
use wire::sharing::{SharedDay, SharedHabit};

use crate::{
    App,
    error::{ApiError, SharingError},
    habits,
};

mod accept_invite;
mod create_invite;
mod leave;
mod list_invites;
mod list_partners;
mod list_shared;
mod read_invite;
mod remove_partner;
mod revoke_invite;

/// People who can see one habit.
const MAX_PARTNERS: i64 = 10;

/// Habits of others that one person can see.
const MAX_SHARED: i64 = 50;

/// Invites of one person that can be accepted at a time.
const MAX_OPEN_INVITES: i64 = 20;

/// Days that a partner sees.
const DAYS_SHOWN: u64 = 7;

pub(crate) fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(create_invite::create_invite, list_invites::list_invites))
        .routes(routes!(revoke_invite::revoke_invite))
        .routes(routes!(read_invite::read_invite))
        .routes(routes!(accept_invite::accept_invite))
        .routes(routes!(list_partners::list_partners))
        .routes(routes!(leave::leave))
        .routes(routes!(remove_partner::remove_partner))
        .routes(routes!(list_shared::list_shared))
}

/// The code in a path. One that cannot be read is no code either.
#[derive(Debug, Clone)]
struct InviteCode(String);

impl<S: Send + Sync> FromRequestParts<S> for InviteCode {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, ApiError> {
        let code = Path::<String>::from_request_parts(parts, state).await.ok();
        // Postgres takes no NUL.
        let code = code.filter(|Path(code)| code.bytes().all(|byte| byte.is_ascii_alphanumeric()));
        code.map(|Path(code)| Self(code)).ok_or_else(|| SharingError::InviteNotFound.into())
    }
}

/// The caller's habit, found but not locked.
async fn own_habit(conn: &mut PgConnection, caller_id: i64, habit_id: i64) -> Result<store::habit::Habit, ApiError> {
    let habit = store::habit::by_id(conn, habit_id).await?.ok_or(ApiError::HabitNotFound)?;
    if habit.user_id == caller_id { Ok(habit) } else { Err(ApiError::HabitAccessForbidden) }
}

/// The habits of others that a person sees, the longest shared first.
async fn shared_with(conn: &mut PgConnection, user_id: i64, now: DateTime<Utc>) -> Result<Vec<SharedHabit>, ApiError> {
    let habits = shared::list(conn, user_id, MAX_SHARED).await?;
    let ids: Vec<i64> = habits.iter().map(|habit| habit.habit_id).collect();
    // Days begin at another time for each owner, but nowhere more than a day from ours.
    let first = now.date_naive() - Days::new(DAYS_SHOWN + 1);
    let days = shared::days(conn, &ids, first).await?;
    let days = days.into_iter().map(|day| ((day.habit_id, day.date), day.status)).collect();
    Ok(habits.into_iter().map(|habit| reply(habit, &days, now)).collect())
}

fn reply(habit: Stored, days: &HashMap<(i64, NaiveDate), Status>, now: DateTime<Utc>) -> SharedHabit {
    let today = habit.owner_calendar().today(now);
    let status = |date| days.get(&(habit.habit_id, date)).copied().unwrap_or(Status::Pending);
    let last_days = (0..DAYS_SHOWN).rev().map(|back| {
        let date = today - Days::new(back);
        SharedDay { date, status: habits::status_reply(status(date)) }
    });
    SharedHabit {
        is_done_today: status(today) == Status::Done,
        last_days: last_days.collect(),
        current_streak: habit.current_streak_at(now),
        habit_id: habit.habit_id,
        name: habit.name,
        owner_id: habit.owner_id,
        owner_first_name: habit.owner_first_name,
        is_active: habit.is_active,
        max_streak: habit.max_streak,
        since: habit.since,
    }
}
