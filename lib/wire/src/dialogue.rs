//! `/users/me/dialogue`: where a person's talk with the bot stands.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::habit::present;

/// The open dialogue of a person. The state is the bot's own; the api stores it, at most 16 KB, and never reads it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[schema(example = json!({"state": {"step": "name"}}))]
pub struct Dialogue {
    /// `null` when no dialogue is open.
    pub state: Option<serde_json::Value>,
}

/// Opens a dialogue, moves it on or closes it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[schema(example = json!({"state": {"step": "target_days", "name": "Read"}, "expected": {"step": "name"}}))]
pub struct DialogueSet {
    /// `null` closes the dialogue.
    pub state: Option<serde_json::Value>,
    /// The state that the new one follows from, `null` for none: where there is another by now, nothing is stored. Absent:
    /// it follows from whatever there is.
    #[serde(default, skip_serializing_if = "Option::is_none", deserialize_with = "present")]
    pub expected: Option<Option<serde_json::Value>>,
}
