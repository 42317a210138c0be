//! `POST /habits/{habit_id}/executions/`

use ::habits::{
    completion::{Said, Standing},
    history::FREEZES_A_MONTH,
};
use axum::{
    extract::State,
    http::StatusCode,
    response::{IntoResponse as _, Response},
};
use chrono::{DateTime, Datelike as _, Days, NaiveDate, Utc};
use serde::Deserialize;
use sqlx::PgConnection;
use store::{
    execution::{self, Execution as Stored, Status},
    habit::{self, DayChange, State as HabitState},
    user,
};
use utoipa::ToSchema;
use wire::{
    error::ErrorBody,
    execution::{Execution, ExecutionCreate, ExecutionSet, ExecutionStatus},
};

use super::{Today, fields::from_milli, read::with_executions, reply as habit_reply, said_of, status_reply};
use crate::{
    App,
    error::ApiError,
    http::{HabitId, Idempotent, Json, Query, TokenHolder, UpdateId},
    today,
    webhooks::event,
};

mod said;

pub(crate) use said::checked;

/// Days before today that can still be said: a year, a leap day included.
const DAYS_BACK: u64 = 366;
/// A day is skipped while it lasts, or on the morning after.
const SKIP_DAYS_BACK: u64 = 1;
const FREEZE_DAYS_BACK: u64 = 7;

/// Two weeks, each day of which may have one.
const CARD_EXECUTIONS: i64 = 14;

/// What a reply tells besides the day and the habit.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
enum Include {
    Today,
    Yesterday,
    Card,
}

/// How often a write is tried that others come before, until it waits for its turn.
const UNLOCKED_TRIES: u32 = 3;

/// Say how a day went
///
/// Of today in the person's zone, or of one of the 366 days before. Saying the same again changes nothing. Streak and
/// record are derived again from all days. With the day done that finds or brings the streak at `target_days` the habit is
/// complete and not active any more; taking such a day back makes it active again.
///
/// `add` adds again each time: a request that may be repeated has an `Idempotency-Key`, or the bot's `X-Telegram-Update-Id`,
/// and the same one adds once.
///
/// `skipped` is for today and yesterday, `frozen` for a missed day of the last week, and twice in a calendar month over all
/// habits. An amount that does not make such a day done leaves it excused.
#[utoipa::path(
    post,
    path = "/habits/{habit_id}/executions",
    tag = "habits",
    security(("token" = [])),
    params(
        ("habit_id" = i64, Path, exclusive_minimum = 0),
        ("include" = inline(Option<Include>), Query, description = "What to tell as well: `today` or `yesterday`, the screen of that day; `card`, the habit with its last 14 executions"),
        ("X-Telegram-Update-Id" = Option<i64>, Header, description = "The Telegram update that asked for it"),
    ),
    request_body = ExecutionCreate,
    responses(
        (
            status = CREATED,
            body = ExecutionSet,
            description = "The day, and the habit after it",
            headers(("Idempotent-Replayed" = String)),
        ),
        (
            status = BAD_REQUEST,
            body = ErrorBody,
            description = "`habit_not_active`: the habit is archived, or was complete before that day",
        ),
        (status = FORBIDDEN, body = ErrorBody, description = "`habit_forbidden`"),
        (status = NOT_FOUND, body = ErrorBody, description = "`habit_not_found`"),
        (status = CONFLICT, body = ErrorBody, description = "`no_freeze_left`"),
        (status = UNPROCESSABLE_ENTITY, body = ErrorBody, description = "`date_out_of_range`"),
    ),
)]
#[tracing::instrument(skip_all, fields(habit_id = path.0))]
pub(super) async fn set_execution(
    State(app): State<App>,
    holder: TokenHolder,
    update: UpdateId,
    path: HabitId,
    query: Query,
    Idempotent(request, mut key): Idempotent<ExecutionCreate>,
) -> Result<Response, ApiError> {
    let id = path.positive()?;
    let include = query.optional("include")?;
    if request.add.is_some() {
        key = key.or_update(update, || format!("POST /habits/{id}/executions"), &request)?;
    }
    let request = said::checked(&request)?;
    if !request.is_freeze() && !key.is_some() {
        let mut conn = app.pool.acquire().await?;
        if let Some(mut set) = set_unlocked(&mut conn, id, &holder, &request).await? {
            add(&app, &mut conn, &holder, include, &mut set).await?;
            return Ok((StatusCode::CREATED, Json(set)).into_response());
        }
    }
    let mut tx = app.pool.begin().await?;
    if request.is_freeze() {
        // The freezes of a person are counted over all habits: one at a time.
        user::lock(&mut tx, holder.user_id).await?.ok_or(ApiError::TokenUserNotFound)?;
    }
    if request.is_freeze() || key.is_some() {
        holder.person(&mut tx).await?;
    }
    if let Some(replayed) = key.replay(&mut tx, holder.user_id, holder.now).await? {
        return Ok(replayed);
    }
    let found = habit::lock(&mut tx, id).await?;
    let state = own(&mut tx, found, &holder).await?;
    let mut set = write_locked(&mut tx, state, holder.now, &request).await?;
    add(&app, &mut tx, &holder, include, &mut set).await?;
    key.commit(tx, holder.user_id, StatusCode::CREATED, &set).await
}

/// Adds what the request asked to be told as well, so that its caller need not ask for it after.
async fn add(
    app: &App,
    conn: &mut PgConnection,
    holder: &TokenHolder,
    include: Option<Include>,
    set: &mut ExecutionSet,
) -> Result<(), ApiError> {
    match include {
        Some(which @ (Include::Today | Include::Yesterday)) => {
            let user = holder.person(conn).await?;
            let today = user.calendar().today(holder.now);
            let date = if which == Include::Today { today } else { today::yesterday(today) };
            set.today = Some(today::of(conn, user, app.defaults, holder.now, date).await?);
        }
        Some(Include::Card) => {
            let state = habit::state(conn, set.habit.id).await?.ok_or(ApiError::HabitNotFound)?;
            set.card = Some(with_executions(conn, state, holder.now, CARD_EXECUTIONS).await?);
        }
        None => {}
    }
    Ok(())
}

/// Sets a day of a habit of the caller's own, within his transaction.
pub(crate) async fn set_locked(
    tx: &mut PgConnection,
    id: i64,
    now: DateTime<Utc>,
    request: &said::Request,
) -> Result<ExecutionSet, ApiError> {
    let state = habit::lock(tx, id).await?.ok_or(ApiError::HabitNotFound)?;
    write_locked(tx, state, now, request).await
}

async fn write_locked(
    tx: &mut PgConnection,
    state: HabitState,
    now: DateTime<Utc>,
    request: &said::Request,
) -> Result<ExecutionSet, ApiError> {
    let set = attempt(tx, state, now, request).await?;
    let set = set.ok_or_else(|| ApiError::Internal(anyhow::anyhow!("a locked habit was written by another")))?;
    event::execution_set(tx, &set, now).await?;
    Ok(set)
}

/// Two round trips: what there is, and what becomes of it unless others wrote it in between. `None` when they keep doing
/// so, and where a webhook is to be told in the same transaction.
async fn set_unlocked(
    conn: &mut PgConnection,
    id: i64,
    holder: &TokenHolder,
    request: &said::Request,
) -> Result<Option<ExecutionSet>, ApiError> {
    for _ in 0..UNLOCKED_TRIES {
        let found = habit::state(conn, id).await?;
        let state = own(conn, found, holder).await?;
        if state.owner_is_blocked && holder.is_update {
            // He hears of messages again, and his habits change by it.
            holder.person(conn).await?;
            continue;
        }
        if state.has_webhooks {
            return Ok(None);
        }
        if let Some(set) = attempt(conn, state, holder.now, request).await? {
            return Ok(Some(set));
        }
    }
    Ok(None)
}

/// The habit that was found, which is the holder's own. Only where it is not is he looked up himself.
async fn own(conn: &mut PgConnection, found: Option<HabitState>, holder: &TokenHolder) -> Result<HabitState, ApiError> {
    match found {
        Some(state) if state.habit.user_id == holder.user_id && state.owner_is_active => Ok(state),
        other => {
            holder.person(conn).await?;
            // The contract has a name of its own here for what is forbidden elsewhere.
            Err(if other.is_some() { ApiError::HabitForbidden } else { ApiError::HabitNotFound })
        }
    }
}

/// Writes what `request` makes of the habit as it was found; `None` when others wrote it since.
async fn attempt(
    conn: &mut PgConnection,
    mut state: HabitState,
    now: DateTime<Utc>,
    request: &said::Request,
) -> Result<Option<ExecutionSet>, ApiError> {
    let today = state.today(now);
    let date = request.date.unwrap_or(today);
    if !is_open(&state, date) {
        return Err(ApiError::HabitNotActive);
    }
    let before = said_of(conn, &state, date).await?;
    let day = said::day(request, date, state.habit.goal, before)?;
    may_be_said(conn, &state, &day, today).await?;

    state.set_mark(date, day.status.mark());
    let before = state.habit.clone();
    let turns = follow(&mut state, day.status, now);
    if state.habit != before {
        state.habit.updated_at = now;
    }
    let Some(execution) = habit::write_day(conn, &state.habit, turns, &day, now).await? else {
        return Ok(None);
    };
    let today = if date == today {
        Today { status: execution.status, amount_milli: execution.amount_milli }
    } else {
        said_of(conn, &state, today).await?
    };
    Ok(Some(ExecutionSet {
        execution: reply(execution),
        habit: habit_reply(state.habit, today, now),
        today: None,
        card: None,
    }))
}

/// Of a habit that is complete, what was said before can be corrected, and what was missed up to then.
fn is_open(state: &HabitState, date: NaiveDate) -> bool {
    let until = state.habit.completed_at.map(|at| state.today(at));
    state.habit.is_active || until.is_some_and(|last| date <= last || state.mark(date).is_some())
}

async fn may_be_said(
    conn: &mut PgConnection,
    state: &HabitState,
    day: &DayChange<'_>,
    today: NaiveDate,
) -> Result<(), ApiError> {
    let is_new = state.mark(day.date) != day.status.mark();
    let (days_back, last) = match day.status {
        Status::Skipped if is_new => (SKIP_DAYS_BACK, today),
        Status::Frozen if is_new => (FREEZE_DAYS_BACK, today - Days::new(1)),
        _ => (DAYS_BACK, today),
    };
    let first = today - Days::new(days_back);
    if day.date < first || day.date > last {
        return Err(ApiError::Invalid {
            kind: "date_out_of_range",
            loc: vec!["body".to_owned(), "execution_date".to_owned()],
            msg: format!("a day from {first} to {last} can be set so"),
        });
    }
    if day.status == Status::Frozen && is_new {
        if !state.history().is_missed(day.date) {
            return Err(ApiError::invalid_field("status", "only a day that was missed can be frozen"));
        }
        let month = day.date.with_day(1).unwrap_or(day.date);
        let end = day.date.with_day(day.date.num_days_in_month().into()).unwrap_or(day.date);
        let spent = execution::count_frozen(conn, state.habit.user_id, month, end, (state.habit.id, day.date)).await?;
        if spent >= FREEZES_A_MONTH.into() {
            return Err(ApiError::NoFreezeLeft);
        }
    }
    Ok(())
}

/// The streak follows the day that was set, and the habit completes or opens again. Says whether it turned active or not.
fn follow(state: &mut HabitState, said: Status, now: DateTime<Utc>) -> bool {
    let streak = |state: &HabitState| u32::try_from(state.habit.current_streak_at(now)).unwrap_or_default();
    let target = u32::try_from(state.habit.target_days).unwrap_or(u32::MAX);
    let before = streak(state);
    state.derive_streak(now);
    let said = Said { is_done: said == Status::Done, before, after: streak(state) };
    let standing = state.habit.standing().after(said, target);
    let turns = (standing == Standing::Complete) == state.habit.completed_at.is_none();
    state.habit.taken_up = standing == Standing::TakenUp;
    if turns {
        state.habit.is_active = standing != Standing::Complete;
        state.habit.completed_at = (standing == Standing::Complete).then_some(now);
        state.derive_streak(now);
        state.schedule_reminder(now);
    }
    turns
}

pub(super) fn reply(execution: Stored) -> Execution {
    Execution {
        id: execution.id,
        habit_id: execution.habit_id,
        execution_date: execution.execution_date,
        status: status_reply(execution.status),
        amount: execution.amount_milli.map(from_milli),
        note: execution.note,
        created_at: execution.created_at,
        updated_at: execution.updated_at,
    }
}

fn stored(status: ExecutionStatus) -> Status {
    match status {
        ExecutionStatus::Pending => Status::Pending,
        ExecutionStatus::Done => Status::Done,
        ExecutionStatus::NotDone => Status::NotDone,
        ExecutionStatus::Skipped => Status::Skipped,
        ExecutionStatus::Frozen => Status::Frozen,
    }
}
