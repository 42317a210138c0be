//! `DELETE /users/me`

use axum::{extract::State, http::StatusCode};
use store::user;
use wire::error::ErrorBody;

use crate::{
    App,
    error::ApiError,
    http::{Query, Session, query},
};

/// Delete the person whose token this is, with everything of his
///
/// Habits, their history, reminders that are on their way, what is shared with others: all of it goes at once, and
/// nothing brings it back. `telegram_id` names the person again, so that a request with another person's token, or one
/// sent by mistake, deletes nothing. The person's tokens are no good from then on (`token_user_not_found`); who writes to
/// the bot again starts anew.
#[utoipa::path(
    delete,
    path = "/users/me",
    tag = "users",
    security(("session" = [])),
    params(("telegram_id" = i64, Query, exclusive_minimum = 0, description = "Telegram's id of the person, to confirm")),
    responses(
        (status = NO_CONTENT, description = "Everything is gone"),
        (status = CONFLICT, body = ErrorBody, description = "`wrong_person`: the `telegram_id` is another person's"),
    ),
)]
#[tracing::instrument(skip_all)]
pub(super) async fn delete_me(
    State(app): State<App>,
    Session(caller): Session,
    query: Query,
) -> Result<StatusCode, ApiError> {
    let confirmed = query.optional_number("telegram_id", 1..=i64::MAX)?;
    let confirmed = confirmed.ok_or_else(|| query::refused("telegram_id", "telegram_id is missing".to_owned()))?;
    if confirmed != caller.user.telegram_id {
        return Err(ApiError::WrongPerson);
    }
    let mut tx = app.pool.begin().await?;
    if !user::delete(&mut tx, caller.user.id).await? {
        return Err(ApiError::TokenUserNotFound);
    }
    tx.commit().await?;
    tracing::info!("a person left, and everything of his was deleted");
    Ok(StatusCode::NO_CONTENT)
}
