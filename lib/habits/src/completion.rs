//! When a habit has reached its goal.

/// Whether a day that was just done completes a habit whose streak it brought from `before` to `after`.
///
/// Only the step over `target_days` does, so that a habit that somebody takes up again after completing it goes on, and
/// a correction that lowers a streak never completes anything.
pub fn is_reached(before: u32, after: u32, target_days: u32) -> bool {
    before < target_days && target_days <= after
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;

    #[rstest]
    #[case::not_yet(19, 20, false)]
    #[case::the_last_day(20, 21, true)]
    #[case::two_streaks_joined(3, 25, true)]
    #[case::gone_on_after_it(21, 22, false)]
    #[case::an_undo(22, 21, false)]
    fn a_habit_completes_at_the_step_over_its_target(#[case] before: u32, #[case] after: u32, #[case] expected: bool) {
        assert_eq!(is_reached(before, after, 21), expected);
    }
}
