//! When a habit has reached its goal.

/// How a habit stands towards its `target_days`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Standing {
    /// On the way.
    Open,
    /// Complete, and not active.
    Complete,
    /// Complete once, and made active again: it goes on beyond the target.
    TakenUp,
}

/// A day that was just said, and the streak before and after it.
#[derive(Debug, Clone, Copy)]
pub struct Said {
    /// Whether it was said that the day is done.
    pub is_done: bool,
    pub before: u32,
    pub after: u32,
}

impl Standing {
    /// How the habit stands once a day was said.
    ///
    /// A day done completes a habit whose streak is then long enough, however it came to be: what a freeze, an import or a
    /// lower target brought over the target is noticed by the next day that is done. One that was taken up completes again
    /// only once its streak has been below the target. A complete habit opens only when this very day lowered its streak
    /// below the target: neither a note nor a target that was raised does.
    #[must_use]
    pub fn after(self, said: Said, target_days: u32) -> Self {
        let Said { is_done, before, after } = said;
        if after < target_days {
            return if self == Self::Complete && after >= before { Self::Complete } else { Self::Open };
        }
        let completes = is_done && (self == Self::Open || before < target_days);
        if completes { Self::Complete } else { self }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use rstest::rstest;

    use super::{Standing::*, *};

    const TARGET: u32 = 21;

    #[rstest]
    #[case::not_yet(Open, 19, 20, Open)]
    #[case::the_last_day(Open, 20, 21, Complete)]
    #[case::two_streaks_joined(Open, 3, 25, Complete)]
    #[case::long_enough_without_a_day_done(Open, 30, 31, Complete)]
    #[case::gone_on_after_it(TakenUp, 21, 22, TakenUp)]
    #[case::taken_up_and_reached_again(TakenUp, 20, 21, Complete)]
    #[case::taken_up_and_ended(TakenUp, 0, 1, Open)]
    #[case::a_day_before_that_of_completion(Complete, 21, 22, Complete)]
    #[case::a_target_raised_meanwhile(Complete, 15, 15, Complete)]
    fn a_day_done_completes_a_streak_that_is_long_enough(
        #[case] standing: Standing,
        #[case] before: u32,
        #[case] after: u32,
        #[case] expected: Standing,
    ) {
        assert_eq!(standing.after(Said { is_done: true, before, after }, TARGET), expected);
    }

    #[rstest]
    #[case::an_undo_below_the_target(Complete, 21, 20, Open)]
    #[case::an_undo_above_the_target(Complete, 25, 24, Complete)]
    #[case::a_note_under_a_raised_target(Complete, 15, 15, Complete)]
    #[case::an_undo_under_a_raised_target(Complete, 15, 14, Open)]
    #[case::a_freeze_over_the_target(Open, 10, 30, Open)]
    #[case::an_undo_of_one_taken_up(TakenUp, 21, 20, Open)]
    fn another_word_only_opens(
        #[case] standing: Standing,
        #[case] before: u32,
        #[case] after: u32,
        #[case] expected: Standing,
    ) {
        assert_eq!(standing.after(Said { is_done: false, before, after }, TARGET), expected);
    }

    proptest! {
        #[test]
        fn saying_the_same_again_changes_nothing(
            standing in prop::sample::select(vec![Open, Complete, TakenUp]),
            is_done: bool,
            before in 0_u32..50,
            after in 0_u32..50,
        ) {
            let once = standing.after(Said { is_done, before, after }, TARGET);
            prop_assert_eq!(once.after(Said { is_done, before: after, after }, TARGET), once);
        }

        #[test]
        fn no_open_habit_is_left_at_its_target_by_a_day_done(before in 0_u32..50, after in 0_u32..50) {
            let now = Open.after(Said { is_done: true, before, after }, TARGET);
            prop_assert_eq!(now == Complete, after >= TARGET);
        }
    }
}
