//! The vectors are those of `ScoreTest.kt` and `ScoreListTest.kt` in <https://github.com/iSoron/uhabits>.

use std::{collections::BTreeMap, ops::Range};

use chrono::Days;
use chrono_tz::Tz;
use rstest::rstest;

use super::*;
use crate::{
    day::Calendar,
    schedule::{Schedule, Schedules},
};

const AT_LEAST_2: Goal = Goal { direction: Direction::AtLeast, amount_milli: 2_000 };
const AT_MOST_2: Goal = Goal { direction: Direction::AtMost, amount_milli: 2_000 };
const EVERY_OTHER_DAY: Schedule = Schedule::EveryNDays { days: 2, start: NaiveDate::MIN };
/// Of 20 days done, after each of them, the last one first.
const RISING: [f64; 21] = [
    0.655_747, 0.636_894, 0.617_008, 0.596_033, 0.573_910, 0.550_574, 0.525_961, 0.5, 0.472_617, 0.443_734, 0.413_270,
    0.381_137, 0.347_244, 0.311_495, 0.273_788, 0.234_017, 0.192_067, 0.147_820, 0.101_149, 0.051_922, 0.0,
];

fn last_day() -> NaiveDate {
    "2015-01-25".parse().unwrap()
}

fn ago(days: u64) -> NaiveDate {
    last_day() - Days::new(days)
}

/// A habit, its days counted back from the last one.
#[derive(Default)]
struct Habit {
    schedule: Schedule,
    goal: Option<Goal>,
    marks: BTreeMap<NaiveDate, Mark>,
    amounts: BTreeMap<NaiveDate, i64>,
}

impl Habit {
    fn on(schedule: Schedule) -> Self {
        Self { schedule, ..Self::default() }
    }

    fn of(goal: Goal) -> Self {
        Self { goal: Some(goal), ..Self::default() }
    }

    fn marked(mut self, days: impl IntoIterator<Item = u64>, mark: Mark) -> Self {
        self.marks.extend(days.into_iter().map(|days| (ago(days), mark)));
        self
    }

    fn done(self, days: impl IntoIterator<Item = u64>) -> Self {
        self.marked(days, Mark::Done)
    }

    /// In thousandths.
    fn counted(mut self, days: Range<u64>, milli: i64) -> Self {
        let mark = self.goal.and_then(|goal| goal.judge(milli));
        self.amounts.extend(days.clone().map(|days| (ago(days), milli)));
        self.marks.extend(days.filter_map(|days| Some((ago(days), mark?))));
        self
    }

    /// When the day so many days before the last one is over.
    fn score(&self, days: u64) -> f64 {
        let until = ago(days);
        let marks: Vec<_> = self.marks.range(..=until).map(|(date, mark)| (*date, *mark)).collect();
        let amounts: Vec<_> = self.amounts.range(..=until).map(|(date, milli)| (*date, *milli)).collect();
        let history = History {
            schedules: &Schedules::from(self.schedule),
            marks: &marks,
            pauses: &[],
            begun: last_day(),
            calendar: Calendar::from(Tz::UTC),
        };
        let measure = self.goal.map_or(Measure::Done, |goal| Measure::Amount { goal, of_days: &amounts });
        score(&history, measure, until + Days::new(1))
    }
}

#[track_caller]
fn is_about(score: f64, expected: f64) {
    assert!((score - expected).abs() < 1e-6, "{score} is not {expected}");
}

#[track_caller]
fn all_are(habit: &Habit, expected: &[f64]) {
    for (days, expected) in (0..).zip(expected) {
        is_about(habit.score(days), *expected);
    }
}

#[rstest]
#[case::daily_done(1.0, [0.0, 0.5, 0.75], 1.0, [0.051_922, 0.525_961, 0.762_981])]
#[case::daily_missed(1.0, [0.0, 0.5, 0.75], 0.0, [0.0, 0.474_039, 0.711_058])]
#[case::rarer_done(1.0 / 3.0, [0.0, 0.5, 0.75], 1.0, [0.030_314, 0.515_157, 0.757_578])]
#[case::rarer_missed(1.0 / 3.0, [0.0, 0.5, 0.75], 0.0, [0.0, 0.484_842, 0.727_263])]
fn a_step_is_that_of_loop(
    #[case] frequency: f64,
    #[case] before: [f64; 3],
    #[case] value: f64,
    #[case] after: [f64; 3],
) {
    for (before, after) in before.into_iter().zip(after) {
        is_about(next(before, frequency, value), after);
    }
}

#[test]
fn days_done_raise_the_strength_and_half_of_it_takes_thirteen() {
    all_are(&Habit::default().done(0..20), &RISING);
    all_are(&Habit::of(AT_LEAST_2).counted(0..20, 2_000), &RISING);
}

#[test]
fn skipped_days_leave_it_as_it_was() {
    let skipped = Habit::default().done(0..20).marked([5, 10, 11], Mark::Skipped);
    let expected = [
        0.596_033, 0.573_910, 0.550_574, 0.525_961, 0.5, 0.472_617, 0.472_617, 0.443_734, 0.413_270, 0.381_137,
        0.347_244, 0.347_244, 0.347_244, 0.311_495, 0.273_788, 0.234_017, 0.192_067, 0.147_820, 0.101_149, 0.051_922,
    ];
    all_are(&skipped, &expected);
    all_are(
        &Habit::default().done([5]).marked([4], Mark::Skipped),
        &[0.041_949, 0.044_247, 0.046_670, 0.049_226, 0.051_922, 0.051_922, 0.0],
    );
}

#[test]
fn skipped_days_between_amounts_leave_it_as_it_was() {
    let days = Habit::of(AT_LEAST_2).counted(0..10, 2_000).counted(11..15, 2_000).counted(16..20, 2_000);
    let expected = [
        0.617_008, 0.596_033, 0.573_910, 0.550_574, 0.525_961, 0.5, 0.472_617, 0.443_734, 0.413_270, 0.381_137,
        0.347_244, 0.347_244, 0.311_495, 0.273_788, 0.234_017, 0.192_067, 0.192_067, 0.147_820, 0.101_149, 0.051_922,
    ];
    all_are(&days.marked([10, 15], Mark::Skipped), &expected);
}

#[rstest]
#[case::two_of_three(3, 2.0 / 3.0)]
#[case::two_of_four(4, 0.5)]
fn a_week_that_falls_short_counts_by_its_share(#[case] times: u8, #[case] expected: f64) {
    let two = (0..700).filter(|days| days % 7 < 2);
    is_about(Habit::on(Schedule::TimesPerWeek { times }).done(two).score(0), expected);
}

#[rstest]
#[case::all_days_of_a_week(Schedule::TimesPerWeek { times: 7 })]
#[case::all_days_of_a_month(Schedule::TimesPerMonth { times: 31 })]
fn all_days_are_each_day(#[case] all: Schedule) {
    let [all, daily] = [all, Schedule::Daily].map(|schedule| Habit::on(schedule).done((0..20).filter(|day| *day != 5)));
    is_about(all.score(0), daily.score(0));
}

#[test]
fn once_a_week_on_any_day_is_full_strength() {
    let done = (0..100).flat_map(|week| [14 * week, 14 * week + 13]);
    let irregular = Habit::on(Schedule::TimesPerWeek { times: 1 }).done(done);
    assert!((irregular.score(0) - 1.0).abs() < 1e-3, "{}", irregular.score(0));
}

#[rstest]
#[case::daily_in_three_months(Schedule::Daily, 1, 90)]
#[case::weekly_in_nine_months(Schedule::TimesPerWeek { times: 1 }, 7, 39)]
#[case::monthly_in_eighteen_months(Schedule::TimesPerMonth { times: 1 }, 30, 18)]
fn a_high_strength_takes_a_reasonable_time(#[case] schedule: Schedule, #[case] apart: u64, #[case] times: u64) {
    assert!(Habit::on(schedule).done((0..times).map(|time| time * apart)).score(0) > 0.99);
}

#[test]
fn two_days_done_of_a_rarer_habit_count_as_in_loop() {
    is_about(Habit::default().done(0..2).score(0), 0.101_149);
    is_about(Habit::on(EVERY_OTHER_DAY).done(0..2).score(0), 0.054_816);
    let amounts = Habit { schedule: EVERY_OTHER_DAY, ..Habit::of(AT_LEAST_2) };
    is_about(amounts.counted(0..2, 2_000).score(0), 0.072_631);
    let limit = Habit { schedule: EVERY_OTHER_DAY, ..Habit::of(AT_MOST_2) };
    is_about(limit.counted(0..2, 5_000).score(0), 0.927_369);
}

#[rstest]
#[case::half_of_it(AT_LEAST_2, 1_000, 0.5)]
#[case::a_quarter_of_it(AT_LEAST_2, 500, 0.25)]
#[case::half_too_much(AT_MOST_2, 3_000, 0.5)]
#[case::three_quarters_too_much(AT_MOST_2, 3_500, 0.25)]
fn an_amount_counts_by_its_share_of_the_goal(#[case] goal: Goal, #[case] milli: i64, #[case] expected: f64) {
    is_about(Habit::of(goal).counted(0..500, milli).score(0), expected);
}

#[test]
fn more_than_the_goal_counts_as_the_goal() {
    is_about(Habit::of(AT_LEAST_2).counted(0..1, 10_000_000).score(0), 0.051_922);
    is_about(Habit::of(AT_MOST_2).counted(1..2, 10_000_000).score(0), 0.950_773);
    is_about(Habit::of(AT_MOST_2).counted(0..1, 5_000).counted(1..2, 0).score(0), 0.948_077);
}

#[test]
fn too_much_of_a_bad_thing_lowers_a_strength_that_was_full() {
    let falling: Vec<f64> = RISING.iter().map(|risen| 1.0 - risen).collect();
    all_are(&Habit::of(AT_MOST_2).counted(20..21, 1_000).counted(0..20, 5_000), &falling);
}

#[rstest]
#[case::done(AT_LEAST_2, Mark::Done, 0.051_922)]
#[case::not_done(AT_LEAST_2, Mark::NotDone, 0.0)]
#[case::kept_within(AT_MOST_2, Mark::Done, 1.0)]
#[case::too_much(AT_MOST_2, Mark::NotDone, 0.948_078)]
fn a_word_without_an_amount_counts_too(#[case] goal: Goal, #[case] mark: Mark, #[case] expected: f64) {
    is_about(Habit::of(goal).marked([0], mark).score(0), expected);
}

#[test]
fn the_amounts_of_a_week_count_together() {
    let at_once = (0..100).map(|week| 7 * week);
    let weekly = Habit { schedule: Schedule::TimesPerWeek { times: 3 }, ..Habit::of(AT_LEAST_2) };
    assert!(at_once.fold(weekly, |habit, day| habit.counted(day..day + 1, 6_000)).score(0) > 0.999);
}

#[test]
fn today_without_a_word_does_not_count_against_the_habit() {
    let done = Habit::default().done(0..13);
    let marks: Vec<_> = done.marks.iter().map(|(date, mark)| (*date, *mark)).collect();
    let history = History {
        schedules: &Schedules::default(),
        marks: &marks,
        pauses: &[],
        begun: ago(12),
        calendar: Calendar::from(Tz::UTC),
    };
    is_about(score(&history, Measure::Done, last_day() + Days::new(1)), 0.5);
    is_about(score(&history, Measure::Done, last_day() + Days::new(2)), 0.474_039);
}
