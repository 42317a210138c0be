//! Every screen in every language, as people see it, with what its buttons carry.

#![expect(clippy::unwrap_used, reason = "fails the test with its place")]

use std::fmt::Write as _;

use chrono::{DateTime, NaiveDate, NaiveTime, Utc};
use chrono_tz::Asia;
use screens::{
    Button, Locale, MarkedRow, OnTap, ReminderRow, Said, Screen, about,
    action::{Field, Preset},
    card, catalogue, creation, draft, edit, group, list, menu, picture,
    problem::Problem,
    reminder, reminder_marked, schedule, settings, stats,
    toast::Toast,
    today::{today, yesterday},
};
use wire::{
    execution::{Execution, ExecutionStatus},
    habit::{Goal, GoalDirection, Habit, HabitCreate, HabitWithExecutions},
    schedule::{Schedule, Weekday},
    statistics::{DayFate, HabitOverview, HabitYear, Overview},
    template::Template,
    today::Today,
    user::{Language, User},
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

fn drawn_button(button: &Button) -> String {
    let (OnTap::Tell(leads) | OnTap::Open(leads)) = &button.on_tap;
    format!("[{} -> {leads}]", button.label)
}

/// The screens under their names, in the order given.
fn drawn(screens: &[(&str, Screen)]) -> String {
    let mut page = String::new();
    for (name, screen) in screens {
        writeln!(page, "=== {name}\n{}", screen.text).unwrap();
        for row in &screen.keyboard {
            let buttons: Vec<String> = row.iter().map(drawn_button).collect();
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
    let marked = |row: &ReminderRow, said| MarkedRow { row: row.clone(), said };
    assert_drawn("reminder", |locale| {
        let one = reminder(locale, std::slice::from_ref(&read));
        let two = reminder(locale, &[read.clone(), run.clone()]);
        let asked = reminder::ask_snooze(locale, &two.keyboard, 7, date(), time(18, 0));
        let late = reminder::ask_snooze(locale, &asked, 8, date(), time(20, 30));
        let again = reminder::snoozed(locale, &asked, 7, date(), Some(time(19, 0)));
        let only = reminder::snoozed(locale, &one.keyboard, 7, date(), Some(time(19, 0)));
        let with = |keyboard| Screen::new("", keyboard);
        drawn(&[
            ("one habit", one),
            ("one habit, later", with(only)),
            ("one habit, done", reminder_marked(locale, &[marked(&row(7, "Read <3 books & more", 12), Said::Done)])),
            ("one habit, skipped", reminder_marked(locale, &[marked(&read, Said::Skipped)])),
            ("two habits", two),
            ("two habits, the first to come later", with(asked)),
            ("two habits, the second in the evening", with(late)),
            ("two habits, the first comes later", with(again)),
            (
                "two habits, one done and one later",
                reminder_marked(
                    locale,
                    &[marked(&read, Said::Later(time(19, 0))), marked(&row(8, "Run", 1), Said::Done)],
                ),
            ),
        ])
    });
}

#[test]
fn groups_and_what_telegram_shows_of_the_bot() {
    assert_drawn("group", |locale| {
        let toast = Screen::new(group::toast(locale), Vec::new());
        let menu: Vec<String> = group::commands(locale).iter().map(|(name, what)| format!("/{name} {what}")).collect();
        drawn(&[
            ("spoken to", group::hello(locale, "habit_tracker_bot")),
            ("a button that was brought there", toast),
            ("the slash menu", Screen::new(menu.join("\n"), Vec::new())),
            ("the empty chat", Screen::new(about::description(locale), Vec::new())),
            ("the profile", Screen::new(about::short(locale), Vec::new())),
        ])
    });
    for locale in Locale::ALL {
        assert!(about::description(locale).chars().count() <= 512);
        assert!(about::short(locale).chars().count() <= 120);
    }
}

/// A habit as the api tells it.
fn habit(id: i64, name: &str, current_streak: i32, status_today: ExecutionStatus) -> Habit {
    Habit {
        id,
        user_id: 3,
        name: name.to_owned(),
        description: None,
        time_to_remind: time(7, 45),
        more_reminder_times: Vec::new(),
        schedule: Schedule::Daily,
        goal: None,
        target_days: 21,
        is_active: true,
        completed_at: None,
        current_streak,
        next_reminder_at: None,
        max_streak: 30,
        created_at: now(),
        updated_at: now(),
        is_done_today: status_today == ExecutionStatus::Done,
        status_today,
        amount_today: None,
    }
}

/// Twenty pages on three days of the week, five of them read today.
fn pages() -> Habit {
    let goal = Goal { direction: GoalDirection::AtLeast, amount: 20.0, unit: Some("<pages>".to_owned()) };
    Habit {
        description: Some("For & with my daughter".to_owned()),
        more_reminder_times: vec![time(21, 30)],
        schedule: Schedule::Weekdays { weekdays: vec![Weekday::Mon, Weekday::Wed, Weekday::Sun] },
        goal: Some(goal),
        amount_today: Some(5.5),
        ..habit(7, "Read <3", 12, ExecutionStatus::Pending)
    }
}

fn person() -> User {
    User {
        id: 3,
        telegram_id: 7,
        username: None,
        first_name: Some("Anna".to_owned()),
        last_name: None,
        timezone: "Asia/Kathmandu".to_owned(),
        timezone_chosen: true,
        language: Language::En,
        day_start_hour: 0,
        quiet_hours: None,
        is_active: true,
        is_bot_blocked: false,
        created_at: now(),
        updated_at: now(),
    }
}

fn a_day_of(habits: Vec<Habit>, days_off: u32, paused: u32) -> Today {
    let is_settled = |habit: &&Habit| matches!(habit.status_today, ExecutionStatus::Done | ExecutionStatus::Skipped);
    let settled = u32::try_from(habits.iter().filter(is_settled).count()).unwrap();
    Today { date: date(), user: person(), settled, habits, days_off, paused }
}

#[test]
fn the_today_list() {
    use ExecutionStatus::{Done, NotDone, Pending, Skipped};
    let day = |statuses: [ExecutionStatus; 3]| {
        let named = [("Read", 12), ("Run", 0), ("Tea & toast", 5)].into_iter().zip(statuses);
        named.map(|((name, streak), status)| habit(7, name, streak, status)).collect::<Vec<_>>()
    };
    assert_drawn("today", |locale| {
        let draw = |habits, off, paused| today(locale, &a_day_of(habits, off, paused), 0);
        drawn(&[
            ("nothing", draw(Vec::new(), 0, 0)),
            ("nothing on", draw(Vec::new(), 1, 2)),
            ("some done", draw(day([Done, Pending, Skipped]), 0, 0)),
            ("some open", draw(day([NotDone, Pending, Done]), 2, 1)),
            ("all done", draw(day([Done; 3]), 0, 0)),
            ("with an amount", draw(vec![pages()], 0, 0)),
            ("yesterday", yesterday(locale, &a_day_of(day([Done, Pending, Skipped]), 0, 0), 0)),
            ("nothing yesterday", yesterday(locale, &a_day_of(Vec::new(), 0, 0), 0)),
        ])
    });
}

#[test]
fn the_habits_by_pages_of_five() {
    let twelve: Vec<Habit> = (1..=12)
        .map(|id| habit(id, &format!("Habit {id}"), 12 - i32::try_from(id).unwrap(), ExecutionStatus::Pending))
        .collect();
    let away = [
        Habit { is_active: false, ..habit(1, "Swim", 0, ExecutionStatus::Pending) },
        Habit { is_active: false, completed_at: Some(now()), ..habit(2, "Read <3", 21, ExecutionStatus::Done) },
    ];
    assert_drawn("list", |locale| {
        drawn(&[
            ("none", list::habits(locale, &[], 0)),
            ("one", list::habits(locale, &[pages()], 0)),
            ("the first of twelve", list::habits(locale, &twelve, 0)),
            ("the last of twelve", list::habits(locale, &twelve, 9)),
            ("archive", list::archive(locale, &away, 0)),
            ("empty archive", list::archive(locale, &[], 0)),
        ])
    });
}

#[test]
fn a_card_and_what_can_be_changed() {
    let said = |(id, date, status): (i64, &str, ExecutionStatus)| Execution {
        id,
        habit_id: 7,
        execution_date: date.parse().unwrap(),
        status,
        amount: None,
        note: None,
        created_at: now(),
        updated_at: now(),
    };
    let executions: Vec<Execution> = [
        (4, "2026-11-21", ExecutionStatus::Done),
        (3, "2026-11-20", ExecutionStatus::Skipped),
        (2, "2026-11-18", ExecutionStatus::Frozen),
        (1, "2026-11-17", ExecutionStatus::NotDone),
    ]
    .map(said)
    .into();
    let card = |habit| HabitWithExecutions { habit, today: date(), strength: 0.617, executions: executions.clone() };
    let away = Habit { is_active: false, ..pages() };
    let complete = Habit { is_active: false, completed_at: Some(now()), ..habit(8, "Run", 21, ExecutionStatus::Done) };
    assert_drawn("card", |locale| {
        let mut screens = vec![
            ("open", card::card(locale, &card(pages()))),
            ("done", card::card(locale, &card(habit(8, "Run", 1, ExecutionStatus::Done)))),
            ("put away", card::card(locale, &card(away.clone()))),
            ("complete", card::card(locale, &card(complete.clone()))),
            ("delete", card::ask_delete(locale, &pages())),
            ("deleted", menu::deleted(locale, "Read <3")),
            ("edit", edit::edit(locale, &pages())),
            ("edit a plain one", edit::edit(locale, &habit(8, "Run", 0, ExecutionStatus::Pending))),
            ("amount", edit::ask_amount(locale, 7, None)),
            ("no amount", edit::ask_amount(locale, 7, Some(Problem::NotAnAmount))),
        ];
        screens.extend(Field::ALL.map(|field| ("field", edit::ask(locale, 7, field, None))));
        drawn(&screens)
    });
}

fn told_of(id: i64, name: &str, current_streak: i32, periods_due: u32) -> HabitOverview {
    let periods_kept = periods_due / 2;
    HabitOverview {
        id,
        name: name.to_owned(),
        current_streak,
        max_streak: 30,
        strength: 0.874,
        periods_due,
        periods_kept,
    }
}

fn told(habits: Vec<HabitOverview>) -> Overview {
    Overview { from_date: "2025-11-17".parse().unwrap(), to_date: date(), done_by_day: vec![0, 2, 1], habits }
}

fn year(name: &str, done: u32) -> HabitYear {
    HabitYear {
        habit_id: 7,
        name: name.to_owned(),
        from_date: "2025-11-17".parse().unwrap(),
        to_date: date(),
        days: Vec::new(),
        done,
        current_streak: 12,
        max_streak: 46,
        strength: 0.874,
    }
}

#[test]
fn how_it_goes() {
    let seven: Vec<HabitOverview> = (1..=7).map(|id| told_of(id, &format!("Habit {id}"), 3, 30)).collect();
    assert_drawn("stats", |locale| {
        drawn(&[
            ("nothing", stats::overview(locale, &told(Vec::new()), 0)),
            (
                "two habits",
                stats::overview(locale, &told(vec![told_of(7, "Read <3", 12, 30), told_of(8, "Run", 0, 0)]), 0),
            ),
            ("the last of seven", stats::overview(locale, &told(seven.clone()), 9)),
            ("the year of a habit", stats::habit_year(locale, &year("Read <3", 214), 1)),
            ("one day", stats::habit_year(locale, &year("Run", 1), 0)),
            ("the year of all", stats::year_of_all(locale, &told(Vec::new()))),
        ])
    });
}

#[test]
fn the_words_of_a_picture() {
    use DayFate::{Before, Done, Excused, Missed, Off, Open, Partly, Skipped};
    assert_drawn("picture", |locale| {
        let mut lines = vec![
            picture::untitled(locale),
            picture::all_habits(locale),
            picture::span(locale, "2025-11-17".parse().unwrap(), date()),
            picture::months(locale).join(" "),
            picture::weekdays(locale).join(" "),
            picture::record(locale),
            picture::strength(locale),
            picture::scale(locale).join(" "),
        ];
        for number in [1, 2, 5, 21] {
            lines.push(format!("{number} {}", picture::days_done(locale, number)));
            lines.push(format!("{number} {}", picture::in_a_row(locale, number.cast_signed())));
            lines.push(format!("{number} {}", picture::check_marks(locale, number)));
            lines.push(format!("{number} {}", picture::active_days(locale, number)));
        }
        let fates = [Done, Partly, Skipped, Excused, Missed, Off, Open, Before];
        lines.push(fates.into_iter().filter_map(|fate| picture::fate(locale, fate)).collect::<Vec<_>>().join(", "));
        lines.join("\n")
    });
}

#[test]
fn schedules_in_words() {
    let schedules = [1, 2, 3, 5].map(|times| Schedule::TimesPerWeek { times }).into_iter();
    let schedules = schedules.chain([1, 2, 21].map(|times| Schedule::TimesPerMonth { times }));
    let schedules = schedules.chain([2, 5, 21].map(|days| Schedule::EveryNDays { days, start: None }));
    let schedules: Vec<Schedule> = schedules.chain(Preset::ALL.map(Preset::schedule)).collect();
    assert_drawn("schedules", |locale| {
        schedules.iter().map(|schedule| schedule::words(locale, schedule) + "\n").collect()
    });
}

fn template(id: i64, emoji: &str, name: &str) -> Template {
    Template {
        id,
        slug: name.to_lowercase(),
        category: "Health".to_owned(),
        emoji: emoji.to_owned(),
        name: name.to_owned(),
        description: None,
        time_to_remind: time(18, 0),
        more_reminder_times: Vec::new(),
        target_days: 21,
        schedule: Schedule::Daily,
        goal: None,
    }
}

fn new_habit() -> HabitCreate {
    let Habit { name, description, time_to_remind, more_reminder_times, target_days, schedule, goal, .. } = pages();
    HabitCreate {
        name,
        description,
        time_to_remind,
        more_reminder_times: Some(more_reminder_times),
        target_days: Some(target_days),
        schedule: Some(schedule),
        goal,
    }
}

#[test]
fn the_creation_of_a_habit() {
    let templates: Vec<Template> = (0..13).map(|id| template(id, "🚶", &format!("Walk {id}"))).collect();
    let created = Habit { next_reminder_at: Some("2026-11-22T12:15:00Z".parse().unwrap()), ..pages() };
    let small = HabitCreate { name: "Run".to_owned(), time_to_remind: time(20, 0), ..HabitCreate::default() };
    assert_drawn("creation", |locale| {
        let unnamed = HabitCreate::default();
        let first = draft::ask(locale, DRAFT, &unnamed, Field::Name, true, None);
        let mut screens = vec![
            ("catalogue", catalogue::catalogue(locale, DRAFT, &templates, 0, None)),
            ("its second page", catalogue::catalogue(locale, DRAFT, &templates, 1, None)),
            ("no catalogue", catalogue::catalogue(locale, DRAFT, &[], 0, Some(Problem::EmptyName))),
            ("all that is known", draft::look(locale, DRAFT, &new_habit(), None)),
            ("little is known", draft::look(locale, DRAFT, &small, None)),
            ("out of the blue", draft::offer(locale, DRAFT, &small)),
            ("step by step", first),
        ];
        screens
            .extend(Field::ALL.map(|field| ("next step", draft::ask(locale, DRAFT, &new_habit(), field, true, None))));
        screens.extend(Field::ALL.map(|field| ("change", draft::ask(locale, DRAFT, &new_habit(), field, false, None))));
        screens.push(("created", creation::created(locale, &created, Asia::Kathmandu, now())));
        drawn(&screens)
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
        Problem::TooManyTimes { most: 10 },
        Problem::NotASchedule,
        Problem::NotAGoal,
        Problem::NotAnAmount,
    ];
    assert_drawn("problems", |locale| {
        let ask = |problem: &Problem| ("problem", edit::ask_amount(locale, 7, Some(*problem)));
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
        Toast::Skipped { name: name() },
        Toast::Snoozed { until: Some(time(18, 42)) },
        Toast::Snoozed { until: None },
        Toast::NoFreezeLeft,
        Toast::NewDay,
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
    let large = || Habit {
        name: name.clone(),
        description: Some("&".repeat(4096)),
        more_reminder_times: (0..9).map(|hour| time(hour, 30)).collect(),
        goal: Some(Goal { direction: GoalDirection::AtMost, amount: 1e9, unit: Some("<".repeat(30)) }),
        amount_today: Some(1e9),
        ..habit(i64::MAX, "", i32::MAX, ExecutionStatus::Done)
    };
    let all: Vec<Habit> = (0..200).map(|_| large()).collect();
    let day = a_day_of(all.clone(), u32::MAX, u32::MAX);
    let card = HabitWithExecutions { habit: large(), today: date(), strength: 1.0, executions: Vec::new() };
    let looked = told((0..200).map(|_| told_of(i64::MAX, &"<".repeat(255), i32::MAX, u32::MAX)).collect());
    let captions =
        |locale| [stats::habit_year(locale, &year(&name, u32::MAX), 255), stats::year_of_all(locale, &looked)];
    for locale in Locale::ALL {
        let lists = [today(locale, &day, 7), today(locale, &day, 255), list::habits(locale, &all, 255)];
        let habits =
            [card::card(locale, &card), edit::edit(locale, &card.habit), card::ask_delete(locale, &card.habit)];
        for caption in captions(locale) {
            assert!(caption.plain().encode_utf16().count() <= 1024);
        }
        let lists = lists.into_iter().chain([stats::overview(locale, &looked, 40)]);
        for screen in lists.chain(habits).chain([reminder(locale, &rows)]) {
            assert!(screen.plain().encode_utf16().count() <= 4096);
            assert!(screen.keyboard.iter().flatten().count() <= 100);
            let is_short = |button: &Button| matches!(&button.on_tap, OnTap::Tell(data) if data.len() <= 64);
            assert!(screen.keyboard.iter().flatten().all(is_short));
        }
    }
}
