//! `PATCH /habits/{habit_id}`

use axum::extract::State;
use chrono::{DateTime, Utc};
use store::{
    execution,
    habit::{self, Habit as Stored},
    user::User,
};
use wire::{
    error::ErrorBody,
    habit::{Habit, HabitPatch},
};

use super::{owned, owner_of_locked, reply, target_days, time_of_day, today_of};
use crate::{
    App,
    error::ApiError,
    http::{Caller, HabitId, Json},
    text,
};

/// Change a habit
///
/// What is absent or null stays, but a `description` of null is cleared. A new time counts from now on: today, if it is
/// still to come.
#[utoipa::path(
    patch,
    path = "/habits/{habit_id}",
    tag = "habits",
    security(("token" = [])),
    params(("habit_id" = i64, Path)),
    request_body = HabitPatch,
    responses(
        (status = OK, body = Habit, description = "The habit after it"),
        (status = UNAUTHORIZED, body = ErrorBody, description = "The token is missing or no good: see GET /users/me"),
        (status = FORBIDDEN, body = ErrorBody, description = "`habit_access_forbidden`"),
        (status = NOT_FOUND, body = ErrorBody, description = "`habit_not_found`"),
        (status = UNPROCESSABLE_ENTITY, body = ErrorBody, description = "`validation_error`"),
    ),
)]
#[tracing::instrument(skip_all, fields(habit_id = id))]
pub(super) async fn update_habit(
    State(app): State<App>,
    caller: Caller,
    HabitId(id): HabitId,
    Json(patch): Json<HabitPatch>,
) -> Result<Json<Habit>, ApiError> {
    let mut tx = app.pool.begin().await?;
    let before = owned(habit::lock(&mut tx, id).await?, &caller.user)?;
    let owner = owner_of_locked(&mut tx, &before).await?;
    let mut after = patched(&before, &patch)?;
    if after != before {
        after.updated_at = caller.now;
        follow(&mut tx, &before, &mut after, &owner, caller.now).await?;
        habit::update(&mut tx, &after).await?;
    }
    let is_done_today = execution::is_done(&mut tx, id, today_of(&owner, caller.now)).await?;
    tx.commit().await?;
    Ok(Json(reply(after, is_done_today, caller.now)))
}

fn patched(habit: &Stored, patch: &HabitPatch) -> Result<Stored, ApiError> {
    Ok(Stored {
        name: patch.name.as_deref().map(text::habit_name).transpose()?.unwrap_or_else(|| habit.name.clone()),
        description: match &patch.description {
            Some(description) => description.as_deref().and_then(text::description),
            None => habit.description.clone(),
        },
        target_days: target_days(patch.target_days)?.unwrap_or(habit.target_days),
        time_to_remind: patch.time_to_remind.map_or(habit.time_to_remind, time_of_day),
        is_active: patch.is_active.unwrap_or(habit.is_active),
        ..habit.clone()
    })
}

/// The next reminder and the streak follow a changed time or activity.
async fn follow(
    tx: &mut sqlx::PgConnection,
    before: &Stored,
    after: &mut Stored,
    owner: &User,
    now: DateTime<Utc>,
) -> Result<(), ApiError> {
    if after.time_to_remind != before.time_to_remind || after.is_active != before.is_active {
        after.schedule_reminder(now, owner.zone());
        habit::derive_streak(tx, after, owner.zone(), now).await?;
    }
    Ok(())
}
