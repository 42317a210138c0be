//! Reads a habit that is described in one line.

use chrono::NaiveTime;
use screens::problem::Problem;
use wire::{habit::Goal, schedule::Schedule};

use crate::answer;

/// A habit as a line describes it; what it does not say is `None` or empty.
#[derive(Debug, Clone, PartialEq)]
pub struct Line {
    pub name: String,
    pub schedule: Option<Schedule>,
    pub times: Vec<NaiveTime>,
    pub goal: Option<Goal>,
    pub target_days: Option<u32>,
}

/// # Errors
///
/// Says why it names no habit.
pub fn parse(text: &str) -> Result<Line, Problem> {
    Ok(Line { name: answer::name(text)?, schedule: None, times: Vec::new(), goal: None, target_days: None })
}
