//! From an archive to Loop's CSV.

use std::{borrow::Cow, collections::BTreeMap, io::Cursor};

use chrono::NaiveDate;
use habits::goal::MAX_AMOUNT_MILLI;
use zip::{ZipWriter, write::SimpleFileOptions};

use super::{CHECKMARKS, HABITS, HABITS_HEADER, to_cell};
use crate::{Archive, Day, Direction, Goal, Habit, Refused, Status};

/// Loop gives each habit a color of its palette; this is its blue.
const COLOR: &str = "#1976D2";

/// Characters of a folder's name, after the position.
const FOLDER_CHARS: usize = 100;

type Zip = ZipWriter<Cursor<Vec<u8>>>;
type Rows<'a> = csv::Writer<&'a mut Zip>;

pub(crate) fn write(archive: &Archive) -> Result<Vec<u8>, Refused> {
    let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
    add(&mut zip, HABITS, |rows| habits(rows, &archive.habits))?;
    for (index, habit) in archive.habits.iter().enumerate() {
        let folder = folder(index, &habit.name);
        add(&mut zip, &format!("{folder}/{CHECKMARKS}"), |rows| checkmarks(rows, habit))?;
    }
    add(&mut zip, CHECKMARKS, |rows| table(rows, &archive.habits))?;
    let finished = zip.finish().map_err(|error| Refused::new("zip", error.to_string()))?;
    Ok(finished.into_inner())
}

/// Rows go into the zip as they are made: the table of many habits is large, and nearly all of it the same word.
fn add(zip: &mut Zip, name: &str, write: impl FnOnce(&mut Rows<'_>) -> csv::Result<()>) -> Result<(), Refused> {
    let failed = |error: &dyn std::fmt::Display| Refused::new(name, error.to_string());
    zip.start_file(name, SimpleFileOptions::default()).map_err(|error| failed(&error))?;
    let mut rows = csv::WriterBuilder::new().flexible(true).from_writer(zip);
    write(&mut rows).map_err(|error| failed(&error))?;
    rows.flush().map_err(|error| failed(&error))
}

/// `001 Name`, with the characters that Loop keeps.
fn folder(index: usize, name: &str) -> String {
    let is_kept = |c: &char| c.is_ascii_alphanumeric() || matches!(c, ' ' | '.' | '_' | '-');
    let kept: String = name.chars().filter(is_kept).take(FOLDER_CHARS).collect();
    format!("{} {kept}", position(index)).trim().to_owned()
}

fn position(index: usize) -> String {
    format!("{:03}", index + 1)
}

fn habits(rows: &mut Rows<'_>, habits: &[Habit]) -> csv::Result<()> {
    rows.write_record(HABITS_HEADER)?;
    for (index, habit) in habits.iter().enumerate() {
        let (times, days) = habit.schedules.current().frequency();
        let goal = habit.goal.as_ref();
        rows.write_record([
            position(index).as_str(),
            &to_cell(&habit.name),
            if goal.is_some() { "NUMERICAL" } else { "YES_NO" },
            "",
            &to_cell(habit.description.as_deref().unwrap_or_default()),
            times.to_string().as_str(),
            days.to_string().as_str(),
            COLOR,
            &to_cell(goal.and_then(|goal| goal.unit.as_deref()).unwrap_or_default()),
            goal.map_or("", |goal| direction(goal.direction)),
            goal.map_or_else(String::new, |goal| format!("{:?}", goal.amount.units())).as_str(),
            if habit.is_active { "false" } else { "true" },
        ])?;
    }
    Ok(())
}

fn direction(direction: Direction) -> &'static str {
    match direction {
        Direction::AtLeast => "AT_LEAST",
        Direction::AtMost => "AT_MOST",
    }
}

/// The days of a habit, the newest first.
fn checkmarks(rows: &mut Rows<'_>, habit: &Habit) -> csv::Result<()> {
    rows.write_record(["Date", "Value", "Notes"])?;
    for day in habit.days.iter().rev() {
        let note = to_cell(day.note.as_deref().unwrap_or_default());
        rows.write_record([&day.date.to_string(), &value(day, habit.goal.as_ref()), &*note])?;
    }
    Ok(())
}

/// All habits side by side, a line for each date on which something was said.
fn table(rows: &mut Rows<'_>, habits: &[Habit]) -> csv::Result<()> {
    let mut header = vec![Cow::Borrowed("Date")];
    header.extend(habits.iter().map(|habit| to_cell(&habit.name)));
    rows.write_record(header.iter().map(|cell| &**cell))?;
    let mut dates = BTreeMap::<NaiveDate, Vec<(usize, String)>>::new();
    for (index, habit) in habits.iter().enumerate() {
        for day in &habit.days {
            dates.entry(day.date).or_default().push((index, value(day, habit.goal.as_ref())));
        }
    }
    for (date, values) in dates.into_iter().rev() {
        let mut line = vec![String::from("UNKNOWN"); habits.len() + 1];
        line[0] = date.to_string();
        for (index, value) in values {
            line[index + 1] = value;
        }
        rows.write_record(line)?;
    }
    Ok(())
}

fn value(day: &Day, goal: Option<&Goal>) -> String {
    let (word, milli) = match (day.status, goal) {
        (Status::Skipped | Status::Frozen, _) => ("SKIP", None),
        (Status::Done, None) => ("YES_MANUAL", None),
        (Status::NotDone, None) => ("NO", None),
        (Status::Pending, None) => ("UNKNOWN", None),
        (status, Some(goal)) => match (day.amount, status) {
            (Some(amount), _) => ("", Some(amount.milli())),
            (None, Status::Done) if goal.direction == Direction::AtLeast => ("", Some(goal.amount.milli())),
            // More than is allowed: as much as the strength takes it for.
            (None, Status::NotDone) if goal.direction == Direction::AtMost => {
                ("", Some((2 * goal.amount.milli()).min(MAX_AMOUNT_MILLI)))
            }
            (None, Status::Done | Status::NotDone) => ("", Some(0)),
            (None, _) => ("UNKNOWN", None),
        },
    };
    milli.map_or_else(|| word.to_owned(), |milli| milli.to_string())
}
