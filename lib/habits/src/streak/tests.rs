use chrono::Weekday;
use chrono_tz::Tz;
use rstest::rstest;

use super::*;
use crate::{
    day::Calendar,
    pause::Pause,
    schedule::{Schedule, Schedules, Weekdays},
};

mod model;

fn date(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

/// A history of November 2026, by day of the month; a Sunday is the 1st, the 8th, the 15th, the 22nd.
struct November {
    schedules: Schedules,
    marks: Vec<(NaiveDate, Mark)>,
    pauses: Vec<Pause>,
    begun: NaiveDate,
    calendar: Calendar,
}

fn day(day: u32) -> NaiveDate {
    NaiveDate::from_ymd_opt(2026, 11, day).unwrap()
}

fn done(days: impl IntoIterator<Item = u32>) -> November {
    November {
        schedules: Schedules::default(),
        marks: days.into_iter().map(|of| (day(of), Mark::Done)).collect(),
        pauses: Vec::new(),
        begun: day(1),
        calendar: Tz::UTC.into(),
    }
}

impl November {
    fn with(mut self, of: u32, mark: Mark) -> Self {
        self.marks.retain(|(date, _)| *date != day(of));
        self.marks.push((day(of), mark));
        self.marks.sort_by_key(|(date, _)| *date);
        self
    }

    fn on(self, schedule: Schedule) -> Self {
        Self { schedules: schedule.into(), ..self }
    }

    fn paused(self, from: u32, to: Option<u32>) -> Self {
        Self { pauses: vec![Pause { from: day(from), to: to.map(day) }], ..self }
    }

    fn on_the(&self, today: u32) -> Streak {
        let history = History {
            schedules: &self.schedules,
            marks: &self.marks,
            pauses: &self.pauses,
            begun: self.begun,
            calendar: self.calendar,
        };
        derive(&history, day(today))
    }
}

fn at(text: &str) -> Option<DateTime<Utc>> {
    text.parse().ok()
}

fn weekdays(days: &[Weekday]) -> Schedule {
    Schedule::Weekdays { weekdays: Weekdays::new(days.iter().copied()).unwrap() }
}

#[test]
fn an_empty_history_has_no_streak() {
    assert_eq!(done([]).on_the(22), Streak::default());
}

#[test]
fn today_pending_never_breaks_a_streak() {
    let streak = done([20, 21]).on_the(22);
    assert_eq!((streak.current, streak.expires_at), (2, at("2026-11-23T00:00:00Z")));
}

#[test]
fn a_missed_day_ends_the_streak_and_keeps_the_record() {
    assert_eq!(done([19, 20]).on_the(22), Streak { current: 0, record: 2, expires_at: None });
}

#[test]
fn a_day_that_is_given_up_ends_the_streak_at_once() {
    assert_eq!(done([20, 21]).with(22, Mark::NotDone).on_the(22), Streak { current: 0, record: 2, expires_at: None });
}

#[test]
fn correcting_not_done_to_done_restores_the_streak() {
    let corrected = done([20, 21]).with(22, Mark::NotDone).with(22, Mark::Done);
    assert_eq!(corrected.on_the(22).current, 3);
}

#[test]
fn a_day_filled_in_later_joins_two_streaks() {
    assert_eq!(done([18, 19, 21]).on_the(21).current, 1);
    assert_eq!(done([18, 19, 20, 21]).on_the(21).current, 4);
}

#[test]
fn a_day_done_before_the_habit_was_begun_counts() {
    let late = November { begun: day(21), ..done([20, 21]) };
    assert_eq!(late.on_the(22).current, 2);
}

#[test]
fn a_streak_ends_at_the_persons_own_midnight() {
    let streak = November { calendar: Tz::Asia__Kathmandu.into(), ..done([22]) }.on_the(22);
    assert_eq!(streak.expires_at, at("2026-11-23T18:15:00Z"));
}

#[test]
fn a_streak_ends_when_the_persons_own_day_does() {
    let calendar = Calendar { zone: Tz::Europe__Berlin, start_hour: 4 };
    assert_eq!(November { calendar, ..done([22]) }.on_the(22).expires_at, at("2026-11-24T03:00:00Z"));
}

#[rstest]
#[case::from_midnight(0)]
#[case::from_four_in_the_morning(4)]
fn a_date_that_the_zone_skipped_neither_counts_nor_breaks(#[case] start_hour: u8) {
    let marks = ["2011-12-28", "2011-12-29", "2011-12-31"].map(|text| (date(text), Mark::Done)).to_vec();
    let history = History {
        schedules: &Schedules::default(),
        marks: &marks,
        pauses: &[],
        begun: date("2011-12-28"),
        calendar: Calendar { zone: Tz::Pacific__Apia, start_hour },
    };
    assert_eq!(derive(&history, date("2011-12-31")).current, 3);
}

#[rstest]
#[case::skipped(Mark::Skipped)]
#[case::frozen(Mark::Frozen)]
fn an_excused_day_neither_counts_nor_breaks(#[case] mark: Mark) {
    assert_eq!(done([19, 20]).with(21, mark).on_the(22).current, 2);
}

#[test]
fn a_skipped_today_keeps_the_streak_until_tomorrow_is_over() {
    assert_eq!(done([21]).with(22, Mark::Skipped).on_the(22).expires_at, at("2026-11-24T00:00:00Z"));
}

#[test]
fn a_pause_keeps_the_streak() {
    let streak = done([9, 10]).paused(11, Some(20)).on_the(21);
    assert_eq!((streak.current, streak.expires_at), (2, at("2026-11-22T00:00:00Z")));
}

#[test]
fn a_pause_without_an_end_keeps_the_streak_for_ever() {
    assert_eq!(done([9, 10]).paused(11, None).on_the(30), Streak { current: 2, record: 2, expires_at: None });
}

#[test]
fn a_day_done_in_a_pause_counts() {
    assert_eq!(done([9, 10, 15]).paused(11, Some(20)).on_the(21).current, 3);
}

#[test]
fn a_day_off_neither_breaks_nor_has_to_be_done() {
    let streak = done([16, 18]).on(weekdays(&[Weekday::Mon, Weekday::Wed])).on_the(22);
    assert_eq!((streak.current, streak.expires_at), (2, at("2026-11-24T00:00:00Z")));
}

#[test]
fn an_extra_day_counts() {
    assert_eq!(done([16, 17, 18]).on(weekdays(&[Weekday::Mon, Weekday::Wed])).on_the(22).current, 3);
}

#[test]
fn a_missed_weekday_breaks() {
    assert_eq!(done([9, 18]).on(weekdays(&[Weekday::Mon, Weekday::Wed])).on_the(18).current, 1);
}

#[test]
fn a_week_with_all_its_times_keeps_the_streak() {
    let streak = done([9, 10, 11, 16, 20, 22]).on(Schedule::TimesPerWeek { times: 3 }).on_the(23);
    assert_eq!((streak.current, streak.expires_at), (6, at("2026-11-30T00:00:00Z")));
}

#[test]
fn a_week_that_falls_short_ends_the_streak_when_it_is_over() {
    let week = || done([9, 10, 11, 16, 20]).on(Schedule::TimesPerWeek { times: 3 });
    assert_eq!(week().on_the(22), Streak { current: 5, record: 5, expires_at: at("2026-11-23T00:00:00Z") });
    assert_eq!(week().on_the(23), Streak { current: 0, record: 5, expires_at: None });
}

#[test]
fn the_week_in_which_a_habit_begins_asks_for_its_share() {
    let begun_on_friday = November { begun: day(20), ..done([21]) }.on(Schedule::TimesPerWeek { times: 3 });
    assert_eq!(begun_on_friday.on_the(23).current, 1);
}

/// The week from the 16th to the 22nd, after one that was kept.
#[rstest]
#[case::skipped_and_not_done(done([9]).with(18, Mark::Skipped), 0)]
#[case::skipped_and_done_on_another_day(done([9, 20]).with(18, Mark::Skipped), 2)]
#[case::all_days_but_one_paused(done([9]).paused(16, Some(21)), 0)]
#[case::all_days_paused(done([9]).paused(16, Some(22)), 1)]
fn of_once_a_week_a_day_is_asked_for_while_one_is_left(#[case] days: November, #[case] streak: u32) {
    assert_eq!(days.on(Schedule::TimesPerWeek { times: 1 }).on_the(23).current, streak);
}

#[test]
fn a_week_cut_by_another_schedule_before_it_was_done_breaks_nothing() {
    let mut weekly = done([9]).on(Schedule::TimesPerWeek { times: 1 });
    weekly.schedules.change(day(18), Schedule::TimesPerWeek { times: 2 });
    assert_eq!(weekly.on_the(19).current, 1);
}

#[test]
fn a_paused_part_of_a_week_lowers_what_it_asks_for() {
    let week = done([16]).on(Schedule::TimesPerWeek { times: 3 }).paused(19, Some(22));
    assert_eq!(week.on_the(23).current, 1);
}

#[test]
fn a_month_has_its_times() {
    let month = |days: u32| done(1..=days).on(Schedule::TimesPerMonth { times: 10 });
    assert_eq!(month(9).on_the(30).expires_at, at("2026-12-01T00:00:00Z"));
    assert_eq!(month(10).on_the(30).expires_at, at("2027-01-01T00:00:00Z"));
}

#[test]
fn any_day_of_its_run_will_do() {
    let every_three = Schedule::EveryNDays { days: 3, start: day(1) };
    let streak = done([1, 6, 7]).on(every_three).on_the(9);
    assert_eq!((streak.current, streak.expires_at), (3, at("2026-11-13T00:00:00Z")));
    assert_eq!(done([1, 7]).on(every_three).on_the(9).current, 1);
}

#[test]
fn past_days_are_judged_by_the_schedule_of_that_day() {
    let mut history = done([16, 18, 20, 21]).on(weekdays(&[Weekday::Mon, Weekday::Wed, Weekday::Fri]));
    history.schedules.change(day(21), Schedule::Daily);
    assert_eq!(history.on_the(21).current, 4);
    assert_eq!(history.on_the(23).current, 0);
}

#[test]
fn a_day_done_before_it_came_counts_at_once_and_when_it_comes() {
    // Sunday was begun in Auckland and goes on in Los Angeles, where it is Saturday again.
    let flown_west = done([20, 21, 22]);
    assert_eq!(flown_west.on_the(21), flown_west.on_the(22));
    assert_eq!(flown_west.on_the(22).expires_at, at("2026-11-24T00:00:00Z"));
}

#[test]
fn every_streak_that_ever_was_can_be_shown() {
    let history = done([3, 4, 5, 9, 20, 21]);
    let runs = runs(
        &History {
            schedules: &history.schedules,
            marks: &history.marks,
            pauses: &[],
            begun: history.begun,
            calendar: history.calendar,
        },
        day(22),
    );
    let shown: Vec<_> = runs.iter().map(|run| (run.from, run.to, run.days)).collect();
    assert_eq!(shown, [(day(3), day(5), 3), (day(9), day(9), 1), (day(20), day(21), 2)]);
}
