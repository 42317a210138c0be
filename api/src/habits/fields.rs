//! The fields of a habit: which values are good, and how they look in a reply.

use ::habits::{
    goal::{Direction, Goal, MAX_AMOUNT_MILLI},
    reminder,
    schedule::{Schedule, Weekdays},
};
use chrono::{NaiveDate, NaiveTime, Timelike as _, Weekday};
use store::habit::MAX_REMINDERS;
use wire::{
    habit::{Goal as WireGoal, GoalDirection},
    schedule::{Schedule as WireSchedule, Weekday as WireWeekday},
};

use crate::{error::ApiError, text};

/// The weekdays as the wire and as the rules name them.
const WEEK: [(WireWeekday, Weekday); 7] = [
    (WireWeekday::Mon, Weekday::Mon),
    (WireWeekday::Tue, Weekday::Tue),
    (WireWeekday::Wed, Weekday::Wed),
    (WireWeekday::Thu, Weekday::Thu),
    (WireWeekday::Fri, Weekday::Fri),
    (WireWeekday::Sat, Weekday::Sat),
    (WireWeekday::Sun, Weekday::Sun),
];

pub(super) fn target_days(days: Option<i32>) -> Result<Option<i32>, ApiError> {
    match days {
        Some(days) if days <= 0 => Err(ApiError::invalid_field("target_days", "target_days has to be above 0")),
        days => Ok(days),
    }
}

/// The reminders of a day, in their form.
pub(super) fn reminder_times(first: NaiveTime, more: &[NaiveTime]) -> Result<Vec<NaiveTime>, ApiError> {
    if more.len() >= MAX_REMINDERS {
        let msg = format!("a habit has at most {MAX_REMINDERS} reminders a day");
        return Err(ApiError::invalid_field("more_reminder_times", msg));
    }
    for (field, times) in [("time_to_remind", &[first][..]), ("more_reminder_times", more)] {
        // chrono reads 23:59:60 as a leap second.
        if times.iter().any(|time| time.nanosecond() >= 1_000_000_000) {
            return Err(ApiError::invalid_field(field, "a minute has the seconds 00 to 59"));
        }
    }
    Ok(reminder::times(first, more))
}

/// A run of days that names no start begins `today`.
pub(super) fn schedule(schedule: &WireSchedule, today: NaiveDate) -> Result<Schedule, ApiError> {
    let refused = |msg: &str| ApiError::Invalid {
        kind: "validation_error",
        loc: vec!["body".to_owned(), "schedule".to_owned()],
        msg: msg.to_owned(),
    };
    Ok(match schedule {
        WireSchedule::Daily => Schedule::Daily,
        WireSchedule::Weekdays { weekdays } if weekdays.len() > WEEK.len() => {
            return Err(refused("name at most seven weekdays"));
        }
        WireSchedule::Weekdays { weekdays } => {
            let days = weekdays.iter().filter_map(|day| WEEK.iter().find(|(wire, _)| wire == day)).map(|(_, day)| *day);
            match Weekdays::new(days) {
                Some(weekdays) if weekdays.count() == 7 => Schedule::Daily,
                Some(weekdays) => Schedule::Weekdays { weekdays },
                None => return Err(refused("name at least one weekday")),
            }
        }
        WireSchedule::TimesPerWeek { times: times @ 1..=7 } => Schedule::TimesPerWeek { times: *times },
        WireSchedule::TimesPerWeek { .. } => return Err(refused("1 to 7 times a week")),
        WireSchedule::TimesPerMonth { times: times @ 1..=31 } => Schedule::TimesPerMonth { times: *times },
        WireSchedule::TimesPerMonth { .. } => return Err(refused("1 to 31 times a month")),
        WireSchedule::EveryNDays { days: days @ 2..=365, start } => {
            let start = start.unwrap_or(today);
            if (start - today).num_days().abs() > 366 {
                return Err(refused("start within a year of today"));
            }
            Schedule::EveryNDays { days: *days, start }
        }
        WireSchedule::EveryNDays { .. } => return Err(refused("every 2 to 365 days; daily has a type of its own")),
    })
}

pub(super) fn schedule_reply(schedule: Schedule) -> WireSchedule {
    match schedule {
        Schedule::Daily => WireSchedule::Daily,
        Schedule::Weekdays { weekdays } => WireSchedule::Weekdays {
            weekdays: WEEK.iter().filter(|(_, day)| weekdays.contains(*day)).map(|(wire, _)| *wire).collect(),
        },
        Schedule::TimesPerWeek { times } => WireSchedule::TimesPerWeek { times },
        Schedule::TimesPerMonth { times } => WireSchedule::TimesPerMonth { times },
        Schedule::EveryNDays { days, start } => WireSchedule::EveryNDays { days, start: Some(start) },
    }
}

/// The goal and what its amounts count.
pub(super) fn goal(goal: &WireGoal) -> Result<(Goal, Option<String>), ApiError> {
    let amount_milli = to_milli(goal.amount).filter(|milli| *milli > 0).ok_or_else(|| ApiError::Invalid {
        kind: "validation_error",
        loc: ["body", "goal", "amount"].map(str::to_owned).to_vec(),
        msg: "an amount is at least a thousandth and at most a billion".to_owned(),
    })?;
    let unit = goal.unit.as_deref().map(text::unit).transpose()?.flatten();
    let direction = match goal.direction {
        GoalDirection::AtLeast => Direction::AtLeast,
        GoalDirection::AtMost => Direction::AtMost,
    };
    Ok((Goal { direction, amount_milli }, unit))
}

pub(super) fn goal_reply(goal: Goal, unit: Option<String>) -> WireGoal {
    let direction = match goal.direction {
        Direction::AtLeast => GoalDirection::AtLeast,
        Direction::AtMost => GoalDirection::AtMost,
    };
    WireGoal { direction, amount: from_milli(goal.amount_milli), unit }
}

/// An amount in thousandths; `None` beyond a billion either way.
pub(super) fn to_milli(amount: f64) -> Option<i64> {
    let milli = (amount * 1_000.0).round();
    #[expect(clippy::cast_precision_loss, reason = "a trillion is exact in 52 bits")]
    let is_within = milli.abs() <= MAX_AMOUNT_MILLI as f64;
    #[expect(clippy::cast_possible_truncation, reason = "a whole number of at most a trillion")]
    is_within.then_some(milli as i64)
}

/// An amount from thousandths.
#[expect(clippy::cast_precision_loss, reason = "a trillion is exact in 52 bits")]
pub(crate) fn from_milli(milli: i64) -> f64 {
    milli as f64 / 1_000.0
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;

    #[rstest]
    #[case(20.0, Some(20_000))]
    #[case(0.000_4, Some(0))]
    #[case(0.3, Some(300))]
    #[case(-2.5, Some(-2_500))]
    #[case(1e9, Some(MAX_AMOUNT_MILLI))]
    #[case(1e9 + 1.0, None)]
    #[case(f64::INFINITY, None)]
    #[case(f64::NAN, None)]
    fn an_amount_is_kept_in_thousandths(#[case] amount: f64, #[case] milli: Option<i64>) {
        assert_eq!(to_milli(amount), milli);
    }

    #[test]
    fn all_weekdays_are_every_day() {
        let all = WireSchedule::Weekdays { weekdays: WEEK.iter().map(|(wire, _)| *wire).collect() };
        assert_eq!(schedule(&all, NaiveDate::MIN).unwrap(), Schedule::Daily);
    }
}
