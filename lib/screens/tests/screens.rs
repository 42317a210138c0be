//! Every screen in every language, as people see it, with what its buttons carry.

#![expect(clippy::unwrap_used, reason = "fails the test with its place")]

use std::fmt::Write as _;

use chrono::{DateTime, NaiveDate, NaiveTime, Utc};
use chrono_tz::Asia;
use screens::{
    Locale, MarkedRow, ReminderRow, Screen,
    creation::{self, Created, Problem, Question},
    menu, reminder, reminder_marked, settings,
    toast::Toast,
    today::{TodayRow, today},
};

const DRAFT: i64 = 815;

fn date() -> NaiveDate {
    "2026-11-22".parse().unwrap()
}

fn now() -> DateTime<Utc> {
    "2026-11-22T10:00:00Z".parse().unwrap()
}

fn time(hour: u32, minute: u32) -> NaiveTime {
    NaiveTime::from_hms_opt(hour, minute, 0).unwrap()
}

fn row(habit_id: i64, name: &str, current_streak: u32) -> ReminderRow {
    ReminderRow { habit_id, name: name.to_owned(), current_streak, date: date() }
}

/// The screens under their names, in the order given.
fn drawn(screens: &[(&str, Screen)]) -> String {
    let mut page = String::new();
    for (name, screen) in screens {
        writeln!(page, "=== {name}\n{}", screen.text).unwrap();
        for row in &screen.keyboard {
            let buttons: Vec<String> =
                row.iter().map(|button| format!("[{} -> {}]", button.label, button.data)).collect();
            writeln!(page, "{}", buttons.join(" ")).unwrap();
        }
    }
    page
}

/// One snapshot for each language.
fn assert_drawn(name: &str, draw: impl Fn(Locale) -> String) {
    for locale in Locale::ALL {
        insta::assert_snapshot!(format!("{name}_{}", locale.code()), draw(locale));
    }
}

#[test]
fn reminders_and_what_taps_make_of_them() {
    let (read, run) = (row(7, "Read <3 books & more", 11), row(8, "Run", 0));
    let marked = |row: &ReminderRow, done| MarkedRow { row: row.clone(), done };
    assert_drawn("reminder", |locale| {
        drawn(&[
            ("one habit", reminder(locale, std::slice::from_ref(&read))),
            ("one habit, done", reminder_marked(locale, &[marked(&row(7, "Read <3 books & more", 12), true)])),
            ("two habits", reminder(locale, &[read.clone(), run.clone()])),
            ("two habits, one done", reminder_marked(locale, &[marked(&read, false), marked(&row(8, "Run", 1), true)])),
        ])
    });
}

#[test]
fn the_today_list() {
    let rows = |done: [bool; 3]| -> Vec<TodayRow> {
        let row = |(index, (name, streak)): (usize, (&str, u32))| TodayRow {
            habit_id: 7,
            name: name.to_owned(),
            time: time(7, 45),
            current_streak: streak,
            done: done[index],
        };
        [("Read", 12), ("Run", 0), ("Tea & toast", 5)].into_iter().enumerate().map(row).collect()
    };
    assert_drawn("today", |locale| {
        drawn(&[
            ("nothing", today(locale, date(), &[], 0)),
            ("some done", today(locale, date(), &rows([true, false, false]), 0)),
            ("all done", today(locale, date(), &rows([true; 3]), 0)),
        ])
    });
}

#[test]
fn the_creation_of_a_habit() {
    let created = Created {
        name: "Read <3",
        description: Some("For & with my daughter"),
        target_days: 21,
        next_reminder: Some("2026-11-22T12:15:00Z".parse().unwrap()),
    };
    assert_drawn("creation", |locale| {
        let ask = |question| creation::ask(locale, question, None);
        drawn(&[
            ("name", ask(Question::Name)),
            ("description", ask(Question::Description { draft: DRAFT, name: "Read <3" })),
            ("target", ask(Question::TargetDays { draft: DRAFT })),
            ("time", ask(Question::Time { draft: DRAFT })),
            ("created", creation::created(locale, &created, Asia::Kathmandu, now())),
        ])
    });
}

#[test]
fn answers_that_were_not_taken() {
    let problems = [
        Problem::WantsText,
        Problem::EmptyName,
        Problem::LongName { most: 64 },
        Problem::LongDescription { most: 1000 },
        Problem::NotANumber,
        Problem::TargetOutOfRange { most: 3650 },
        Problem::NotATime,
    ];
    assert_drawn("problems", |locale| {
        let ask = |problem: &Problem| ("problem", creation::ask(locale, Question::Name, Some(*problem)));
        drawn(&problems.iter().map(ask).collect::<Vec<_>>())
    });
}

#[test]
fn the_way_around_and_the_settings() {
    assert_drawn("menu", |locale| {
        let mut page = drawn(&[
            ("welcome", menu::welcome(locale, "Anna <3")),
            ("help", menu::help(locale)),
            ("cancelled", menu::cancelled(locale)),
            ("nothing to cancel", menu::nothing_to_cancel(locale)),
            ("lost", menu::lost(locale)),
            ("one moment", menu::one_moment(locale)),
            ("closed account", menu::closed_account(locale)),
            ("settings", settings::settings(locale, Asia::Kathmandu, now())),
            ("zone", settings::ask_zone(locale, now())),
            ("unknown zone", settings::unknown_zone(locale, "<Atlantis>", now())),
            ("zone set", settings::zone_set(locale, Asia::Kathmandu, now())),
            ("language", settings::ask_language(locale)),
            ("language set", settings::language_set(locale)),
        ]);
        for (command, description) in menu::commands(locale) {
            writeln!(page, "/{command} - {description}").unwrap();
        }
        page
    });
}

#[test]
fn the_toasts() {
    let name = || "Read <3".to_owned();
    let toasts = [
        Toast::Done { name: name(), current_streak: 1 },
        Toast::Done { name: name(), current_streak: 3 },
        Toast::Done { name: name(), current_streak: 12 },
        Toast::Done { name: name(), current_streak: 21 },
        Toast::Goal { days: 21 },
        Toast::Undone { name: name() },
        Toast::OtherDay { date: date() },
        Toast::HabitGone,
        Toast::DayClosed { date: date() },
        Toast::OldQuestion,
        Toast::Unknown,
    ];
    assert_drawn("toasts", |locale| toasts.iter().map(|toast| toast.text(locale) + "\n").collect());
}

#[test]
fn the_longest_screens_stay_within_telegrams_limits() {
    let name = "👨‍👩‍👧".repeat(255);
    let rows: Vec<ReminderRow> = (0..200).map(|id| row(id, &name, u32::MAX)).collect();
    let listed =
        |_| TodayRow { habit_id: i64::MAX, name: name.clone(), time: time(7, 45), current_streak: 1, done: false };
    let all: Vec<TodayRow> = (0..200).map(listed).collect();
    for locale in Locale::ALL {
        for screen in [reminder(locale, &rows), today(locale, date(), &all, 7), today(locale, date(), &all, 255)] {
            assert!(screen.plain().encode_utf16().count() <= 4096);
            assert!(screen.keyboard.iter().flatten().count() <= 100);
            assert!(screen.keyboard.iter().flatten().all(|button| button.data.len() <= 64));
        }
    }
}
