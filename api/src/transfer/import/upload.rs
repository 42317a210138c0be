//! The file that comes with a request.

use ::transfer::{Format, MAX_BYTES};
use axum::{
    body::Bytes,
    extract::{FromRequest, Request},
    http::{HeaderMap, StatusCode, header},
};
use wire::transfer::ImportFormat;

use crate::error::ApiError;

/// A file and what it is said or seen to be.
#[derive(Debug)]
pub(crate) struct Upload {
    pub(super) format: Format,
    pub(super) bytes: Bytes,
}

impl<S: Send + Sync> FromRequest<S> for Upload {
    type Rejection = ApiError;

    async fn from_request(request: Request, state: &S) -> Result<Self, ApiError> {
        let declared = declared(request.headers())?;
        let bytes = Bytes::from_request(request, state).await.map_err(|rejection| match rejection.status() {
            StatusCode::PAYLOAD_TOO_LARGE => ApiError::TooLarge { max_bytes: MAX_BYTES },
            _ => refused("the body broke off"),
        })?;
        let format = declared
            .or_else(|| Format::sniff(&bytes))
            .ok_or_else(|| refused("this is no archive of ours, and no CSV zip or backup of Loop Habit Tracker"))?;
        Ok(Self { format, bytes })
    }
}

fn refused(msg: &str) -> ApiError {
    ApiError::Invalid { kind: "import_refused", loc: vec!["body".to_owned()], msg: msg.to_owned() }
}

/// `None`: the bytes have to tell.
fn declared(headers: &HeaderMap) -> Result<Option<Format>, ApiError> {
    let Some(value) = headers.get(header::CONTENT_TYPE) else {
        return Ok(None);
    };
    let essence = value.to_str().unwrap_or_default().split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
    match essence.as_str() {
        "application/json" => Ok(Some(Format::Json)),
        "application/zip" | "application/x-zip-compressed" => Ok(Some(Format::LoopCsv)),
        "application/vnd.sqlite3" | "application/x-sqlite3" => Ok(Some(Format::LoopDb)),
        "application/octet-stream" => Ok(None),
        _ => Err(ApiError::UnsupportedMediaType),
    }
}

pub(super) fn reply(format: Format) -> ImportFormat {
    match format {
        Format::Json => ImportFormat::Json,
        Format::LoopCsv => ImportFormat::LoopCsv,
        Format::LoopDb => ImportFormat::LoopDb,
    }
}
