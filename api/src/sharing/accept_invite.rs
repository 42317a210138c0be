//! `POST /invites/{code}/accept`

use axum::extract::State;
use chrono::{DateTime, Utc};
use sqlx::PgConnection;
use store::{
    habit,
    sharing::{
        invite::{self, Offer},
        partner, shared,
    },
    user,
};
use wire::{
    error::ErrorBody,
    sharing::{InviteAccept, SharedHabit},
};

use super::{InviteCode, MAX_PARTNERS, MAX_SHARED, read_invite::found, shared_with};
use crate::{
    App,
    error::{ApiError, SharingError},
    http::{Caller, Json},
};

/// Accept an invite
///
/// From now on the caller sees the habit. With a `habit_id` of his own, the owner sees that one in return: each sees the
/// other's ticks until one of them leaves. Accepting again changes nothing, but can add what is shown in return.
#[utoipa::path(
    post,
    path = "/invites/{code}/accept",
    tag = "sharing",
    security(("token" = [])),
    params(("code" = String, Path)),
    request_body = InviteAccept,
    responses(
        (status = OK, body = SharedHabit, description = "The habit that the caller sees now"),
        (status = NOT_FOUND, body = ErrorBody, description = "`invite_not_found`"),
        (status = CONFLICT, body = ErrorBody, description = "`own_invite`, `too_many_partners`, `too_many_shared`"),
    ),
)]
#[tracing::instrument(skip_all)]
pub(super) async fn accept_invite(
    State(app): State<App>,
    caller: Caller,
    code: InviteCode,
    Json(request): Json<InviteAccept>,
) -> Result<Json<SharedHabit>, ApiError> {
    let (guest, now) = (caller.user.id, caller.now);
    let mut tx = app.pool.begin().await?;
    let offer = found(&mut tx, &code, guest, now).await?;
    if offer.owner_id == guest {
        return Err(SharingError::OwnInvite.into());
    }
    // Both, in the order that everybody locks people in: what they share is counted.
    for id in [guest.min(offer.owner_id), guest.max(offer.owner_id)] {
        user::lock(&mut tx, id).await?.ok_or(SharingError::InviteNotFound)?;
    }
    if let Some(own) = request.habit_id {
        check_own(&mut tx, guest, own).await?;
    }
    share(&mut tx, &offer, guest, request.habit_id, now).await?;
    let seen = shared_with(&mut tx, guest, now).await?.into_iter().find(|habit| habit.habit_id == offer.habit_id);
    tx.commit().await?;
    seen.map(Json).ok_or_else(|| ApiError::Internal(anyhow::anyhow!("what was shared cannot be seen")))
}

async fn check_own(tx: &mut PgConnection, guest: i64, habit_id: i64) -> Result<(), ApiError> {
    match habit::by_id(tx, habit_id).await? {
        Some(habit) if habit.user_id == guest => Ok(()),
        _ => Err(ApiError::invalid_field("habit_id", "habit_id is no habit of yours")),
    }
}

/// Shows the habit to the guest and his own to the owner, within the bounds.
async fn share(
    tx: &mut PgConnection,
    offer: &Offer,
    guest: i64,
    own: Option<i64>,
    now: DateTime<Utc>,
) -> Result<(), ApiError> {
    if partner::add(tx, offer.habit_id, guest, own, now).await? && !invite::take(tx, offer.invite_id, now).await? {
        return Err(SharingError::InviteNotFound.into());
    }
    check_bounds(tx, offer.habit_id, guest).await?;
    if let Some(own) = own {
        partner::add(tx, own, offer.owner_id, Some(offer.habit_id), now).await?;
        check_bounds(tx, own, offer.owner_id).await?;
    }
    Ok(())
}

async fn check_bounds(tx: &mut PgConnection, habit_id: i64, user_id: i64) -> Result<(), ApiError> {
    if partner::count(tx, habit_id).await? > MAX_PARTNERS {
        return Err(SharingError::TooManyPartners { max: MAX_PARTNERS }.into());
    }
    if shared::count(tx, user_id).await? > MAX_SHARED {
        return Err(SharingError::TooManyShared { max: MAX_SHARED }.into());
    }
    Ok(())
}
