//! Parameters of a call, from whichever of the four ways they came.

use std::collections::BTreeMap;

use axum::{
    body::{Bytes, to_bytes},
    extract::Request,
    http::header::CONTENT_TYPE,
};
use serde_json::{Map, Value, json};

use super::error::ApiError;
use crate::schema;

/// Telegram takes documents of 50 MB; a little more for the rest of the form.
const MAX_BODY_BYTES: usize = 51 << 20;

/// Parameters and files of one call.
#[derive(Debug, Default)]
pub(crate) struct Params {
    values: Map<String, Value>,
    pub(crate) uploads: BTreeMap<String, Upload>,
}

#[derive(Debug)]
pub(crate) struct Upload {
    pub(crate) file_name: String,
    pub(crate) mime_type: String,
    pub(crate) bytes: Bytes,
}

impl Params {
    /// Brings all parameters into their types; gives what is wrong with them.
    pub(crate) fn check(&mut self, method: &str) -> Vec<String> {
        let uploads: Vec<&str> = self.uploads.keys().map(String::as_str).collect();
        schema::check(method, &mut self.values, &uploads)
    }

    pub(crate) fn text(&self, name: &str) -> Option<&str> {
        self.values.get(name)?.as_str()
    }

    pub(crate) fn integer(&self, name: &str) -> Option<i64> {
        self.values.get(name)?.as_i64()
    }

    pub(crate) fn flag(&self, name: &str) -> bool {
        self.values.get(name).and_then(Value::as_bool).unwrap_or(false)
    }

    pub(crate) fn value(&self, name: &str) -> Option<&Value> {
        self.values.get(name)
    }

    /// For the log: the parameters, files as their name and size.
    pub(crate) fn describe(&self) -> Value {
        let mut described = self.values.clone();
        for (name, upload) in &self.uploads {
            described.insert(name.clone(), json!({ "file_name": upload.file_name, "bytes": upload.bytes.len() }));
        }
        Value::Object(described)
    }
}

/// Reads the query and the body.
pub(crate) async fn read(request: Request) -> Result<Params, ApiError> {
    let mut params = Params::default();
    add_pairs(&mut params, request.uri().query().unwrap_or_default().as_bytes());
    let content_type =
        request.headers().get(CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default().to_owned();
    let body = to_bytes(request.into_body(), MAX_BODY_BYTES)
        .await
        .map_err(|_| ApiError::new(413, "Request Entity Too Large").violating("the body is over 50 MB".to_owned()))?;
    if body.is_empty() {
        return Ok(params);
    }
    match content_type.split(';').next().unwrap_or_default().trim() {
        "application/json" => match serde_json::from_slice(&body) {
            Ok(Value::Object(values)) => params.values.extend(values),
            _ => return Err(ApiError::violation("can't parse request body JSON object")),
        },
        "application/x-www-form-urlencoded" => add_pairs(&mut params, &body),
        "multipart/form-data" => add_parts(&mut params, &content_type, body).await?,
        other => return Err(ApiError::violation(&format!("unsupported content type \"{other}\""))),
    }
    Ok(params)
}

fn add_pairs(params: &mut Params, encoded: &[u8]) {
    let pairs = url::form_urlencoded::parse(encoded);
    params.values.extend(pairs.map(|(name, value)| (name.into_owned(), Value::String(value.into_owned()))));
}

async fn add_parts(params: &mut Params, content_type: &str, body: Bytes) -> Result<(), ApiError> {
    let broken = |error: multer::Error| ApiError::violation(&format!("can't parse multipart body: {error}"));
    let boundary = multer::parse_boundary(content_type).map_err(broken)?;
    let stream = futures::stream::iter([Ok::<_, std::convert::Infallible>(body)]);
    let mut parts = multer::Multipart::new(stream, boundary);
    while let Some(part) = parts.next_field().await.map_err(broken)? {
        let Some(name) = part.name().map(str::to_owned) else {
            return Err(ApiError::violation("a part of the multipart body has no name"));
        };
        if let Some(file_name) = part.file_name().map(str::to_owned) {
            let mime_type = part.content_type().map_or("application/octet-stream".to_owned(), ToString::to_string);
            let bytes = part.bytes().await.map_err(broken)?;
            params.uploads.insert(name, Upload { file_name, mime_type, bytes });
        } else {
            let value = part.text().await.map_err(broken)?;
            params.values.insert(name, Value::String(value));
        }
    }
    Ok(())
}
