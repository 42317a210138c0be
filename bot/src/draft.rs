//! A habit that is being described: what is known of it, and what is asked next.

use chrono::NaiveTime;
use screens::{
    action::{Answer, Field},
    problem::Problem,
};
use serde::{Deserialize, Serialize};
use wire::{
    habit::{HabitCreate, HabitPatch},
    template::Template,
};

use crate::{
    answer,
    line::{self, Line},
};

/// When to remind of a habit whose time nobody has said: late enough for the day to be over, early enough to act.
const DEFAULT_HOUR: u32 = 20;

/// The goal of a habit whose goal nobody has said.
const DEFAULT_TARGET_DAYS: i32 = 21;

/// What is asked step by step, in this order.
const QUESTIONS: [Field; 6] =
    [Field::Name, Field::Times, Field::Schedule, Field::Goal, Field::TargetDays, Field::Description];

/// A new habit as far as it is known.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Draft {
    pub habit: HabitCreate,
    /// What is asked of it; nothing while it stands there to be looked at.
    pub asked: Option<Field>,
    /// Whether one question follows the other.
    pub step_by_step: bool,
}

impl Draft {
    /// The habit that a line describes.
    ///
    /// # Errors
    ///
    /// Says why the line names no habit.
    pub fn of_line(text: &str) -> Result<Self, Problem> {
        line::parse(text).map(Self::of)
    }

    fn of(line: Line) -> Self {
        let mut habit = HabitCreate {
            name: line.name,
            schedule: line.schedule,
            goal: line.goal,
            target_days: line.target_days.and_then(|days| i32::try_from(days).ok()),
            ..blank()
        };
        if let Some((first, more)) = line.times.split_first() {
            habit.time_to_remind = *first;
            habit.more_reminder_times = Some(more.to_vec());
        }
        habit.target_days.get_or_insert(DEFAULT_TARGET_DAYS);
        Self { habit, asked: None, step_by_step: false }
    }

    /// The same of a line that says more than a name: what somebody writes out of the blue is hardly ever that by chance.
    pub fn of_telling_line(text: &str) -> Option<Self> {
        let line = line::parse(text).ok()?;
        let says_more = line.schedule.is_some() || !line.times.is_empty() || line.goal.is_some();
        says_more.then(|| Self::of(line))
    }

    /// The habit of a template.
    pub fn of_template(template: &Template) -> Self {
        let habit = HabitCreate {
            name: template.name.clone(),
            description: template.description.clone(),
            time_to_remind: template.time_to_remind,
            more_reminder_times: Some(template.more_reminder_times.clone()),
            target_days: Some(template.target_days),
            schedule: Some(template.schedule.clone()),
            goal: template.goal.clone(),
        };
        Self { habit, asked: None, step_by_step: false }
    }

    /// A habit of which nothing is known.
    pub fn step_by_step() -> Self {
        Self { habit: blank(), asked: Some(QUESTIONS[0]), step_by_step: true }
    }

    pub fn is_complete(&self) -> bool {
        !self.habit.name.is_empty()
    }

    /// The draft after a typed answer. While nothing is asked, that is a time, or the whole habit again.
    ///
    /// # Errors
    ///
    /// Says what is wrong with the answer.
    pub fn typed(mut self, text: &str) -> Result<Self, Problem> {
        let Some(field) = self.asked else {
            return match answer::change(Field::Times, text) {
                Ok(times) => {
                    self.apply(times);
                    Ok(self)
                }
                Err(_) => Self::of_line(text),
            };
        };
        self.apply(answer::change(field, text)?);
        Ok(self.answered(field))
    }

    /// The draft after a tap; `None` for a button of another question.
    pub fn tapped(mut self, answer: Answer) -> Option<Self> {
        let (field, patch) = match answer {
            Answer::Look if self.is_complete() => return Some(Self { asked: None, step_by_step: false, ..self }),
            Answer::Ask(field) => return Some(Self { asked: Some(field), ..self }),
            Answer::Skip(field) => (field, HabitPatch::default()),
            Answer::Clear(field @ Field::Description) => {
                (field, HabitPatch { description: Some(None), ..HabitPatch::default() })
            }
            Answer::Clear(field @ Field::Goal) => (field, HabitPatch { goal: Some(None), ..HabitPatch::default() }),
            Answer::TargetDays(days) => {
                (Field::TargetDays, HabitPatch { target_days: i32::try_from(days).ok(), ..HabitPatch::default() })
            }
            Answer::Time(time) => {
                let none_more = Some(Vec::new());
                let patch =
                    HabitPatch { time_to_remind: Some(time), more_reminder_times: none_more, ..HabitPatch::default() };
                (Field::Times, patch)
            }
            Answer::Schedule(preset) => {
                (Field::Schedule, HabitPatch { schedule: Some(preset.schedule()), ..HabitPatch::default() })
            }
            _ => return None,
        };
        if self.asked != Some(field) || !self.is_complete() {
            return None;
        }
        self.apply(patch);
        Some(self.answered(field))
    }

    /// Goes on to the next question, or to the habit as a whole.
    fn answered(self, field: Field) -> Self {
        let next = QUESTIONS.iter().skip_while(|question| **question != field).nth(1).copied();
        let asked = next.filter(|_| self.step_by_step);
        Self { asked, step_by_step: asked.is_some(), ..self }
    }

    fn apply(&mut self, patch: HabitPatch) {
        let habit = &mut self.habit;
        if let Some(name) = patch.name {
            habit.name = name;
        }
        if let Some(description) = patch.description {
            habit.description = description;
        }
        if let Some(time) = patch.time_to_remind {
            habit.time_to_remind = time;
            habit.more_reminder_times = patch.more_reminder_times;
        }
        habit.target_days = patch.target_days.or(habit.target_days);
        habit.schedule = patch.schedule.or(habit.schedule.take());
        if let Some(goal) = patch.goal {
            habit.goal = goal;
        }
    }
}

fn blank() -> HabitCreate {
    HabitCreate {
        time_to_remind: NaiveTime::from_hms_opt(DEFAULT_HOUR, 0, 0).unwrap_or_default(),
        target_days: Some(DEFAULT_TARGET_DAYS),
        ..HabitCreate::default()
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
        let draft = Draft::step_by_step().typed("Read").unwrap();
        assert_eq!(draft.asked, Some(Field::Times));
        let draft = draft.tapped(Answer::Time(time())).unwrap();
        let draft = draft.tapped(Answer::Skip(Field::Schedule)).unwrap();
        let draft = draft.typed("20 pages").unwrap().typed("30").unwrap();
        let draft = draft.tapped(Answer::Skip(Field::Description)).unwrap();
        assert_eq!((draft.asked, draft.step_by_step), (None, false));
        let habit = draft.habit;
        assert_eq!((habit.name.as_str(), habit.time_to_remind, habit.target_days), ("Read", time(), Some(30)));
        assert_eq!((habit.schedule, habit.goal.map(|goal| goal.amount)), (None, Some(20.0)));
    }

    #[test]
    fn a_value_that_is_changed_leads_back_to_the_whole() {
        let draft = Draft::of_line("Read").unwrap().tapped(Answer::Ask(Field::TargetDays)).unwrap();
        let draft = draft.tapped(Answer::TargetDays(66)).unwrap();
        assert_eq!((draft.asked, draft.habit.target_days), (None, Some(66)));
    }

    #[test]
    fn the_rest_can_be_left_as_it_is() {
        let draft = Draft::step_by_step().typed("Read").unwrap().tapped(Answer::Look).unwrap();
        assert_eq!((draft.asked, draft.step_by_step, draft.is_complete()), (None, false, true));
    }

    #[test]
    fn a_button_of_another_question_does_nothing() {
        let draft = Draft::step_by_step();
        for answer in [Answer::TargetDays(21), Answer::Skip(Field::Name), Answer::Look, Answer::Time(time())] {
            assert_eq!(draft.clone().tapped(answer), None, "{answer:?}");
        }
        let draft = draft.typed("Read").unwrap();
        assert_eq!(draft.tapped(Answer::Skip(Field::Schedule)), None);
    }

    #[test]
    fn a_wrong_answer_says_what_is_wrong() {
        let draft = Draft::of_line("Read").unwrap().tapped(Answer::Ask(Field::TargetDays)).unwrap();
        assert_eq!(draft.typed("²"), Err(Problem::NotANumber));
    }

    #[test]
    fn what_is_typed_below_the_whole_is_a_time_or_a_habit() {
        let draft = Draft::of_line("Read").unwrap().typed("7:45").unwrap();
        assert_eq!((draft.habit.name.as_str(), draft.habit.time_to_remind), ("Read", time()));
        assert_eq!(draft.typed("Run").unwrap().habit.name, "Run");
    }
}
