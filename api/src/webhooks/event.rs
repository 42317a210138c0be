//! What handlers note for webhooks, in the transaction of what happened.

use chrono::{DateTime, Utc};
use serde::Serialize;
use sqlx::PgConnection;
use store::{habit::Habit, webhook};
use wire::webhook::{EventType, ExecutionEvent, HabitEvent};

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

/// Notes that the owner of a habit set a day of it.
///
/// # Errors
///
/// Fails when the database does.
pub async fn execution_set(
    tx: &mut PgConnection,
    user_id: i64,
    data: &ExecutionEvent,
    now: DateTime<Utc>,
) -> Result<(), ApiError> {
    note(tx, user_id, EventType::ExecutionSet, data, now).await
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
