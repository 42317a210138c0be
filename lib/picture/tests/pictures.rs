//! Pictures of fixed years, pixel by pixel. `UPDATE_PICTURES=1` draws them anew: then look at `tests/golden`.

#![expect(clippy::unwrap_used, reason = "fails the test with its place")]

use std::{fs, path::PathBuf};

use chrono::NaiveDate;
use picture::{Day, Year, draw};
use screens::Locale;
use wire::statistics::{DayFate, HabitOverview, HabitYear, Overview};

const MOST_BYTES: usize = 60_000;

fn from() -> NaiveDate {
    "2025-11-17".parse().unwrap()
}

/// Numbers from 0 to 99 that look thrown, the same each time.
fn thrown() -> impl Iterator<Item = u32> {
    let next = |seed: &u32| Some(seed.wrapping_mul(1_664_525).wrapping_add(1_013_904_223));
    std::iter::successors(Some(12_345_u32), next).skip(1).map(|seed| (seed >> 16) % 100)
}

/// A habit that began in the winter, had a summer's break, and goes well since; today is a Thursday.
fn told(name: &str) -> HabitYear {
    let fate = |(day, number)| match (day, number) {
        (0..70, _) => DayFate::Before,
        (219..233, _) => DayFate::Excused,
        (367, _) => DayFate::Open,
        (335.., _) | (_, 0..72) => DayFate::Done,
        (_, 72..78) => DayFate::Partly,
        (_, 78..82) => DayFate::Skipped,
        (_, 82..84) => DayFate::Excused,
        (_, 84..90) => DayFate::Off,
        _ => DayFate::Missed,
    };
    let days: Vec<DayFate> = (0..368).zip(thrown()).map(fate).collect();
    HabitYear {
        habit_id: 7,
        name: name.to_owned(),
        from_date: from(),
        to_date: "2026-11-19".parse().unwrap(),
        done: u32::try_from(days.iter().filter(|day| **day == DayFate::Done).count()).unwrap(),
        days,
        current_streak: 32,
        max_streak: 46,
        strength: 0.874,
    }
}

fn told_of_all() -> Overview {
    let done = |(day, number): (u32, u32)| if day < 40 { 0 } else { (number * (day + 100) / 9_000).min(7) };
    let habit = HabitOverview {
        id: 7,
        name: "Read".to_owned(),
        current_streak: 3,
        max_streak: 9,
        strength: 0.62,
        periods_due: 30,
        periods_kept: 20,
    };
    Overview {
        from_date: from(),
        to_date: "2026-11-22".parse().unwrap(),
        done_by_day: (0..371).zip(thrown()).map(done).collect(),
        habits: vec![habit],
    }
}

/// The first days of somebody's first habit.
fn told_of_a_beginner(name: &str) -> HabitYear {
    let mut days = vec![DayFate::Before; 365];
    days.extend([DayFate::Done, DayFate::Missed, DayFate::Done]);
    HabitYear { days, done: 2, current_streak: 1, max_streak: 1, strength: 0.1, ..told(name) }
}

/// Size, palette and pixels: not the file, which another release of a library may pack in another way.
fn pixels(png: &[u8]) -> (u32, u32, Vec<u8>, Vec<u8>) {
    let mut reader = png::Decoder::new(std::io::Cursor::new(png)).read_info().unwrap();
    let mut pixels = vec![0; reader.output_buffer_size().unwrap()];
    let frame = reader.next_frame(&mut pixels).unwrap();
    pixels.truncate(frame.buffer_size());
    let palette = reader.info().palette.as_ref().unwrap().to_vec();
    (frame.width, frame.height, palette, pixels)
}

fn assert_drawn(name: &str, year: &Year) {
    let png = draw(year).unwrap();
    assert!(png.len() <= MOST_BYTES, "{name} has {} bytes", png.len());
    let golden = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join(format!("tests/golden/{name}.png"));
    #[expect(clippy::disallowed_methods, reason = "whoever runs the test says so")]
    if std::env::var("UPDATE_PICTURES").is_ok() {
        fs::write(&golden, &png).unwrap();
    }
    let expected = fs::read(&golden).unwrap();
    assert!(pixels(&png) == pixels(&expected), "{name} is drawn otherwise than {}", golden.display());
}

#[test]
fn a_year_of_a_habit() {
    assert_drawn("habit_en", &Year::of_habit(Locale::En, &told("📚 Read 20 pages")));
    assert_drawn("habit_ru", &Year::of_habit(Locale::Ru, &told("Читать перед сном 📖")));
}

#[test]
fn a_year_of_all_habits() {
    assert_drawn("all_en", &Year::of_all(Locale::En, &told_of_all()));
    assert_drawn("all_ru", &Year::of_all(Locale::Ru, &told_of_all()));
}

#[test]
fn a_name_that_is_too_long_is_cut_and_one_that_cannot_be_drawn_is_left_out() {
    let long = "Съешь же ещё этих мягких французских булок, да выпей чаю";
    assert_drawn("long_ru", &Year::of_habit(Locale::Ru, &told_of_a_beginner(long)));
    assert_drawn("untitled_en", &Year::of_habit(Locale::En, &told_of_a_beginner("瑜伽 🧘")));
}

#[test]
fn a_picture_is_small_however_mixed_the_year() {
    let kinds = [Day::Done, Day::Partly, Day::Skipped, Day::Excused, Day::Missed, Day::Off, Day::Open];
    let mut told = told(&"Ж".repeat(255));
    (told.current_streak, told.max_streak, told.done) = (i32::MAX, i32::MAX, u32::MAX);
    let mut year = Year::of_habit(Locale::Ru, &told);
    year.days = thrown().take(371).map(|number| kinds[number as usize % kinds.len()]).collect();
    let png = draw(&year).unwrap();
    assert!(png.len() <= MOST_BYTES, "{} bytes", png.len());
}

#[test]
fn a_year_of_nothing_and_one_of_too_much_are_drawn() {
    let mut year = Year::of_all(Locale::En, &Overview { done_by_day: Vec::new(), ..told_of_all() });
    assert!(draw(&year).is_ok());
    year.days = vec![Day::Level(u8::MAX); 1000];
    (year.months, year.weekdays) = (Vec::new(), Vec::new());
    year.figures = vec![year.figures[0].clone(); 9];
    assert!(draw(&year).is_ok());
}

#[test]
fn the_same_year_is_the_same_file() {
    let year = Year::of_habit(Locale::En, &told("Read"));
    assert!(draw(&year).unwrap() == draw(&year).unwrap());
}
