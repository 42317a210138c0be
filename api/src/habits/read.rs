//! `GET /habits/{habit_id}`

use axum::extract;
use chrono::{DateTime, Utc};
use sqlx::PgConnection;
use store::{
    execution,
    habit::{self, State},
};
use wire::{error::ErrorBody, habit::HabitWithExecutions};

use super::{execution::reply as execution_reply, owned, reply, said_of, strength};
use crate::{
    App,
    error::ApiError,
    http::{Caller, HabitId, Json, Query},
};

/// A year of days, a leap day included.
const MAX_EXECUTIONS: i64 = 366;

/// A habit with what was done on its last days
#[utoipa::path(
    get,
    path = "/habits/{habit_id}",
    tag = "habits",
    security(("token" = [])),
    params(
        ("habit_id" = i64, Path),
        ("executions" = Option<i64>, Query, minimum = 0, maximum = 366, description = "At most so many, 366 unless given"),
    ),
    responses(
        (status = OK, body = HabitWithExecutions, description = "The habit"),
        (status = FORBIDDEN, body = ErrorBody, description = "`habit_access_forbidden`"),
        (status = NOT_FOUND, body = ErrorBody, description = "`habit_not_found`"),
    ),
)]
#[tracing::instrument(skip_all, fields(habit_id = id))]
pub(super) async fn read_habit(
    extract::State(app): extract::State<App>,
    caller: Caller,
    HabitId(id): HabitId,
    query: Query,
) -> Result<Json<HabitWithExecutions>, ApiError> {
    let limit = query.number("executions", 0..=MAX_EXECUTIONS, MAX_EXECUTIONS)?;
    let mut conn = app.pool.acquire().await?;
    let state = owned(habit::state(&mut conn, id).await?, &caller.user)?;
    Ok(Json(with_executions(&mut conn, state, caller.now, limit).await?))
}

pub(super) async fn with_executions(
    conn: &mut PgConnection,
    state: State,
    now: DateTime<Utc>,
    limit: i64,
) -> sqlx::Result<HabitWithExecutions> {
    let date = state.today(now);
    let today = said_of(conn, &state, date).await?;
    let executions = execution::last(conn, state.habit.id, limit).await?;
    Ok(HabitWithExecutions {
        today: date,
        strength: strength(conn, &state, now).await?,
        habit: reply(state.habit, today, now),
        executions: executions.into_iter().map(execution_reply).collect(),
    })
}
