//! `POST /habits/{habit_id}/executions/`

use axum::{extract::State, http::StatusCode};
use chrono::{Days, NaiveDate};
use store::{
    execution::{self, Execution as Stored, Status},
    habit,
};
use wire::{
    error::ErrorBody,
    execution::{Execution, ExecutionCreate, ExecutionSet, ExecutionStatus},
};

use super::{owned, owner_of_locked, reply as habit_reply, today_of};
use crate::{
    App,
    error::ApiError,
    http::{Caller, HabitId, Json},
};

/// Days before today that can still be set.
const DAYS_BACK: u64 = 7;

/// Set the status of a day
///
/// Of today in the person's zone, or of one of the 7 days before. Setting the same again changes nothing. Streak and
/// record are derived again from all days.
#[utoipa::path(
    post,
    path = "/habits/{habit_id}/executions",
    tag = "habits",
    security(("token" = [])),
    params(("habit_id" = i64, Path, exclusive_minimum = 0)),
    request_body = ExecutionCreate,
    responses(
        (status = CREATED, body = ExecutionSet, description = "The day, and the habit after it"),
        (status = BAD_REQUEST, body = ErrorBody, description = "`habit_not_active`"),
        (status = UNAUTHORIZED, body = ErrorBody, description = "The token is missing or no good: see GET /users/me"),
        (status = FORBIDDEN, body = ErrorBody, description = "`habit_forbidden`"),
        (status = NOT_FOUND, body = ErrorBody, description = "`habit_not_found`"),
        (status = UNPROCESSABLE_ENTITY, body = ErrorBody, description = "`validation_error`, `date_out_of_range`"),
    ),
)]
#[tracing::instrument(skip_all, fields(habit_id = path.0))]
pub(super) async fn set_execution(
    State(app): State<App>,
    caller: Caller,
    path: HabitId,
    Json(request): Json<ExecutionCreate>,
) -> Result<(StatusCode, Json<ExecutionSet>), ApiError> {
    let id = path.positive()?;
    let now = caller.now;
    let mut tx = app.pool.begin().await?;
    let found = habit::lock(&mut tx, id).await?;
    let mut habit = owned(found, &caller.user).map_err(|error| match error {
        // The contract has a name of its own for it here.
        ApiError::HabitAccessForbidden => ApiError::HabitForbidden,
        error => error,
    })?;
    if !habit.is_active {
        return Err(ApiError::HabitNotActive);
    }
    let owner = owner_of_locked(&mut tx, &habit).await?;
    let today = today_of(&owner, now);
    let date = settable(request.execution_date, today)?;

    let execution = execution::set(&mut tx, id, date, stored(request.status), now).await?;
    habit::derive_streak(&mut tx, &mut habit, owner.zone(), now).await?;
    habit::update(&mut tx, &habit).await?;
    let is_done_today = execution::is_done(&mut tx, id, today).await?;
    tx.commit().await?;

    let habit = habit_reply(habit, is_done_today, now);
    Ok((StatusCode::CREATED, Json(ExecutionSet { execution: reply(execution), habit })))
}

fn settable(date: Option<NaiveDate>, today: NaiveDate) -> Result<NaiveDate, ApiError> {
    let first = today - Days::new(DAYS_BACK);
    match date {
        Some(date) if date < first || date > today => Err(ApiError::Invalid {
            kind: "date_out_of_range",
            loc: vec!["body".to_owned(), "execution_date".to_owned()],
            msg: format!("a day from {first} to {today} can be set"),
        }),
        date => Ok(date.unwrap_or(today)),
    }
}

pub(super) fn reply(execution: Stored) -> Execution {
    Execution {
        id: execution.id,
        habit_id: execution.habit_id,
        execution_date: execution.execution_date,
        status: match execution.status {
            Status::Pending => ExecutionStatus::Pending,
            Status::Done => ExecutionStatus::Done,
            Status::NotDone => ExecutionStatus::NotDone,
        },
        created_at: execution.created_at,
        updated_at: execution.updated_at,
    }
}

fn stored(status: ExecutionStatus) -> Status {
    match status {
        ExecutionStatus::Pending => Status::Pending,
        ExecutionStatus::Done => Status::Done,
        ExecutionStatus::NotDone => Status::NotDone,
    }
}
