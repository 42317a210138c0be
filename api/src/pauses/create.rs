//! `POST /pauses`

use ::habits::pause::Pause as Dates;
use axum::{extract::State, http::StatusCode, response::Response};
use chrono::{Days, NaiveDate};
use store::{
    habit,
    pause::{self, MAX_PAUSES, Reason},
    user,
};
use wire::{
    error::ErrorBody,
    pause::{Pause, PauseCreate},
};

use super::{follow, reply};
use crate::{
    App,
    error::ApiError,
    http::{Caller, Idempotent},
};

const DAYS_BACK: u64 = 7;
const DAYS_AHEAD: u64 = 366;
const MAX_DAYS: u64 = 366;

/// Pause a habit, or all
///
/// No reminders on these days, and none of them breaks a streak. A pause without a last day goes on until it is ended.
#[utoipa::path(
    post,
    path = "/pauses",
    tag = "pauses",
    security(("token" = [])),
    request_body = PauseCreate,
    responses(
        (status = CREATED, body = Pause, description = "The pause", headers(("Idempotent-Replayed" = String))),
        (status = CONFLICT, body = ErrorBody, description = "`too_many_pauses`"),
        (status = UNPROCESSABLE_ENTITY, body = ErrorBody, description = "`date_out_of_range`"),
    ),
)]
#[tracing::instrument(skip_all)]
pub(super) async fn create_pause(
    State(app): State<App>,
    caller: Caller,
    Idempotent(request, key): Idempotent<PauseCreate>,
) -> Result<Response, ApiError> {
    let now = caller.now;
    let mut tx = app.pool.begin().await?;
    // Alone: pauses are counted.
    let owner = user::lock(&mut tx, caller.user.id).await?.ok_or(ApiError::TokenUserNotFound)?;
    if let Some(replayed) = key.replay(&mut tx, owner.id, now).await? {
        return Ok(replayed);
    }
    let dates = dates(&request, owner.calendar().today(now))?;
    if let Some(id) = request.habit_id {
        let found = habit::lock(&mut tx, id).await?;
        if found.is_none_or(|state| state.habit.user_id != owner.id) {
            return Err(ApiError::invalid_field("habit_id", "habit_id is no habit of yours"));
        }
    }
    if pause::count(&mut tx, owner.id).await? >= MAX_PAUSES {
        return Err(ApiError::TooManyPauses);
    }
    let pause = pause::insert(&mut tx, owner.id, request.habit_id, dates, Reason::Person, now).await?;
    follow(&mut tx, &pause, now).await?;
    key.commit(tx, owner.id, StatusCode::CREATED, &reply(&pause)).await
}

fn dates(request: &PauseCreate, today: NaiveDate) -> Result<Dates, ApiError> {
    let refused = |field: &str, msg: String| ApiError::Invalid {
        kind: "date_out_of_range",
        loc: vec!["body".to_owned(), field.to_owned()],
        msg,
    };
    let from = request.from_date.unwrap_or(today);
    let (first, last) = (today - Days::new(DAYS_BACK), today + Days::new(DAYS_AHEAD));
    if from < first || from > last {
        return Err(refused("from_date", format!("a pause begins on a day from {first} to {last}")));
    }
    let latest = from + Days::new(MAX_DAYS);
    if request.to_date.is_some_and(|to| to < from || to > latest) {
        return Err(refused("to_date", format!("this pause ends on a day from {from} to {latest}, or is open")));
    }
    Ok(Dates { from, to: request.to_date })
}
