//! `GET /habits/{habit_id}`

use axum::extract::State;
use store::{execution, habit};
use wire::{error::ErrorBody, habit::HabitWithExecutions};

use super::{execution::reply as execution_reply, owned, reply, said_of, strength};
use crate::{
    App,
    error::ApiError,
    http::{Caller, HabitId, Json},
};

/// A year of days, a leap day included.
const MAX_EXECUTIONS: i64 = 366;

/// A habit with what was done on its last days
#[utoipa::path(
    get,
    path = "/habits/{habit_id}",
    tag = "habits",
    security(("token" = [])),
    params(("habit_id" = i64, Path)),
    responses(
        (status = OK, body = HabitWithExecutions, description = "The habit"),
        (status = FORBIDDEN, body = ErrorBody, description = "`habit_access_forbidden`"),
        (status = NOT_FOUND, body = ErrorBody, description = "`habit_not_found`"),
    ),
)]
#[tracing::instrument(skip_all, fields(habit_id = id))]
pub(super) async fn read_habit(
    State(app): State<App>,
    caller: Caller,
    HabitId(id): HabitId,
) -> Result<Json<HabitWithExecutions>, ApiError> {
    let mut conn = app.pool.acquire().await?;
    let state = owned(habit::state(&mut conn, id).await?, &caller.user)?;
    let today = said_of(&mut conn, &state, state.today(caller.now)).await?;
    let executions = execution::last(&mut conn, id, MAX_EXECUTIONS).await?;
    Ok(Json(HabitWithExecutions {
        strength: strength(&mut conn, &state, caller.now).await?,
        habit: reply(state.habit, today, caller.now),
        executions: executions.into_iter().map(execution_reply).collect(),
    }))
}
