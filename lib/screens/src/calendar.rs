//! Dates and times in words.

use chrono::{DateTime, Datelike as _, NaiveDate, NaiveTime, Utc};
use chrono_tz::Tz;
use fluent_templates::fluent_bundle::FluentValue;

use crate::{
    Locale,
    text::{key, text_with},
};

/// `Sunday, 22 November`.
pub fn date(locale: Locale, date: NaiveDate) -> String {
    let arguments = [
        ("weekday", date.weekday().number_from_monday().into()),
        ("day", date.day().into()),
        ("month", date.month().into()),
    ];
    text_with(locale, key::DATE, arguments)
}

/// `18:32`.
pub fn time(time: NaiveTime) -> String {
    time.format("%H:%M").to_string()
}

/// All reminders of a day, ascending: `07:45, 18:32`.
pub(crate) fn times(first: NaiveTime, more: &[NaiveTime]) -> String {
    let mut times = [&[first], more].concat();
    times.sort_unstable();
    let times: Vec<String> = times.into_iter().map(time).collect();
    times.join(", ")
}

/// What clocks in `zone` show at `now`: `18:32`.
pub fn time_in(zone: Tz, now: DateTime<Utc>) -> String {
    time(now.with_timezone(&zone).time())
}

/// When something is due as seen from `now`: `today at 18:32`, `tomorrow at 07:00`, or with the date.
pub fn moment(locale: Locale, at: DateTime<Utc>, now: DateTime<Utc>, zone: Tz) -> String {
    let local = at.with_timezone(&zone);
    let days_ahead = (local.date_naive() - now.with_timezone(&zone).date_naive()).num_days();
    let time: FluentValue<'_> = time(local.time()).into();
    match days_ahead {
        0 => text_with(locale, key::MOMENT_TODAY, [("time", time)]),
        1 => text_with(locale, key::MOMENT_TOMORROW, [("time", time)]),
        _ => text_with(locale, key::MOMENT_DATE, [("date", date(locale, local.date_naive()).into()), ("time", time)]),
    }
}
