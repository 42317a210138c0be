//! `GET /users/me`

use axum::extract::State;
use wire::user::User;

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
    responses((status = OK, body = User, description = "The person")),
)]
pub(super) async fn read_me(State(app): State<App>, caller: Caller) -> Result<Json<User>, ApiError> {
    Ok(Json(reply(caller.user, app.defaults)))
}
