//! `GET /users/me/export`

use ::transfer::{to_json, to_loop_csv};
use anyhow::Context as _;
use axum::{
    extract::State,
    http::header,
    response::{IntoResponse as _, Response},
};
use store::{transfer, user};
use wire::error::ErrorBody;

use super::archive::{Rows, archive};
use crate::{
    App,
    error::ApiError,
    http::{Caller, Query},
};

/// Take everything along
///
/// `json` is an archive that holds all of it, and that this service reads again. `csv` is a zip of CSV files in the
/// layout of Loop Habit Tracker, for spreadsheets and other programs; pauses, earlier schedules and reminders have no
/// place in it.
#[utoipa::path(
    get,
    path = "/users/me/export",
    tag = "users",
    security(("token" = [])),
    params(("format" = Option<String>, Query, description = "`json`, unless given, or `csv`", pattern = "^(json|csv)$")),
    responses(
        (status = OK, description = "The file", content((Value = "application/json", example = json!({"version": 1, "habits": [{"name": "Read", "begun_on": "2026-11-20", "target_days": 21, "reminders": ["21:30:00"], "is_active": true, "days": [{"date": "2026-11-20", "status": "done"}]}]})), (wire::transfer::File = "application/zip"))),
        (status = UNAUTHORIZED, body = ErrorBody, description = "The token is missing or no good: see GET /users/me"),
        (status = UNPROCESSABLE_ENTITY, body = ErrorBody, description = "`validation_error`"),
    ),
)]
#[tracing::instrument(skip_all)]
pub(super) async fn export_me(State(app): State<App>, caller: Caller, query: Query) -> Result<Response, ApiError> {
    let is_csv = query.choice("format", &["json", "csv"])? == "csv";
    let mut tx = app.pool.begin().await?;
    transfer::read_one_instant(&mut tx).await?;
    let user = user::by_id(&mut tx, caller.user.id).await?.ok_or(ApiError::TokenUserNotFound)?;
    let rows = Rows {
        habits: transfer::habits(&mut tx, user.id).await?,
        days: transfer::days(&mut tx, user.id).await?,
        pauses: transfer::pauses(&mut tx, user.id).await?,
    };
    tx.commit().await?;

    let name = format!("habits-{}", user.calendar().today(caller.now));
    // Seconds of work for years of days: not on a thread that serves others.
    let file = tokio::task::spawn_blocking(move || {
        let archive = archive(user, rows, caller.now);
        if is_csv { to_loop_csv(&archive).context("the zip") } else { to_json(&archive).context("the JSON") }
    });
    let bytes = file.await.context("the export broke off")??;
    let (kind, ending) = if is_csv { ("application/zip", "zip") } else { ("application/json", "json") };
    let headers = [
        (header::CONTENT_TYPE, kind.to_owned()),
        (header::CONTENT_DISPOSITION, format!("attachment; filename=\"{name}.{ending}\"")),
    ];
    Ok((headers, bytes).into_response())
}
