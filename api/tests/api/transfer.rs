//! What a person takes along, and brings.

use axum::{
    body::Body,
    http::{Request, header},
};
use serde_json::{Value, json};
use sqlx::PgPool;

use crate::server::{Person, Reply, Server};

const IMPORT: &str = "/users/me/import";

async fn export(server: &Server, person: &Person<'_>, format: &str) -> (String, Vec<u8>) {
    let request = Request::get(format!("/api/v1/users/me/export?format={format}"))
        .header(header::AUTHORIZATION, format!("Bearer {}", person.token))
        .body(Body::empty())
        .unwrap();
    let (status, headers, bytes) = server.file(request).await;
    assert_eq!(status, 200, "{}", String::from_utf8_lossy(&bytes));
    (headers[header::CONTENT_DISPOSITION].to_str().unwrap().to_owned(), bytes)
}

async fn archive(server: &Server, person: &Person<'_>) -> Value {
    let (_, bytes) = export(server, person, "json").await;
    serde_json::from_slice(&bytes).unwrap()
}

async fn import(server: &Server, person: &Person<'_>, path: &str, kind: &str, bytes: Vec<u8>) -> Reply {
    let request = Request::post(format!("/api/v1{path}"))
        .header(header::AUTHORIZATION, format!("Bearer {}", person.token))
        .header(header::CONTENT_TYPE, kind)
        .body(Body::from(bytes))
        .unwrap();
    server.send(request).await
}

async fn import_json(server: &Server, person: &Person<'_>, archive: &Value) -> Reply {
    import(server, person, IMPORT, "application/json", archive.to_string().into_bytes()).await
}

/// An archive with something of everything.
fn rich() -> Value {
    json!({
        "version": 1,
        "habits": [
            {
                "name": "Read", "description": "ten\npages", "begun_on": "2026-01-01", "target_days": 50,
                "schedules": {
                    "first": {"type": "weekdays", "weekdays": ["mon", "fri"]},
                    "changes": [{"from": "2026-03-01", "type": "every_n_days", "days": 3, "start": "2026-03-01"}],
                },
                "goal": {"direction": "at_least", "amount": 10.5, "unit": "pages"},
                "reminders": ["07:30:00", "21:00:00"], "is_active": true,
                "days": [
                    {"date": "2026-01-02", "status": "done", "amount": 12.125, "note": "good"},
                    {"date": "2026-01-05", "status": "pending", "amount": 1.0},
                    {"date": "2026-01-09", "status": "skipped"},
                    {"date": "2026-01-12", "status": "frozen"},
                    {"date": "2026-01-16", "status": "not_done"},
                ],
                "pauses": [{"from": "2026-02-01", "to": "2026-02-14", "reason": "person"}],
            },
            {
                "name": "Run", "schedules": {}, "begun_on": "2026-11-01", "target_days": 3, "reminders": ["20:00:00"],
                "is_active": false, "completed_at": "2026-11-03T12:00:00Z",
                "days": [
                    {"date": "2026-11-01", "status": "done"},
                    {"date": "2026-11-02", "status": "done"},
                    {"date": "2026-11-03", "status": "done"},
                ],
            },
            {
                "name": "Run", "schedules": {}, "begun_on": "2026-11-20", "target_days": 21, "reminders": ["20:00:00"],
                "is_active": true,
                "days": [{"date": "2026-11-20", "status": "done"}, {"date": "2026-11-21", "status": "done"}],
            },
        ],
        "pauses": [
            {"from": "2026-06-01", "to": "2026-06-02", "reason": "travel"},
            {"from": "2026-08-01", "to": "2026-08-14", "reason": "person"},
        ],
    })
}

/// The archive without what tells one export from another.
fn habits_and_pauses(archive: &Value) -> (Value, Value) {
    (archive["habits"].clone(), archive["pauses"].clone())
}

#[sqlx::test(migrations = "../migrations")]
async fn what_was_taken_out_comes_in_as_it_was(db: PgPool) {
    let server = Server::new(db);
    let one = server.person(1, "Europe/Berlin").await;
    let report = import_json(&server, &one, &rich()).await.ok(200);
    assert_eq!(
        (&report["habits_added"], &report["days_added"], &report["pauses_added"]),
        (&json!(3), &json!(10), &json!(3))
    );
    let taken = archive(&server, &one).await;
    assert_eq!(habits_and_pauses(&taken), habits_and_pauses(&rich()));

    let other = server.person(2, "Europe/Berlin").await;
    import_json(&server, &other, &taken).await.ok(200);
    assert_eq!(archive(&server, &other).await, taken);
}

#[sqlx::test(migrations = "../migrations")]
async fn the_same_file_again_changes_nothing(db: PgPool) {
    let server = Server::new(db);
    let person = server.person(1, "Europe/Berlin").await;
    import_json(&server, &person, &rich()).await.ok(200);
    let before = archive(&server, &person).await;
    let report = import_json(&server, &person, &rich()).await.ok(200);
    assert_eq!((&report["habits_added"], &report["habits_merged"]), (&json!(0), &json!(3)));
    assert_eq!(
        (&report["days_added"], &report["days_skipped"], &report["pauses_added"]),
        (&json!(0), &json!(10), &json!(0))
    );
    assert_eq!(archive(&server, &person).await, before);
}

#[sqlx::test(migrations = "../migrations")]
async fn what_was_said_here_stays_and_the_streak_follows(db: PgPool) {
    let server = Server::new(db);
    let person = server.person(1, "UTC").await;
    let id = person.habit("Run", "20:00").await;
    person.set(id, "not_done", "2026-11-20").await;
    let file = json!({"version": 1, "habits": [{
        "name": "Run", "begun_on": "2026-11-18", "target_days": 9, "reminders": ["06:00:00"], "is_active": true,
        "description": "theirs",
        "days": [
            {"date": "2026-11-19", "status": "done"}, {"date": "2026-11-20", "status": "done"},
            {"date": "2026-11-21", "status": "done"}, {"date": "2026-11-22", "status": "done"},
        ],
    }]});
    let report = import_json(&server, &person, &file).await.ok(200);
    assert_eq!(
        (&report["habits_merged"], &report["days_added"], &report["days_skipped"]),
        (&json!(1), &json!(3), &json!(1))
    );
    let habit = person.get(&format!("/habits/{id}")).await.ok(200);
    assert_eq!((&habit["current_streak"], &habit["max_streak"]), (&json!(2), &json!(2)));
    assert_eq!((&habit["target_days"], &habit["time_to_remind"]), (&json!(21), &json!("20:00:00")));
    assert_eq!(habit["description"], Value::Null);
}

#[sqlx::test(migrations = "../migrations")]
async fn a_new_habit_has_its_streak_and_its_next_reminder(db: PgPool) {
    let server = Server::new(db);
    let person = server.person(1, "UTC").await;
    import_json(&server, &person, &rich()).await.ok(200);
    let habits = person.get("/habits/").await.ok(200);
    let run = habits.as_array().unwrap().iter().find(|habit| habit["name"] == "Run").unwrap();
    assert_eq!((&run["current_streak"], &run["next_reminder_at"]), (&json!(2), &json!("2026-11-22T20:00:00Z")));
}

#[sqlx::test(migrations = "../migrations")]
async fn a_dry_run_tells_the_same_and_writes_nothing(db: PgPool) {
    let server = Server::new(db);
    let person = server.person(1, "UTC").await;
    let body = || rich().to_string().into_bytes();
    let dry = import(&server, &person, "/users/me/import?dry_run=true", "application/json", body()).await.ok(200);
    assert_eq!(person.get("/habits/?active_only=false").await.ok(200), json!([]));
    let mut real = import_json(&server, &person, &rich()).await.ok(200);
    assert_eq!((&dry["is_dry_run"], &real["is_dry_run"]), (&json!(true), &json!(false)));
    real["is_dry_run"] = json!(true);
    assert_eq!(dry, real);
}

#[sqlx::test(migrations = "../migrations")]
async fn a_file_with_a_fault_writes_nothing(db: PgPool) {
    let server = Server::new(db);
    let person = server.person(1, "UTC").await;
    let mut file = rich();
    file["habits"][2]["days"][1]["date"] = json!("2026-11-24");
    let refused = import_json(&server, &person, &file).await;
    assert_eq!(refused.error(), (422, "import_refused"));
    assert_eq!(refused.body["detail"]["loc"], json!(["body", "habits[2] Run"]));
    assert_eq!(person.get("/habits/?active_only=false").await.ok(200), json!([]));
}

#[sqlx::test(migrations = "../migrations")]
async fn the_csv_is_a_file_that_comes_in_again(db: PgPool) {
    let server = Server::new(db);
    let one = server.person(1, "UTC").await;
    let id = one.habit("Read, write", "20:00").await;
    one.set(id, "done", "2026-11-21").await;
    one.set(id, "skipped", "2026-11-22").await;
    let (name, zip) = export(&server, &one, "csv").await;
    assert_eq!(name, "attachment; filename=\"habits-2026-11-22.zip\"");

    let other = server.person(2, "UTC").await;
    let report = import(&server, &other, IMPORT, "application/zip", zip).await.ok(200);
    assert_eq!((&report["format"], &report["days_added"]), (&json!("loop_csv"), &json!(2)));
    let taken = archive(&server, &other).await;
    assert_eq!(taken["habits"][0]["name"], "Read, write");
    assert_eq!(
        taken["habits"][0]["days"],
        json!([{"date": "2026-11-21", "status": "done"}, {"date": "2026-11-22", "status": "skipped"}])
    );
}

#[sqlx::test(migrations = "../migrations")]
async fn a_backup_of_loop_is_known_by_its_first_bytes(db: PgPool) {
    let server = Server::new(db);
    let person = server.person(1, "UTC").await;
    let backup = rusqlite::Connection::open_in_memory().unwrap();
    backup
        .execute_batch(
            "create table Habits (id integer primary key, name text, freq_num integer, freq_den integer);
             create table Repetitions (id integer primary key, habit integer, timestamp integer, value integer);
             insert into Habits values (7, 'Meditate', 3, 7);
             insert into Repetitions (habit, timestamp, value) values (7, 1795219200000, 2);",
        )
        .unwrap();
    let bytes = backup.serialize("main").unwrap().to_vec();
    let report = import(&server, &person, IMPORT, "application/octet-stream", bytes).await.ok(200);
    assert_eq!((&report["format"], &report["days_added"]), (&json!("loop_db"), &json!(1)));
    let habits = person.get("/habits/").await.ok(200);
    assert_eq!(habits[0]["schedule"], json!({"type": "times_per_week", "times": 3}));
}

#[sqlx::test(migrations = "../migrations")]
async fn what_is_no_archive_is_refused(db: PgPool) {
    let server = Server::new(db);
    let person = server.person(1, "UTC").await;
    let cases: [(&str, &[u8], (u16, &str)); 8] = [
        ("text/csv", b"Position,Name", (415, "unsupported_media_type")),
        ("application/octet-stream", b"Position,Name", (422, "import_refused")),
        ("application/octet-stream", b"", (422, "import_refused")),
        ("application/json", b"{", (422, "import_refused")),
        ("application/json", b"{\"version\":2,\"habits\":[]}", (422, "import_refused")),
        ("application/zip", b"PK\x03\x04 and no more", (422, "import_refused")),
        ("application/vnd.sqlite3", b"SQLite format 3\0", (422, "import_refused")),
        ("application/json", &vec![b' '; transfer::MAX_BYTES + 1], (413, "body_too_large")),
    ];
    for (kind, bytes, expected) in cases {
        assert_eq!(import(&server, &person, IMPORT, kind, bytes.to_vec()).await.error(), expected, "{kind}");
    }
}

#[sqlx::test(migrations = "../migrations")]
async fn nobody_gets_more_habits_than_allowed(db: PgPool) {
    let server = Server::new(db);
    let person = server.person(1, "UTC").await;
    person.habit("Mine", "20:00").await;
    let habit = |index: usize| json!({"name": format!("Habit {index}"), "begun_on": "2026-11-01", "target_days": 9, "reminders": ["06:00:00"], "is_active": true});
    let file = json!({"version": 1, "habits": (0..500).map(habit).collect::<Vec<_>>()});
    assert_eq!(import_json(&server, &person, &file).await.error(), (409, "too_many_habits"));
    assert_eq!(person.get("/habits/").await.ok(200).as_array().unwrap().len(), 1);
}

#[sqlx::test(migrations = "../migrations")]
async fn another_format_of_the_export_is_refused(db: PgPool) {
    let server = Server::new(db);
    let person = server.person(1, "UTC").await;
    assert_eq!(person.get("/users/me/export?format=xml").await.error(), (422, "validation_error"));
}

#[sqlx::test(migrations = "../migrations")]
async fn habits_beyond_those_a_person_may_add_are_taken_along_too(db: PgPool) {
    let server = Server::new(db.clone());
    let person = server.person(1, "UTC").await;
    let id = person.habit("Habit", "20:00").await;
    sqlx::query(
        "insert into habits (user_id, name, target_days, time_to_remind, origin, created_at, updated_at)
         select user_id, name || n, target_days, time_to_remind, origin, created_at, updated_at
         from habits, generate_series(1, 600) n where id = $1",
    )
    .bind(id)
    .execute(&db)
    .await
    .unwrap();
    let taken = archive(&server, &person).await;
    let names: Vec<_> = taken["habits"].as_array().unwrap().iter().map(|habit| habit["name"].clone()).collect();
    assert_eq!((names.len(), &names[0], &names[600]), (601, &json!("Habit"), &json!("Habit600")));
    assert_eq!(export(&server, &person, "csv").await.0, "attachment; filename=\"habits-2026-11-22.zip\"");
}

#[sqlx::test(migrations = "../migrations")]
async fn who_does_not_read_an_export_gets_no_second_and_a_third_person_waits(db: PgPool) {
    let server = Server::new(db.clone());
    let (ada, ben, eve) = (server.person(1, "UTC").await, server.person(2, "UTC").await, server.person(3, "UTC").await);
    for person in [&ada, &ben] {
        person.habit("Habit", "20:00").await;
    }
    sqlx::query("update habits set description = repeat('x', 300000)").execute(&db).await.unwrap();
    let ask = async |person: &Person<'_>| {
        let request = Request::get("/api/v1/users/me/export")
            .header(header::AUTHORIZATION, format!("Bearer {}", person.token))
            .body(Body::empty());
        server.answer(request.unwrap()).await
    };
    let unread = [ask(&ada).await, ask(&ben).await];
    assert!(unread.iter().all(|answer| answer.status() == 200));
    for (person, status) in [(&ada, 429), (&eve, 503)] {
        let refused = ask(person).await;
        assert_eq!(refused.status(), status);
        assert_eq!(refused.headers()[header::RETRY_AFTER], "1");
    }
}

#[sqlx::test(migrations = "../migrations")]
async fn a_csv_finds_the_habits_that_it_was_made_of(db: PgPool) {
    let server = Server::new(db);
    let person = server.person(1, "Europe/Berlin").await;
    let every_week = json!({"first": {"type": "every_n_days", "days": 7, "start": "2026-01-05"}});
    let weekdays = json!({"first": {"type": "weekdays", "weekdays": ["mon", "fri"]}});
    let habits = [("Swim", weekdays), ("Clean", every_week)].map(|(name, schedules)| {
        json!({
            "name": name, "schedules": schedules, "begun_on": "2026-01-05", "target_days": 50, "is_active": true,
            "reminders": ["20:00:00"], "days": [{"date": "2026-01-05", "status": "done"}],
        })
    });
    import_json(&server, &person, &json!({"version": 1, "habits": habits})).await.ok(200);
    let before = archive(&server, &person).await;
    let (_, csv) = export(&server, &person, "csv").await;

    let report = import(&server, &person, IMPORT, "application/zip", csv).await.ok(200);

    assert_eq!((&report["habits_added"], &report["habits_merged"]), (&json!(0), &json!(2)));
    assert_eq!(archive(&server, &person).await, before);
}

#[sqlx::test(migrations = "../migrations")]
async fn our_own_file_tells_weekdays_from_times_a_week(db: PgPool) {
    let server = Server::new(db);
    let person = server.person(1, "Europe/Berlin").await;
    for schedule in
        [json!({"type": "weekdays", "weekdays": ["mon", "fri"]}), json!({"type": "times_per_week", "times": 2})]
    {
        let habit = json!({
            "name": "Swim", "schedules": {"first": schedule}, "begun_on": "2026-01-05", "target_days": 50,
            "is_active": true, "reminders": ["20:00:00"], "days": [],
        });
        let report = import_json(&server, &person, &json!({"version": 1, "habits": [habit]})).await.ok(200);
        assert_eq!(report["habits_added"], 1, "{schedule}");
    }
}
