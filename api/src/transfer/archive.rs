//! The archive of what is stored, and what is stored of an archive.

use ::habits::goal::{Direction as StoredDirection, Goal as StoredGoal};
use ::transfer::{Amount, Archive, Day, Direction, Goal, Habit, Pause, PauseReason, Person, Quiet, Status, VERSION};
use chrono::{DateTime, Utc};
use store::{
    execution::Status as StoredStatus,
    habit::Habit as Stored,
    pause::Reason,
    transfer::{DayRow, PauseRow},
    user::User,
};

/// The archive of a person without its habits.
pub(super) fn envelope(user: &User, pauses: &[PauseRow], now: DateTime<Utc>) -> Archive {
    Archive {
        version: VERSION,
        exported_at: Some(now),
        person: Some(Person {
            timezone: user.timezone.clone(),
            language: user.language.clone(),
            day_start_hour: user.day_start_hour,
            quiet_hours: user.quiet_from.zip(user.quiet_to).map(|(from, to)| Quiet { from, to }),
        }),
        pauses: pauses_of(None, pauses),
        habits: Vec::new(),
    }
}

/// A habit with its days; of `pauses`, those of all habits, it gets its own.
pub(super) fn habit(stored: Stored, days: &[DayRow], pauses: &[PauseRow], user: &User) -> Habit {
    Habit {
        days: days.iter().map(day).collect(),
        pauses: pauses_of(Some(stored.id), pauses),
        begun_on: stored.begun_on.unwrap_or_else(|| user.calendar().today(stored.created_at)),
        goal: stored.goal.and_then(|goal| goal_of(goal, stored.goal_unit)),
        name: stored.name,
        description: stored.description,
        schedules: stored.schedules,
        target_days: stored.target_days,
        reminders: stored.reminder_times,
        is_active: stored.is_active,
        completed_at: stored.completed_at,
        taken_up: stored.taken_up,
    }
}

fn pauses_of(habit_id: Option<i64>, pauses: &[PauseRow]) -> Vec<Pause> {
    pauses.iter().filter(|row| row.habit_id == habit_id).map(pause).collect()
}

fn goal_of(goal: StoredGoal, unit: Option<String>) -> Option<Goal> {
    let direction = match goal.direction {
        StoredDirection::AtLeast => Direction::AtLeast,
        StoredDirection::AtMost => Direction::AtMost,
    };
    Some(Goal { direction, amount: Amount::from_milli(goal.amount_milli)?, unit })
}

fn day(row: &DayRow) -> Day {
    let status = match row.status {
        StoredStatus::Pending => Status::Pending,
        StoredStatus::Done => Status::Done,
        StoredStatus::NotDone => Status::NotDone,
        StoredStatus::Skipped => Status::Skipped,
        StoredStatus::Frozen => Status::Frozen,
    };
    Day { date: row.date, status, amount: row.amount_milli.and_then(Amount::from_milli), note: row.note.clone() }
}

fn pause(row: &PauseRow) -> Pause {
    let reason = match row.reason {
        Reason::Person => PauseReason::Person,
        Reason::Travel => PauseReason::Travel,
    };
    Pause { from: row.from_date, to: row.to_date, reason }
}

/// A habit as it is stored once it is brought in; streak and reminder are derived later.
pub(super) fn stored(habit: &Habit, owner: &User, now: DateTime<Utc>) -> Stored {
    let goal = habit.goal.as_ref();
    Stored {
        id: 0,
        user_id: owner.id,
        name: habit.name.clone(),
        description: habit.description.clone(),
        schedules: habit.schedules.clone(),
        begun_on: Some(habit.begun_on),
        target_days: habit.target_days,
        goal: goal.map(|goal| StoredGoal {
            direction: match goal.direction {
                Direction::AtLeast => StoredDirection::AtLeast,
                Direction::AtMost => StoredDirection::AtMost,
            },
            amount_milli: goal.amount.milli(),
        }),
        goal_unit: goal.and_then(|goal| goal.unit.clone()),
        reminder_times: habit.reminders.clone(),
        is_active: habit.is_active,
        completed_at: habit.completed_at,
        taken_up: habit.taken_up,
        current_streak: 0,
        max_streak: 0,
        streak_expires_at: None,
        next_reminder_at: None,
        version: 0,
        created_at: now,
        updated_at: now,
    }
}

pub(super) fn stored_day(habit_id: i64, day: &Day) -> DayRow {
    let status = match day.status {
        Status::Pending => StoredStatus::Pending,
        Status::Done => StoredStatus::Done,
        Status::NotDone => StoredStatus::NotDone,
        Status::Skipped => StoredStatus::Skipped,
        Status::Frozen => StoredStatus::Frozen,
    };
    DayRow { habit_id, date: day.date, status, amount_milli: day.amount.map(Amount::milli), note: day.note.clone() }
}

pub(super) fn stored_reason(reason: PauseReason) -> Reason {
    match reason {
        PauseReason::Person => Reason::Person,
        PauseReason::Travel => Reason::Travel,
    }
}
