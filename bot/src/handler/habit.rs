//! The habits, page by page, and one of them: its card, its archive, its end.

use chrono::NaiveDate;
use screens::{Screen, action::Field, card, edit, list, menu, toast::Toast};
use wire::{ClientError, execution::ExecutionSet, habit::HabitPatch};

use super::{
    error::HandleError,
    talk::{Place, Talk},
};
use crate::dialogue::{Dialogue, Step};

pub(super) async fn list(talk: &Talk<'_>, page: u8) -> Result<Screen, HandleError> {
    Ok(list::habits(talk.locale(), &talk.api().habits().await?, page))
}

pub(super) async fn archive(talk: &Talk<'_>, page: u8) -> Result<Screen, HandleError> {
    let mut habits = talk.api().all_habits().await?;
    habits.retain(|habit| !habit.is_active);
    Ok(list::archive(talk.locale(), &habits, page))
}

/// The card, or the list when the habit is gone.
pub(super) async fn card(talk: &Talk<'_>, habit_id: i64) -> Result<Screen, HandleError> {
    match talk.api().habit(habit_id).await {
        Ok(habit) => Ok(card::card(talk.locale(), &habit)),
        Err(error) if is_gone(&error) => list(talk, 0).await,
        Err(error) => Err(error.into()),
    }
}

/// The card as the api told it with the day that was set.
pub(super) async fn card_after(talk: &Talk<'_>, set: ExecutionSet) -> Result<Screen, HandleError> {
    match set.card {
        Some(habit) => Ok(card::card(talk.locale(), &habit)),
        None => card(talk, set.habit.id).await,
    }
}

/// Shows a screen that is drawn of a habit, or says that the habit is gone and shows the others.
async fn shown(
    talk: &Talk<'_>,
    place: Place,
    drawn: Result<Screen, ClientError>,
) -> Result<Option<Toast>, HandleError> {
    match drawn {
        Ok(screen) => {
            talk.show(place, &screen).await?;
            Ok(None)
        }
        Err(error) if is_gone(&error) => {
            talk.show(place, &list(talk, 0).await?).await?;
            Ok(Some(Toast::HabitGone))
        }
        Err(error) => Err(error.into()),
    }
}

pub(super) async fn open(talk: &Talk<'_>, habit_id: i64, place: Place) -> Result<Option<Toast>, HandleError> {
    let drawn = talk.api().habit(habit_id).await.map(|habit| card::card(talk.locale(), &habit));
    shown(talk, place, drawn).await
}

pub(super) async fn edit(talk: &Talk<'_>, habit_id: i64, place: Place) -> Result<Option<Toast>, HandleError> {
    let drawn = talk.api().habit(habit_id).await.map(|card| edit::edit(talk.locale(), &card.habit));
    shown(talk, place, drawn).await
}

/// Puts a habit away, or takes it up again.
pub(super) async fn set_active(
    talk: &Talk<'_>,
    habit_id: i64,
    active: bool,
    place: Place,
) -> Result<Option<Toast>, HandleError> {
    let patch = HabitPatch { is_active: Some(active), ..HabitPatch::default() };
    match talk.api().update_habit(habit_id, &patch).await {
        Ok(_) => open(talk, habit_id, place).await,
        Err(error) => shown(talk, place, Err(error)).await,
    }
}

/// Asks for a new value, and takes what is typed next for it.
pub(super) async fn ask_field(talk: &Talk<'_>, habit_id: i64, field: Field, place: Place) -> Result<(), HandleError> {
    talk.keep(&Dialogue::open(Step::Change { habit_id, field }, talk.update_id())).await?;
    talk.show(place, &edit::ask(talk.locale(), habit_id, field, None)).await
}

/// The same for what was done of the goal on a day.
pub(super) async fn ask_amount(
    talk: &Talk<'_>,
    habit_id: i64,
    date: NaiveDate,
    place: Place,
) -> Result<(), HandleError> {
    talk.keep(&Dialogue::open(Step::Amount { habit_id, date }, talk.update_id())).await?;
    talk.show(place, &edit::ask_amount(talk.locale(), habit_id, None)).await
}

/// Takes a value away.
pub(super) async fn clear(talk: &Talk<'_>, habit_id: i64, field: Field, place: Place) -> Result<(), HandleError> {
    let patch = match field {
        Field::Description => HabitPatch { description: Some(None), ..HabitPatch::default() },
        Field::Goal => HabitPatch { goal: Some(None), ..HabitPatch::default() },
        // Every habit has these.
        Field::Name | Field::Times | Field::Schedule | Field::TargetDays => {
            return ask_field(talk, habit_id, field, place).await;
        }
    };
    change(talk, habit_id, &patch, place).await
}

/// Changes a habit, and closes the dialogue that asked for it.
pub(super) async fn change(
    talk: &Talk<'_>,
    habit_id: i64,
    patch: &HabitPatch,
    place: Place,
) -> Result<(), HandleError> {
    let changed = talk.api().update_habit(habit_id, patch).await;
    shown(talk, place, changed.map(|habit| edit::edit(talk.locale(), &habit))).await?;
    talk.close_dialogue().await
}

/// Asks first; then the habit is gone with all its days.
pub(super) async fn delete(
    talk: &Talk<'_>,
    habit_id: i64,
    sure: bool,
    place: Place,
) -> Result<Option<Toast>, HandleError> {
    let habit = match talk.api().habit(habit_id).await {
        Ok(card) => card.habit,
        Err(error) => return shown(talk, place, Err(error)).await,
    };
    if !sure {
        return shown(talk, place, Ok(card::ask_delete(talk.locale(), &habit))).await;
    }
    let deleted = talk.api().delete_habit(habit_id).await;
    shown(talk, place, deleted.map(|()| menu::deleted(talk.locale(), &habit.name))).await
}

/// Whether the habit was deleted, put away, or never was the person's.
pub(super) fn is_gone(error: &ClientError) -> bool {
    ["habit_not_found", "habit_forbidden", "habit_access_forbidden", "habit_not_active"]
        .iter()
        .any(|kind| error.is(kind))
}
