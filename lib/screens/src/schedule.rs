//! How often a habit is to be done, in words.

use wire::schedule::{Schedule, Weekday};

use crate::{
    Locale,
    text::{key, text, text_with},
};

pub(crate) const WORKDAYS: [Weekday; 5] = [Weekday::Mon, Weekday::Tue, Weekday::Wed, Weekday::Thu, Weekday::Fri];
pub(crate) const WEEKEND: [Weekday; 2] = [Weekday::Sat, Weekday::Sun];

/// `every day`, `Mon, Wed`, `3 times a week`.
pub fn words(locale: Locale, schedule: &Schedule) -> String {
    match schedule {
        Schedule::Daily => text(locale, key::SCHEDULE_DAILY),
        Schedule::Weekdays { weekdays } if *weekdays == WORKDAYS => text(locale, key::SCHEDULE_WORKDAYS),
        Schedule::Weekdays { weekdays } if *weekdays == WEEKEND => text(locale, key::SCHEDULE_WEEKEND),
        Schedule::Weekdays { weekdays } => {
            let names: Vec<String> = weekdays.iter().map(|day| short_name(locale, number(*day))).collect();
            names.join(", ")
        }
        Schedule::TimesPerWeek { times } => text_with(locale, key::SCHEDULE_WEEKLY, [("times", (*times).into())]),
        Schedule::TimesPerMonth { times } => text_with(locale, key::SCHEDULE_MONTHLY, [("times", (*times).into())]),
        Schedule::EveryNDays { days, .. } => text_with(locale, key::SCHEDULE_EVERY, [("days", (*days).into())]),
    }
}

/// `Mo`, of the day with this number: Monday is 1.
pub(crate) fn short_name(locale: Locale, number_from_monday: u32) -> String {
    text_with(locale, key::WEEKDAY_SHORT, [("weekday", number_from_monday.into())])
}

fn number(day: Weekday) -> u32 {
    day as u32 + 1
}
