//! Makes a year of what the api tells, in a person's language.

use screens::{Locale, picture as words, stats::percent};
use wire::statistics::{DayFate, HabitYear, Overview};

use crate::year::{Day, Figure, Legend, Year};

/// The strongest level of a day of all habits.
const MOST: u32 = 4;

/// The kinds of day that a legend explains, in this order.
const EXPLAINED: [DayFate; 6] =
    [DayFate::Done, DayFate::Partly, DayFate::Skipped, DayFate::Excused, DayFate::Missed, DayFate::Off];

impl Year {
    /// The year of one habit; the legend explains what there is.
    pub fn of_habit(locale: Locale, told: &HabitYear) -> Self {
        let is_there = |fate: &DayFate| *fate == DayFate::Done || told.days.contains(fate);
        let kinds = EXPLAINED.into_iter().filter(is_there);
        let figures = vec![
            figure(told.done.to_string(), words::days_done(locale, told.done)),
            figure(told.current_streak.to_string(), words::in_a_row(locale, told.current_streak)),
            figure(told.max_streak.to_string(), words::record(locale)),
            strength(locale, told.strength),
        ];
        Self {
            title: told.name.clone(),
            untitled: words::untitled(locale),
            subtitle: words::span(locale, told.from_date, told.to_date),
            figures,
            from: told.from_date,
            days: told.days.iter().map(|fate| day(*fate)).collect(),
            months: words::months(locale),
            weekdays: words::weekdays(locale),
            legend: Legend::Kinds(kinds.filter_map(|fate| Some((day(fate), words::fate(locale, fate)?))).collect()),
        }
    }

    /// The year of all habits together: how much was done on each day, against the day on which most was.
    pub fn of_all(locale: Locale, told: &Overview) -> Self {
        let done = &told.done_by_day;
        let most = done.iter().copied().max().unwrap_or_default().max(1);
        let first = done.iter().position(|done| *done > 0).unwrap_or(done.len());
        let day = |(index, done): (usize, &u32)| {
            let level = done.saturating_mul(MOST).div_ceil(most);
            if index < first { Day::Before } else { Day::Level(u8::try_from(level).unwrap_or_default()) }
        };
        let times = done.iter().sum();
        let active = u32::try_from(done.iter().filter(|done| **done > 0).count()).unwrap_or_default();
        let mut figures = vec![
            figure(u32::to_string(&times), words::check_marks(locale, times)),
            figure(active.to_string(), words::active_days(locale, active)),
            figure(longest(done).to_string(), words::record(locale)),
        ];
        figures.extend(mean_strength(told).map(|mean| strength(locale, mean)));
        let [less, more] = words::scale(locale);
        Self {
            title: words::all_habits(locale),
            untitled: words::all_habits(locale),
            subtitle: words::span(locale, told.from_date, told.to_date),
            figures,
            from: told.from_date,
            days: done.iter().enumerate().map(day).collect(),
            months: words::months(locale),
            weekdays: words::weekdays(locale),
            legend: Legend::Scale { less, more },
        }
    }
}

fn figure(value: String, label: String) -> Figure {
    Figure { value, label }
}

fn strength(locale: Locale, strength: f64) -> Figure {
    figure(format!("{}\u{a0}%", percent(strength)), words::strength(locale))
}

/// Of the active habits; `None` without any.
fn mean_strength(told: &Overview) -> Option<f64> {
    let count = u32::try_from(told.habits.len()).ok().filter(|count| *count > 0)?;
    Some(told.habits.iter().map(|habit| habit.strength).sum::<f64>() / f64::from(count))
}

/// The most days in a row on which anything was done.
fn longest(done: &[u32]) -> usize {
    done.split(|done| *done == 0).map(<[u32]>::len).max().unwrap_or_default()
}

fn day(fate: DayFate) -> Day {
    match fate {
        DayFate::Done => Day::Done,
        DayFate::Partly => Day::Partly,
        DayFate::Skipped => Day::Skipped,
        DayFate::Excused => Day::Excused,
        DayFate::Missed => Day::Missed,
        DayFate::Open => Day::Open,
        DayFate::Off => Day::Off,
        DayFate::Before => Day::Before,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_are_measured_by_the_one_on_which_most_was_done() {
        let done_by_day = vec![0, 0, 1, 0, 8, 3, 2, 7];
        let first = "2026-11-16".parse().unwrap();
        let told = Overview { from_date: first, to_date: first, done_by_day, habits: Vec::new() };
        let year = Year::of_all(Locale::En, &told);
        let levels = [1, 0, 4, 2, 1, 4].map(Day::Level);
        assert_eq!(year.days, [[Day::Before; 2].as_slice(), &levels].concat());
        let values: Vec<&str> = year.figures.iter().map(|figure| figure.value.as_str()).collect();
        assert_eq!(values, ["21", "5", "4"]);
    }

    #[test]
    fn the_legend_explains_what_there_is() {
        let first = "2026-11-16".parse().unwrap();
        let told = HabitYear {
            habit_id: 7,
            name: "Read".to_owned(),
            from_date: first,
            to_date: first,
            days: vec![DayFate::Before, DayFate::Missed, DayFate::Open],
            done: 0,
            current_streak: 0,
            max_streak: 0,
            strength: 0.0,
        };
        let Legend::Kinds(kinds) = Year::of_habit(Locale::En, &told).legend else { unreachable!() };
        assert_eq!(kinds, [(Day::Done, "done".to_owned()), (Day::Missed, "missed".to_owned())]);
    }
}
