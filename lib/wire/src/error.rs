//! The one shape of every error reply.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[schema(example = json!({"detail": {"type": "habit_not_found", "msg": "there is no such habit", "loc": ["path", "habit_id"]}}))]
pub struct ErrorBody {
    pub detail: ErrorDetail,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct ErrorDetail {
    /// Stable name for programs, such as `habit_not_found`.
    pub r#type: String,
    /// What is wrong and what to do, for people.
    pub msg: String,
    /// Where it is wrong: `body`, `query`, `path` or `header`, then the field.
    #[serde(default)]
    pub loc: Vec<String>,
}
