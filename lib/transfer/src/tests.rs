//! Files as Loop writes them, made by the tests, and files as nobody should write them.

mod hostile;
mod json;
mod loop_csv;
mod loop_db;

use std::io::{Cursor, Write as _};

use chrono::NaiveDate;
use zip::{ZipWriter, write::SimpleFileOptions};

use crate::{Amount, Brought, Day, Format, Refused, Status, read};

fn date(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

fn today() -> NaiveDate {
    date("2026-11-22")
}

fn day(text: &str, status: Status) -> Day {
    Day { date: date(text), status, amount: None, note: None }
}

fn amount_day(text: &str, status: Status, milli: i64) -> Day {
    Day { amount: Amount::from_milli(milli), ..day(text, status) }
}

fn zip(files: &[(&str, &str)]) -> Vec<u8> {
    let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
    for (name, text) in files {
        zip.start_file(*name, SimpleFileOptions::default()).unwrap();
        zip.write_all(text.as_bytes()).unwrap();
    }
    zip.finish().unwrap().into_inner()
}

fn read_zip(files: &[(&str, &str)]) -> Result<Brought, Refused> {
    read(Format::LoopCsv, &zip(files), today())
}
