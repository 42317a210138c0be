//! For how long: the days in a row to reach.

use super::words::digits;
use crate::answer::TARGET_DAYS;

/// All the words as a number of days: `for 66 days`, «на 66 дней», «66 дней», `for 3 weeks`.
///
/// In English `30 days` alone is none: «30 дней» says "for", `around the world in 80 days` does not.
pub(super) fn read(keys: &[&str]) -> Option<u32> {
    let (number, days) = match keys {
        ["for" | "на", number, "day" | "days" | "день" | "дня" | "дней"]
        | ["в", "течение", number, "дня" | "дней"]
        | [number, "день" | "дня" | "дней"] => (number, 1),
        ["for" | "на", number, "week" | "weeks" | "неделю" | "недели" | "недель"]
        | ["в", "течение", number, "недели" | "недель"] => (number, 7),
        _ => return None,
    };
    digits(number, 1, 4)?.checked_mul(days).filter(|days| (1..=TARGET_DAYS).contains(days))
}
