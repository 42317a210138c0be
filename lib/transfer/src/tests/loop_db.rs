use habits::schedule::Schedule;
use rstest::rstest;
use rusqlite::{Connection, params};

use super::*;
use crate::Direction;

/// Columns of the newest backups.
pub(super) const SCHEMA: &str = "
    create table Habits (
        id integer primary key autoincrement, archived integer, color integer, description text, freq_den integer,
        freq_num integer, highlight integer, name text, position integer, reminder_hour integer, reminder_min integer,
        reminder_days integer not null default 127, type integer not null default 0,
        target_type integer not null default 0, target_value real not null default 0, unit text not null default '',
        question text, uuid text);
    create table Repetitions (
        id integer primary key autoincrement, habit integer not null references Habits(id), timestamp integer not null,
        value integer not null, notes text);
    create unique index idx_repetitions_habit_timestamp on Repetitions (habit, timestamp);
    pragma user_version = 25;";

pub(super) const CONTENT: &str = "
    insert into Habits (id, archived, description, freq_den, freq_num, name, position, reminder_hour, reminder_min,
                        reminder_days, type, target_type, target_value, unit, question)
    values (4, 0, '', 7, 3, 'Meditate', 1, 7, 30, 127, 0, 0, 0, '', 'Did you meditate?'),
           (2, 1, 'fewer', 1, 1, 'Smoke', 0, null, null, 0, 1, 1, 5.5, 'cigarettes', 'How many?');
    insert into Repetitions (habit, timestamp, value, notes)
    values (4, 1795219200000, 2, 'calm'), (4, 1795132800000, 0, ''), (4, 1795046400000, 3, null),
           (4, 1794960000000, -1, null), (4, 1794873600000, 1, null),
           (2, 1795219200000, 6000, null), (2, 1795132800000, 5500, 'just'), (2, 1795046400000, 3, null);";

pub(super) fn database(statements: &[&str]) -> Vec<u8> {
    let db = Connection::open_in_memory().unwrap();
    for statement in statements {
        db.execute_batch(statement).unwrap();
    }
    db.serialize("main").unwrap().to_vec()
}

fn read_db(bytes: &[u8]) -> Result<Brought, Refused> {
    read(Format::LoopDb, bytes, today())
}

#[test]
fn habits_come_in_their_order_with_reminders() {
    let habits = read_db(&database(&[SCHEMA, CONTENT])).unwrap().archive.habits;
    let [smoke, meditate] = &habits[..] else { panic!("{habits:?}") };
    let goal = smoke.goal.as_ref().unwrap();
    assert_eq!((smoke.name.as_str(), smoke.is_active, smoke.description.as_deref()), ("Smoke", false, Some("fewer")));
    assert_eq!(
        (goal.direction, goal.amount.milli(), goal.unit.as_deref()),
        (Direction::AtMost, 5_500, Some("cigarettes"))
    );
    assert_eq!(meditate.schedules.current(), Schedule::TimesPerWeek { times: 3 });
    assert_eq!(meditate.description.as_deref(), Some("Did you meditate?"));
    assert_eq!(meditate.reminders, ["07:30:00".parse().unwrap()]);
}

#[test]
fn days_come_with_values_and_notes() {
    let habits = read_db(&database(&[SCHEMA, CONTENT])).unwrap().archive.habits;
    let noted = |day: Day, note: &str| Day { note: Some(note.to_owned()), ..day };
    let meditate = [
        day("2026-11-19", Status::Skipped),
        day("2026-11-20", Status::NotDone),
        noted(day("2026-11-21", Status::Done), "calm"),
    ];
    assert_eq!(habits[1].days, meditate);
    let smoke = [
        day("2026-11-19", Status::Skipped),
        noted(amount_day("2026-11-20", Status::Done, 5_500), "just"),
        amount_day("2026-11-21", Status::NotDone, 6_000),
    ];
    assert_eq!(habits[0].days, smoke);
}

#[test]
fn the_oldest_backups_have_fewer_columns() {
    let schema = "
        pragma foreign_keys = off;
        create table Habits (
            id integer primary key autoincrement, archived integer, color integer, description text, freq_den integer,
            freq_num integer, highlight integer, name text, position integer, reminder_hour integer,
            reminder_min integer);
        create table Repetitions (
            id integer primary key autoincrement, habit integer references Habits(id), timestamp integer);
        insert into Habits (name, description, freq_num, freq_den) values ('Read', 'Did you read?', 1, 2);
        insert into Repetitions (habit, timestamp) values (1, 1795219200000), (9, 1795219200000), (null, null);";
    let habits = read_db(&database(&[schema])).unwrap().archive.habits;
    assert_eq!(habits[0].description.as_deref(), Some("Did you read?"));
    assert_eq!(habits[0].schedules.current(), Schedule::EveryNDays { days: 2, start: date("2026-11-21") });
    assert_eq!(habits[0].days, [day("2026-11-21", Status::Done)]);
}

#[test]
fn a_backup_that_was_written_with_a_log_can_be_read() {
    let mut bytes = database(&[SCHEMA, CONTENT]);
    bytes[18..20].fill(2);
    assert_eq!(read_db(&bytes).unwrap().archive.habits.len(), 2);
}

#[test]
fn reminders_on_some_weekdays_are_told_of() {
    let some = "update Habits set reminder_days = 62 where id = 4";
    let notes = read_db(&database(&[SCHEMA, CONTENT, some])).unwrap().notes;
    assert!(notes.iter().any(|note| note.starts_with("“Meditate”: Reminders on some weekdays")), "{notes:?}");
}

#[rstest]
#[case::another_database("create table Notes (id integer primary key)", "no backup of Loop")]
#[case::a_view_is_no_table(
    "create table Repetitions (habit, timestamp); create view Habits as select 1 as id, 'x' as name",
    "no backup of Loop"
)]
#[case::a_name_that_is_computed(
    "create table Habits (id integer primary key, name text as (hex(zeroblob(100000000))));
     create table Repetitions (habit, timestamp); insert into Habits (id) values (1)",
    "a habit has no name"
)]
#[case::a_name_of_megabytes(
    "create table Habits (id integer primary key, name text); create table Repetitions (habit, timestamp);
     insert into Habits (name) values (zeroblob(2000000))",
    "too big"
)]
fn what_is_no_backup_is_refused(#[case] schema: &str, #[case] reason: &str) {
    let refused = read_db(&database(&[schema])).unwrap_err();
    assert!(refused.to_string().contains(reason), "{refused}");
}

#[test]
fn a_day_out_of_range_is_refused_by_its_habit() {
    let late = "insert into Repetitions (habit, timestamp, value) values (4, 1895219200000, 2)";
    let refused = read_db(&database(&[SCHEMA, CONTENT, late])).unwrap_err();
    assert_eq!(refused.file, "database, days of “Meditate”");
}

#[test]
fn more_habits_than_allowed_are_refused() {
    let db = Connection::open_in_memory().unwrap();
    db.execute_batch(SCHEMA).unwrap();
    for index in 0..501 {
        db.execute("insert into Habits (name, freq_num, freq_den) values (?1, 1, 1)", params![format!("H{index}")])
            .unwrap();
    }
    let refused = read_db(&db.serialize("main").unwrap()).unwrap_err();
    assert!(refused.reason.contains("500 habits"), "{refused}");
}
