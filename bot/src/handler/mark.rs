//! Done and Undo, on a reminder and in the Today list.

use screens::{
    Action, MarkedRow, ReminderRow, Screen,
    action::{Mark, Origin},
    reminder_marked,
    toast::Toast,
};
use wire::{
    ClientError,
    execution::{ExecutionCreate, ExecutionSet, ExecutionStatus},
    habit::Habit,
};

use super::{
    error::HandleError,
    event::Tap,
    talk::{Place, Talk},
    today,
};

/// Sets the day that the button was made for, and redraws its message.
pub(super) async fn mark(talk: &Talk<'_>, tap: &Tap, mark: Mark) -> Result<Toast, HandleError> {
    let here = Place::InPlaceOf(tap.message);
    let status = if mark.done { ExecutionStatus::Done } else { ExecutionStatus::Pending };
    let request = ExecutionCreate::status(status, Some(mark.date));
    let set = match talk.api().set_execution(mark.habit_id, &request).await {
        Ok(set) => set,
        Err(error) => return refused(talk, here, mark, error).await,
    };
    let screen = match mark.origin {
        Origin::Today { page } => today::screen(talk, page).await?,
        Origin::Reminder => reminder(talk, tap, mark, &set).await?,
    };
    talk.show(here, &screen).await?;
    Ok(toast(mark, set))
}

/// What is gone or closed is said, and the list is drawn as it is now.
async fn refused(talk: &Talk<'_>, here: Place, mark: Mark, error: ClientError) -> Result<Toast, HandleError> {
    let gone = ["habit_not_found", "habit_forbidden", "habit_not_active"];
    let toast = if gone.iter().any(|kind| error.is(kind)) {
        Toast::HabitGone
    } else if error.is("date_out_of_range") {
        Toast::DayClosed { date: mark.date }
    } else {
        return Err(error.into());
    };
    if let Origin::Today { page } = mark.origin {
        talk.show(here, &today::screen(talk, page).await?).await?;
    }
    Ok(toast)
}

fn toast(mark: Mark, set: ExecutionSet) -> Toast {
    let ExecutionSet { habit, .. } = set;
    if !mark.done {
        Toast::Undone { name: habit.name }
    } else if !habit.is_done_today {
        // The day of the button is not the person's today.
        Toast::OtherDay { date: mark.date }
    } else if habit.current_streak == habit.target_days {
        Toast::Goal { days: habit.target_days.unsigned_abs() }
    } else {
        Toast::Done { name: habit.name, current_streak: habit.current_streak.unsigned_abs() }
    }
}

/// The reminder as it is after the tap. Its keyboard tells which habits it names and which of them are done.
async fn reminder(talk: &Talk<'_>, tap: &Tap, tapped: Mark, set: &ExecutionSet) -> Result<Screen, HandleError> {
    let is_tapped = |mark: &Mark| mark.habit_id == tapped.habit_id && mark.date == tapped.date;
    let mut marks: Vec<Mark> = tap.keyboard.iter().filter_map(|data| reminder_mark(data)).collect();
    if !marks.iter().any(is_tapped) {
        // Telegram does not show a message's keyboard for ever.
        marks = vec![tapped];
    }
    let others = if marks.len() > 1 { talk.api().habits().await? } else { Vec::new() };
    let row = |mark: &Mark| -> Option<MarkedRow> {
        if is_tapped(mark) {
            return Some(marked_row(&set.habit, mark, tapped.done));
        }
        let habit = others.iter().find(|habit| habit.id == mark.habit_id)?;
        // A button offers the opposite of what is.
        Some(marked_row(habit, mark, !mark.done))
    };
    let rows: Vec<MarkedRow> = marks.iter().filter_map(row).collect();
    Ok(reminder_marked(talk.locale(), &rows))
}

fn reminder_mark(data: &str) -> Option<Mark> {
    match Action::decode(data) {
        Ok(Action::Mark(mark)) if mark.origin == Origin::Reminder => Some(mark),
        _ => None,
    }
}

fn marked_row(habit: &Habit, mark: &Mark, done: bool) -> MarkedRow {
    let row = ReminderRow {
        habit_id: habit.id,
        name: habit.name.clone(),
        current_streak: habit.current_streak.unsigned_abs(),
        date: mark.date,
    };
    MarkedRow { row, done }
}
