//! An archive joins what a person has.

use ::habits::{pause::Pause as Dates, schedule::Schedule};
use ::transfer::{Archive, Format, Habit, Pause, is_same_in_loop};
use chrono::{DateTime, Utc};
use sqlx::PgConnection;
use store::{
    habit::{self, Cause, Habit as Stored, MAX_HABITS},
    pause::{self, MAX_PAUSES},
    transfer::{self, DayRow},
    user::User,
};

use crate::{
    error::ApiError,
    transfer::archive::{stored, stored_day, stored_reason},
};

#[derive(Debug, Default)]
pub(super) struct Counts {
    pub(super) habits_added: usize,
    pub(super) habits_merged: usize,
    pub(super) days_added: usize,
    /// Something was said of them already.
    pub(super) days_skipped: usize,
    pub(super) pauses_added: usize,
}

/// Writes what is not there yet; streaks and reminders follow. The owner has to be locked.
pub(super) async fn bring(
    conn: &mut PgConnection,
    owner: &User,
    archive: &Archive,
    format: Format,
    now: DateTime<Utc>,
) -> Result<Counts, ApiError> {
    transfer::lock_habits(conn, owner.id).await?;
    let mut there: Vec<Option<Stored>> = transfer::habits(conn, owner.id).await?.into_iter().map(Some).collect();
    let before = there.len();
    let mut counts = Counts::default();
    let mut days: Vec<DayRow> = Vec::new();
    let mut pauses: Vec<(Option<i64>, &Pause)> = Vec::new();
    for habit in &archive.habits {
        let id = if let Some(same) = take_same(&mut there, habit, format) {
            counts.habits_merged += 1;
            same.id
        } else {
            if i64::try_from(before + counts.habits_added).is_ok_and(|count| count >= MAX_HABITS) {
                return Err(ApiError::TooManyHabits);
            }
            counts.habits_added += 1;
            let id = transfer::insert_habit(conn, &stored(habit, owner, now)).await?;
            // Only of new ones: whoever ended a pause here does not want it back.
            pauses.extend(habit.pauses.iter().map(|pause| (Some(id), pause)));
            id
        };
        days.extend(habit.days.iter().map(|day| stored_day(id, day)));
    }
    counts.days_added = usize::try_from(transfer::add_days(conn, &days, now).await?).unwrap_or(usize::MAX);
    counts.days_skipped = days.len() - counts.days_added;
    let known = transfer::pauses(conn, owner.id).await?;
    let is_known = |pause: &Pause| known.iter().any(|row| row.habit_id.is_none() && row.from_date == pause.from);
    pauses.extend(archive.pauses.iter().filter(|pause| !is_known(pause)).map(|pause| (None, pause)));
    counts.pauses_added = pauses.len();
    add_pauses(conn, owner, &pauses, known.len(), now).await?;
    if counts.habits_added + counts.days_added + counts.pauses_added > 0 {
        habit::reschedule_all(conn, owner.id, Cause::SettingsChanged, now).await?;
    }
    Ok(counts)
}

/// The first habit of this name and schedule that no other of the archive was joined with; of a file in Loop's layout, which
/// knows only frequencies, else the first of this name and frequency.
fn take_same(there: &mut [Option<Stored>], habit: &Habit, format: Format) -> Option<Stored> {
    let schedule = habit.schedules.current();
    let is_frequency = matches!(format, Format::LoopCsv | Format::LoopDb);
    let place = |is_same: fn(Schedule, Schedule) -> bool| {
        there.iter().position(|stored| {
            stored
                .as_ref()
                .is_some_and(|stored| stored.name == habit.name && is_same(stored.schedules.current(), schedule))
        })
    };
    let found = place(is_same_schedule).or_else(|| is_frequency.then(|| place(is_same_in_loop)).flatten());
    there[found?].take()
}

/// On which day a run of days starts makes no other schedule of it.
fn is_same_schedule(one: Schedule, other: Schedule) -> bool {
    match (one, other) {
        (Schedule::EveryNDays { days: one, .. }, Schedule::EveryNDays { days: other, .. }) => one == other,
        (one, other) => one == other,
    }
}

async fn add_pauses(
    conn: &mut PgConnection,
    owner: &User,
    pauses: &[(Option<i64>, &Pause)],
    before: usize,
    now: DateTime<Utc>,
) -> Result<(), ApiError> {
    if i64::try_from(before + pauses.len()).is_ok_and(|count| count > MAX_PAUSES) {
        return Err(ApiError::TooManyPauses);
    }
    for (habit_id, pause) in pauses {
        let dates = Dates { from: pause.from, to: pause.to };
        pause::insert(conn, owner.id, *habit_id, dates, stored_reason(pause.reason), now).await?;
    }
    Ok(())
}
