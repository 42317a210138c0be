//! The rules that hold for every archive, whatever file it came from.

use chrono::{Datelike as _, Days, NaiveDate};
use habits::{
    reminder,
    schedule::{Schedule, Schedules},
    text::{lines, one_line},
};

use crate::{Archive, Habit, Pause, Refused, refused::shown};

/// What a file may unpack to, and the texts that are read out of a database together: they are in memory at once.
pub(crate) const MAX_UNPACKED_BYTES: usize = 50 * 1024 * 1024;
/// The most habits of an archive; a person cannot have more either.
pub const MAX_HABITS: usize = 500;
/// Twenty years.
pub const MAX_DAYS_OF_A_HABIT: usize = 7_305;
/// Days of all habits together: what one request can write.
pub const MAX_DAYS: usize = 150_000;
/// Pauses of all habits together.
pub const MAX_PAUSES: usize = 500;

pub(crate) const NAME_CHARS: usize = habits::text::HABIT_NAME_CHARS;
pub(crate) const NOTE_CHARS: usize = 500;
pub(crate) const UNIT_CHARS: usize = 30;
pub(crate) const DESCRIPTION_CHARS: usize = habits::text::DESCRIPTION_CHARS;
const MAX_REMINDERS: usize = 10;
/// How long a pause lasts, and how far ahead it begins.
const MAX_PAUSE: Days = Days::new(366);
const FIRST_YEAR: i32 = 2000;
/// Pauses and schedules may lie ahead.
const LAST_YEAR: i32 = 2100;

/// Refuses an archive that breaks a rule; texts, reminders and days are brought into their form.
pub(crate) fn check(archive: &mut Archive, today: NaiveDate) -> Result<(), Refused> {
    let habits = archive.habits.len();
    if habits > MAX_HABITS {
        return Err(Refused::new("habits", format!("{habits} habits; at most {MAX_HABITS} are allowed")));
    }
    let days: usize = archive.habits.iter().map(|habit| habit.days.len()).sum();
    if days > MAX_DAYS {
        return Err(Refused::new("habits", format!("{days} days in all; at most {MAX_DAYS} are allowed at once")));
    }
    let pauses = archive.pauses.len() + archive.habits.iter().map(|habit| habit.pauses.len()).sum::<usize>();
    if pauses > MAX_PAUSES {
        return Err(Refused::new("pauses", format!("{pauses} pauses in all; at most {MAX_PAUSES} are allowed")));
    }
    check_pauses(&archive.pauses, today, "pauses")?;
    for (index, habit) in archive.habits.iter_mut().enumerate() {
        let place = format!("habits[{index}] {}", shown(&habit.name));
        check_habit(habit, today).map_err(|reason| Refused::new(&place, reason))?;
        check_pauses(&habit.pauses, today, &place)?;
    }
    Ok(())
}

fn check_habit(habit: &mut Habit, today: NaiveDate) -> Result<(), String> {
    habit.name = one_line(&habit.name).ok_or("a name shows something")?;
    within("a name", &habit.name, NAME_CHARS)?;
    habit.description = habit.description.as_deref().and_then(lines);
    within("a description", habit.description.as_deref().unwrap_or_default(), DESCRIPTION_CHARS)?;
    habit.schedules = schedules(&habit.schedules)?;
    check_past(habit.begun_on, today)?;
    if habit.target_days <= 0 {
        return Err("target_days is above 0".to_owned());
    }
    if let Some(goal) = &mut habit.goal {
        goal.unit = goal.unit.as_deref().and_then(one_line);
        within("a unit", goal.unit.as_deref().unwrap_or_default(), UNIT_CHARS)?;
        if goal.amount.milli() == 0 {
            return Err("the amount of a goal is above 0".to_owned());
        }
    }
    check_reminders(habit)?;
    if let Some(at) = habit.completed_at {
        check_past(at.date_naive(), today)?;
        if habit.is_active {
            return Err("a habit that is complete is not active".to_owned());
        }
    }
    check_days(habit, today)
}

fn check_reminders(habit: &mut Habit) -> Result<(), String> {
    if let Some((first, more)) = habit.reminders.split_first() {
        habit.reminders = reminder::times(*first, more);
    }
    match habit.reminders.len() {
        1..=MAX_REMINDERS => Ok(()),
        count => Err(format!("{count} reminders; a habit has 1 to {MAX_REMINDERS}")),
    }
}

fn check_days(habit: &mut Habit, today: NaiveDate) -> Result<(), String> {
    let count = habit.days.len();
    if count > MAX_DAYS_OF_A_HABIT {
        return Err(format!("{count} days; at most {MAX_DAYS_OF_A_HABIT} of one habit are allowed"));
    }
    habit.days.sort_by_key(|day| day.date);
    if let Some(twice) = habit.days.windows(2).find(|pair| pair[0].date == pair[1].date) {
        return Err(format!("the day {} is there twice", twice[0].date));
    }
    for day in &mut habit.days {
        check_past(day.date, today)?;
        day.note = day.note.as_deref().and_then(lines);
        within("a note", day.note.as_deref().unwrap_or_default(), NOTE_CHARS)?;
    }
    Ok(())
}

/// As the api allows them: whoever pauses for longer leaves the end open.
fn check_pauses(pauses: &[Pause], today: NaiveDate, place: &str) -> Result<(), Refused> {
    for pause in pauses {
        let dates = [Some(pause.from), pause.to];
        if let Some(date) = dates.into_iter().flatten().find(|date| !is_planned(*date)) {
            return Err(Refused::new(
                place,
                format!("a pause has the date {date}, not from {FIRST_YEAR} to {LAST_YEAR}"),
            ));
        }
        if pause.to.is_some_and(|to| to < pause.from) {
            return Err(Refused::new(place, format!("the pause from {} ends before it begins", pause.from)));
        }
        let is_long = pause.to.is_some_and(|to| to > pause.from + MAX_PAUSE);
        if is_long || pause.from > today + MAX_PAUSE {
            let reason = format!("the pause from {} is longer than a year, or more than a year ahead", pause.from);
            return Err(Refused::new(place, reason));
        }
    }
    Ok(())
}

/// The same schedules, built anew: each valid, in the order of their dates.
fn schedules(given: &Schedules) -> Result<Schedules, String> {
    check_schedule(given.first())?;
    let mut schedules = Schedules::from(given.first());
    let mut before = None;
    for version in given.changes() {
        check_schedule(version.schedule)?;
        if !is_planned(version.from) || before.is_some_and(|before| version.from <= before) {
            return Err(format!("the schedule from {} is out of order", version.from));
        }
        schedules.change(version.from, version.schedule);
        before = Some(version.from);
    }
    Ok(schedules)
}

fn check_schedule(schedule: Schedule) -> Result<(), String> {
    let is_good = match schedule {
        Schedule::Daily | Schedule::Weekdays { .. } => true,
        Schedule::TimesPerWeek { times } => (1..=7).contains(&times),
        Schedule::TimesPerMonth { times } => (1..=31).contains(&times),
        Schedule::EveryNDays { days, start } => (2..=365).contains(&days) && is_planned(start),
    };
    if is_good {
        return Ok(());
    }
    Err("a schedule is 1 to 7 times a week, 1 to 31 times a month, or every 2 to 365 days".to_owned())
}

/// A day that was: of this century, and not after tomorrow.
pub(crate) fn is_past(date: NaiveDate, today: NaiveDate) -> bool {
    let tomorrow = today.checked_add_days(Days::new(1)).unwrap_or(today);
    date.year() >= FIRST_YEAR && date <= tomorrow
}

fn check_past(date: NaiveDate, today: NaiveDate) -> Result<(), String> {
    if is_past(date, today) { Ok(()) } else { Err(format!("the date {date} is not from {FIRST_YEAR} to tomorrow")) }
}

fn is_planned(date: NaiveDate) -> bool {
    (FIRST_YEAR..=LAST_YEAR).contains(&date.year())
}

fn within(what: &str, text: &str, max_chars: usize) -> Result<(), String> {
    let chars = text.chars().count();
    if chars <= max_chars {
        Ok(())
    } else {
        Err(format!("{what} has {chars} characters; at most {max_chars} are allowed"))
    }
}
