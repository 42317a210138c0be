//! Amounts: how much of something a day is about.

use crate::history::Mark;

/// The largest amount, in thousandths: a billion.
pub const MAX_AMOUNT_MILLI: i64 = 1_000_000_000_000;

/// Which side of the goal is good.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Direction {
    /// So much or more: pages read.
    AtLeast,
    /// So much or less: cigarettes.
    AtMost,
}

/// What a day is to reach.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Goal {
    pub direction: Direction,
    /// In thousandths of the unit, above 0 and at most [`MAX_AMOUNT_MILLI`].
    pub amount_milli: i64,
}

impl Goal {
    /// What a day with this amount, in thousandths, counts as. `None`: it is still open.
    ///
    /// Too little of a good thing can still become enough; too much of a bad one cannot become less.
    pub fn judge(self, amount_milli: i64) -> Option<Mark> {
        match self.direction {
            Direction::AtLeast => (amount_milli >= self.amount_milli).then_some(Mark::Done),
            Direction::AtMost if amount_milli > self.amount_milli => Some(Mark::NotDone),
            Direction::AtMost => Some(Mark::Done),
        }
    }
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;

    #[rstest]
    #[case::too_little(Direction::AtLeast, 19_999, None)]
    #[case::enough(Direction::AtLeast, 20_000, Some(Mark::Done))]
    #[case::none_of_a_bad_thing(Direction::AtMost, 0, Some(Mark::Done))]
    #[case::just_within(Direction::AtMost, 20_000, Some(Mark::Done))]
    #[case::too_much(Direction::AtMost, 20_001, Some(Mark::NotDone))]
    fn an_amount_is_judged_by_the_goal(#[case] direction: Direction, #[case] amount: i64, #[case] mark: Option<Mark>) {
        assert_eq!(Goal { direction, amount_milli: 20_000 }.judge(amount), mark);
    }
}
