//! A line in one canonical form, which reads as the same line again.

use wire::{
    habit::{Goal, GoalDirection},
    schedule::{Schedule, Weekday},
};

use crate::line::Line;

/// `read at least 20 pages on mon wed at 21:30 for 66 days`
pub(super) fn shown(line: &Line) -> String {
    let mut parts = vec![line.name.clone()];
    parts.extend(line.goal.as_ref().map(goal));
    parts.extend(line.schedule.as_ref().map(schedule));
    if !line.times.is_empty() {
        let times: Vec<String> = line.times.iter().map(|time| time.format("%H:%M").to_string()).collect();
        parts.push(format!("at {}", times.join(" ")));
    }
    parts.extend(line.target_days.map(|days| format!("for {days} days")));
    parts.join(" ")
}

pub(super) fn goal(goal: &Goal) -> String {
    let direction = match goal.direction {
        GoalDirection::AtLeast => "at least",
        GoalDirection::AtMost => "at most",
    };
    let unit = goal.unit.as_ref().map(|unit| format!(" {unit}"));
    format!("{direction} {}{}", goal.amount, unit.unwrap_or_default())
}

pub(super) fn schedule(schedule: &Schedule) -> String {
    match schedule {
        Schedule::Daily => "daily".to_owned(),
        Schedule::Weekdays { weekdays } => {
            let days: Vec<String> = weekdays.iter().copied().map(day).collect();
            format!("on {}", days.join(" "))
        }
        Schedule::TimesPerWeek { times } => format!("{times} times a week"),
        Schedule::TimesPerMonth { times } => format!("{times} times a month"),
        Schedule::EveryNDays { days, .. } => format!("каждые {days} дней"),
    }
}

fn day(day: Weekday) -> String {
    format!("{day:?}").to_lowercase()
}
