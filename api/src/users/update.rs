//! `PATCH /users/me`

use ::habits::day::MAX_START_HOUR;
use axum::extract::State;
use chrono::{NaiveTime, Timelike as _};
use store::{
    delivery::{self, BlockedReason},
    user,
};
use wire::{
    error::ErrorBody,
    user::{QuietHours, User, UserPatch},
};

use super::{language_code, reply, zone};
use crate::{
    App,
    error::{ApiError, TokenError},
    http::{Caller, Json},
    person, text,
};

/// Change the person whose token this is
///
/// What is absent or null stays, but `quiet_hours` of null are cleared. `is_active` is ignored: nobody locks himself out.
/// With a new zone the reminders and streaks of all habits follow; none of them is reminded of a second time on the same
/// date. `is_bot_blocked` is not for personal tokens.
#[utoipa::path(
    patch,
    path = "/users/me",
    tag = "users",
    security(("token" = [])),
    request_body = UserPatch,
    responses(
        (status = OK, body = User, description = "The person"),
        (status = UNPROCESSABLE_ENTITY, body = ErrorBody, description = "`unknown_time_zone`"),
    ),
)]
#[tracing::instrument(skip_all)]
pub(super) async fn update_me(
    State(app): State<App>,
    caller: Caller,
    Json(patch): Json<UserPatch>,
) -> Result<Json<User>, ApiError> {
    let now = caller.now;
    let mut tx = app.pool.begin().await?;
    let before = user::lock(&mut tx, caller.user.id).await?.ok_or(ApiError::TokenUserNotFound)?;
    if caller.is_personal && patch.is_bot_blocked.is_some_and(|is_blocked| is_blocked != before.blocked_at.is_some()) {
        return Err(TokenError::SessionRequired.into());
    }
    if patch.is_bot_blocked == Some(true) {
        delivery::block_user(&mut tx, before.id, BlockedReason::Blocked, now).await?;
    }
    let mut after = patched(&before, &patch)?;
    after.blocked_at = match patch.is_bot_blocked {
        Some(true) => before.blocked_at.or(Some(now)),
        Some(false) => None,
        None => before.blocked_at,
    };
    let after = person::change(&mut tx, &before, after, now).await?;
    tx.commit().await?;
    Ok(Json(reply(after, app.defaults)))
}

fn patched(user: &user::User, patch: &UserPatch) -> Result<user::User, ApiError> {
    let name = |field, new: &Option<String>, old: &Option<String>| match new {
        Some(text) => text::person_name(field, Some(text)),
        None => Ok(old.clone()),
    };
    let language = patch.language.map(|language| language_code(language).to_owned());
    let timezone = match &patch.timezone {
        Some(name) => zone(name)?.name().to_owned(),
        None => user.timezone.clone(),
    };
    let (quiet_from, quiet_to) = match patch.quiet_hours {
        Some(quiet) => quiet.map(quiet_hours).transpose()?.unzip(),
        None => (user.quiet_from, user.quiet_to),
    };
    Ok(user::User {
        day_start_hour: day_start_hour(patch.day_start_hour)?.unwrap_or(user.day_start_hour),
        quiet_from,
        quiet_to,
        username: name("username", &patch.username, &user.username)?,
        first_name: name("first_name", &patch.first_name, &user.first_name)?,
        last_name: name("last_name", &patch.last_name, &user.last_name)?,
        language: language.or_else(|| user.language.clone()),
        timezone,
        timezone_chosen: user.timezone_chosen || patch.timezone.is_some(),
        ..user.clone()
    })
}

fn day_start_hour(hour: Option<i16>) -> Result<Option<i16>, ApiError> {
    match hour {
        Some(hour) if !(0..=MAX_START_HOUR.into()).contains(&hour) => {
            let msg = format!("a day starts at an hour from 0 to {MAX_START_HOUR}");
            Err(ApiError::invalid_field("day_start_hour", msg))
        }
        hour => Ok(hour),
    }
}

/// Whole minutes.
fn quiet_hours(hours: QuietHours) -> Result<(NaiveTime, NaiveTime), ApiError> {
    let minute = |time: NaiveTime| NaiveTime::from_hms_opt(time.hour(), time.minute(), 0).unwrap_or(time);
    let (from, to) = (minute(hours.from), minute(hours.to));
    if from == to {
        return Err(ApiError::invalid_field("quiet_hours", "quiet hours begin and end at different minutes"));
    }
    Ok((from, to))
}
