//! The Today list.

use screens::{
    Action, Screen,
    action::{Mark, Origin},
    today::{TodayRow, today},
};
use wire::habit::Habit;

use super::{
    error::HandleError,
    event::Tap,
    talk::{Place, Talk, calendar_of},
};

/// The list as it is now.
pub(super) async fn screen(talk: &Talk<'_>, page: u8) -> Result<Screen, HandleError> {
    let api = talk.api();
    let (me, habits) = tokio::try_join!(api.me(), api.habits())?;
    let date = calendar_of(&me).today(talk.now());
    let rows: Vec<TodayRow> = habits.into_iter().map(row).collect();
    Ok(today(talk.locale(), date, &rows, page))
}

fn row(habit: Habit) -> TodayRow {
    TodayRow {
        habit_id: habit.id,
        name: habit.name,
        time: habit.time_to_remind,
        current_streak: habit.current_streak.unsigned_abs(),
        done: habit.is_done_today,
    }
}

/// A list is redrawn in place; below another screen it is opened anew.
pub(super) fn place(tap: &Tap) -> Place {
    let is_tick =
        |data: &String| matches!(Action::decode(data), Ok(Action::Mark(Mark { origin: Origin::Today { .. }, .. })));
    if tap.keyboard.iter().any(is_tick) { Place::InPlaceOf(tap.message) } else { Place::New }
}
