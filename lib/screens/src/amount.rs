//! Amounts and what they count.

use wire::habit::{Goal, GoalDirection, Habit};

use crate::{
    Locale,
    html::shorten,
    screen::quoted,
    text::{key, text, text_with},
};

/// Units of UTF-16 of a goal's unit.
const UNIT_UNITS: usize = 30;

/// Steps between round numbers: 1, 2, 5, 10, 20, 50 and so on.
const ROUND: [i64; 3] = [1, 2, 5];

/// A number without needless digits, at most three after the point: `20`, `2.5`; in Russian `2,5`.
pub fn number(locale: Locale, amount: f64) -> String {
    let digits = format!("{amount:.3}");
    let short = digits.trim_end_matches('0').trim_end_matches('.');
    match locale {
        Locale::En => short.to_owned(),
        Locale::Ru => short.replace('.', ","),
    }
}

/// `20 pages`, or `at most 2 cups`; escaped.
pub fn goal(locale: Locale, goal: &Goal) -> String {
    let amount = with_unit(locale, goal.amount, goal);
    match goal.direction {
        GoalDirection::AtLeast => amount,
        GoalDirection::AtMost => text_with(locale, key::AT_MOST, [("amount", amount.into())]),
    }
}

/// How far today is: `5 of 20 pages`; escaped. `None` for a habit without a goal.
pub fn today(locale: Locale, habit: &Habit) -> Option<String> {
    let goal = habit.goal.as_ref()?;
    let done = number(locale, habit.amount_today.unwrap_or_default());
    Some(text_with(locale, key::OF, [("done", done.into()), ("all", self::goal(locale, goal).into())]))
}

/// The same for a button, where there is little room: `5/20`.
pub fn today_short(locale: Locale, habit: &Habit) -> Option<String> {
    let goal = habit.goal.as_ref()?;
    Some(format!("{}/{}", number(locale, habit.amount_today.unwrap_or_default()), number(locale, goal.amount)))
}

/// What the buttons of a habit add to today, in thousandths of the unit: one, and about a quarter of the goal.
pub fn steps_milli(goal: &Goal) -> Vec<i64> {
    let goal_milli = milli(goal.amount);
    let one = if goal_milli < 2_000 { 100 } else { 1_000 };
    let step = round_below(goal_milli / 4);
    if step > one { vec![one, step] } else { vec![one] }
}

/// The largest of 1, 2, 5, 10, 20 and so on that is not above `most`; 0 when there is none.
fn round_below(most: i64) -> i64 {
    let powers = std::iter::successors(Some(1_i64), |power| power.checked_mul(10));
    let round = powers.flat_map(|power| ROUND.into_iter().map(move |digit| digit.saturating_mul(power)));
    round.take_while(|round| *round <= most).last().unwrap_or(0)
}

/// `+5 pages` for a button.
pub fn step(locale: Locale, milli: i64, goal: &Goal) -> String {
    let unit = goal.unit.as_deref().map(|unit| format!(" {}", shorten(unit, UNIT_UNITS)));
    format!("➕ {}{}", number(locale, from_milli(milli)), unit.unwrap_or_default())
}

/// Thousandths of an amount.
#[expect(clippy::cast_possible_truncation, reason = "amounts of the api are at most a billion")]
fn milli(amount: f64) -> i64 {
    (amount * 1_000.0).round() as i64
}

#[expect(clippy::cast_precision_loss, reason = "a trillion is exact in 52 bits")]
pub fn from_milli(milli: i64) -> f64 {
    milli as f64 / 1_000.0
}

fn with_unit(locale: Locale, amount: f64, goal: &Goal) -> String {
    let amount = number(locale, amount);
    match &goal.unit {
        Some(unit) => format!("{amount} {}", quoted(unit, UNIT_UNITS)),
        None => text_with(locale, key::TIMES, [("times", amount.into())]),
    }
}

/// What stands for a goal that a habit does not have.
pub fn no_goal(locale: Locale) -> String {
    text(locale, key::NO_GOAL)
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;

    #[rstest]
    #[case(20.0, "20", "20")]
    #[case(2.5, "2.5", "2,5")]
    #[case(0.1 + 0.2, "0.3", "0,3")]
    #[case(1_000_000_000.0, "1000000000", "1000000000")]
    fn a_number_is_short(#[case] amount: f64, #[case] english: &str, #[case] russian: &str) {
        assert_eq!(number(Locale::En, amount), english);
        assert_eq!(number(Locale::Ru, amount), russian);
    }

    #[rstest]
    #[case(20.0, &[1_000, 5_000])]
    #[case(2.0, &[1_000])]
    #[case(1.5, &[100, 200])]
    #[case(10_000.0, &[1_000, 2_000_000])]
    #[case(0.001, &[100])]
    fn steps_are_one_and_a_round_part_of_the_goal(#[case] amount: f64, #[case] steps: &[i64]) {
        let goal = Goal { direction: GoalDirection::AtLeast, amount, unit: None };
        assert_eq!(steps_milli(&goal), steps);
    }
}
