//! `/users/me/dialogue`: where a person's talk with the bot stands.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// The open dialogue of a person. The state is the bot's own; the api stores it, at most 16 KB, and never reads it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[schema(example = json!({"state": {"step": "name"}}))]
pub struct Dialogue {
    /// `null` when no dialogue is open.
    pub state: Option<serde_json::Value>,
}
