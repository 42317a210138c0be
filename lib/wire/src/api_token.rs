//! `/users/me/tokens`: tokens that people make for their own programs.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// What a token may do.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub enum TokenScope {
    /// Look at everything of the person; change nothing.
    Read,
    /// Change it too. Tokens and the account itself stay out of reach.
    Write,
}

/// A token to be made.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[schema(example = json!({"name": "Home dashboard", "scope": "read"}))]
pub struct ApiTokenCreate {
    /// What it is for.
    #[schema(min_length = 1, max_length = 100, example = "Home dashboard")]
    pub name: String,
    pub scope: TokenScope,
    /// When it ends; absent or null: not before it is revoked.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub expires_at: Option<DateTime<Utc>>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[schema(example = json!({"id": 5, "name": "Home dashboard", "scope": "read", "last_four": "9f3c", "created_at": "2026-11-22T09:00:00Z", "expires_at": null, "last_used_at": "2026-11-22T18:41:00Z"}))]
pub struct ApiToken {
    pub id: i64,
    pub name: String,
    pub scope: TokenScope,
    /// The last characters of the token, to know it again.
    #[schema(min_length = 4, max_length = 4, example = "9f3c")]
    pub last_four: String,
    pub created_at: DateTime<Utc>,
    pub expires_at: Option<DateTime<Utc>>,
    /// To the minute.
    pub last_used_at: Option<DateTime<Utc>>,
}

/// A token with what its owner keeps of it, which is told this once.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[schema(example = json!({"token": "hbt_4b1d06f4a2c35e7f8091a2b3c4d5e6f70819a2b3c4d5e6f70819a2b3c4d59f3c", "id": 5, "name": "Home dashboard", "scope": "read", "last_four": "9f3c", "created_at": "2026-11-22T09:00:00Z", "expires_at": null, "last_used_at": "2026-11-22T18:41:00Z"}))]
pub struct ApiTokenCreated {
    /// To be sent in `Authorization: Bearer`: `hbt_` and 64 hexadecimal digits.
    #[schema(pattern = "^hbt_[0-9a-f]{64}$")]
    pub token: String,
    #[serde(flatten)]
    pub kept: ApiToken,
}
