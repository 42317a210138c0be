//! `GET /habits/{habit_id}/year`

use ::habits::{
    fate::{self, Fate},
    goal::Direction,
};
use axum::extract;
use chrono::NaiveDate;
use store::{
    execution,
    habit::{self, State},
};
use wire::{
    error::ErrorBody,
    statistics::{DayFate, HabitYear},
};

use super::first_monday;
use crate::{
    App,
    error::ApiError,
    http::{Caller, HabitId, Json},
};

/// A habit's last 53 weeks
///
/// What became of each day, judged by the schedule that held then.
#[utoipa::path(
    get,
    path = "/habits/{habit_id}/year",
    tag = "statistics",
    security(("token" = [])),
    params(("habit_id" = i64, Path)),
    responses(
        (status = OK, body = HabitYear, description = "The days until today"),
        (status = FORBIDDEN, body = ErrorBody, description = "`habit_access_forbidden`"),
        (status = NOT_FOUND, body = ErrorBody, description = "`habit_not_found`"),
    ),
)]
#[tracing::instrument(skip_all, fields(habit_id = id))]
pub(super) async fn read_habit_year(
    extract::State(app): extract::State<App>,
    caller: Caller,
    HabitId(id): HabitId,
) -> Result<Json<HabitYear>, ApiError> {
    let mut conn = app.pool.acquire().await?;
    let state = habit::state(&mut conn, id).await?.ok_or(ApiError::HabitNotFound)?;
    if state.habit.user_id != caller.user.id {
        return Err(ApiError::HabitAccessForbidden);
    }
    let amounts = match state.habit.goal {
        Some(_) => execution::amounts(&mut conn, id).await?,
        None => Vec::new(),
    };
    let today = state.today(caller.now);
    let from = first_monday(today);
    let days = days(&state, &amounts, from, today);
    Ok(Json(HabitYear {
        habit_id: id,
        from_date: from,
        to_date: today,
        done: u32::try_from(days.iter().filter(|day| **day == DayFate::Done).count()).unwrap_or(u32::MAX),
        days,
        current_streak: state.habit.current_streak_at(caller.now),
        max_streak: state.habit.max_streak,
        strength: state.score(&amounts, caller.now),
        name: state.habit.name,
    }))
}

/// What became of the days from `from` to `today`.
fn days(state: &State, amounts: &[(NaiveDate, i64)], from: NaiveDate, today: NaiveDate) -> Vec<DayFate> {
    let history = state.history();
    // A habit that was put away asks for nothing after the last day of which something was said.
    let last = if state.habit.is_active { today } else { state.marks.last().map_or(from, |(last, _)| *last) };
    let is_goal_to_reach = state.habit.goal.is_some_and(|goal| goal.direction == Direction::AtLeast);
    let is_begun = |date: NaiveDate| {
        let amount = amounts.binary_search_by_key(&date, |(date, _)| *date).map_or(0, |index| amounts[index].1);
        is_goal_to_reach && amount > 0
    };
    let day = |date: NaiveDate| match fate::of(&history, date, today) {
        Fate::Done => DayFate::Done,
        Fate::Skipped => DayFate::Skipped,
        Fate::Excused => DayFate::Excused,
        _ if is_begun(date) => DayFate::Partly,
        Fate::Before => DayFate::Before,
        Fate::Missed | Fate::Open if date > last => DayFate::Off,
        Fate::Missed => DayFate::Missed,
        Fate::Open => DayFate::Open,
        Fate::Off => DayFate::Off,
    };
    from.iter_days().take_while(|date| *date <= today).map(day).collect()
}
