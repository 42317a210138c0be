//! How days went: taps on a reminder, in the Today list and on a card.

use chrono::NaiveDate;
use screens::{
    Action, MarkedRow, ReminderRow, Said, Screen,
    action::{Mark, Origin, Wanted},
    amount::from_milli,
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
    habit,
    talk::{Place, Talk},
    today,
};

/// Sets the day that the button was made for, and redraws its message.
pub(super) async fn mark(talk: &Talk<'_>, tap: &Tap, mark: Mark) -> Result<Toast, HandleError> {
    let request = ExecutionCreate::status(status(mark.wanted), Some(mark.date));
    let include = match mark.origin {
        Origin::Card => "card",
        Origin::Yesterday { .. } => "yesterday",
        Origin::Today { .. } | Origin::Reminder => "today",
    };
    let set = match talk.api().set_execution(mark.habit_id, &request, include).await {
        Ok(set) => set,
        Err(error) => return refused(talk, tap, mark, error).await,
    };
    let toast = toast(mark, &set.habit);
    let screen = match mark.origin {
        Origin::Today { page } => match set.today {
            Some(told) => today::drawn(talk, told, page),
            None => today::screen(talk, page).await?,
        },
        Origin::Yesterday { page } => match set.today {
            Some(told) => today::drawn_yesterday(talk, told, page),
            None => today::yesterday(talk, page).await?,
        },
        Origin::Card => habit::card_after(talk, set).await?,
        Origin::Reminder => reminder(talk, tap, mark, &set).await?,
    };
    talk.show(Place::InPlaceOf(tap.message), &screen).await?;
    Ok(toast)
}

/// Adds to the amount of a day, once for each tap, and redraws the card.
pub(super) async fn add(
    talk: &Talk<'_>,
    tap: &Tap,
    habit_id: i64,
    date: NaiveDate,
    milli: i64,
) -> Result<Option<Toast>, HandleError> {
    let add = Some(from_milli(milli));
    let request = ExecutionCreate { add, execution_date: Some(date), ..ExecutionCreate::default() };
    let mark = Mark { habit_id, date, wanted: Wanted::Done, origin: Origin::Card };
    match talk.api().set_execution(habit_id, &request, "card").await {
        Ok(set) => {
            let is_done = set.execution.status == ExecutionStatus::Done;
            let toast = is_done.then(|| toast(mark, &set.habit));
            talk.show(Place::InPlaceOf(tap.message), &habit::card_after(talk, set).await?).await?;
            Ok(toast)
        }
        Err(error) => refused(talk, tap, mark, error).await.map(Some),
    }
}

/// Sets the amount of a day that was typed, shows the card and closes the dialogue that asked for it.
pub(super) async fn set_amount(
    talk: &Talk<'_>,
    habit_id: i64,
    date: NaiveDate,
    amount: f64,
    place: Place,
) -> Result<(), HandleError> {
    let request = ExecutionCreate { amount: Some(amount), execution_date: Some(date), ..ExecutionCreate::default() };
    let screen = match talk.api().set_execution(habit_id, &request, "card").await {
        Ok(set) => habit::card_after(talk, set).await?,
        Err(error) if habit::is_gone(&error) || error.is("date_out_of_range") => habit::card(talk, habit_id).await?,
        Err(error) => return Err(error.into()),
    };
    talk.show(place, &screen).await?;
    talk.close_dialogue().await
}

/// Sets all that is open today to done.
pub(super) async fn all_done(
    talk: &Talk<'_>,
    tap: &Tap,
    date: NaiveDate,
    page: u8,
) -> Result<Option<Toast>, HandleError> {
    let here = Place::InPlaceOf(tap.message);
    match talk.api().set_all_done(date).await {
        Ok(told) => {
            talk.show(here, &today::drawn(talk, told, page)).await?;
            Ok(None)
        }
        // The list was of another day: that one is not guessed at.
        Err(error) if error.is("date_out_of_range") => {
            talk.show(here, &today::screen(talk, 0).await?).await?;
            Ok(Some(Toast::NewDay))
        }
        Err(error) => Err(error.into()),
    }
}

fn status(wanted: Wanted) -> ExecutionStatus {
    match wanted {
        Wanted::Pending => ExecutionStatus::Pending,
        Wanted::Done => ExecutionStatus::Done,
        Wanted::Skipped => ExecutionStatus::Skipped,
        Wanted::Frozen => ExecutionStatus::Frozen,
    }
}

/// What is gone or closed is said, and the screen is drawn as it is now.
async fn refused(talk: &Talk<'_>, tap: &Tap, mark: Mark, error: ClientError) -> Result<Toast, HandleError> {
    let toast = if habit::is_gone(&error) {
        Toast::HabitGone
    } else if error.is("date_out_of_range") {
        Toast::DayClosed { date: mark.date }
    } else if error.is("no_freeze_left") {
        Toast::NoFreezeLeft
    } else {
        return Err(error.into());
    };
    let screen = match mark.origin {
        Origin::Today { page } => today::screen(talk, page).await?,
        Origin::Yesterday { page } => today::yesterday(talk, page).await?,
        Origin::Card => habit::card(talk, mark.habit_id).await?,
        Origin::Reminder => return Ok(toast),
    };
    talk.show(Place::InPlaceOf(tap.message), &screen).await?;
    Ok(toast)
}

fn toast(mark: Mark, habit: &Habit) -> Toast {
    let name = habit.name.clone();
    match mark.wanted {
        Wanted::Pending => Toast::Undone { name },
        Wanted::Skipped => Toast::Skipped { name },
        Wanted::Frozen => Toast::OtherDay { date: mark.date },
        // The day of the button is not the person's today.
        Wanted::Done if !habit.is_done_today => Toast::OtherDay { date: mark.date },
        Wanted::Done if habit.current_streak == habit.target_days => {
            Toast::Goal { days: habit.target_days.unsigned_abs() }
        }
        Wanted::Done => Toast::Done { name, current_streak: habit.current_streak.unsigned_abs() },
    }
}

/// The reminder as it is after the tap. Its keyboard tells which habits it names and what was said of them.
async fn reminder(talk: &Talk<'_>, tap: &Tap, tapped: Mark, set: &ExecutionSet) -> Result<Screen, HandleError> {
    let mut days = reminded(tap);
    if !days.iter().any(|day| day.is_of(tapped)) {
        // Telegram does not show a message's keyboard for ever.
        days = vec![Reminded { habit_id: tapped.habit_id, date: tapped.date, said: Said::Nothing }];
    }
    let today = set.today.as_ref().map_or(&[][..], |today| &today.habits);
    let is_known = |day: &Reminded| day.is_of(tapped) || today.iter().any(|habit| habit.id == day.habit_id);
    // Of another day than today, or at rest since.
    let others = if days.iter().all(is_known) { Vec::new() } else { talk.api().habits().await? };
    let row = |day: &Reminded| -> Option<MarkedRow> {
        if day.is_of(tapped) {
            return Some(marked_row(&set.habit, day, said(tapped.wanted)));
        }
        let habit = today.iter().chain(&others).find(|habit| habit.id == day.habit_id)?;
        let is_today = set.today.as_ref().is_some_and(|today| today.date == day.date);
        let was_skipped = is_today && day.said == Said::Done && habit.status_today == ExecutionStatus::Skipped;
        Some(marked_row(habit, day, if was_skipped { Said::Skipped } else { day.said }))
    };
    let rows: Vec<MarkedRow> = days.iter().filter_map(row).collect();
    Ok(reminder_marked(talk.locale(), &rows))
}

/// A day of a habit that a reminder is about, and what was said of it.
#[derive(Debug, Clone, Copy)]
struct Reminded {
    habit_id: i64,
    date: NaiveDate,
    said: Said,
}

impl Reminded {
    fn is_of(self, mark: Mark) -> bool {
        (self.habit_id, self.date) == (mark.habit_id, mark.date)
    }
}

fn reminded(tap: &Tap) -> Vec<Reminded> {
    let mut days: Vec<Reminded> = Vec::new();
    for action in tap.actions() {
        let (habit_id, date, said) = match action {
            // Undo is offered of what was done, and of what was skipped as well.
            Action::Mark(Mark { habit_id, date, wanted: Wanted::Pending, origin: Origin::Reminder }) => {
                (habit_id, date, Said::Done)
            }
            Action::Mark(Mark { habit_id, date, origin: Origin::Reminder, .. }) => (habit_id, date, Said::Nothing),
            Action::AskSnooze { habit_id, date, until: Some(until) } => (habit_id, date, Said::Later(until)),
            _ => continue,
        };
        match days.iter_mut().find(|day| (day.habit_id, day.date) == (habit_id, date)) {
            Some(day) if said != Said::Nothing => day.said = said,
            Some(_) => {}
            None => days.push(Reminded { habit_id, date, said }),
        }
    }
    days
}

fn said(wanted: Wanted) -> Said {
    match wanted {
        Wanted::Pending => Said::Nothing,
        Wanted::Done => Said::Done,
        Wanted::Skipped | Wanted::Frozen => Said::Skipped,
    }
}

fn marked_row(habit: &Habit, day: &Reminded, said: Said) -> MarkedRow {
    let row = ReminderRow {
        habit_id: habit.id,
        name: habit.name.clone(),
        current_streak: habit.current_streak.unsigned_abs(),
        date: day.date,
    };
    MarkedRow { row, said }
}
