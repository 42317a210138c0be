//! `GET /habits/{habit_id}/statistics`

use ::habits::{
    statistics::summarize,
    streak::{self, Run},
};
use axum::extract::State;
use chrono::{Days, NaiveDate};
use store::{execution, habit};
use wire::{
    error::ErrorBody,
    statistics::{Day, HabitStatistics, Streak},
};

use crate::{
    App,
    error::ApiError,
    habits::{from_milli, status_reply, strength},
    http::{Caller, HabitId, Json, Query, query},
};

const DAYS: u64 = 366;
const STREAKS: usize = 10;

#[derive(utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
#[expect(dead_code, reason = "documents the parameters")]
struct Parameters {
    /// The first day; 365 days before the last unless given
    from_date: Option<NaiveDate>,
    /// The last day, at most 365 after the first; today unless given
    to_date: Option<NaiveDate>,
}

/// How a habit went
///
/// The sums of some days, the longest streaks, and each day of which something was said.
#[utoipa::path(
    get,
    path = "/habits/{habit_id}/statistics",
    tag = "statistics",
    security(("token" = [])),
    params(("habit_id" = i64, Path), Parameters),
    responses(
        (status = OK, body = HabitStatistics, description = "How it went"),
        (status = FORBIDDEN, body = ErrorBody, description = "`habit_access_forbidden`"),
        (status = NOT_FOUND, body = ErrorBody, description = "`habit_not_found`"),
    ),
)]
#[tracing::instrument(skip_all, fields(habit_id = id))]
pub(super) async fn read_habit_statistics(
    State(app): State<App>,
    caller: Caller,
    HabitId(id): HabitId,
    query: Query,
) -> Result<Json<HabitStatistics>, ApiError> {
    let mut conn = app.pool.acquire().await?;
    let state = habit::state(&mut conn, id).await?.ok_or(ApiError::HabitNotFound)?;
    if state.habit.user_id != caller.user.id {
        return Err(ApiError::HabitAccessForbidden);
    }
    let today = state.today(caller.now);
    let (from, to) = stretch(&query, today)?;
    let days = execution::between(&mut conn, id, from, to).await?;
    let summary = summarize(&state.history(), from, to, today);
    let amount_milli: i64 = days.iter().filter_map(|day| day.amount_milli).sum();
    Ok(Json(HabitStatistics {
        from_date: from,
        to_date: to,
        done: summary.done,
        skipped: summary.skipped,
        frozen: summary.frozen,
        periods_due: summary.periods_due,
        periods_kept: summary.periods_kept,
        done_by_weekday: summary.done_by_weekday.to_vec(),
        amount: state.habit.goal.map(|_| from_milli(amount_milli)),
        strength: strength(&mut conn, &state, caller.now).await?,
        current_streak: state.habit.current_streak_at(caller.now),
        max_streak: state.habit.max_streak,
        streaks: longest(streak::runs(&state.history(), today)),
        days: days.into_iter().map(day).collect(),
    }))
}

/// The days asked for: at most a year, from the year 2000 on.
fn stretch(query: &Query, today: NaiveDate) -> Result<(NaiveDate, NaiveDate), ApiError> {
    let first = NaiveDate::from_ymd_opt(2000, 1, 1).unwrap_or_default();
    let last = today + Days::new(DAYS);
    let to = query.optional_date("to_date", first..=last)?.unwrap_or(today);
    let from = query.optional_date("from_date", first..=last)?.unwrap_or(to - Days::new(DAYS - 1)).max(first);
    if from > to || (to - from).num_days() >= DAYS.cast_signed() {
        return Err(query::refused("from_date", format!("at most {DAYS} days, the first before the last")));
    }
    Ok((from, to))
}

fn longest(mut runs: Vec<Run>) -> Vec<Streak> {
    runs.sort_by_key(|run| (std::cmp::Reverse(run.days), std::cmp::Reverse(run.to)));
    let streak = |run: Run| Streak { from_date: run.from, to_date: run.to, days: run.days };
    runs.into_iter().take(STREAKS).map(streak).collect()
}

fn day(day: execution::Execution) -> Day {
    Day {
        date: day.execution_date,
        status: status_reply(day.status),
        amount: day.amount_milli.map(from_milli),
        note: day.note,
    }
}
