//! What a request says of a day, once the habit's goal is known.

use ::habits::goal::{Direction, Goal, MAX_AMOUNT_MILLI};
use chrono::NaiveDate;
use store::{execution::Status, habit::DayChange};
use wire::execution::ExecutionCreate;

use super::{Today, stored};
use crate::{error::ApiError, habits::fields::to_milli, text};

/// A request whose values are good by themselves.
#[derive(Debug)]
pub(crate) struct Request {
    pub(super) date: Option<NaiveDate>,
    status: Option<Status>,
    amount: Option<Amount>,
    note: Option<String>,
}

impl Request {
    pub(super) fn is_freeze(&self) -> bool {
        self.status == Some(Status::Frozen)
    }
}

/// In thousandths.
#[derive(Debug, Clone, Copy)]
enum Amount {
    Is(i64),
    Grows(i64),
}

pub(crate) fn checked(request: &ExecutionCreate) -> Result<Request, ApiError> {
    let milli = |field, amount: f64| {
        to_milli(amount).ok_or_else(|| ApiError::invalid_field(field, "an amount is at most a billion"))
    };
    let amount = match (request.amount, request.add) {
        (Some(_), Some(_)) => return Err(ApiError::invalid_field("add", "send amount or add, not both")),
        (Some(amount), None) if amount < 0.0 => {
            return Err(ApiError::invalid_field("amount", "an amount is not below 0"));
        }
        (Some(amount), None) => Some(Amount::Is(milli("amount", amount)?)),
        (None, Some(add)) => Some(Amount::Grows(milli("add", add)?)),
        (None, None) if request.status.is_none() => {
            return Err(ApiError::invalid_field("status", "say status, amount or add"));
        }
        (None, None) => None,
    };
    let note = request.note.as_deref().map(text::note).transpose()?;
    Ok(Request { date: request.execution_date, status: request.status.map(stored), amount, note })
}

/// What the day is to be, given what it was.
pub(super) fn day(
    request: &Request,
    date: NaiveDate,
    goal: Option<Goal>,
    before: Today,
) -> Result<DayChange<'_>, ApiError> {
    let note = request.note.as_deref();
    let Some(goal) = goal else {
        return match (request.status, request.amount) {
            (Some(status), None) => Ok(DayChange { date, status, amount_milli: None, note }),
            _ => Err(ApiError::invalid_field(
                "amount",
                "this habit has no goal; give it one first, or send a status alone",
            )),
        };
    };
    let amount_milli = match request.amount {
        Some(Amount::Is(amount)) => Some(amount),
        // Of nothing there is nothing to take back.
        Some(Amount::Grows(by)) if by < 0 && before.amount_milli.is_none() => None,
        Some(Amount::Grows(by)) => Some((before.amount_milli.unwrap_or(0) + by).clamp(0, MAX_AMOUNT_MILLI)),
        None => amount_of(request.status, goal, before.amount_milli),
    };
    let judged = Status::from(amount_milli.and_then(|amount| goal.judge(amount)));
    let is_excused = matches!(before.status, Status::Skipped | Status::Frozen);
    let unsaid = if is_excused && judged != Status::Done { before.status } else { judged };
    let status = request.status.unwrap_or(unsaid);
    Ok(DayChange { date, status, amount_milli, note })
}

/// The amount that a status alone means: done is at least the goal, and undone is nothing.
fn amount_of(status: Option<Status>, goal: Goal, before: Option<i64>) -> Option<i64> {
    match (status, goal.direction) {
        (Some(Status::Done), Direction::AtLeast) => Some(before.unwrap_or(0).max(goal.amount_milli)),
        (Some(Status::Pending), _) => None,
        _ => before,
    }
}
