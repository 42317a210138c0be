//! Bodies.

use std::time::Duration;

use axum::{
    body::Bytes,
    extract::{FromRequest, Request},
    http::{HeaderMap, StatusCode, header},
    response::{IntoResponse, Response},
};
use serde::{
    Serialize,
    de::{DeserializeOwned, IgnoredAny},
};
use serde_path_to_error::Segment;

use crate::error::ApiError;

/// Bodies are small: the largest are a habit with its description and a dialogue's state, each some 16 KB.
pub const MAX_BODY_BYTES: usize = 64 * 1024;

/// A body is small: who takes longer for it holds a place that others wait for.
const BODY_TIME: Duration = Duration::from_secs(5);

/// How `serde_json` calls more than 128 levels, which would make a `loc` of as many parts.
const TOO_DEEP: &str = "recursion limit exceeded";

/// More of a message would only repeat what the client sent.
const MESSAGE_CHARS: usize = 300;

/// A JSON body, of a request or of a reply.
#[derive(Debug, Clone, Copy)]
pub struct Json<T>(pub T);

impl<T: Serialize> IntoResponse for Json<T> {
    fn into_response(self) -> Response {
        axum::Json(self.0).into_response()
    }
}

impl<T: DeserializeOwned, S: Send + Sync> FromRequest<S> for Json<T> {
    type Rejection = ApiError;

    async fn from_request(request: Request, state: &S) -> Result<Self, ApiError> {
        parse(&body_of(request, state).await?).map(Self)
    }
}

/// The bytes of a body that says to be JSON.
pub(super) async fn body_of<S: Send + Sync>(request: Request, state: &S) -> Result<Bytes, ApiError> {
    let is_encoded = request.headers().get(header::CONTENT_ENCODING).is_some_and(|encoding| encoding != "identity");
    if is_encoded || !is_json(request.headers()) {
        return Err(ApiError::UnsupportedMediaType);
    }
    let body = tokio::time::timeout(BODY_TIME, Bytes::from_request(request, state)).await;
    body.map_err(|_| ApiError::BodyTimedOut)?.map_err(|rejection| match rejection.status() {
        StatusCode::PAYLOAD_TOO_LARGE => ApiError::TooLarge { max_bytes: MAX_BODY_BYTES },
        _ => malformed("the body broke off".to_owned()),
    })
}

/// A body without a type counts as JSON: clients of the old API send some so.
fn is_json(headers: &HeaderMap) -> bool {
    let Some(value) = headers.get(header::CONTENT_TYPE) else {
        return true;
    };
    let essence = value.to_str().unwrap_or_default().split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
    essence == "application/json" || (essence.starts_with("application/") && essence.ends_with("+json"))
}

pub(super) fn parse<T: DeserializeOwned>(body: &[u8]) -> Result<T, ApiError> {
    // serde takes an array for an object whose fields come in its order.
    if body.trim_ascii_start().starts_with(b"[") && is_well_formed(body) {
        let msg = "an object is expected, not an array".to_owned();
        return Err(ApiError::Invalid { kind: "validation_error", loc: vec!["body".to_owned()], msg });
    }
    let mut json = serde_json::Deserializer::from_slice(body);
    let value = serde_path_to_error::deserialize(&mut json).map_err(|error| {
        let msg: String = error.inner().to_string().chars().take(MESSAGE_CHARS).collect();
        if !is_well_formed(body) || msg.starts_with(TOO_DEEP) {
            return malformed(msg);
        }
        let mut loc = vec!["body".to_owned()];
        loc.extend(error.path().iter().filter_map(|segment| match segment {
            Segment::Map { key } => Some(key.clone()),
            Segment::Seq { index } => Some(index.to_string()),
            Segment::Enum { .. } | Segment::Unknown => None,
        }));
        loc.extend(missing_field(&msg));
        ApiError::Invalid { kind: "validation_error", loc, msg }
    })?;
    json.end().map_err(|error| malformed(error.to_string()))?;
    Ok(value)
}

/// `serde_json` calls a wrong type in place of an enum a fault of the syntax, so its own judgement does not do.
fn is_well_formed(body: &[u8]) -> bool {
    serde_json::from_slice::<IgnoredAny>(body).is_ok()
}

fn malformed(msg: String) -> ApiError {
    ApiError::Invalid { kind: "json_invalid", loc: vec!["body".to_owned()], msg }
}

/// The field that serde misses: its error is about the object around it.
fn missing_field(msg: &str) -> Option<String> {
    let (field, _) = msg.strip_prefix("missing field `")?.split_once('`')?;
    Some(field.to_owned())
}

#[cfg(test)]
mod tests {
    use rstest::rstest;
    use wire::habit::HabitCreate;

    use super::*;

    #[rstest]
    #[case(r#"{"name": 1, "time_to_remind": "12:00"}"#, "validation_error", &["body", "name"])]
    #[case(r#"{"name": "x"}"#, "validation_error", &["body", "time_to_remind"])]
    #[case(r#"{"name": "x", "time_to_remind": "25:00"}"#, "validation_error", &["body", "time_to_remind"])]
    #[case(r#"{"name": "x""#, "json_invalid", &["body"])]
    #[case("", "json_invalid", &["body"])]
    #[case(r#"{"name": "x", "time_to_remind": "12:00"} x"#, "json_invalid", &["body"])]
    #[case("[]", "validation_error", &["body"])]
    #[case(r#"["x", null, "12:00:00", 21]"#, "validation_error", &["body"])]
    fn an_error_names_the_field(#[case] body: &str, #[case] kind: &str, #[case] loc: &[&str]) {
        let error = parse::<HabitCreate>(body.as_bytes()).unwrap_err();
        let ApiError::Invalid { kind: found, loc: at, .. } = error else { panic!("{error:?}") };
        assert_eq!((found, at), (kind, loc.iter().map(|part| (*part).to_owned()).collect()));
    }
}
