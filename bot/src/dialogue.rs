//! Where a person's talk with the bot stands. It is kept by the api, so that a restart in the middle loses nothing.

use chrono::{DateTime, NaiveDate, NaiveTime, Utc};
use screens::{
    Locale, Screen,
    action::{Answer, Field},
    creation::{self, Problem, Question},
    edit, settings,
};
use serde::{Deserialize, Serialize};
use wire::habit::HabitPatch;

use crate::{answer, line};

/// Updates whose effect the state remembers; Telegram gives no more than 100 at once, and one person sends few of them.
const REMEMBERED_UPDATES: usize = 16;

/// What the bot has asked, and what it was told so far.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "step", rename_all = "snake_case")]
pub enum Step {
    Zone,
    Name,
    Description {
        name: String,
    },
    TargetDays {
        name: String,
        description: Option<String>,
    },
    Time {
        name: String,
        description: Option<String>,
        target_days: u32,
    },
    /// A new value of a habit.
    Change {
        habit_id: i64,
        field: Field,
    },
    /// How much was done of its goal on a day.
    Amount {
        habit_id: i64,
        date: NaiveDate,
    },
}

/// An open dialogue, as it is stored.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Dialogue {
    /// The update that opened it. Buttons carry it, so that those of an earlier dialogue do nothing.
    pub draft: i64,
    #[serde(flatten)]
    pub step: Step,
    /// Updates that were answers here: when one is delivered again, it is not taken for the next answer.
    #[serde(default)]
    applied: Vec<i64>,
}

/// A habit that is described in full.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Draft {
    pub name: String,
    pub description: Option<String>,
    pub target_days: u32,
    pub time: NaiveTime,
}

/// What an answer leads to.
#[derive(Debug, Clone, PartialEq)]
pub enum Next {
    Ask(Step),
    Create(Draft),
    Change { habit_id: i64, patch: HabitPatch },
    SetAmount { habit_id: i64, date: NaiveDate, amount: f64 },
}

impl Dialogue {
    pub fn open(step: Step, update_id: i64) -> Self {
        Self { draft: update_id, step, applied: vec![update_id] }
    }

    /// Whether this update had its effect already.
    pub fn has_applied(&self, update_id: i64) -> bool {
        self.applied.contains(&update_id)
    }

    /// The dialogue one step further.
    #[must_use]
    pub fn at(mut self, step: Step, update_id: i64) -> Self {
        if self.applied.len() >= REMEMBERED_UPDATES {
            self.applied.remove(0);
        }
        self.applied.push(update_id);
        Self { step, ..self }
    }

    /// The question that is open, after what was wrong with the last answer.
    pub fn ask(&self, locale: Locale, problem: Option<Problem>, now: DateTime<Utc>) -> Screen {
        let draft = self.draft;
        let question = match &self.step {
            Step::Zone if problem.is_some() => return settings::zone_wants_text(locale, now),
            Step::Zone => return settings::ask_zone(locale, now),
            Step::Change { habit_id, field } => return edit::ask(locale, *habit_id, *field, problem),
            Step::Amount { habit_id, .. } => return edit::ask_amount(locale, *habit_id, problem),
            Step::Name => Question::Name,
            Step::Description { name } => Question::Description { draft, name },
            Step::TargetDays { .. } => Question::TargetDays { draft },
            Step::Time { .. } => Question::Time { draft },
        };
        creation::ask(locale, question, problem)
    }
}

impl Step {
    /// What a typed answer leads to. A zone is read elsewhere.
    ///
    /// # Errors
    ///
    /// Says what is wrong with the answer.
    pub fn typed(&self, text: &str) -> Result<Option<Next>, Problem> {
        Ok(match self.clone() {
            Self::Zone => None,
            Self::Name => Some(Next::Ask(Self::Description { name: answer::name(text)? })),
            Self::Description { name } => {
                Some(Next::Ask(Self::TargetDays { name, description: answer::description(text)? }))
            }
            Self::TargetDays { name, description } => {
                Some(Next::Ask(Self::Time { name, description, target_days: answer::target_days(text)? }))
            }
            Self::Time { name, description, target_days } => {
                Some(Next::Create(Draft { name, description, target_days, time: line::time(text)? }))
            }
            Self::Change { habit_id, field } => Some(Next::Change { habit_id, patch: answer::change(field, text)? }),
            Self::Amount { habit_id, date } => Some(Next::SetAmount { habit_id, date, amount: answer::amount(text)? }),
        })
    }

    /// What a tap leads to; `None` for a button of another question.
    pub fn tapped(&self, answer: Answer) -> Option<Next> {
        Some(match (self.clone(), answer) {
            (Self::Description { name }, Answer::NoDescription) => {
                Next::Ask(Self::TargetDays { name, description: None })
            }
            (Self::TargetDays { name, description }, Answer::TargetDays(target_days)) => {
                Next::Ask(Self::Time { name, description, target_days })
            }
            (Self::Time { name, description, target_days }, Answer::Time(time)) => {
                Next::Create(Draft { name, description, target_days, time })
            }
            _ => return None,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn time() -> NaiveTime {
        NaiveTime::from_hms_opt(7, 45, 0).unwrap()
    }

    #[test]
    fn a_habit_is_described_step_by_step() {
        let Ok(Some(Next::Ask(step))) = Step::Name.typed("Read") else { panic!() };
        let Some(Next::Ask(step)) = step.tapped(Answer::NoDescription) else { panic!() };
        let Ok(Some(Next::Ask(step))) = step.typed("30") else { panic!() };
        let draft = Draft { name: "Read".to_owned(), description: None, target_days: 30, time: time() };
        assert_eq!(step.tapped(Answer::Time(time())), Some(Next::Create(draft)));
    }

    #[test]
    fn a_button_of_another_question_does_nothing() {
        let step = Step::Description { name: "Read".to_owned() };
        assert_eq!(step.tapped(Answer::TargetDays(21)), None);
        assert_eq!(Step::Name.tapped(Answer::NoDescription), None);
    }

    #[test]
    fn a_wrong_answer_says_what_is_wrong() {
        let step = Step::TargetDays { name: "Read".to_owned(), description: None };
        assert_eq!(step.typed("²"), Err(Problem::NotANumber));
    }

    #[test]
    fn a_dialogue_survives_its_storage() {
        let step = Step::Time { name: "Read".to_owned(), description: Some("daily".to_owned()), target_days: 21 };
        let dialogue = Dialogue::open(Step::Name, 7).at(step, 8);
        let stored = serde_json::to_value(&dialogue).unwrap();
        assert_eq!(serde_json::from_value::<Dialogue>(stored).unwrap(), dialogue);
    }

    #[test]
    fn an_update_that_comes_again_is_known() {
        let mut dialogue = Dialogue::open(Step::Name, 0);
        for id in 1..=100 {
            dialogue = dialogue.at(Step::Name, id);
            assert!(dialogue.has_applied(id));
        }
        assert!(!dialogue.has_applied(101));
        assert!(dialogue.applied.len() <= REMEMBERED_UPDATES);
    }
}
