//! What a button carries: `callback_data`, at most 64 bytes (<https://core.telegram.org/bots/api#inlinekeyboardbutton>).
//!
//! Fields are joined by colons, the kind of action first. Old messages keep their buttons for good: a kind is never
//! given another meaning, only new ones are added.

use std::str::{FromStr, Split};

use chrono::{NaiveDate, NaiveTime};
use chrono_tz::Tz;
use serde::{Deserialize, Serialize};

use wire::schedule::Schedule;

use crate::{
    Locale,
    schedule::{WEEKEND, WORKDAYS},
};

/// What a tap asks for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Action {
    /// Sets a day of a habit.
    Mark(Mark),
    /// Asks for how long to put a reminder off; it is put off until this time already.
    AskSnooze {
        habit_id: i64,
        date: NaiveDate,
        until: Option<NaiveTime>,
    },
    /// Puts the reminder of a day off by so many minutes; by none: takes that back.
    Snooze {
        habit_id: i64,
        date: NaiveDate,
        minutes: u16,
    },
    /// Adds to what was done of a habit's goal on a day, in thousandths of the goal's unit.
    Add {
        habit_id: i64,
        date: NaiveDate,
        milli: i64,
    },
    /// Asks how much was done of a habit's goal on a day.
    AskAmount {
        habit_id: i64,
        date: NaiveDate,
    },
    /// Shows a page of the Today list, the first being 0.
    Today {
        page: u8,
    },
    /// The same of yesterday's list.
    Yesterday {
        page: u8,
    },
    /// Sets all open days of the Today list to done, where it still is this day.
    DoneAll {
        date: NaiveDate,
        page: u8,
    },
    /// Shows a page of the habits, the first being 0.
    Habits {
        page: u8,
    },
    /// The same of those that were put away.
    Archive {
        page: u8,
    },
    /// Shows how it goes, a page of the habits, the first being 0.
    Stats {
        page: u8,
    },
    /// Shows the picture of a habit's year; back leads to this page of how it goes.
    Year {
        habit_id: i64,
        page: u8,
    },
    /// The same of all habits together.
    YearOfAll,
    /// Shows a habit.
    Card {
        habit_id: i64,
    },
    /// Shows what can be changed of a habit.
    Edit {
        habit_id: i64,
    },
    /// Asks for a new value.
    AskField {
        habit_id: i64,
        field: Field,
    },
    /// Takes a value away that a habit need not have.
    Clear {
        habit_id: i64,
        field: Field,
    },
    /// Sets how often a habit is to be done.
    SetSchedule {
        habit_id: i64,
        schedule: Preset,
    },
    /// Puts a habit away, or takes it back.
    SetActive {
        habit_id: i64,
        active: bool,
    },
    /// Asks whether to delete a habit, and then does it.
    Delete {
        habit_id: i64,
        sure: bool,
    },
    /// Starts the creation of a habit.
    NewHabit,
    /// Says something of the new habit that was begun with this update.
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
    pub wanted: Wanted,
    pub origin: Origin,
}

/// What a day is to be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Wanted {
    /// As if nothing had been said.
    Pending,
    Done,
    Skipped,
    /// Missed, and excused afterwards.
    Frozen,
}

/// What can be changed of a habit.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Field {
    Name,
    Description,
    Times,
    Schedule,
    Goal,
    TargetDays,
}

/// Schedules that need no typing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Preset {
    Daily,
    Workdays,
    Weekend,
    TwiceAWeek,
    ThriceAWeek,
    EverySecondDay,
}

/// Which kind of message the button is on, hence how to redraw it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Origin {
    Reminder,
    Today { page: u8 },
    Yesterday { page: u8 },
    Card,
}

/// What a button of a new habit says, before the habit is there.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Answer {
    /// Shows a page of the catalogue, the first being 0.
    Catalogue {
        page: u8,
    },
    /// Begins with a habit of the catalogue.
    Template {
        id: i64,
    },
    /// Asks one question after the other.
    StepByStep,
    /// Shows all that is known of the habit.
    Look,
    /// Asks for a value.
    Ask(Field),
    /// Leaves the value that is asked for as it is.
    Skip(Field),
    /// Takes a value away that a habit need not have.
    Clear(Field),
    TargetDays(u32),
    /// Hour and minute.
    Time(NaiveTime),
    Schedule(Preset),
    Create,
    Cancel,
}

/// Data of a button that this version does not know.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("unknown button data {0:?}")]
pub struct UnknownAction(pub String);

impl Action {
    /// The data of a button, at most 64 bytes.
    pub fn encode(&self) -> String {
        match self {
            Self::Mark(Mark { habit_id, date, wanted, origin }) => {
                let origin = match origin {
                    Origin::Reminder => "r".to_owned(),
                    Origin::Today { page } => format!("t:{page}"),
                    Origin::Yesterday { page } => format!("y:{page}"),
                    Origin::Card => "c".to_owned(),
                };
                format!("m:{habit_id}:{date}:{}:{origin}", wanted.code())
            }
            Self::AskSnooze { habit_id, date, until: None } => format!("w:{habit_id}:{date}"),
            Self::AskSnooze { habit_id, date, until: Some(time) } => {
                format!("w:{habit_id}:{date}:{}", time.format("%H%M"))
            }
            Self::Snooze { habit_id, date, minutes } => format!("v:{habit_id}:{date}:{minutes}"),
            Self::Add { habit_id, date, milli } => format!("p:{habit_id}:{date}:{milli}"),
            Self::AskAmount { habit_id, date } => format!("q:{habit_id}:{date}"),
            Self::Today { page } => format!("t:{page}"),
            Self::Yesterday { page } => format!("yd:{page}"),
            Self::DoneAll { date, page } => format!("d:{date}:{page}"),
            Self::Habits { page } => format!("h:{page}"),
            Self::Archive { page } => format!("r:{page}"),
            Self::Stats { page } => format!("o:{page}"),
            Self::Year { habit_id, page } => format!("y:{habit_id}:{page}"),
            Self::YearOfAll => "y".to_owned(),
            Self::Card { habit_id } => format!("c:{habit_id}"),
            Self::Edit { habit_id } => format!("e:{habit_id}"),
            Self::AskField { habit_id, field } => format!("f:{habit_id}:{}", field.code()),
            Self::Clear { habit_id, field } => format!("k:{habit_id}:{}", field.code()),
            Self::SetSchedule { habit_id, schedule } => format!("g:{habit_id}:{}", schedule.code()),
            Self::SetActive { habit_id, active } => format!("s:{habit_id}:{}", u8::from(*active)),
            Self::Delete { habit_id, sure } => format!("x:{habit_id}:{}", u8::from(*sure)),
            Self::NewHabit => "n".to_owned(),
            Self::Answer { draft, answer } => format!("a:{draft}:{}", answer.code()),
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
            wanted: Wanted::of(fields.next()?)?,
            origin: origin(fields)?,
        }),
        "w" => {
            let (habit_id, date) = (parse(fields)?, parse(fields)?);
            let until = fields.next().map(|time| NaiveTime::parse_from_str(time, "%H%M")).transpose().ok()?;
            Action::AskSnooze { habit_id, date, until }
        }
        "v" => Action::Snooze { habit_id: parse(fields)?, date: parse(fields)?, minutes: parse(fields)? },
        "p" => Action::Add { habit_id: parse(fields)?, date: parse(fields)?, milli: parse(fields)? },
        "q" => Action::AskAmount { habit_id: parse(fields)?, date: parse(fields)? },
        "t" => Action::Today { page: parse(fields)? },
        "yd" => Action::Yesterday { page: parse(fields)? },
        "d" => Action::DoneAll { date: parse(fields)?, page: parse(fields)? },
        "h" => Action::Habits { page: parse(fields)? },
        "r" => Action::Archive { page: parse(fields)? },
        "o" => Action::Stats { page: parse(fields)? },
        "y" => match fields.next() {
            None => Action::YearOfAll,
            Some(habit_id) => Action::Year { habit_id: habit_id.parse().ok()?, page: parse(fields)? },
        },
        "c" => Action::Card { habit_id: parse(fields)? },
        "e" => Action::Edit { habit_id: parse(fields)? },
        "f" => Action::AskField { habit_id: parse(fields)?, field: Field::of(fields.next()?)? },
        "k" => Action::Clear { habit_id: parse(fields)?, field: Field::of(fields.next()?)? },
        "g" => Action::SetSchedule { habit_id: parse(fields)?, schedule: Preset::of(fields.next()?)? },
        "s" => Action::SetActive { habit_id: parse(fields)?, active: flag(fields.next()?)? },
        "x" => Action::Delete { habit_id: parse(fields)?, sure: flag(fields.next()?)? },
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
        "c" => Answer::Catalogue { page: parse(fields)? },
        "t" => Answer::Template { id: parse(fields)? },
        "w" => Answer::StepByStep,
        "l" => Answer::Look,
        "f" => Answer::Ask(Field::of(fields.next()?)?),
        "s" => Answer::Skip(Field::of(fields.next()?)?),
        "k" => Answer::Clear(Field::of(fields.next()?)?),
        "g" => Answer::TargetDays(parse(fields)?),
        "h" => Answer::Time(NaiveTime::parse_from_str(fields.next()?, "%H%M").ok()?),
        "p" => Answer::Schedule(Preset::of(fields.next()?)?),
        "y" => Answer::Create,
        "x" => Answer::Cancel,
        _ => return None,
    })
}

fn origin(fields: &mut Split<'_, char>) -> Option<Origin> {
    Some(match fields.next()? {
        "r" => Origin::Reminder,
        "t" => Origin::Today { page: parse(fields)? },
        "y" => Origin::Yesterday { page: parse(fields)? },
        "c" => Origin::Card,
        _ => return None,
    })
}

impl Wanted {
    /// All, in the order of their codes.
    const ALL: [Self; 4] = [Self::Pending, Self::Done, Self::Skipped, Self::Frozen];

    fn code(self) -> u8 {
        self as u8
    }

    fn of(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|wanted| wanted.code().to_string() == code)
    }
}

impl Answer {
    fn code(self) -> String {
        match self {
            Self::Catalogue { page } => format!("c:{page}"),
            Self::Template { id } => format!("t:{id}"),
            Self::StepByStep => "w".to_owned(),
            Self::Look => "l".to_owned(),
            Self::Ask(field) => format!("f:{}", field.code()),
            Self::Skip(field) => format!("s:{}", field.code()),
            Self::Clear(field) => format!("k:{}", field.code()),
            Self::TargetDays(days) => format!("g:{days}"),
            Self::Time(time) => format!("h:{}", time.format("%H%M")),
            Self::Schedule(preset) => format!("p:{}", preset.code()),
            Self::Create => "y".to_owned(),
            Self::Cancel => "x".to_owned(),
        }
    }
}

impl Preset {
    pub const ALL: [Self; 6] =
        [Self::Daily, Self::Workdays, Self::Weekend, Self::TwiceAWeek, Self::ThriceAWeek, Self::EverySecondDay];

    fn code(self) -> &'static str {
        match self {
            Self::Daily => "d",
            Self::Workdays => "b",
            Self::Weekend => "e",
            Self::TwiceAWeek => "w2",
            Self::ThriceAWeek => "w3",
            Self::EverySecondDay => "n2",
        }
    }

    fn of(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|preset| preset.code() == code)
    }

    /// The schedule that it stands for.
    pub fn schedule(self) -> Schedule {
        match self {
            Self::Daily => Schedule::Daily,
            Self::Workdays => Schedule::Weekdays { weekdays: WORKDAYS.to_vec() },
            Self::Weekend => Schedule::Weekdays { weekdays: WEEKEND.to_vec() },
            Self::TwiceAWeek => Schedule::TimesPerWeek { times: 2 },
            Self::ThriceAWeek => Schedule::TimesPerWeek { times: 3 },
            Self::EverySecondDay => Schedule::EveryNDays { days: 2, start: None },
        }
    }
}

impl Field {
    pub const ALL: [Self; 6] =
        [Self::Name, Self::Description, Self::Times, Self::Schedule, Self::Goal, Self::TargetDays];

    fn code(self) -> &'static str {
        match self {
            Self::Name => "n",
            Self::Description => "d",
            Self::Times => "h",
            Self::Schedule => "s",
            Self::Goal => "a",
            Self::TargetDays => "g",
        }
    }

    fn of(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|field| field.code() == code)
    }
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
        prop_oneof![
            Just(Origin::Reminder),
            any::<u8>().prop_map(|page| Origin::Today { page }),
            any::<u8>().prop_map(|page| Origin::Yesterday { page }),
            Just(Origin::Card)
        ]
    }

    fn any_answer() -> impl Strategy<Value = Answer> {
        let field = || proptest::sample::select(&Field::ALL[..]);
        prop_oneof![
            any::<u8>().prop_map(|page| Answer::Catalogue { page }),
            any::<i64>().prop_map(|id| Answer::Template { id }),
            proptest::sample::select(&[Answer::StepByStep, Answer::Look, Answer::Create, Answer::Cancel][..]),
            field().prop_map(Answer::Ask),
            field().prop_map(Answer::Skip),
            field().prop_map(Answer::Clear),
            any::<u32>().prop_map(Answer::TargetDays),
            any_minute().prop_map(Answer::Time),
            proptest::sample::select(&Preset::ALL[..]).prop_map(Answer::Schedule),
        ]
    }

    fn any_minute() -> impl Strategy<Value = NaiveTime> {
        (0_u32..24, 0_u32..60).prop_map(|(hour, minute)| NaiveTime::from_hms_opt(hour, minute, 0).unwrap())
    }

    fn any_action() -> impl Strategy<Value = Action> {
        prop_oneof![any_action_of_a_habit(), any_other_action()]
    }

    fn any_action_of_a_habit() -> impl Strategy<Value = Action> {
        let wanted = proptest::sample::select(&Wanted::ALL[..]);
        let field = proptest::sample::select(&Field::ALL[..]);
        prop_oneof![
            (any::<i64>(), any_date(), wanted, any_origin())
                .prop_map(|(habit_id, date, wanted, origin)| Action::Mark(Mark { habit_id, date, wanted, origin })),
            (any::<i64>(), any_date(), any::<i64>()).prop_map(|(habit_id, date, milli)| Action::Add {
                habit_id,
                date,
                milli
            }),
            (any::<i64>(), any_date()).prop_map(|(habit_id, date)| Action::AskAmount { habit_id, date }),
            (any::<i64>(), any_date(), proptest::option::of(any_minute()))
                .prop_map(|(habit_id, date, until)| Action::AskSnooze { habit_id, date, until }),
            (any::<i64>(), any_date(), any::<u16>()).prop_map(|(habit_id, date, minutes)| Action::Snooze {
                habit_id,
                date,
                minutes
            }),
            (any::<i64>(), any::<u8>()).prop_map(|(habit_id, page)| Action::Year { habit_id, page }),
            any::<i64>().prop_map(|habit_id| Action::Card { habit_id }),
            any::<i64>().prop_map(|habit_id| Action::Edit { habit_id }),
            (any::<i64>(), field).prop_map(|(habit_id, field)| Action::AskField { habit_id, field }),
            (any::<i64>(), proptest::sample::select(&Field::ALL[..]))
                .prop_map(|(habit_id, field)| Action::Clear { habit_id, field }),
            (any::<i64>(), proptest::sample::select(&Preset::ALL[..]))
                .prop_map(|(habit_id, schedule)| Action::SetSchedule { habit_id, schedule }),
            (any::<i64>(), any::<bool>()).prop_map(|(habit_id, active)| Action::SetActive { habit_id, active }),
            (any::<i64>(), any::<bool>()).prop_map(|(habit_id, sure)| Action::Delete { habit_id, sure }),
        ]
    }

    fn any_other_action() -> impl Strategy<Value = Action> {
        prop_oneof![
            any::<u8>().prop_map(|page| Action::Today { page }),
            any::<u8>().prop_map(|page| Action::Yesterday { page }),
            (any_date(), any::<u8>()).prop_map(|(date, page)| Action::DoneAll { date, page }),
            any::<u8>().prop_map(|page| Action::Habits { page }),
            any::<u8>().prop_map(|page| Action::Archive { page }),
            any::<u8>().prop_map(|page| Action::Stats { page }),
            Just(Action::YearOfAll),
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
        let mark = Mark {
            habit_id: i64::MIN,
            date: NaiveDate::MAX,
            wanted: Wanted::Done,
            origin: Origin::Today { page: u8::MAX },
        };
        let add = Action::Add { habit_id: i64::MIN, date: NaiveDate::MAX, milli: i64::MIN };
        for action in [Action::Mark(mark), add] {
            let data = action.encode();
            assert!(data.len() <= MOST_BYTES, "{data}");
            assert_eq!(Action::decode(&data), Ok(action));
        }
    }

    #[test]
    fn data_of_another_version_is_an_error() {
        for data in
            ["", "m", "m:1", "m:1:2026-11-22:4:r", "m:1:2026-11-22:1:r:x", "n:1", "z:Mars/Olympus", "q:1", "j:1", "y:1"]
        {
            assert_eq!(Action::decode(data), Err(UnknownAction(data.to_owned())));
        }
    }
}
