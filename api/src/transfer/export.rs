//! `GET /users/me/export`

use ::transfer::{Archive, Habit, JsonWriter, MAX_DAYS, to_loop_csv};
use anyhow::Context as _;
use axum::{
    extract::State,
    http::header,
    response::{IntoResponse as _, Response},
};
use store::{
    pool::DirectTransaction,
    transfer::{self, PauseRow},
    user::{self, User},
};

use super::{
    archive,
    outflow::{self, Outflow},
    place::{Place, Places},
};
use crate::{
    App,
    error::ApiError,
    http::{Caller, Query},
};

/// Files that this process writes at once: each has a connection to the database while it is read.
static WRITING: Places = Places::new(2);

/// Take everything along
///
/// `json` is an archive that holds all of it, and that this service reads again. `csv` is a zip of CSV files in the
/// layout of Loop Habit Tracker, for spreadsheets and other programs; pauses, earlier schedules and reminders have no
/// place in it, and it has at most 150,000 days. Whoever does not read the file for 5 s, or has not read it after 60 s,
/// gets no more of it.
#[utoipa::path(
    get,
    path = "/users/me/export",
    tag = "users",
    security(("token" = [])),
    params(("format" = Option<String>, Query, description = "`json`, unless given, or `csv`", pattern = "^(json|csv)$")),
    responses(
        (
            status = OK,
            description = "The file",
            content(
                (Value = "application/json", example = json!({"version": 1, "habits": [{
                    "name": "Read", "begun_on": "2026-11-20", "target_days": 21, "reminders": ["21:30:00"],
                    "is_active": true, "days": [{"date": "2026-11-20", "status": "done"}],
                }]})),
                (wire::transfer::File = "application/zip"),
            ),
        ),
    ),
)]
#[tracing::instrument(skip_all)]
pub(super) async fn export_me(State(app): State<App>, caller: Caller, query: Query) -> Result<Response, ApiError> {
    let is_csv = query.choice("format", &["json", "csv"])? == "csv";
    let place = WRITING.take(caller.user.id)?;
    let mut tx = app.pool.begin().await?;
    transfer::read_one_instant(&mut tx).await?;
    let user = user::by_id(&mut tx, caller.user.id).await?.ok_or(ApiError::TokenUserNotFound)?;
    let pauses = transfer::pauses(&mut tx, user.id).await?;
    let envelope = archive::envelope(&user, &pauses, caller.now);
    let name = format!("habits-{}", user.calendar().today(caller.now));
    let reader = Habits { tx, user, pauses, after_id: 0 };

    let (kind, ending) = if is_csv { ("application/zip", "zip") } else { ("application/json", "json") };
    let body = if is_csv {
        let (bytes, place) = zip(reader, envelope, place).await?;
        outflow::body(place, async move |out| {
            out.send(bytes).await?;
            out.end().await
        })
    } else {
        outflow::body(place, |out| write_json(reader, envelope, out))
    };
    let headers = [
        (header::CONTENT_TYPE, kind.to_owned()),
        (header::CONTENT_DISPOSITION, format!("attachment; filename=\"{name}.{ending}\"")),
    ];
    Ok((headers, body).into_response())
}

/// The habits of a person, all of one instant, one after the other: only one is in memory.
struct Habits {
    tx: DirectTransaction,
    user: User,
    /// Of all habits.
    pauses: Vec<PauseRow>,
    after_id: i64,
}

impl Habits {
    async fn next(&mut self) -> sqlx::Result<Option<Habit>> {
        let Some(stored) = transfer::next_habit(&mut self.tx, self.user.id, self.after_id).await? else {
            return Ok(None);
        };
        self.after_id = stored.id;
        let days = transfer::days(&mut self.tx, stored.id).await?;
        Ok(Some(archive::habit(stored, &days, &self.pauses, &self.user)))
    }
}

async fn write_json(mut habits: Habits, envelope: Archive, out: Outflow) -> anyhow::Result<()> {
    let mut writer = JsonWriter::default();
    out.send(writer.start(envelope)?).await?;
    while let Some(habit) = habits.next().await? {
        out.send(writer.habit(&habit)?).await?;
    }
    out.send(JsonWriter::END.to_vec()).await?;
    out.end().await
}

/// The zip, which is made as a whole: its table has all habits side by side.
async fn zip(mut habits: Habits, mut archive: Archive, place: Place) -> Result<(Vec<u8>, Place), ApiError> {
    let mut days = 0;
    while let Some(habit) = habits.next().await? {
        days += habit.days.len();
        if days > MAX_DAYS {
            let msg = format!("there are more than the {MAX_DAYS} days that a csv may have; take json");
            let loc = vec!["query".to_owned(), "format".to_owned()];
            return Err(ApiError::Invalid { kind: "validation_error", loc, msg });
        }
        archive.habits.push(habit);
    }
    drop(habits);
    // Seconds of work for years of days: not on a thread that serves others.
    let zip = tokio::task::spawn_blocking(move || (to_loop_csv(&archive), place)).await;
    let (bytes, place) = zip.context("the export broke off")?;
    Ok((bytes.context("the zip")?, place))
}
