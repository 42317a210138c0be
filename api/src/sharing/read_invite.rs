//! `GET /invites/{code}`

use axum::extract::State;
use chrono::{DateTime, Utc};
use sqlx::PgConnection;
use store::sharing::invite::{self, Offer};
use wire::{error::ErrorBody, sharing::InviteOffer};

use super::InviteCode;
use crate::{
    App,
    error::{ApiError, SharingError},
    http::{Caller, Json},
};

/// What an invite is about
///
/// For anybody who has its code. An unknown code, and an invite that expired, was used up or was taken back, look the
/// same.
#[utoipa::path(
    get,
    path = "/invites/{code}",
    tag = "sharing",
    security(("token" = [])),
    params(("code" = String, Path)),
    responses(
        (status = OK, body = InviteOffer, description = "Whose habit it is"),
        (status = NOT_FOUND, body = ErrorBody, description = "`invite_not_found`"),
    ),
)]
#[tracing::instrument(skip_all)]
pub(super) async fn read_invite(
    State(app): State<App>,
    caller: Caller,
    code: InviteCode,
) -> Result<Json<InviteOffer>, ApiError> {
    let mut conn = app.pool.acquire().await?;
    let offer = found(&mut conn, &code, caller.user.id, caller.now).await?;
    Ok(Json(InviteOffer {
        habit_name: offer.habit_name,
        owner_first_name: offer.owner_first_name,
        is_own: offer.owner_id == caller.user.id,
        is_partner: offer.is_partner,
        expires_at: offer.expires_at,
    }))
}

/// What the code opens for this person; what he has accepted stays open to him, though it is used up.
pub(super) async fn found(
    conn: &mut PgConnection,
    code: &InviteCode,
    user_id: i64,
    now: DateTime<Utc>,
) -> Result<Offer, ApiError> {
    let offer = invite::by_code(conn, &code.0, user_id, now).await?;
    let open = offer.filter(|offer| offer.uses_left > 0 || offer.is_partner);
    open.ok_or_else(|| SharingError::InviteNotFound.into())
}
