//! `/today`: what there is to do, and all of it done

use ::habits::{history::Mark, pause::Pause};
use axum::extract::State;
use chrono::{DateTime, NaiveDate, Utc};
use serde::Deserialize;
use sqlx::PgConnection;
use store::{
    execution::Status,
    habit::{self, Asked, Listed},
    pause,
    user::User,
};
use utoipa::ToSchema;
use utoipa_axum::{router::OpenApiRouter, routes};
use wire::today::Today;

use crate::{
    App, Defaults,
    error::ApiError,
    habits::listed_reply,
    http::{Caller, Query, Tagged},
    users,
};

mod done;

pub(crate) fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(read_today)).routes(routes!(done::set_all_done))
}

/// Which day to tell of, in the person's zone.
#[derive(Debug, Clone, Copy, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
enum Day {
    Today,
    Yesterday,
}

/// Why a habit is not shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Place {
    Shown,
    DayOff,
    Paused,
}

/// What there is to do today, or was yesterday
///
/// Of yesterday, `status_today`, `is_done_today` and `amount_today` of the habits are yesterday's as well.
///
/// The habits whose schedule asks for today, and those of which something was said today. A habit of so many times a week
/// or month is shown until it has them.
#[utoipa::path(
    get,
    path = "/today",
    tag = "habits",
    security(("token" = [])),
    params(("day" = inline(Option<Day>), Query, description = "Today unless given")),
    responses(
        (status = OK, body = Today, description = "The person, the date and the habits", headers(("ETag" = String))),
    ),
)]
#[tracing::instrument(skip_all)]
async fn read_today(State(app): State<App>, caller: Caller, query: Query) -> Result<Tagged<Today>, ApiError> {
    let today = caller.user.calendar().today(caller.now);
    let date = match query.optional("day")? {
        Some(Day::Yesterday) => yesterday(today),
        Some(Day::Today) | None => today,
    };
    let mut conn = app.pool.acquire().await?;
    Ok(Tagged(of(&mut conn, caller.user, app.defaults, caller.now, date).await?))
}

pub(crate) fn yesterday(today: NaiveDate) -> NaiveDate {
    today.pred_opt().unwrap_or(today)
}

/// The screen of a person's day as it is now.
pub(crate) async fn of(
    conn: &mut PgConnection,
    user: User,
    defaults: Defaults,
    now: DateTime<Utc>,
    date: NaiveDate,
) -> sqlx::Result<Today> {
    let mut asked = habit::today(conn, user.id, date).await?;
    // Of a day before it was made, a habit is there only when something was said.
    let calendar = user.calendar();
    asked.retain(|asked| mark(&asked.listed).is_some() || calendar.today(asked.listed.habit.created_at) <= date);
    let resting = pause::on(conn, user.id, date).await?;

    asked.sort_by(|a, b| order(&a.listed).cmp(&order(&b.listed)));
    let (mut shown, mut off, mut paused) = (Vec::new(), 0, 0);
    for habit in asked {
        match place(&habit, date, &resting) {
            Place::Shown => shown.push(habit.listed),
            Place::DayOff => off += 1,
            Place::Paused => paused += 1,
        }
    }
    let is_settled = |habit: &&Listed| matches!(mark(habit), Some(Mark::Done | Mark::Skipped));
    let settled = u32::try_from(shown.iter().filter(is_settled).count()).unwrap_or(u32::MAX);
    let habits = shown.into_iter().map(|habit| listed_reply(habit, now)).collect();
    Ok(Today { date, user: users::reply(user, defaults), settled, habits, days_off: off, paused })
}

fn order(listed: &Listed) -> (chrono::NaiveTime, &str, i64) {
    (listed.habit.time_to_remind(), &listed.habit.name, listed.habit.id)
}

fn mark(listed: &Listed) -> Option<Mark> {
    listed.status.unwrap_or(Status::Pending).mark()
}

/// A habit that is not active is here only when something was said of it today: what was completed today stays to be undone.
fn place(asked: &Asked, date: NaiveDate, pauses: &[(Option<i64>, Pause)]) -> Place {
    let habit = &asked.listed.habit;
    if mark(&asked.listed).is_some() {
        return Place::Shown;
    }
    if pauses.iter().any(|(id, pause)| id.is_none_or(|id| id == habit.id) && pause.contains(date)) {
        return Place::Paused;
    }
    let period = habit.schedules.period(date);
    let done = asked.done.iter().filter(|day| period.first <= **day && **day < period.end).count();
    let is_full =
        period.times == 0 || (!period.is_one_day() && u32::try_from(done).is_ok_and(|done| done >= period.times));
    if is_full { Place::DayOff } else { Place::Shown }
}
