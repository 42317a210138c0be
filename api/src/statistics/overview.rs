//! `GET /statistics`

use ::habits::statistics::summarize;
use anyhow::Context as _;
use axum::extract::State;
use chrono::{DateTime, Days, NaiveDate, Utc};
use store::{
    execution,
    habit::{self, Looked},
};
use tokio::task::spawn_blocking;
use wire::statistics::{HabitOverview, Overview};

use super::first_monday;
use crate::{
    App,
    error::ApiError,
    http::{Caller, Json},
};

const HABITS: i64 = 200;

/// The days that periods are counted of, today the last of them.
const LATELY_DAYS: u64 = 30;

/// How all habits go
///
/// Streak, record, strength and the last 30 days of each active habit; and how many habits were done on each day of the
/// last 53 weeks.
#[utoipa::path(
    get,
    path = "/statistics",
    tag = "statistics",
    security(("token" = [])),
    responses(
        (status = OK, body = Overview, description = "How it goes"),
    ),
)]
#[tracing::instrument(skip_all)]
pub(super) async fn read_overview(State(app): State<App>, caller: Caller) -> Result<Json<Overview>, ApiError> {
    let today = caller.user.calendar().today(caller.now);
    let from = first_monday(today);
    let mut conn = app.pool.acquire().await?;
    let looked = habit::overview(&mut conn, caller.user.id, HABITS).await?;
    let done = execution::done_by_date(&mut conn, caller.user.id, from, today).await?;
    drop(conn);
    let now = caller.now;
    // Many years of many habits take a tenth of a second.
    let looking = spawn_blocking(move || looked.into_iter().map(|looked| overview(looked, now)).collect());
    let habits = looking.await.context("the looking back broke off")?;
    Ok(Json(Overview { from_date: from, to_date: today, done_by_day: by_day(&done, from, today), habits }))
}

fn overview(looked: Looked, now: DateTime<Utc>) -> HabitOverview {
    let Looked { state, amounts } = looked;
    let today = state.today(now);
    let lately = summarize(&state.history(), today - Days::new(LATELY_DAYS - 1), today, today);
    HabitOverview {
        id: state.habit.id,
        current_streak: state.habit.current_streak_at(now),
        max_streak: state.habit.max_streak,
        strength: state.score(&amounts, now),
        periods_due: lately.periods_due,
        periods_kept: lately.periods_kept,
        name: state.habit.name,
    }
}

fn by_day(done: &[(NaiveDate, i64)], from: NaiveDate, to: NaiveDate) -> Vec<u32> {
    let of_day = |date: NaiveDate| {
        let index = done.binary_search_by_key(&date, |(date, _)| *date);
        index.map_or(0, |index| u32::try_from(done[index].1).unwrap_or(u32::MAX))
    };
    from.iter_days().take_while(|date| *date <= to).map(of_day).collect()
}
