//! `PUT /habits/{habit_id}/snooze`

use axum::extract::State;
use chrono::{Days, TimeDelta};
use store::{
    delivery::{self, Reminded},
    habit,
};
use wire::{
    error::ErrorBody,
    snooze::{Snooze, SnoozeSet},
};

use super::owned;
use crate::{
    App,
    error::ApiError,
    http::{Caller, HabitId, Json},
};

const MAX_MINUTES: i64 = 24 * 60;

/// From then on it is too late for it, as for every reminder.
const EXPIRE_AFTER: TimeDelta = TimeDelta::hours(2);

/// Put the reminder of a day off
///
/// The person is reminded again after so many minutes, unless the day is done or skipped by then. Saying it again puts it off
/// anew, from now on.
#[utoipa::path(
    put,
    path = "/habits/{habit_id}/snooze",
    tag = "habits",
    security(("token" = [])),
    params(("habit_id" = i64, Path)),
    request_body = SnoozeSet,
    responses(
        (status = OK, body = Snooze, description = "When the reminder comes again"),
        (status = BAD_REQUEST, body = ErrorBody, description = "`habit_not_active`"),
        (status = FORBIDDEN, body = ErrorBody, description = "`habit_access_forbidden`"),
        (status = NOT_FOUND, body = ErrorBody, description = "`habit_not_found`"),
        (status = UNPROCESSABLE_ENTITY, body = ErrorBody, description = "`date_out_of_range`"),
    ),
)]
#[tracing::instrument(skip_all, fields(habit_id = id))]
pub(super) async fn set_snooze(
    State(app): State<App>,
    caller: Caller,
    HabitId(id): HabitId,
    Json(request): Json<SnoozeSet>,
) -> Result<Json<Snooze>, ApiError> {
    if request.minutes.is_some_and(|minutes| !(1..=MAX_MINUTES).contains(&minutes)) {
        return Err(ApiError::invalid_field("minutes", "a reminder is put off by 1 to 1440 minutes"));
    }
    let mut tx = app.pool.begin().await?;
    let state = owned(habit::lock(&mut tx, id).await?, &caller.user)?;
    let (today, date) = (state.today(caller.now), request.execution_date);
    let first = today - Days::new(1);
    if date < first || date > today {
        return Err(ApiError::Invalid {
            kind: "date_out_of_range",
            loc: vec!["body".to_owned(), "execution_date".to_owned()],
            msg: format!("the reminder of a day from {first} to {today} can be put off"),
        });
    }
    let reminded =
        Reminded { user_id: caller.user.id, chat_id: caller.user.telegram_id, habit_id: state.habit.id, date };
    let remind_at = match request.minutes {
        Some(_) if !state.habit.is_active => return Err(ApiError::HabitNotActive),
        Some(minutes) => {
            let at = caller.now + TimeDelta::minutes(minutes);
            delivery::snooze(&mut tx, reminded, at, EXPIRE_AFTER).await?;
            Some(at)
        }
        None => {
            delivery::take_snooze_back(&mut tx, reminded).await?;
            None
        }
    };
    tx.commit().await?;
    Ok(Json(Snooze { remind_at }))
}
