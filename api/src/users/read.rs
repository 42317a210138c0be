//! `GET /users/me`

use axum::extract::State;
use wire::{error::ErrorBody, user::User};

use super::reply;
use crate::{
    App,
    error::ApiError,
    http::{Caller, Json},
};

/// The person whose token this is
#[utoipa::path(
    get,
    path = "/users/me",
    tag = "users",
    security(("token" = [])),
    responses(
        (status = OK, body = User, description = "The person"),
        (status = UNAUTHORIZED, body = ErrorBody, description = "`authentication_required`, `token_expired`, \
            `invalid_token`, `invalid_token_payload`, `token_user_not_found`"),
        (status = FORBIDDEN, body = ErrorBody, description = "`user_inactive`"),
    ),
)]
pub(super) async fn read_me(State(app): State<App>, caller: Caller) -> Result<Json<User>, ApiError> {
    Ok(Json(reply(caller.user, app.defaults)))
}
