//! `POST /users/me/import`

use ::transfer::read;
use anyhow::Context as _;
use axum::extract::{Request, State};
use store::user;
use wire::{error::ErrorBody, transfer::ImportReport};

use crate::{
    App,
    error::ApiError,
    http::{Caller, Json, Query},
};

mod bring;
pub(super) mod upload;

use upload::Upload;

/// Bring habits along
///
/// From our own JSON archive, or from Loop Habit Tracker: its CSV export (a zip) or its full backup (a SQLite database).
/// Nothing is overwritten: a habit of the same name with the same schedule gets the days of which nothing was said yet,
/// other habits are added, settings stay. The same file a second time changes nothing. A file with a fault is refused as
/// a whole; `loc` names the file within it and the line.
#[utoipa::path(
    post,
    path = "/users/me/import",
    tag = "users",
    security(("token" = [])),
    params(("dry_run" = Option<bool>, Query, description = "Only tell what would happen")),
    request_body(
        description = "At most 10 MB. As `application/octet-stream` its first bytes tell which of these it is.",
        content(
            (Value = "application/json", example = json!({"version": 1, "habits": [{
                "name": "Read", "begun_on": "2026-11-20", "target_days": 21, "reminders": ["21:30:00"],
                "is_active": true, "days": [{"date": "2026-11-20", "status": "done"}],
            }]})),
            (wire::transfer::File = "application/zip"),
            (wire::transfer::File = "application/vnd.sqlite3"),
            (wire::transfer::File = "application/octet-stream"),
        ),
    ),
    responses(
        (status = OK, body = ImportReport, description = "What was brought in"),
        (status = CONFLICT, body = ErrorBody, description = "`too_many_habits`, `too_many_pauses`"),
        (status = PAYLOAD_TOO_LARGE, body = ErrorBody, description = "`body_too_large`"),
        (status = UNSUPPORTED_MEDIA_TYPE, body = ErrorBody, description = "`unsupported_media_type`"),
        (status = UNPROCESSABLE_ENTITY, body = ErrorBody, description = "`import_refused`"),
    ),
)]
#[tracing::instrument(skip_all)]
pub(super) async fn import_me(
    State(app): State<App>,
    caller: Caller,
    query: Query,
    request: Request,
) -> Result<Json<ImportReport>, ApiError> {
    let is_dry = query.flag("dry_run", false)?;
    let Upload { format, bytes, place } = Upload::receive(caller.user.id, request).await?;
    let today = caller.user.calendar().today(caller.now);
    let reading = tokio::task::spawn_blocking(move || {
        let _place = place;
        read(format, &bytes, today)
    });
    let brought = reading.await.context("the reading broke off")?.map_err(refused)?;

    let mut tx = app.pool.begin().await?;
    let owner = user::lock(&mut tx, caller.user.id).await?.ok_or(ApiError::TokenUserNotFound)?;
    let counts = bring::bring(&mut tx, &owner, &brought.archive, format, caller.now).await?;
    if !is_dry {
        tx.commit().await?;
    }
    Ok(Json(ImportReport {
        format: upload::reply(format),
        is_dry_run: is_dry,
        habits_added: counts.habits_added,
        habits_merged: counts.habits_merged,
        days_added: counts.days_added,
        days_skipped: counts.days_skipped,
        pauses_added: counts.pauses_added,
        notes: brought.notes,
    }))
}

fn refused(refused: ::transfer::Refused) -> ApiError {
    let msg = refused.to_string();
    let mut loc = vec!["body".to_owned(), refused.file];
    loc.extend(refused.line.map(|line| line.to_string()));
    ApiError::Invalid { kind: "import_refused", loc, msg }
}
