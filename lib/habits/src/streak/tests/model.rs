//! Random lives of a habit, held against a second, plainer account of the same rules.

use std::collections::BTreeMap;

use chrono::{Datelike as _, TimeDelta};
use chrono_tz::TZ_VARIANTS;
use proptest::prelude::*;

use super::*;
use crate::day::MAX_START_HOUR;

/// One thing that happens in the life of a habit.
#[derive(Debug, Clone)]
enum Event {
    /// Hours pass.
    Wait(u32),
    /// The day so many days ago gets this mark, or none.
    Mark(u8, Option<Mark>),
    Schedule(Schedule),
    /// A pause that begins so many days from today and lasts so many days.
    Pause(i8, Option<u8>),
    Resume,
    Move(Calendar),
}

/// A habit that is kept as the programs keep it: derived when it is written, and ended by its instant alone.
#[derive(Debug, Clone)]
struct Life {
    now: DateTime<Utc>,
    calendar: Calendar,
    schedules: Schedules,
    marks: BTreeMap<NaiveDate, Mark>,
    pauses: Vec<Pause>,
    begun: NaiveDate,
    kept: Streak,
}

impl Life {
    fn new(now: DateTime<Utc>, calendar: Calendar, schedule: Schedule) -> Self {
        Self {
            now,
            calendar,
            schedules: schedule.into(),
            marks: BTreeMap::new(),
            pauses: Vec::new(),
            begun: calendar.today(now),
            kept: Streak::default(),
        }
    }

    /// The latest date that has begun. One that a change of the clock brings back for an hour, as in St. John's until 2011,
    /// brings no streak back that ended with it.
    fn today(&self) -> NaiveDate {
        let earlier = self.calendar.today(self.now - TimeDelta::hours(3));
        self.calendar.today(self.now).max(earlier)
    }

    fn derived(&self) -> Streak {
        let marks: Vec<_> = self.marks.iter().map(|(date, mark)| (*date, *mark)).collect();
        let history = History {
            schedules: &self.schedules,
            marks: &marks,
            pauses: &self.pauses,
            begun: self.begun,
            calendar: self.calendar,
        };
        derive(&history, self.today())
    }

    fn happens(&mut self, event: &Event) {
        let today = self.today();
        match event {
            Event::Wait(hours) => {
                self.now += TimeDelta::hours((*hours).into());
                self.end_what_expired();
                return;
            }
            Event::Mark(days_ago, mark) => {
                let date = today - Days::new((*days_ago).into());
                match mark {
                    Some(mark) => self.marks.insert(date, *mark),
                    None => self.marks.remove(&date),
                };
            }
            Event::Schedule(schedule) => self.schedules.change(today, *schedule),
            Event::Pause(days_ahead, length) => {
                let from = today + TimeDelta::days((*days_ahead).into());
                self.pauses.push(Pause { from, to: length.map(|days| from + Days::new(days.into())) });
            }
            Event::Resume => self.pauses.clear(),
            Event::Move(calendar) => {
                self.pauses.extend(crate::pause::lost_by_travel(self.calendar, *calendar, self.now));
                self.calendar = *calendar;
            }
        }
        self.kept = self.derived();
    }

    /// What the loops do, who only see the instant; days that are done already are looked at again.
    fn end_what_expired(&mut self) {
        let Some(expires_at) = self.kept.expires_at.filter(|at| *at <= self.now) else { return };
        let is_done_later = self.marks.range(expires_at.date_naive()..).any(|(_, mark)| *mark == Mark::Done);
        self.kept = if is_done_later { self.derived() } else { Streak { current: 0, expires_at: None, ..self.kept } };
    }

    /// The same rules, day by day and without an eye on cost.
    fn plainly_told(&self) -> (u32, u32) {
        let today = self.today();
        let begun = self.marks.keys().next().map_or(self.begun, |first| self.begun.min(*first));
        let end = self.marks.keys().next_back().map_or(today, |last| today.max(*last));
        let (mut current, mut record) = (0, 0);
        for date in begun.iter_days().take_while(|date| *date <= end) {
            current += u32::from(self.marks.get(&date) == Some(&Mark::Done));
            record = record.max(current);
            let (has_ended, is_short) = self.judged(date, begun, today);
            if is_short && has_ended {
                current = 0;
            } else if is_short && current > 0 && date >= today {
                break;
            }
        }
        (current, record)
    }

    /// Whether the period whose last day is `date` is over, and whether it fell short. Nothing on other days.
    fn judged(&self, date: NaiveDate, begun: NaiveDate, today: NaiveDate) -> (bool, bool) {
        let schedule = self.schedules.on(date);
        let is_next_in_same = |next: NaiveDate| same_period(schedule, date, next) && self.schedule_began(next) != next;
        if is_next_in_same(date + Days::new(1)) {
            return (false, false);
        }
        let mut first = date;
        while first > begun && same_period(schedule, date, first - Days::new(1)) && self.schedule_began(first) != first
        {
            first = first - Days::new(1);
        }
        let whole = (-400..400).filter(|n| same_period(schedule, date, date + TimeDelta::days(*n))).count();
        let days: Vec<NaiveDate> = first.iter_days().take_while(|day| *day <= date).collect();
        let usable = days.iter().filter(|day| self.is_usable(**day)).count();
        let done = days.iter().filter(|day| self.marks.get(day) == Some(&Mark::Done)).count();
        let share = |days: usize| schedule_times(schedule, date) * days / whole.max(usable);
        let asks = if usable > 0 && share(days.len()) > 0 { share(usable).max(1) } else { 0 };
        let is_short = done < asks;
        let is_given_up = whole == 1 && self.marks.get(&date) == Some(&Mark::NotDone);
        (date < today || is_given_up, is_short)
    }

    fn is_usable(&self, date: NaiveDate) -> bool {
        !matches!(self.marks.get(&date), Some(Mark::Skipped | Mark::Frozen))
            && !self.pauses.iter().any(|pause| pause.contains(date))
            && self.calendar.has(date)
    }

    /// The date from which the schedule of `date` holds, when that is `date` itself.
    fn schedule_began(&self, date: NaiveDate) -> NaiveDate {
        let is_other = self.schedules.on(date) != self.schedules.on(date - Days::new(1));
        if is_other { date } else { NaiveDate::MIN }
    }
}

fn same_period(schedule: Schedule, one: NaiveDate, other: NaiveDate) -> bool {
    match schedule {
        Schedule::Daily | Schedule::Weekdays { .. } => one == other,
        Schedule::TimesPerWeek { .. } => one.iso_week() == other.iso_week(),
        Schedule::TimesPerMonth { .. } => (one.year(), one.month()) == (other.year(), other.month()),
        Schedule::EveryNDays { days, start } => {
            let run = |date: NaiveDate| (date - start).num_days().div_euclid(days.into());
            run(one) == run(other)
        }
    }
}

fn schedule_times(schedule: Schedule, date: NaiveDate) -> usize {
    match schedule {
        Schedule::Daily | Schedule::EveryNDays { .. } => 1,
        Schedule::Weekdays { weekdays } => usize::from(weekdays.contains(date.weekday())),
        Schedule::TimesPerWeek { times } => times.into(),
        Schedule::TimesPerMonth { times } => usize::from(times).min(usize::from(date.num_days_in_month())),
    }
}

fn any_schedule() -> impl Strategy<Value = Schedule> {
    prop_oneof![
        Just(Schedule::Daily),
        (1_u8..128).prop_map(|bits| {
            let days = (0..7).filter(move |day| bits & (1 << day) != 0).map(|day| Weekday::try_from(day).unwrap());
            Schedule::Weekdays { weekdays: Weekdays::new(days).unwrap() }
        }),
        (1_u8..=7).prop_map(|times| Schedule::TimesPerWeek { times }),
        (1_u8..=31).prop_map(|times| Schedule::TimesPerMonth { times }),
        (2_u16..=20, 0_u64..20)
            .prop_map(|(days, offset)| Schedule::EveryNDays { days, start: date("2010-01-01") + Days::new(offset) }),
    ]
}

fn any_calendar() -> impl Strategy<Value = Calendar> {
    let zone = proptest::sample::select(TZ_VARIANTS.to_vec());
    (zone, 0..=MAX_START_HOUR).prop_map(|(zone, start_hour)| Calendar { zone, start_hour })
}

fn any_mark() -> impl Strategy<Value = Option<Mark>> {
    prop_oneof![
        6 => Just(Some(Mark::Done)),
        1 => Just(Some(Mark::NotDone)),
        1 => Just(Some(Mark::Skipped)),
        1 => Just(Some(Mark::Frozen)),
        1 => Just(None),
    ]
}

fn any_event() -> impl Strategy<Value = Event> {
    prop_oneof![
        8 => (1_u32..40).prop_map(Event::Wait),
        8 => any_mark().prop_map(|mark| Event::Mark(0, mark)),
        4 => (0_u8..8, any_mark()).prop_map(|(ago, mark)| Event::Mark(ago, mark)),
        1 => any_schedule().prop_map(Event::Schedule),
        1 => (-3_i8..5, proptest::option::of(0_u8..20)).prop_map(|(ahead, length)| Event::Pause(ahead, length)),
        1 => Just(Event::Resume),
        1 => any_calendar().prop_map(Event::Move),
    ]
}

proptest! {
    /// Random histories, edits, zones and changes of the clock from 2000 to 2037.
    #[test]
    fn a_streak_from_scratch_is_the_streak_that_was_kept(
        start_s in 946_684_800_i64..2_143_000_000,
        calendar in any_calendar(),
        schedule in any_schedule(),
        events in proptest::collection::vec(any_event(), 0..80),
    ) {
        let mut life = Life::new(DateTime::from_timestamp(start_s, 0).unwrap(), calendar, schedule);
        for event in &events {
            life.happens(event);
            let derived = life.derived();
            prop_assert_eq!(life.kept.record, derived.record, "{:?} after {:?}", life, event);
            prop_assert_eq!(life.kept, derived, "{:?} after {:?}", life, event);
            prop_assert_eq!((derived.current, derived.record), life.plainly_told(), "{:?} after {:?}", life, event);
        }
    }

    #[test]
    fn undoing_a_day_restores_what_was(
        calendar in any_calendar(),
        schedule in any_schedule(),
        events in proptest::collection::vec(any_event(), 0..60),
    ) {
        let mut life = Life::new("2026-11-22T12:00:00Z".parse().unwrap(), calendar, schedule);
        for event in &events {
            life.happens(event);
        }
        life.happens(&Event::Mark(0, None));
        let before = life.kept;
        life.happens(&Event::Mark(0, Some(Mark::Done)));
        prop_assert!(life.kept.record >= before.record);
        life.happens(&Event::Mark(0, None));
        prop_assert_eq!(life.kept, before);
    }
}
