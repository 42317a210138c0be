//! Files that are made to do harm, and files that were damaged on the way.

use std::{
    fmt::Write as _,
    time::{Duration, Instant},
};

use proptest::{collection::vec, prelude::*, sample::Index};

use super::{
    loop_db::{CONTENT, SCHEMA, database},
    *,
};

const FORMATS: [Format; 3] = [Format::Json, Format::LoopCsv, Format::LoopDb];
const LIST: &str = "Position,Name,FrequencyNumerator,FrequencyDenominator\n001,Read,1,3\n";
const DAYS: &str = "Date,Value,Notes\n2026-11-21,YES_MANUAL,x\n";

fn good(format: Format) -> Vec<u8> {
    match format {
        Format::Json => br#"{"version":1,"habits":[{"name":"Read","schedules":{"first":{"type":"every_n_days","days":3,
            "start":"2026-01-01"}},"begun_on":"2026-01-01","target_days":21,"reminders":["20:00:00"],"is_active":true,
            "days":[{"date":"2026-01-01","status":"done","amount":2.5,"note":"x"}]}]}"#
            .to_vec(),
        Format::LoopCsv => zip(&[("Habits.csv", LIST), ("001 Read/Checkmarks.csv", DAYS)]),
        Format::LoopDb => database(&[SCHEMA, CONTENT]),
    }
}

/// Reads it in bounded time, and what is wrong with it is said in a sentence.
fn read_or_refuse(format: Format, bytes: &[u8]) {
    let from = Instant::now();
    if let Err(refused) = read(format, bytes, today()) {
        assert!(!refused.reason.trim().is_empty(), "{format:?}");
        assert!(refused.to_string().len() < 1_000, "{refused}");
    }
    assert!(from.elapsed() < Duration::from_secs(10), "{format:?} took {:?}", from.elapsed());
}

/// Damage to a file in a zip, not to the zip, so that the readers behind it see it.
fn damaged(text: &str, damage: &[(Index, char)]) -> String {
    let mut chars: Vec<char> = text.chars().collect();
    for (index, char) in damage {
        let at = index.index(chars.len());
        chars[at] = *char;
    }
    chars.into_iter().collect()
}

proptest! {
    #[test]
    fn any_bytes_are_read_or_refused(bytes in vec(any::<u8>(), 0..2_000)) {
        for format in FORMATS {
            read_or_refuse(format, &bytes);
        }
    }

    #[test]
    fn a_damaged_file_is_read_or_refused(damage in vec((any::<Index>(), any::<u8>()), 1..20), end in any::<Index>()) {
        for format in FORMATS {
            let mut bytes = good(format);
            for (index, byte) in &damage {
                let at = index.index(bytes.len());
                bytes[at] = *byte;
            }
            read_or_refuse(format, &bytes);
            bytes.truncate(end.index(bytes.len()));
            read_or_refuse(format, &bytes);
        }
    }

    #[test]
    fn damaged_files_within_a_zip_are_read_or_refused(
        list in vec((any::<Index>(), any::<char>()), 0..5), days in vec((any::<Index>(), any::<char>()), 0..5),
    ) {
        let list = damaged(LIST, &list);
        let days = damaged(DAYS, &days);
        read_or_refuse(Format::LoopCsv, &zip(&[("Habits.csv", &list), ("001 Read/Checkmarks.csv", &days)]));
    }
}

#[test]
fn a_file_that_broke_off_is_refused() {
    for format in [Format::Json, Format::LoopCsv] {
        let bytes = good(format);
        assert!(read(format, &bytes, today()).is_ok());
        for end in 0..bytes.len() {
            assert!(read(format, &bytes[..end], today()).is_err(), "{format:?} of {end} bytes");
        }
    }
}

#[test]
fn a_zip_that_unpacks_to_too_much_is_refused() {
    let bomb = zip(&[("Habits.csv", &" ".repeat(51 * 1024 * 1024))]);
    assert!(bomb.len() < 1024 * 1024);
    let refused = read(Format::LoopCsv, &bomb, today()).unwrap_err();
    assert!(refused.reason.contains("unpacks to more"), "{refused}");
}

/// A column that was added later has its default in all rows that are older, and in the file once.
#[test]
fn a_small_database_of_much_text_is_refused() {
    let days = "alter table Repetitions drop column notes; delete from Repetitions;
        with recursive n(i) as (select 1 union all select i + 1 from n where i < 60)
        insert into Repetitions (habit, timestamp, value) select 4, 1795219200000 - i * 86400000, 2 from n";
    let long = format!("alter table Repetitions add column notes text default '{}'", "x".repeat(900_000));
    let bytes = database(&[SCHEMA, CONTENT, days, &long]);
    assert!(bytes.len() < 1_000_000, "{}", bytes.len());
    let refused = read(Format::LoopDb, &bytes, today()).unwrap_err();
    assert!(refused.reason.contains("its texts have more than the 52428800 bytes allowed"), "{refused}");
}

#[test]
fn a_zip_of_too_many_files_is_refused() {
    let names: Vec<String> = (0..2_001).map(|index| format!("{index:03} x/Checkmarks.csv")).collect();
    let files: Vec<(&str, &str)> = names.iter().map(|name| (name.as_str(), "")).collect();
    let refused = read_zip(&files).unwrap_err();
    assert!(refused.reason.contains("2001 files"), "{refused}");
}

#[test]
fn a_json_that_is_very_deep_is_refused() {
    let deep = format!("{{\"version\":1,\"habits\":{}", "[".repeat(1_000_000));
    assert!(read(Format::Json, deep.as_bytes(), today()).is_err());
}

#[test]
fn more_days_than_allowed_are_refused() {
    let days: Vec<_> = (0..7_306)
        .map(|back| serde_json::json!({"date": today() - chrono::Days::new(back), "status": "done"}))
        .collect();
    let habit = serde_json::json!({"name": "Read", "begun_on": "2026-01-01", "target_days": 21,
        "reminders": ["20:00:00"], "is_active": true, "days": days});
    let file = serde_json::json!({"version": 1, "habits": [habit]}).to_string();
    let refused = read(Format::Json, file.as_bytes(), today()).unwrap_err();
    assert!(refused.reason.contains("7306 days"), "{refused}");
}

#[test]
fn notes_about_many_habits_are_bounded() {
    let mut list = String::from("Position,Name,FrequencyNumerator,FrequencyDenominator\n");
    for position in 1..=300 {
        writeln!(list, "{position:03},Habit {position},2,3").unwrap();
    }
    let notes = read_zip(&[("Habits.csv", &list)]).unwrap().notes;
    assert_eq!(notes.len(), 101);
    // All got a reminder, each came without a file and with the nearest schedule; and none has a goal of its own.
    assert_eq!(notes[100], "And 502 more of the kind.");
}
