//! Reminders that are put off: only the buttons of the reminder change, its words stay.

use chrono::{NaiveDate, NaiveTime};
use screens::{reminder, toast::Toast};
use wire::snooze::SnoozeSet;

use super::{
    error::HandleError,
    event::Tap,
    habit,
    talk::{Talk, zone_of},
};

/// Offers for how long.
pub(super) async fn ask(talk: &Talk<'_>, tap: &Tap, habit_id: i64, date: NaiveDate) -> Result<(), HandleError> {
    let now = talk.now().with_timezone(&zone_of(talk.person())).time();
    let keyboard = reminder::ask_snooze(talk.locale(), &tap.keyboard, habit_id, date, now);
    talk.set_keyboard(tap.message, &keyboard).await
}

/// Puts the reminder off by so many minutes; by none: takes that back.
pub(super) async fn set(
    talk: &Talk<'_>,
    tap: &Tap,
    habit_id: i64,
    date: NaiveDate,
    minutes: u16,
) -> Result<Toast, HandleError> {
    let minutes = (minutes > 0).then(|| i64::from(minutes));
    let snooze = match talk.api().set_snooze(habit_id, &SnoozeSet { execution_date: date, minutes }).await {
        Ok(snooze) => snooze,
        Err(error) if habit::is_gone(&error) => return Ok(Toast::HabitGone),
        Err(error) if error.is("date_out_of_range") => return Ok(Toast::DayClosed { date }),
        Err(error) => return Err(error.into()),
    };
    let zone = zone_of(talk.person());
    let until: Option<NaiveTime> = snooze.remind_at.map(|at| at.with_timezone(&zone).time());
    let keyboard = reminder::snoozed(talk.locale(), &tap.keyboard, habit_id, date, until);
    talk.set_keyboard(tap.message, &keyboard).await?;
    Ok(Toast::Snoozed { until })
}
