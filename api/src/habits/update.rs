//! `PATCH /habits/{habit_id}`

use axum::extract::State;
use chrono::{DateTime, Utc};
use sqlx::PgConnection;
use store::habit::{self, Habit as Stored, State as HabitState};
use wire::{
    error::ErrorBody,
    habit::{Habit, HabitPatch},
    webhook::EventType,
};

use super::{fields, owned, reply, said_of};
use crate::{
    App,
    error::ApiError,
    http::{Caller, HabitId, Json},
    text,
    webhooks::event,
};

/// Change a habit
///
/// What is absent or null stays, but a `description` or a `goal` of null is cleared. A new time counts from now on: today,
/// if it is still to come. A new schedule counts from today on; past days are judged by the one they had. `is_active`
/// archives and restores: an archived habit keeps its days and is not reminded of.
#[utoipa::path(
    patch,
    path = "/habits/{habit_id}",
    tag = "habits",
    security(("token" = [])),
    params(("habit_id" = i64, Path)),
    request_body = HabitPatch,
    responses(
        (status = OK, body = Habit, description = "The habit after it"),
        (status = FORBIDDEN, body = ErrorBody, description = "`habit_access_forbidden`"),
        (status = NOT_FOUND, body = ErrorBody, description = "`habit_not_found`"),
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
    let mut state = owned(habit::lock(&mut tx, id).await?, &caller.user)?;
    let after = patched(&state, &patch, caller.now)?;
    if after != state.habit {
        let before = std::mem::replace(&mut state.habit, Stored { updated_at: caller.now, ..after });
        follow(&mut tx, &mut state, &before, caller.now).await?;
        habit::update(&mut tx, &state.habit).await?;
        event::habit(&mut tx, event_of(&before, &state.habit), &state.habit, caller.now).await?;
    }
    let today = said_of(&mut tx, &state, state.today(caller.now)).await?;
    tx.commit().await?;
    Ok(Json(reply(state.habit, today, caller.now)))
}

fn patched(state: &HabitState, patch: &HabitPatch, now: DateTime<Utc>) -> Result<Stored, ApiError> {
    let habit = &state.habit;
    let mut schedules = habit.schedules.clone();
    if let Some(schedule) = &patch.schedule {
        let today = state.today(now);
        schedules.change(today, fields::schedule(schedule, today)?);
    }
    let (goal, goal_unit) = match &patch.goal {
        Some(Some(goal)) => fields::goal(goal).map(|(goal, unit)| (Some(goal), unit))?,
        Some(None) => (None, None),
        None => (habit.goal, habit.goal_unit.clone()),
    };
    let more = habit.reminder_times.get(1..).unwrap_or_default();
    let is_active = patch.is_active.unwrap_or(habit.is_active);
    Ok(Stored {
        name: patch.name.as_deref().map(text::habit_name).transpose()?.unwrap_or_else(|| habit.name.clone()),
        description: match &patch.description {
            Some(description) => description.as_deref().map(text::description).transpose()?.flatten(),
            None => habit.description.clone(),
        },
        target_days: fields::target_days(patch.target_days)?.unwrap_or(habit.target_days),
        reminder_times: fields::reminder_times(
            patch.time_to_remind.unwrap_or_else(|| habit.time_to_remind()),
            patch.more_reminder_times.as_deref().unwrap_or(more),
        )?,
        is_active,
        completed_at: habit.completed_at.filter(|_| !is_active),
        taken_up: habit.taken_up || (habit.completed_at.is_some() && is_active),
        schedules,
        goal,
        goal_unit,
        ..habit.clone()
    })
}

/// Streak and next reminder follow what they depend on.
async fn follow(
    conn: &mut PgConnection,
    state: &mut HabitState,
    before: &Stored,
    now: DateTime<Utc>,
) -> sqlx::Result<()> {
    let after = &state.habit;
    let schedule_changed = after.schedules != before.schedules;
    let activity_changed = after.is_active != before.is_active;
    if schedule_changed || activity_changed {
        state.derive_streak(now);
    }
    if state.habit.reminder_times != before.reminder_times {
        state.schedule_reminder(now);
    } else if schedule_changed || activity_changed {
        let reminded = habit::reminded(conn, state.habit.id, now).await?;
        state.schedule_reminder_beyond(now, reminded);
    }
    Ok(())
}

fn event_of(before: &Stored, after: &Stored) -> EventType {
    match (before.is_active, after.is_active) {
        (true, false) => EventType::HabitArchived,
        (false, true) => EventType::HabitRestored,
        _ => EventType::HabitUpdated,
    }
}
