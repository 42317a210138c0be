//! What handlers note for webhooks, in the transaction of what happened.

use chrono::{DateTime, Utc};
use serde::Serialize;
use sqlx::PgConnection;
use store::{habit::Habit, webhook};
use wire::{
    execution::ExecutionSet,
    webhook::{EventType, ExecutionEvent, HabitEvent},
};

use crate::error::ApiError;

/// Notes what happened to a habit of its owner, as the habit is after it.
///
/// # Errors
///
/// Fails when the database does.
pub async fn habit(tx: &mut PgConnection, event: EventType, habit: &Habit, now: DateTime<Utc>) -> Result<(), ApiError> {
    let data = HabitEvent {
        habit_id: habit.id,
        name: habit.name.clone(),
        target_days: habit.target_days,
        is_active: habit.is_active,
        current_streak: habit.current_streak_at(now),
        max_streak: habit.max_streak,
    };
    note(tx, habit.user_id, event, &data, now).await
}

/// Notes that the owner of a habit set a day of it, and that the habit is complete by it.
///
/// # Errors
///
/// Fails when the database does.
pub async fn execution_set(tx: &mut PgConnection, set: &ExecutionSet, now: DateTime<Utc>) -> Result<(), ApiError> {
    let owner = set.habit.user_id;
    let data = ExecutionEvent {
        habit_id: set.habit.id,
        execution_date: set.execution.execution_date,
        status: set.execution.status,
        current_streak: set.habit.current_streak,
    };
    note(tx, owner, EventType::ExecutionSet, &data, now).await?;
    if set.habit.completed_at == Some(now) {
        let data = HabitEvent {
            habit_id: set.habit.id,
            name: set.habit.name.clone(),
            target_days: set.habit.target_days,
            is_active: set.habit.is_active,
            current_streak: set.habit.current_streak,
            max_streak: set.habit.max_streak,
        };
        note(tx, owner, EventType::HabitCompleted, &data, now).await?;
    }
    Ok(())
}

async fn note(
    tx: &mut PgConnection,
    user_id: i64,
    event: EventType,
    data: &impl Serialize,
    now: DateTime<Utc>,
) -> Result<(), ApiError> {
    let payload = serde_json::to_value(data).map_err(anyhow::Error::new)?;
    Ok(webhook::enqueue(tx, user_id, event.as_str(), &payload, now).await?)
}
