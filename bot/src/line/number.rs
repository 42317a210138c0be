//! Amounts in digits.

/// The largest amount of the api.
const MOST: f64 = 1e9;

/// The smallest amount that a goal can have.
const LEAST_OF_A_GOAL: f64 = 0.001;

/// An amount of 0 to a billion: `20`, `2.5`, `2,5`, `10,000`.
///
/// Only digits of ASCII. A comma before three digits sets thousands apart, unless a zero is before it: `0,250`.
pub(super) fn read(key: &str) -> Option<f64> {
    let is_number = |digits: &str| !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit());
    let (whole, fraction) = key.split_once(['.', ',']).unwrap_or((key, "0"));
    let number = if key.contains(',') && is_head_of_thousands(whole) && fraction.split(',').all(is_group) {
        key.replace(',', "")
    } else if (is_number(whole) || whole.is_empty()) && is_number(fraction) {
        format!("{whole}.{fraction}")
    } else {
        return None;
    };
    number.parse().ok().filter(|amount| (0.0..=MOST).contains(amount))
}

/// The amount of a goal at the beginning of the words, and how many words it is: `20`, `10 000`, `10k`.
pub(super) fn read_first(keys: &[&str]) -> Option<(f64, usize)> {
    let first = keys.first()?;
    let more = if is_head_of_thousands(first) { keys[1..].iter().take_while(|key| is_group(key)).count() } else { 0 };
    let amount = if more > 0 {
        read(&keys[..=more].concat())
    } else if let Some(thousands) = first.strip_suffix(['k', 'к']) {
        read(thousands).map(|amount| amount * 1_000.0).filter(|amount| *amount <= MOST)
    } else {
        read(first)
    };
    amount.filter(|amount| *amount >= LEAST_OF_A_GOAL).map(|amount| (amount, more + 1))
}

/// Whether a word is the rest of the number before it: `000` in `10 000`.
pub(super) fn continues(before: &str, key: &str) -> bool {
    is_group(key) && (is_head_of_thousands(before) || is_group(before))
}

fn is_group(digits: &str) -> bool {
    digits.len() == 3 && digits.bytes().all(|byte| byte.is_ascii_digit())
}

fn is_head_of_thousands(digits: &str) -> bool {
    (1..=3).contains(&digits.len()) && digits.bytes().all(|byte| byte.is_ascii_digit()) && !digits.starts_with('0')
}
