//! `POST /habits/`

use ::habits::schedule::Schedule;
use axum::{extract::State, http::StatusCode, response::Response};
use store::{
    dialogue,
    habit::{self, DEFAULT_TARGET_DAYS, MAX_HABITS, NewHabit, Origin},
    user,
};
use wire::{
    error::ErrorBody,
    habit::{Habit, HabitCreate},
    webhook::EventType,
};

use super::{Today, fields, reply};
use crate::{
    App,
    error::ApiError,
    http::{Caller, Idempotent, Query, UpdateId},
    text,
    webhooks::event,
};

/// Create a habit
///
/// The bot sends the id of the Telegram update that asked for it in `X-Telegram-Update-Id`: a second request with the
/// same id creates nothing.
#[utoipa::path(
    post,
    path = "/habits",
    tag = "habits",
    security(("token" = [])),
    params(
        ("close_dialogue" = Option<bool>, Query, description = "Whether the person's talk with the bot has come to its end with it; false unless given"),
        ("X-Telegram-Update-Id" = Option<i64>, Header, description = "The Telegram update that asked for it"),
    ),
    request_body = HabitCreate,
    responses(
        (status = CREATED, body = Habit, description = "The new habit", headers(("Idempotent-Replayed" = String))),
        (status = CONFLICT, body = ErrorBody, description = "`update_already_applied`, `too_many_habits`"),
    ),
)]
#[tracing::instrument(skip_all)]
pub(super) async fn create_habit(
    State(app): State<App>,
    caller: Caller,
    update: UpdateId,
    query: Query,
    Idempotent(request, key): Idempotent<HabitCreate>,
) -> Result<Response, ApiError> {
    let closes_dialogue = query.flag("close_dialogue", false)?;
    let name = text::habit_name(&request.name)?;
    let description = request.description.as_deref().map(text::description).transpose()?.flatten();
    let goal = request.goal.as_ref().map(fields::goal).transpose()?;
    let reminder_times =
        fields::reminder_times(request.time_to_remind, request.more_reminder_times.as_deref().unwrap_or_default())?;
    let target_days = fields::target_days(request.target_days)?.unwrap_or(DEFAULT_TARGET_DAYS);

    let mut tx = app.pool.begin().await?;
    // Alone: habits are counted.
    let owner = user::lock(&mut tx, caller.user.id).await?.ok_or(ApiError::TokenUserNotFound)?;
    if let Some(replayed) = key.replay(&mut tx, owner.id, caller.now).await? {
        return Ok(replayed);
    }
    update.note(&mut tx, owner.id, caller.now).await?;
    if habit::count(&mut tx, owner.id).await? >= MAX_HABITS {
        return Err(ApiError::TooManyHabits);
    }
    let today = owner.calendar().today(caller.now);
    let new = NewHabit {
        name: &name,
        description: description.as_deref(),
        schedule: request.schedule.map_or(Ok(Schedule::Daily), |schedule| fields::schedule(&schedule, today))?,
        target_days,
        goal: goal.as_ref().map(|(goal, _)| *goal),
        goal_unit: goal.as_ref().and_then(|(_, unit)| unit.as_deref()),
        reminder_times: &reminder_times,
        origin: if update.is_some() { Origin::Telegram } else { Origin::Api },
    };
    let habit = habit::insert(&mut tx, &owner, &new, caller.now).await?;
    if closes_dialogue {
        dialogue::close(&mut tx, owner.id).await?;
    }
    event::habit(&mut tx, EventType::HabitCreated, &habit, caller.now).await?;
    key.commit(tx, owner.id, StatusCode::CREATED, &reply(habit, Today::NOTHING, caller.now)).await
}
