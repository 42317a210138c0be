//! A set of days of the week.

use chrono::Weekday;
use serde::{Deserialize, Deserializer, Serialize, Serializer, de::Error as _};

const WEEK: [(Weekday, &str); 7] = [
    (Weekday::Mon, "mon"),
    (Weekday::Tue, "tue"),
    (Weekday::Wed, "wed"),
    (Weekday::Thu, "thu"),
    (Weekday::Fri, "fri"),
    (Weekday::Sat, "sat"),
    (Weekday::Sun, "sun"),
];

/// At least one day of the week. As JSON: a list such as `["mon", "wed"]`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Weekdays(u8);

impl Weekdays {
    /// These days; `None` for no day at all.
    pub fn new(days: impl IntoIterator<Item = Weekday>) -> Option<Self> {
        let bits = days.into_iter().fold(0, |bits, day| bits | bit(day));
        (bits != 0).then_some(Self(bits))
    }

    pub fn contains(self, day: Weekday) -> bool {
        self.0 & bit(day) != 0
    }

    /// How many days, 1 to 7.
    pub fn count(self) -> u32 {
        self.0.count_ones()
    }

    /// The days from Monday on.
    pub fn iter(self) -> impl Iterator<Item = Weekday> {
        WEEK.into_iter().map(|(day, _)| day).filter(move |day| self.contains(*day))
    }
}

fn bit(day: Weekday) -> u8 {
    1 << day.num_days_from_monday()
}

impl Serialize for Weekdays {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_seq(WEEK.iter().filter(|(day, _)| self.contains(*day)).map(|(_, name)| name))
    }
}

impl<'de> Deserialize<'de> for Weekdays {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let names = Vec::<String>::deserialize(deserializer)?;
        let days: Option<Vec<Weekday>> = names.iter().map(|name| named(name)).collect();
        days.and_then(Self::new).ok_or_else(|| D::Error::custom("at least one of mon, tue, wed, thu, fri, sat, sun"))
    }
}

fn named(name: &str) -> Option<Weekday> {
    WEEK.iter().find(|(_, known)| *known == name).map(|(day, _)| *day)
}
