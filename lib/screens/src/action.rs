//! What a button carries: `callback_data`, at most 64 bytes (<https://core.telegram.org/bots/api#inlinekeyboardbutton>).
//!
//! Fields are joined by colons, the kind of action first. Old messages keep their buttons for good: a kind is never
//! given another meaning, only new ones are added.

use std::str::{FromStr, Split};

use chrono::{NaiveDate, NaiveTime};
use chrono_tz::Tz;

use crate::Locale;

/// What a tap asks for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Action {
    /// Sets a day of a habit.
    Mark(Mark),
    /// Shows a page of the Today list, the first being 0.
    Today {
        page: u8,
    },
    /// Starts the creation of a habit.
    NewHabit,
    /// Answers a question of the creation with this draft.
    Answer {
        draft: i64,
        answer: Answer,
    },
    AskZone,
    Zone(Tz),
    AskLanguage,
    Language(Locale),
}

/// The wanted state of a day, so that a second tap changes nothing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Mark {
    pub habit_id: i64,
    /// The day in the person's zone that the button was made for.
    pub date: NaiveDate,
    pub done: bool,
    pub origin: Origin,
}

/// Which kind of message the button is on, hence how to redraw it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Origin {
    Reminder,
    Today { page: u8 },
}

/// An answer that needs no typing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Answer {
    NoDescription,
    TargetDays(u32),
    /// Hour and minute.
    Time(NaiveTime),
}

/// Data of a button that this version does not know.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("unknown button data {0:?}")]
pub struct UnknownAction(pub String);

impl Action {
    /// The data of a button, at most 64 bytes.
    pub fn encode(&self) -> String {
        match self {
            Self::Mark(Mark { habit_id, date, done, origin }) => {
                let origin = match origin {
                    Origin::Reminder => "r".to_owned(),
                    Origin::Today { page } => format!("t:{page}"),
                };
                format!("m:{habit_id}:{date}:{}:{origin}", u8::from(*done))
            }
            Self::Today { page } => format!("t:{page}"),
            Self::NewHabit => "n".to_owned(),
            Self::Answer { draft, answer } => match answer {
                Answer::NoDescription => format!("a:{draft}:d"),
                Answer::TargetDays(days) => format!("a:{draft}:g:{days}"),
                Answer::Time(time) => format!("a:{draft}:h:{}", time.format("%H%M")),
            },
            Self::AskZone => "z".to_owned(),
            Self::Zone(zone) => format!("z:{}", zone.name()),
            Self::AskLanguage => "l".to_owned(),
            Self::Language(locale) => format!("l:{}", locale.code()),
        }
    }

    /// Reads the data of a button.
    ///
    /// # Errors
    ///
    /// Data of another version, or of no version: redraw something that is current.
    pub fn decode(data: &str) -> Result<Self, UnknownAction> {
        let mut fields = data.split(':');
        let action = decode(&mut fields).filter(|_| fields.next().is_none());
        action.ok_or_else(|| UnknownAction(data.to_owned()))
    }
}

fn decode(fields: &mut Split<'_, char>) -> Option<Action> {
    Some(match fields.next()? {
        "m" => Action::Mark(Mark {
            habit_id: parse(fields)?,
            date: parse(fields)?,
            done: flag(fields.next()?)?,
            origin: origin(fields)?,
        }),
        "t" => Action::Today { page: parse(fields)? },
        "n" => Action::NewHabit,
        "a" => Action::Answer { draft: parse(fields)?, answer: answer(fields)? },
        "z" => match fields.next() {
            None => Action::AskZone,
            Some(zone) => Action::Zone(zone.parse().ok()?),
        },
        "l" => match fields.next() {
            None => Action::AskLanguage,
            Some(code) => Action::Language(Locale::ALL.into_iter().find(|locale| locale.code() == code)?),
        },
        _ => return None,
    })
}

fn answer(fields: &mut Split<'_, char>) -> Option<Answer> {
    Some(match fields.next()? {
        "d" => Answer::NoDescription,
        "g" => Answer::TargetDays(parse(fields)?),
        "h" => Answer::Time(NaiveTime::parse_from_str(fields.next()?, "%H%M").ok()?),
        _ => return None,
    })
}

fn origin(fields: &mut Split<'_, char>) -> Option<Origin> {
    Some(match fields.next()? {
        "r" => Origin::Reminder,
        "t" => Origin::Today { page: parse(fields)? },
        _ => return None,
    })
}

fn flag(field: &str) -> Option<bool> {
    match field {
        "0" => Some(false),
        "1" => Some(true),
        _ => None,
    }
}

fn parse<T: FromStr>(fields: &mut Split<'_, char>) -> Option<T> {
    fields.next()?.parse().ok()
}

#[cfg(test)]
mod tests {
    use chrono_tz::TZ_VARIANTS;
    use proptest::prelude::*;

    use super::*;

    /// `callback_data` of the Bot API.
    const MOST_BYTES: usize = 64;

    fn any_date() -> impl Strategy<Value = NaiveDate> {
        (0_u64..4_000_000).prop_map(|days| "0001-01-01".parse::<NaiveDate>().unwrap() + chrono::Days::new(days))
    }

    fn any_origin() -> impl Strategy<Value = Origin> {
        prop_oneof![Just(Origin::Reminder), any::<u8>().prop_map(|page| Origin::Today { page })]
    }

    fn any_answer() -> impl Strategy<Value = Answer> {
        prop_oneof![
            Just(Answer::NoDescription),
            any::<u32>().prop_map(Answer::TargetDays),
            (0_u32..24, 0_u32..60).prop_map(|(h, m)| Answer::Time(NaiveTime::from_hms_opt(h, m, 0).unwrap())),
        ]
    }

    fn any_action() -> impl Strategy<Value = Action> {
        prop_oneof![
            (any::<i64>(), any_date(), any::<bool>(), any_origin())
                .prop_map(|(habit_id, date, done, origin)| Action::Mark(Mark { habit_id, date, done, origin })),
            any::<u8>().prop_map(|page| Action::Today { page }),
            Just(Action::NewHabit),
            (any::<i64>(), any_answer()).prop_map(|(draft, answer)| Action::Answer { draft, answer }),
            Just(Action::AskZone),
            proptest::sample::select(&TZ_VARIANTS[..]).prop_map(Action::Zone),
            Just(Action::AskLanguage),
            proptest::sample::select(&Locale::ALL[..]).prop_map(Action::Language),
        ]
    }

    proptest! {
        #[test]
        fn every_action_survives_its_button(action in any_action()) {
            let data = action.encode();
            prop_assert!(data.len() <= MOST_BYTES, "{} is {} bytes", data, data.len());
            prop_assert_eq!(Action::decode(&data), Ok(action));
        }

        #[test]
        fn no_data_makes_the_reader_fall_over(data in ".{0,64}") {
            let _ = Action::decode(&data);
        }
    }

    #[test]
    fn the_largest_values_fit_a_button() {
        let mark =
            Mark { habit_id: i64::MIN, date: NaiveDate::MAX, done: true, origin: Origin::Today { page: u8::MAX } };
        let data = Action::Mark(mark).encode();
        assert!(data.len() <= MOST_BYTES, "{data}");
        assert_eq!(Action::decode(&data), Ok(Action::Mark(mark)));
    }

    #[test]
    fn data_of_another_version_is_an_error() {
        for data in ["", "m", "m:1", "m:1:2026-11-22:2:r", "m:1:2026-11-22:1:r:x", "n:1", "z:Mars/Olympus", "q:1"] {
            assert_eq!(Action::decode(data), Err(UnknownAction(data.to_owned())));
        }
    }
}
