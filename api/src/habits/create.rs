//! `POST /habits/`

use axum::{extract::State, http::StatusCode, response::Response};
use store::{
    habit::{self, DEFAULT_TARGET_DAYS, NewHabit, Origin},
    user,
};
use wire::{
    error::ErrorBody,
    habit::{Habit, HabitCreate},
};

use super::{reply, target_days, time_of_day};
use crate::{
    App,
    error::ApiError,
    http::{Caller, Idempotent, UpdateId},
    text,
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
        ("X-Telegram-Update-Id" = Option<i64>, Header, description = "The Telegram update that asked for it"),
        ("Idempotency-Key" = Option<String>, Header, description = "A key of yours: the same again creates nothing",
            min_length = 1, max_length = 255, pattern = "^[!-~]+$"),
    ),
    request_body = HabitCreate,
    responses(
        (status = CREATED, body = Habit, description = "The new habit",
            headers(("Idempotent-Replayed" = String, description = "`true` when this was given before to the same key"))),
        (status = UNAUTHORIZED, body = ErrorBody, description = "The token is missing or no good: see GET /users/me"),
        (status = CONFLICT, body = ErrorBody, description = "`update_already_applied`"),
        (status = UNPROCESSABLE_ENTITY, body = ErrorBody, description = "`validation_error`, `json_invalid`, \
            `idempotency_key_reused`"),
    ),
)]
#[tracing::instrument(skip_all)]
pub(super) async fn create_habit(
    State(app): State<App>,
    caller: Caller,
    update: UpdateId,
    Idempotent(request, key): Idempotent<HabitCreate>,
) -> Result<Response, ApiError> {
    let name = text::habit_name(&request.name)?;
    let description = request.description.as_deref().and_then(text::description);
    let new = NewHabit {
        user_id: caller.user.id,
        name: &name,
        description: description.as_deref(),
        target_days: target_days(request.target_days)?.unwrap_or(DEFAULT_TARGET_DAYS),
        time_to_remind: time_of_day(request.time_to_remind),
        origin: if update.is_some() { Origin::Telegram } else { Origin::Api },
    };

    let mut tx = app.pool.begin().await?;
    let owner = user::hold(&mut tx, caller.user.id).await?.ok_or(ApiError::TokenUserNotFound)?;
    if let Some(replayed) = key.replay(&mut tx, owner.id, caller.now).await? {
        return Ok(replayed);
    }
    update.note(&mut tx, owner.id, caller.now).await?;
    let habit = habit::insert(&mut tx, &new, owner.zone(), caller.now).await?;
    key.commit(tx, owner.id, StatusCode::CREATED, &reply(habit, false, caller.now)).await
}
