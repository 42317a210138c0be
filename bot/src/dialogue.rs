//! Where a person's talk with the bot stands. It is kept by the api, so that a restart in the middle loses nothing.

use chrono::{DateTime, NaiveDate, Utc};
use screens::{
    Locale, Screen,
    action::{Answer, Field},
    draft, edit,
    problem::Problem,
    settings,
};
use serde::{Deserialize, Serialize};
use wire::habit::HabitPatch;

use crate::{answer, draft::Draft};

/// Updates whose effect the state remembers; Telegram gives no more than 100 at once, and one person sends few of them.
const REMEMBERED_UPDATES: usize = 16;

/// What the bot has asked, and what it was told so far.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "step", rename_all = "snake_case")]
pub enum Step {
    Zone,
    /// A new habit: one of the catalogue, or a line that describes it.
    New,
    /// A new habit of which something is known.
    Draft(Draft),
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
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Dialogue {
    /// The update that opened it. Buttons carry it, so that those of an earlier dialogue do nothing.
    pub draft: i64,
    #[serde(flatten)]
    pub step: Step,
    /// Updates that were answers here: when one is delivered again, it is not taken for the next answer.
    #[serde(default)]
    applied: Vec<i64>,
}

/// What an answer leads to.
#[derive(Debug, Clone, PartialEq)]
pub enum Next {
    Ask(Step),
    Create(Draft),
    Cancel,
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

    /// The question that is open, after what was wrong with the last answer. `None` for the catalogue, which the api has.
    pub fn ask(&self, locale: Locale, problem: Option<Problem>, now: DateTime<Utc>) -> Option<Screen> {
        Some(match &self.step {
            Step::Zone if problem.is_some() => settings::zone_wants_text(locale, now),
            Step::Zone => settings::ask_zone(locale, now),
            Step::New => return None,
            Step::Draft(Draft { habit, asked: None, .. }) => draft::look(locale, self.draft, habit, problem),
            Step::Draft(Draft { habit, asked: Some(field), step_by_step }) => {
                draft::ask(locale, self.draft, habit, *field, *step_by_step, problem)
            }
            Step::Change { habit_id, field } => edit::ask(locale, *habit_id, *field, problem),
            Step::Amount { habit_id, .. } => edit::ask_amount(locale, *habit_id, problem),
        })
    }
}

impl Step {
    /// What a typed answer leads to. A zone is read elsewhere.
    ///
    /// # Errors
    ///
    /// Says what is wrong with the answer.
    pub fn typed(&self, text: &str) -> Result<Option<Next>, Problem> {
        Ok(match self {
            Self::Zone => None,
            Self::New => Some(Next::Ask(Self::Draft(Draft::of_line(text)?))),
            Self::Draft(draft) => Some(Next::Ask(Self::Draft(draft.clone().typed(text)?))),
            Self::Change { habit_id, field } => {
                Some(Next::Change { habit_id: *habit_id, patch: answer::change(*field, text)? })
            }
            Self::Amount { habit_id, date } => {
                Some(Next::SetAmount { habit_id: *habit_id, date: *date, amount: answer::amount(text)? })
            }
        })
    }

    /// What a tap leads to; `None` for a button of another question.
    pub fn tapped(&self, answer: Answer) -> Option<Next> {
        let draft = match (self, answer) {
            (Self::New | Self::Draft(_), Answer::Cancel) => return Some(Next::Cancel),
            (Self::New, Answer::StepByStep) => Draft::step_by_step(),
            (Self::Draft(draft), Answer::Create) if draft.is_complete() => return Some(Next::Create(draft.clone())),
            (Self::Draft(draft), answer) => draft.clone().tapped(answer)?,
            _ => return None,
        };
        Some(Next::Ask(Self::Draft(draft)))
    }

    /// What `/skip` leads to; `None` where there is nothing to skip.
    pub fn skipped(&self) -> Option<Next> {
        let Self::Draft(draft) = self else {
            return None;
        };
        self.tapped(Answer::Skip(draft.asked?))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_dialogue_survives_its_storage() {
        let draft = Draft::of_line("Read").unwrap();
        let dialogue = Dialogue::open(Step::New, 7).at(Step::Draft(draft), 8);
        let stored = serde_json::to_value(&dialogue).unwrap();
        assert_eq!(serde_json::from_value::<Dialogue>(stored).unwrap(), dialogue);
    }

    #[test]
    fn an_update_that_comes_again_is_known() {
        let mut dialogue = Dialogue::open(Step::New, 0);
        for id in 1..=100 {
            dialogue = dialogue.at(Step::New, id);
            assert!(dialogue.has_applied(id));
        }
        assert!(!dialogue.has_applied(101));
        assert!(dialogue.applied.len() <= REMEMBERED_UPDATES);
    }
}
