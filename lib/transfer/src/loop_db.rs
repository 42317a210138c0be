//! The full backup of Loop Habit Tracker: a SQLite database with the tables `Habits` and `Repetitions`.
//!
//! Its columns grew over the years (`migrations/*.sql` in <https://github.com/iSoron/uhabits>): those that a file lacks
//! count as empty. The file is untrusted: it is opened in memory and read-only, its schema may not call anything, and the
//! work it causes is bounded.

use std::{cell::Cell, collections::BTreeMap};

use chrono::{DateTime, NaiveDate, NaiveTime};
use habits::text::one_line;
use rusqlite::{Connection, config::DbConfig, ffi, limits::Limit, types::ValueRef};

use crate::{
    Archive, Direction, Notes, Refused,
    check::{self, MAX_UNPACKED_BYTES},
    loop_habit::{Entries, Entry, LoopHabit, Target, Value, archive, check_count},
};

const FILE: &str = "database";

/// The longest text or blob that SQLite may build.
const MAX_VALUE_BYTES: i32 = 1024 * 1024;
/// Steps of SQLite's machine between two looks at the account, and how many looks there are: a fraction of a second.
const STEPS_A_LOOK: i32 = 10_000;
const MAX_LOOKS: u32 = 5_000;
/// More rows than a file of the allowed size can hold.
const MAX_ROWS: usize = 1_000_000;

pub(crate) fn read(bytes: &[u8], today: NaiveDate, notes: &mut Notes) -> Result<Archive, Refused> {
    let db = open(bytes).map_err(|error| unreadable(&error))?;
    let backup = Backup { db, left_bytes: Cell::new(MAX_UNPACKED_BYTES) };
    if !backup.has_tables().map_err(|error| unreadable(&error))? {
        return Err(Refused::new(FILE, "it is no backup of Loop Habit Tracker: Habits and Repetitions are missing"));
    }
    let mut habits = habits(&backup)?;
    add_entries(&backup, &mut habits, today)?;
    let mut ordered: Vec<(i64, LoopHabit)> = habits.into_values().collect();
    ordered.sort_by_key(|(position, _)| *position);
    let habits: Vec<LoopHabit> = ordered.into_iter().map(|(_, habit)| habit).collect();
    check_count(&habits, FILE)?;
    Ok(archive(habits, today, notes))
}

fn open(bytes: &[u8]) -> rusqlite::Result<Connection> {
    let mut copy = bytes.to_vec();
    // A database that was last used with a write-ahead log says so here, and could not be opened without that file
    // (https://www.sqlite.org/c3ref/deserialize.html).
    if let Some(versions) = copy.get_mut(18..20) {
        versions.fill(1);
    }
    let mut db = Connection::open_in_memory()?;
    db.deserialize_read_exact("main", copy.as_slice(), copy.len(), true)?;
    db.set_db_config(DbConfig::SQLITE_DBCONFIG_DEFENSIVE, true)?;
    db.set_db_config(DbConfig::SQLITE_DBCONFIG_TRUSTED_SCHEMA, false)?;
    db.set_limit(Limit::SQLITE_LIMIT_LENGTH, MAX_VALUE_BYTES)?;
    let mut looks = 0;
    let is_over = move || {
        looks += 1;
        looks > MAX_LOOKS
    };
    db.progress_handler(STEPS_A_LOOK, Some(is_over))?;
    db.pragma_update(None, "cell_size_check", true)?;
    Ok(db)
}

/// A database that was opened, with what may still be read of it.
struct Backup {
    db: Connection,
    /// What the texts of all rows may still have: many rows of a crafted file can share the pages of one long text.
    left_bytes: Cell<usize>,
}

impl Backup {
    /// Real tables: a view or a virtual table of that name could be any program.
    fn has_tables(&self) -> rusqlite::Result<bool> {
        let count: i64 = self.db.query_row(
            "select count(*) from sqlite_schema
             where type = 'table' and rootpage > 0 and name collate nocase in ('Habits', 'Repetitions')",
            [],
            |row| row.get(0),
        )?;
        Ok(count == 2)
    }

    fn each(
        &self,
        table: &str,
        columns: &[&str],
        max_rows: usize,
        mut visit: impl FnMut(&Row<'_>) -> rusqlite::Result<Result<(), Refused>>,
    ) -> Result<(), Refused> {
        let mut run = || {
            let mut query = self.db.prepare(&self.select(table, columns, max_rows)?)?;
            let mut rows = query.query([])?;
            while let Some(values) = rows.next()? {
                if let Err(refused) = visit(&Row { values, left_bytes: &self.left_bytes })? {
                    return Ok(Err(refused));
                }
            }
            Ok(Ok(()))
        };
        run().unwrap_or_else(|error| Err(unreadable(&error)))
    }

    /// A query for these columns, with null for those that the table lacks.
    fn select(&self, table: &str, columns: &[&str], max_rows: usize) -> rusqlite::Result<String> {
        let mut there = Vec::new();
        self.db.pragma(None, "table_info", table, |row| {
            there.push(row.get::<_, String>("name")?.to_ascii_lowercase());
            Ok(())
        })?;
        let columns: Vec<&str> = columns
            .iter()
            .map(|column| if there.iter().any(|name| name == column) { column } else { "null" })
            .collect();
        Ok(format!("select {} from {table} limit {max_rows}", columns.join(", ")))
    }
}

/// A row whose values may be of any type.
struct Row<'a> {
    values: &'a rusqlite::Row<'a>,
    left_bytes: &'a Cell<usize>,
}

impl Row<'_> {
    fn whole(&self, index: usize) -> rusqlite::Result<Option<i64>> {
        Ok(match self.values.get_ref(index)? {
            ValueRef::Integer(number) => Some(number),
            #[expect(
                clippy::cast_possible_truncation,
                reason = "a float out of range becomes the nearest whole number"
            )]
            ValueRef::Real(number) => Some(number as i64),
            _ => None,
        })
    }

    fn real(&self, index: usize) -> rusqlite::Result<Option<f64>> {
        Ok(match self.values.get_ref(index)? {
            #[expect(clippy::cast_precision_loss, reason = "a goal that large is cut")]
            ValueRef::Integer(number) => Some(number as f64),
            ValueRef::Real(number) => Some(number),
            _ => None,
        })
    }

    fn text(&self, index: usize) -> rusqlite::Result<String> {
        Ok(match self.values.get_ref(index)? {
            ValueRef::Text(bytes) => self.counted(String::from_utf8_lossy(bytes).into_owned())?,
            _ => String::new(),
        })
    }

    fn counted(&self, text: String) -> rusqlite::Result<String> {
        let left_bytes = self.left_bytes.get().checked_sub(text.len()).ok_or_else(|| {
            let reason = format!("its texts have more than the {MAX_UNPACKED_BYTES} bytes allowed");
            rusqlite::Error::SqliteFailure(ffi::Error::new(ffi::SQLITE_TOOBIG), Some(reason))
        })?;
        self.left_bytes.set(left_bytes);
        Ok(text)
    }
}

const HABIT_COLUMNS: [&str; 15] = [
    "id",
    "name",
    "question",
    "description",
    "freq_num",
    "freq_den",
    "type",
    "target_type",
    "target_value",
    "unit",
    "archived",
    "reminder_hour",
    "reminder_min",
    "reminder_days",
    "position",
];

/// By their ids, each with its position.
fn habits(backup: &Backup) -> Result<BTreeMap<i64, (i64, LoopHabit)>, Refused> {
    let mut habits = BTreeMap::new();
    backup.each("Habits", &HABIT_COLUMNS, check::MAX_HABITS + 1, |row| {
        let id = row.whole(0)?.unwrap_or_default();
        let habit = habit(row)?;
        if one_line(&habit.name).is_none() {
            return Ok(Err(Refused::new(format!("{FILE}, Habits"), "a habit has no name")));
        }
        habits.insert(id, (row.whole(14)?.unwrap_or(id), habit));
        Ok(Ok(()))
    })?;
    Ok(habits)
}

fn habit(row: &Row<'_>) -> rusqlite::Result<LoopHabit> {
    let is_numerical = row.whole(6)? == Some(1);
    let target = Target {
        direction: if row.whole(7)? == Some(1) { Direction::AtMost } else { Direction::AtLeast },
        units: row.real(8)?.unwrap_or_default(),
        unit: row.text(9)?,
    };
    let part = |number: Option<i64>| number.and_then(|number| u32::try_from(number).ok());
    let (hour, minute) = (part(row.whole(11)?), part(row.whole(12)?));
    Ok(LoopHabit {
        name: row.text(1)?,
        question: row.text(2)?,
        description: row.text(3)?,
        times: row.whole(4)?.unwrap_or(1),
        days: row.whole(5)?.unwrap_or(1),
        target: is_numerical.then_some(target),
        is_archived: row.whole(10)?.is_some_and(|flag| flag != 0),
        reminder: hour.zip(minute).and_then(|(hour, minute)| NaiveTime::from_hms_opt(hour, minute, 0)),
        reminder_days: row.whole(13)?,
        entries: Entries::default(),
    })
}

fn add_entries(backup: &Backup, habits: &mut BTreeMap<i64, (i64, LoopHabit)>, today: NaiveDate) -> Result<(), Refused> {
    let mut kept = 0;
    backup.each("Repetitions", &["habit", "timestamp", "value", "notes"], MAX_ROWS, |row| {
        // Rows of habits that were deleted stay behind in older versions.
        let habit = row.whole(0)?.and_then(|id| habits.get_mut(&id));
        let (Some((_, habit)), Some(millis)) = (habit, row.whole(1)?) else {
            return Ok(Ok(()));
        };
        let refused = |reason: String| Refused::new(format!("{FILE}, days of “{}”", habit.name), reason);
        let date = DateTime::from_timestamp_millis(millis).map(|at| at.date_naive());
        let Some(date) = date.filter(|date| check::is_past(*date, today)) else {
            return Ok(Err(refused(format!("the time {millis} is not from 2000 to tomorrow"))));
        };
        kept += 1;
        if kept > check::MAX_DAYS {
            return Ok(Err(refused(format!("more than the {} days allowed at once", check::MAX_DAYS))));
        }
        let note = Some(row.text(3)?).filter(|note| !note.trim().is_empty());
        // Before there were values, a repetition was a day done.
        let value = value(row.whole(2)?.unwrap_or(2), habit.target.is_some());
        Ok(habit.entries.add(date, Entry { value, note }).map(|_| ()).map_err(refused))
    })
}

/// `Entry` of Loop: 2 done, 1 not needed, 0 not done, 3 skipped, below 0 unknown; of numbers, thousandths.
fn value(value: i64, is_numerical: bool) -> Value {
    match (value, is_numerical) {
        (3 | -3, _) => Value::Skip,
        (..0, _) => Value::Unknown,
        (milli, true) => Value::Number(milli),
        (0, false) => Value::No,
        (1, false) => Value::Auto,
        (2.., false) => Value::Yes,
    }
}

fn unreadable(error: &rusqlite::Error) -> Refused {
    if error.sqlite_error_code() == Some(rusqlite::ErrorCode::OperationInterrupted) {
        return Refused::new(FILE, "it takes too long to read");
    }
    Refused::new(FILE, format!("it cannot be read: {error}"))
}
