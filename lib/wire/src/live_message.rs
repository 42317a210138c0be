//! `/users/me/live-message`: the bot's screen in a person's chat.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// The message that shows the bot's screen from now on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[schema(example = json!({"message_id": 815}))]
pub struct LiveMessage {
    /// Telegram's id of the message within the person's chat.
    #[schema(exclusive_minimum = 0)]
    pub message_id: i64,
}

/// The message that showed it until now.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[schema(example = json!({"previous_message_id": 812}))]
pub struct LiveMessageReplaced {
    /// Null when there was none, or the same.
    pub previous_message_id: Option<i64>,
}
