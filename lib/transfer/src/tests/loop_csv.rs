use habits::schedule::Schedule;
use rstest::rstest;

use super::*;
use crate::{Direction, to_loop_csv};

const HABITS: &str = "\
Position,Name,Type,Question,Description,FrequencyNumerator,FrequencyDenominator,Color,Unit,Target Type,Target Value,Archived?
001,Meditate,YES_NO,Did you meditate this morning?,this is a test description,1,1,#FF8F00,,,,false
002,\"Run, walk\",NUMERICAL,How many miles did you run?,,1,1,#E64A19,miles,AT_LEAST,2.0,false
003,Wake up early,YES_NO,Did you wake up before 6am?,,2,3,#00897B,,,,true
";

const MEDITATE: &str = "Date,Value,Notes
2026-11-22,UNKNOWN,
2026-11-21,YES_MANUAL,\"calm, \"\"at last\"\"
on two lines\"
2026-11-20,YES_AUTO,
2026-11-19,NO,
2026-11-18,SKIP,
2026-11-17,UNKNOWN,why?
";

const RUN: &str = "Date,Value,Notes\n2026-11-21,3250,\n2026-11-20,1500,\n2026-11-19,SKIP,\n2026-11-18,NO,\n";

const EARLY: &str = "2026-11-21,2\n2026-11-20,1\n2026-11-19,0\n2026-11-18,3\n2026-11-17,-1\n";

fn files() -> [(&'static str, &'static str); 5] {
    [
        ("Habits.csv", HABITS),
        ("001 Meditate/Checkmarks.csv", MEDITATE),
        ("002 Run walk/Checkmarks.csv", RUN),
        ("003 Wake up early/Checkmarks.csv", EARLY),
        ("Checkmarks.csv", "Date,Meditate,Run, walk,Wake up early,\n"),
    ]
}

#[test]
fn habits_come_with_what_loop_says_of_them() {
    let habits = read_zip(&files()).unwrap().archive.habits;
    let [meditate, run, early] = &habits[..] else { panic!("{habits:?}") };
    assert_eq!(meditate.description.as_deref(), Some("this is a test description"));
    assert_eq!((meditate.schedules.current(), meditate.is_active), (Schedule::Daily, true));
    assert_eq!((run.name.as_str(), run.description.as_deref()), ("Run, walk", Some("How many miles did you run?")));
    let goal = run.goal.as_ref().unwrap();
    assert_eq!((goal.direction, goal.amount.milli(), goal.unit.as_deref()), (Direction::AtLeast, 2_000, Some("miles")));
    assert_eq!((early.schedules.current(), early.is_active), (Schedule::TimesPerWeek { times: 5 }, false));
}

#[test]
fn days_come_with_their_notes() {
    let habits = read_zip(&files()).unwrap().archive.habits;
    let noted = |text: &str, status, note: &str| Day { note: Some(note.to_owned()), ..day(text, status) };
    let expected = [
        noted("2026-11-17", Status::Pending, "why?"),
        day("2026-11-18", Status::Skipped),
        day("2026-11-19", Status::NotDone),
        noted("2026-11-21", Status::Done, "calm, \"at last\"\non two lines"),
    ];
    assert_eq!(habits[0].days, expected);
    assert_eq!(habits[0].begun_on, date("2026-11-17"));
}

#[test]
fn numbers_are_judged_by_the_goal() {
    let habits = read_zip(&files()).unwrap().archive.habits;
    let expected = [
        amount_day("2026-11-18", Status::Pending, 0),
        day("2026-11-19", Status::Skipped),
        amount_day("2026-11-20", Status::Pending, 1_500),
        amount_day("2026-11-21", Status::Done, 3_250),
    ];
    assert_eq!(habits[1].days, expected);
}

#[test]
fn older_exports_say_it_in_numbers_and_without_a_header() {
    let habits = read_zip(&files()).unwrap().archive.habits;
    let expected =
        [day("2026-11-18", Status::Skipped), day("2026-11-19", Status::NotDone), day("2026-11-21", Status::Done)];
    assert_eq!(habits[2].days, expected);
}

#[test]
fn what_is_not_quite_the_same_is_told() {
    let notes = read_zip(&files()).unwrap().notes;
    let told = |part: &str| assert!(notes.iter().any(|note| note.contains(part)), "{part}: {notes:?}");
    told("“Wake up early”: 2 times in 3 days became the nearest schedule");
    told("got a reminder at 20:00");
    told("a streak; these habits got one of 365 days");
}

#[test]
fn a_packed_folder_is_read_as_its_contents_are() {
    let inner: Vec<(String, &str)> = files().map(|(name, text)| (format!("Loop Habits CSV/{name}"), text)).into();
    let inner: Vec<(&str, &str)> = inner.iter().map(|(name, text)| (name.as_str(), *text)).collect();
    assert_eq!(read_zip(&inner), read_zip(&files()));
}

#[test]
fn a_habit_without_its_file_comes_without_days() {
    let brought = read_zip(&files()[..2]).unwrap();
    assert!(brought.archive.habits[1].days.is_empty());
    assert!(brought.notes.iter().any(|note| note.contains("“Run, walk” has no Checkmarks.csv")));
}

#[rstest]
#[case::value("Date,Value,Notes\n2026-11-21,YES_MANUAL,\n2026-11-20,MAYBE,\n", 3, "“MAYBE”, which is not known")]
#[case::date("Date,Value,Notes\n21.11.2026,NO,\n", 2, "“21.11.2026”, not like 2026-11-22")]
#[case::future("Date,Value,Notes\n2026-11-24,NO,\n", 2, "2026-11-24")]
#[case::long_ago("Date,Value,Notes\n1999-12-31,NO,\n", 2, "1999-12-31")]
#[case::twice("Date,Value,Notes\n2026-11-21,NO,\n2026-11-21,NO,\n", 3, "twice")]
fn an_error_names_file_and_line(#[case] checkmarks: &str, #[case] line: u64, #[case] reason: &str) {
    let refused = read_zip(&[("Habits.csv", HABITS), ("001 Meditate/Checkmarks.csv", checkmarks)]).unwrap_err();
    assert_eq!((refused.file.as_str(), refused.line), ("001 Meditate/Checkmarks.csv", Some(line)));
    assert!(refused.reason.contains(reason), "{refused}");
    let from_windows = checkmarks.replace('\n', "\r\n");
    let same = read_zip(&[("Habits.csv", HABITS), ("001 Meditate/Checkmarks.csv", &from_windows)]).unwrap_err();
    assert_eq!(same.to_string(), refused.to_string());
}

#[rstest]
#[case::no_columns("a,b\n1,2\n", 1, "Position and Name")]
#[case::kind("Position,Name,Type\n001,Read,MOOD\n", 2, "Type is “MOOD”")]
#[case::frequency(
    "Position,Name,FrequencyNumerator,FrequencyDenominator\n001,Read,x,7\n",
    2,
    "“x”, which is no number"
)]
#[case::goal(
    "Position,Name,Type,FrequencyNumerator,FrequencyDenominator,Target Value\n001,Run,NUMERICAL,1,1,inf\n",
    2,
    "Target Value is no number"
)]
#[case::no_name("Position,Name,FrequencyNumerator,FrequencyDenominator\n001,,1,7\n", 2, "Name is empty")]
fn an_error_in_the_list_of_habits_is_named(#[case] habits: &str, #[case] line: u64, #[case] reason: &str) {
    let refused = read_zip(&[("Habits.csv", habits)]).unwrap_err();
    assert_eq!((refused.file.as_str(), refused.line), ("Habits.csv", Some(line)));
    assert!(refused.reason.contains(reason), "{refused}");
}

#[test]
fn a_position_that_is_there_twice_is_refused() {
    let list = "Position,Name,FrequencyNumerator,FrequencyDenominator\n001,Read,1,1\n001,Run,1,1\n";
    let refused = read_zip(&[("Habits.csv", list), ("001 Read/Checkmarks.csv", MEDITATE)]).unwrap_err();
    assert!(refused.reason.contains("the position 1 is there twice"), "{refused}");
}

#[test]
fn what_is_written_as_loop_does_comes_back() {
    let mut archive = read_zip(&files()).unwrap().archive;
    // Loop's frequency for it is another one.
    archive.habits.pop();
    let brought = read(Format::LoopCsv, &to_loop_csv(&archive).unwrap(), today()).unwrap();
    assert_eq!(brought.archive, archive);
}

#[test]
fn a_day_of_too_much_is_not_done_when_it_comes_back() {
    let mut archive = read_zip(&files()).unwrap().archive;
    archive.habits.truncate(2);
    let habit = &mut archive.habits[1];
    habit.goal.as_mut().unwrap().direction = Direction::AtMost;
    habit.days = vec![day("2026-11-20", Status::Done), day("2026-11-21", Status::NotDone)];
    let brought = read(Format::LoopCsv, &to_loop_csv(&archive).unwrap(), today()).unwrap().archive;
    let days = &brought.habits[1].days;
    assert_eq!([days[0].status, days[1].status], [Status::Done, Status::NotDone]);
    assert_eq!([days[0].amount, days[1].amount].map(|amount| amount.unwrap().milli()), [0, 4_000]);
}

#[rstest]
#[case("5000000000", 1_000_000_000_000, Some("more than a billion"))]
#[case("0.001", 1, None)]
#[case("0.0004", 1, Some("a goal of nothing"))]
#[case("-1", 1, Some("a goal of nothing"))]
fn a_goal_that_is_none_here_is_told(#[case] target: &str, #[case] milli: i64, #[case] note: Option<&str>) {
    let list = format!(
        "Position,Name,Type,FrequencyNumerator,FrequencyDenominator,Target Value\n001,Run,NUMERICAL,1,1,{target}\n"
    );
    let brought = read_zip(&[("Habits.csv", &list)]).unwrap();
    assert_eq!(brought.archive.habits[0].goal.as_ref().unwrap().amount.milli(), milli);
    let told = brought.notes.iter().find(|told| told.contains("a goal of"));
    assert_eq!(told.is_some(), note.is_some(), "{told:?}");
    assert!(told.is_none_or(|told| told.contains(note.unwrap())), "{told:?}");
}

#[rstest]
#[case::formula("=1+cmd|' /C calc'!A0")]
#[case::plus("+1")]
#[case::list("- one\n- two")]
#[case::at("@home")]
#[case::quoted("'=1")]
#[case::name("'t Hooft")]
fn a_spreadsheet_runs_nothing_of_what_people_wrote_and_it_comes_back(#[case] text: &str) {
    let mut archive = read_zip(&files()).unwrap().archive;
    archive.habits.truncate(2);
    for habit in &mut archive.habits {
        habit.description = Some(text.to_owned());
        habit.days[0].note = Some(text.to_owned());
    }
    archive.habits[0].name = text.lines().next().unwrap().to_owned();
    archive.habits[1].goal.as_mut().unwrap().unit = Some(text.lines().next().unwrap().to_owned());

    let zip = to_loop_csv(&archive).unwrap();
    for cell in cells(&zip) {
        assert!(!cell.starts_with(['=', '+', '-', '@', '\t', '\r']), "{cell}");
    }
    assert_eq!(read(Format::LoopCsv, &zip, today()).unwrap().archive, archive);
}

/// All cells of all files.
fn cells(zip: &[u8]) -> Vec<String> {
    let mut zip = zip::ZipArchive::new(Cursor::new(zip)).unwrap();
    let mut cells = Vec::new();
    for index in 0..zip.len() {
        let rows =
            csv::ReaderBuilder::new().has_headers(false).flexible(true).from_reader(zip.by_index(index).unwrap());
        cells.extend(rows.into_records().flat_map(|row| row.unwrap().iter().map(str::to_owned).collect::<Vec<_>>()));
    }
    assert!(cells.len() > 40, "{cells:?}");
    cells
}
