//! `POST /habits/{habit_id}/invites`

use axum::{extract::State, response::Response};
use chrono::TimeDelta;
use store::{
    sharing::invite::{self, NewInvite},
    user,
};
use uuid::Uuid;
use wire::{
    error::ErrorBody,
    sharing::{Invite, InviteCreate, InviteCreated},
};

use super::{MAX_OPEN_INVITES, MAX_PARTNERS, own_habit};
use crate::{
    App,
    error::{ApiError, SharingError},
    http::{Caller, HabitId, Idempotent},
};

const GOOD_FOR: TimeDelta = TimeDelta::days(7);

/// Invite others to see a habit
///
/// Whoever has the code can accept it within 7 days, as many people as `uses` says, and sees the name of the habit, its
/// streak and its last days from then on. The code is told this once; the bot makes it a link. At most 20 invites of a
/// person are open at a time, and at most 10 people see a habit.
#[utoipa::path(
    post,
    path = "/habits/{habit_id}/invites",
    tag = "sharing",
    security(("token" = [])),
    params(("habit_id" = i64, Path)),
    request_body = InviteCreate,
    responses(
        (status = CREATED, body = InviteCreated, description = "The invite with its code"),
        (status = FORBIDDEN, body = ErrorBody, description = "`habit_access_forbidden`"),
        (status = NOT_FOUND, body = ErrorBody, description = "`habit_not_found`"),
        (
            status = CONFLICT,
            body = ErrorBody,
            description = "`too_many_invites`, `secret_was_told`",
            headers(("Idempotent-Replayed" = String)),
        ),
    ),
)]
#[tracing::instrument(skip_all, fields(habit_id = id))]
pub(super) async fn create_invite(
    State(app): State<App>,
    caller: Caller,
    HabitId(id): HabitId,
    Idempotent(request, key): Idempotent<InviteCreate>,
) -> Result<Response, ApiError> {
    let uses = uses(request.uses)?;
    // 122 random bits of a generator that the operating system seeds: nobody guesses one.
    let code = Uuid::new_v4().simple().to_string();

    let mut tx = app.pool.begin().await?;
    // Locked, so that invites made at the same time are counted.
    user::lock(&mut tx, caller.user.id).await?.ok_or(ApiError::TokenUserNotFound)?;
    if let Some(replayed) = key.replay(&mut tx, caller.user.id, caller.now).await? {
        return Ok(replayed);
    }
    own_habit(&mut tx, caller.user.id, id).await?;
    if invite::count_open(&mut tx, caller.user.id, caller.now).await? >= MAX_OPEN_INVITES {
        return Err(SharingError::TooManyInvites { max: MAX_OPEN_INVITES }.into());
    }
    let new = NewInvite { habit_id: id, code: &code, uses, expires_at: caller.now + GOOD_FOR };
    let invite = invite::insert(&mut tx, &new, caller.now).await?;
    key.commit_secret(tx, caller.user.id, &InviteCreated { code, invite: reply(&invite) }).await
}

fn uses(asked: Option<i32>) -> Result<i32, ApiError> {
    let uses = asked.unwrap_or(1);
    if (1..=MAX_PARTNERS).contains(&i64::from(uses)) {
        return Ok(uses);
    }
    Err(ApiError::invalid_field("uses", format!("uses is a whole number from 1 to {MAX_PARTNERS}")))
}

pub(super) fn reply(invite: &invite::Invite) -> Invite {
    Invite {
        id: invite.id,
        habit_id: invite.habit_id,
        uses_left: invite.uses_left,
        created_at: invite.created_at,
        expires_at: invite.expires_at,
    }
}
