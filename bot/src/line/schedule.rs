//! How often a habit is to be done.

use wire::schedule::Schedule;

use super::{
    weekday::{self, Days},
    words::count,
};

/// The limits of the api.
const MOST_A_WEEK: u32 = 7;
const MOST_A_MONTH: u32 = 31;
const MOST_DAYS: u32 = 365;

#[derive(Clone, Copy)]
enum Period {
    Week,
    Month,
}

/// All the words as a schedule.
pub(super) fn read(keys: &[&str]) -> Option<Schedule> {
    if is_daily(keys) {
        return Some(Schedule::Daily);
    }
    let on_weekdays = || weekday::read(keys).map(on);
    in_period(keys).or_else(|| every_so_many_days(keys)).or_else(on_weekdays)
}

/// Whether the words are a schedule for sure at the beginning of a line too, where `Sunday` and `Daily` may well begin
/// a name.
pub(super) fn is_clear(keys: &[&str]) -> bool {
    match keys {
        ["ежедневно" | "еженедельно" | "ежемесячно"] => true,
        [key] => key.contains(['-', ',', '/']),
        _ => true,
    }
}

/// Both together, where there is one schedule that says both.
pub(super) fn merge(one: &Schedule, other: &Schedule) -> Option<Schedule> {
    match (one, other) {
        _ if one == other => Some(one.clone()),
        (Schedule::Weekdays { weekdays: one }, Schedule::Weekdays { weekdays: other }) => {
            Some(on(std::array::from_fn(|day| [one, other].iter().any(|days| days.contains(&weekday::ALL[day])))))
        }
        _ => None,
    }
}

fn on(days: Days) -> Schedule {
    if days == [true; 7] {
        return Schedule::Daily;
    }
    let weekdays = weekday::ALL.into_iter().zip(days).filter_map(|(day, is_in)| is_in.then_some(day));
    Schedule::Weekdays { weekdays: weekdays.collect() }
}

fn is_daily(keys: &[&str]) -> bool {
    matches!(
        keys,
        ["daily" | "everyday" | "ежедневно"]
            | ["every" | "each", "day"]
            | ["every", "single", "day"]
            | ["каждый", "день"]
            | ["once", "a" | "per", "day"]
            | ["раз", "в", "день"]
            | ["один", "раз", "в", "день"]
    )
}

/// `3 times a week`, `twice a month`, `3x/week`, «раз в неделю», `weekly`.
fn in_period(keys: &[&str]) -> Option<Schedule> {
    let keys = match keys {
        ["at", "least", rest @ ..] | ["хотя", "бы", rest @ ..] | ["не", "реже" | "менее" | "меньше", rest @ ..] => {
            rest
        }
        ["минимум", rest @ ..] => rest,
        _ => keys,
    };
    let (times, period) = match keys {
        ["weekly" | "еженедельно"] | ["every" | "each", "week"] | ["каждую", "неделю"] => {
            (1, Period::Week)
        }
        ["monthly" | "ежемесячно"] | ["every" | "each", "month"] | ["каждый", "месяц"] => {
            (1, Period::Month)
        }
        [word] => {
            let (times, period) = word.split_once('/')?;
            (times_of(&[times])?, period_of(period)?)
        }
        [times @ .., "a" | "per" | "each" | "every" | "в", period] => (times_of(times)?, period_of(period)?),
        [times @ .., "weekly"] => (times_of(times)?, Period::Week),
        [times @ .., "monthly"] => (times_of(times)?, Period::Month),
        _ => return None,
    };
    match period {
        Period::Week if (1..=MOST_A_WEEK).contains(&times) => {
            Some(Schedule::TimesPerWeek { times: times.try_into().ok()? })
        }
        Period::Month if (1..=MOST_A_MONTH).contains(&times) => {
            Some(Schedule::TimesPerMonth { times: times.try_into().ok()? })
        }
        _ => None,
    }
}

fn period_of(key: &str) -> Option<Period> {
    match key {
        "week" | "неделю" | "нед" => Some(Period::Week),
        "month" | "месяц" | "мес" => Some(Period::Month),
        _ => None,
    }
}

fn times_of(keys: &[&str]) -> Option<u32> {
    match keys {
        ["once" | "раз" | "однажды"] => Some(1),
        ["twice" | "дважды"] => Some(2),
        ["thrice" | "трижды"] => Some(3),
        [word] => count(word.strip_suffix(['x', 'х', '×'])?),
        [number, "time" | "times" | "x" | "х" | "×" | "day" | "days" | "раз" | "раза" | "день" | "дня" | "дней"] => {
            count(number)
        }
        _ => None,
    }
}

/// `every 3 days`, `every other day`, «раз в 3 дня», «через день», `every 2 weeks`.
fn every_so_many_days(keys: &[&str]) -> Option<Schedule> {
    let days = match keys {
        ["через", "день"] => 2,
        ["every" | "each", "other", unit] => days_of(unit)?.checked_mul(2)?,
        ["every" | "each" | "каждые" | "каждый" | "каждую", number, unit]
        | ["once", "every" | "in", number, unit]
        | ["раз", "в", number, unit]
        | ["один", "раз", "в", number, unit] => days_of(unit)?.checked_mul(count(number)?)?,
        _ => return None,
    };
    match days {
        1 => Some(Schedule::Daily),
        2..=MOST_DAYS => Some(Schedule::EveryNDays { days: days.try_into().ok()?, start: None }),
        _ => None,
    }
}

fn days_of(unit: &str) -> Option<u32> {
    match unit {
        "day" | "days" | "день" | "дня" | "дней" | "дни" | "сутки" | "суток" => Some(1),
        "week" | "weeks" | "неделю" | "недели" | "недель" => Some(7),
        _ => None,
    }
}
