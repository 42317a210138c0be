//! Why something cannot be shared.

use axum::http::StatusCode;

/// Why something cannot be shared.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum SharingError {
    #[error("there is no such invite; it may have expired, been used up or been taken back")]
    InviteNotFound,
    #[error("this is an invite to your own habit; send it to somebody else")]
    OwnInvite,
    #[error("{max} of your invites are open; take one back first")]
    TooManyInvites { max: i64 },
    #[error("{max} people see this habit; no more can")]
    TooManyPartners { max: i64 },
    #[error("somebody would see more than {max} habits of others; leave one first")]
    TooManyShared { max: i64 },
    #[error("there is no such partner")]
    PartnerNotFound,
}

impl SharingError {
    /// Its status, its stable name and the place of its cause.
    pub(super) fn parts(self) -> (StatusCode, &'static str, &'static [&'static str]) {
        match self {
            Self::InviteNotFound => (StatusCode::NOT_FOUND, "invite_not_found", &["path"]),
            Self::OwnInvite => (StatusCode::CONFLICT, "own_invite", &["path", "code"]),
            Self::TooManyInvites { .. } => (StatusCode::CONFLICT, "too_many_invites", &["path", "habit_id"]),
            Self::TooManyPartners { .. } => (StatusCode::CONFLICT, "too_many_partners", &["path"]),
            Self::TooManyShared { .. } => (StatusCode::CONFLICT, "too_many_shared", &["path"]),
            Self::PartnerNotFound => (StatusCode::NOT_FOUND, "partner_not_found", &["path"]),
        }
    }
}
