//! From Loop's CSV to an archive.

use std::collections::BTreeSet;

use chrono::NaiveDate;
use csv::StringRecord;
use habits::text::one_line;

use super::{CHECKMARKS, HABITS, of_cell};
use crate::{
    Archive, Direction, Notes, Refused, check,
    loop_habit::{Entries, Entry, LoopHabit, Target, Value, archive, check_count},
    refused::shown,
    zipped::Zipped,
};

pub(crate) fn read(bytes: &[u8], today: NaiveDate, notes: &mut Notes) -> Result<Archive, Refused> {
    let mut zip = Zipped::open(bytes)?;
    let names = zip.names()?;
    // Somebody may have packed the folder and not its contents.
    let list = names.iter().filter(|(_, name)| file_name(name) == HABITS).min_by_key(|(_, name)| name.len());
    let (index, list) = list.ok_or_else(|| Refused::new("zip", "there is no Habits.csv in it"))?;
    let root = &list[..list.len() - HABITS.len()];
    let mut habits = Vec::new();
    let mut positions = BTreeSet::new();
    for (position, mut habit) in habits_of(&read_text(&mut zip, *index, list)?, list)? {
        if !positions.insert(position) {
            return Err(Refused::new(list, format!("the position {position} is there twice")));
        }
        let checkmarks = names.iter().find(|(_, name)| is_checkmarks_of(name, root, position));
        match checkmarks {
            Some((index, name)) => habit.entries = entries(&read_text(&mut zip, *index, name)?, name, today)?,
            None => {
                notes.add(format!("“{}” has no Checkmarks.csv in the zip; it came without days.", shown(&habit.name)));
            }
        }
        habits.push(habit);
        check_count(&habits, list)?;
    }
    Ok(archive(habits, today, notes))
}

/// With the one end of a line that the reader counts.
fn read_text(zip: &mut Zipped<'_>, index: usize, name: &str) -> Result<String, Refused> {
    let text = zip.read(index, name)?;
    Ok(if text.contains('\r') { text.replace("\r\n", "\n") } else { text })
}

fn file_name(path: &str) -> &str {
    path.rsplit('/').next().unwrap_or(path)
}

/// `001 Name/Checkmarks.csv`: the number is the habit's position.
fn is_checkmarks_of(path: &str, root: &str, position: u32) -> bool {
    let folder = path.strip_prefix(root).and_then(|path| path.strip_suffix(CHECKMARKS)?.strip_suffix('/'));
    let number = folder.filter(|folder| !folder.contains('/')).and_then(|folder| folder.split(' ').next());
    number.and_then(|number| number.parse().ok()) == Some(position)
}

/// A line of a file with named columns.
struct Row<'a> {
    file: &'a str,
    header: &'a StringRecord,
    record: StringRecord,
}

impl Row<'_> {
    fn line(&self) -> u64 {
        self.record.position().map_or(0, csv::Position::line)
    }

    /// The first of these columns that the file has; empty where it has none.
    fn get(&self, columns: &[&str]) -> &str {
        let index = columns.iter().find_map(|column| self.header.iter().position(|name| name.trim() == *column));
        index.and_then(|index| self.record.get(index)).unwrap_or_default()
    }

    fn number<T: std::str::FromStr>(&self, columns: &[&str]) -> Result<T, Refused> {
        let text = self.get(columns).trim();
        text.parse().map_err(|_| self.refused(format!("{} is “{}”, which is no number", columns[0], shown(text))))
    }

    fn refused(&self, reason: impl Into<String>) -> Refused {
        Refused::at(self.file, self.line(), reason)
    }
}

fn broken(file: &str, error: &csv::Error) -> Refused {
    let line = error.position().map_or(1, csv::Position::line);
    Refused::at(file, line, "it is not CSV")
}

fn rows<'a>(text: &'a str, file: &'a str, header: &'a StringRecord) -> impl Iterator<Item = Result<Row<'a>, Refused>> {
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    let reader = csv::ReaderBuilder::new().has_headers(false).flexible(true).from_reader(text.as_bytes());
    reader.into_records().map(move |record| match record {
        Ok(record) => Ok(Row { file, header, record }),
        Err(error) => Err(broken(file, &error)),
    })
}

fn first_record(text: &str, file: &str) -> Result<StringRecord, Refused> {
    let none = StringRecord::new();
    rows(text, file, &none).next().map_or(Ok(StringRecord::new()), |row| row.map(|row| row.record))
}

/// The habits in the order of the file, each with its position.
fn habits_of(text: &str, file: &str) -> Result<Vec<(u32, LoopHabit)>, Refused> {
    let header = first_record(text, file)?;
    if !["Position", "Name"].iter().all(|column| header.iter().any(|name| name.trim() == *column)) {
        return Err(Refused::at(file, 1, "the columns Position and Name are missing"));
    }
    rows(text, file, &header).skip(1).take(check::MAX_HABITS + 1).map(|row| habit(&row?)).collect()
}

fn habit(row: &Row<'_>) -> Result<(u32, LoopHabit), Refused> {
    let is_numerical = match row.get(&["Type"]).trim() {
        "" | "YES_NO" => false,
        "NUMERICAL" => true,
        other => return Err(row.refused(format!("Type is “{}”, not YES_NO or NUMERICAL", shown(other)))),
    };
    let habit = LoopHabit {
        name: of_cell(row.get(&["Name"])).to_owned(),
        question: of_cell(row.get(&["Question"])).to_owned(),
        description: of_cell(row.get(&["Description"])).to_owned(),
        // As the exports before Loop 2.1 name them.
        times: row.number(&["FrequencyNumerator", "NumRepetitions"])?,
        days: row.number(&["FrequencyDenominator", "Interval"])?,
        target: is_numerical.then(|| target(row)).transpose()?,
        is_archived: row.get(&["Archived?"]).trim().eq_ignore_ascii_case("true"),
        ..LoopHabit::default()
    };
    if one_line(&habit.name).is_none() {
        return Err(row.refused("Name is empty"));
    }
    Ok((row.number(&["Position"])?, habit))
}

fn target(row: &Row<'_>) -> Result<Target, Refused> {
    let direction = match row.get(&["Target Type"]).trim() {
        "" | "AT_LEAST" => Direction::AtLeast,
        "AT_MOST" => Direction::AtMost,
        other => return Err(row.refused(format!("Target Type is “{}”, not AT_LEAST or AT_MOST", shown(other)))),
    };
    let units: f64 = row.number(&["Target Value"])?;
    if !units.is_finite() {
        return Err(row.refused("Target Value is no number"));
    }
    Ok(Target { direction, units, unit: of_cell(row.get(&["Unit"])).to_owned() })
}

/// `Checkmarks.csv` of one habit; older exports have no header.
fn entries(text: &str, file: &str, today: NaiveDate) -> Result<Entries, Refused> {
    let first = first_record(text, file)?;
    let has_header = first.get(0).is_some_and(|column| column.trim() == "Date");
    let header = if has_header { first } else { StringRecord::from(vec!["Date", "Value"]) };
    let mut entries = Entries::default();
    for row in rows(text, file, &header).skip(usize::from(has_header)) {
        let row = row?;
        let date: NaiveDate = row
            .get(&["Date"])
            .trim()
            .parse()
            .map_err(|_| row.refused(format!("Date is “{}”, not like 2026-11-22", shown(row.get(&["Date"])))))?;
        if !check::is_past(date, today) {
            return Err(row.refused(format!("the date {date} is not from 2000 to tomorrow")));
        }
        let text = row.get(&["Value"]).trim();
        let value =
            value(text).ok_or_else(|| row.refused(format!("Value is “{}”, which is not known", shown(text))))?;
        let note = Some(of_cell(row.get(&["Notes"])).to_owned()).filter(|note| !note.trim().is_empty());
        if !entries.add(date, Entry { value, note }).map_err(|reason| row.refused(reason))? {
            return Err(row.refused(format!("the date {date} is there twice")));
        }
    }
    Ok(entries)
}

fn value(text: &str) -> Option<Value> {
    Some(match text {
        "YES_MANUAL" | "2" => Value::Yes,
        "YES_AUTO" | "1" => Value::Auto,
        "NO" | "0" => Value::No,
        "SKIP" | "3" => Value::Skip,
        "UNKNOWN" => Value::Unknown,
        _ => match text.parse::<i64>().ok()? {
            ..0 => Value::Unknown,
            milli => Value::Number(milli),
        },
    })
}
