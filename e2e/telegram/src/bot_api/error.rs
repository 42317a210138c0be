//! Errors in Telegram's own words.

use axum::{
    Json,
    http::{StatusCode, header},
    response::{IntoResponse, Response},
};
use serde_json::{Value, json};

/// `{"ok": false, "error_code", "description", "parameters"}`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct ApiError {
    /// Also the HTTP status.
    pub(crate) code: u16,
    pub(crate) description: String,
    pub(crate) parameters: Option<Value>,
    /// What our program did wrong, when it did; for the log alone.
    pub(crate) violations: Vec<String>,
}

impl ApiError {
    pub(crate) fn new(code: u16, description: impl Into<String>) -> Self {
        Self { code, description: description.into(), parameters: None, violations: Vec::new() }
    }

    /// What a correct program may meet, because people and chats change.
    pub(crate) fn bad_request(what: &str) -> Self {
        Self::new(400, format!("Bad Request: {what}"))
    }

    /// What only a mistake of a program brings about.
    pub(crate) fn violation(what: &str) -> Self {
        Self::bad_request(what).violating(what.to_owned())
    }

    pub(crate) fn violating(mut self, what: String) -> Self {
        self.violations.push(what);
        self
    }

    /// Answer to a call that breaks the Bot API's description.
    pub(crate) fn mistakes(mistakes: &[String]) -> Self {
        let first = mistakes.first().map_or("", String::as_str);
        let description = match first {
            _ if first.ends_with(" lacks \"chat_id\"") => "chat_id is empty",
            _ if first.ends_with(" lacks \"text\"") => "message text is empty",
            other => other,
        };
        Self { violations: mistakes.to_vec(), ..Self::bad_request(description) }
    }

    pub(crate) fn not_found() -> Self {
        Self::new(404, "Not Found")
    }

    pub(crate) fn unauthorized() -> Self {
        Self::new(401, "Unauthorized")
    }

    pub(crate) fn too_many_requests(retry_after_s: i64) -> Self {
        Self {
            parameters: Some(json!({ "retry_after": retry_after_s })),
            ..Self::new(429, format!("Too Many Requests: retry after {retry_after_s}"))
        }
    }
}

impl IntoResponse for ApiError {
    fn into_response(self) -> Response {
        let status = StatusCode::from_u16(self.code).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        let mut body = json!({ "ok": false, "error_code": self.code, "description": self.description });
        let retry_after = self.parameters.as_ref().and_then(|parameters| parameters["retry_after"].as_i64());
        if let Some(parameters) = self.parameters {
            body["parameters"] = parameters;
        }
        match retry_after {
            Some(seconds) => (status, [(header::RETRY_AFTER, seconds.to_string())], Json(body)).into_response(),
            None => (status, Json(body)).into_response(),
        }
    }
}
