//! The file that comes with a request.

use std::time::Duration;

use ::transfer::{Format, MAX_BYTES};
use axum::{
    body::Bytes,
    extract::{FromRequest, Request},
    http::{HeaderMap, StatusCode, header},
};
use wire::transfer::ImportFormat;

use crate::{
    error::ApiError,
    transfer::place::{Place, Places},
};

/// Files that this process receives and reads at once: each has up to 10 MB and may unpack to some 50 MB.
static READING: Places = Places::new(2);

/// For all of the file: of the time of a request it leaves some for the reading.
const UPLOAD_TIME: Duration = Duration::from_secs(6);

/// A file and what it is said or seen to be.
#[derive(Debug)]
pub(crate) struct Upload {
    pub(super) format: Format,
    pub(super) bytes: Bytes,
    /// Taken before the first byte of the file; to be held until the file was read.
    pub(super) place: Place,
}

impl Upload {
    /// The file that comes with a request of this person.
    ///
    /// # Errors
    ///
    /// Refuses a file of no known kind, one that is too long or too slow, and one that finds no place.
    pub(super) async fn receive(user_id: i64, request: Request) -> Result<Self, ApiError> {
        Self::within(UPLOAD_TIME, user_id, request).await
    }

    async fn within(time: Duration, user_id: i64, request: Request) -> Result<Self, ApiError> {
        let declared = declared(request.headers())?;
        let place = READING.take(user_id)?;
        let bytes = tokio::time::timeout(time, Bytes::from_request(request, &())).await;
        let bytes = bytes.map_err(|_| ApiError::BodyTimedOut)?.map_err(|rejection| match rejection.status() {
            StatusCode::PAYLOAD_TOO_LARGE => ApiError::TooLarge { max_bytes: MAX_BYTES },
            _ => refused("the body broke off"),
        })?;
        let format = declared
            .or_else(|| Format::sniff(&bytes))
            .ok_or_else(|| refused("this is no archive of ours, and no CSV zip or backup of Loop Habit Tracker"))?;
        Ok(Self { format, bytes, place })
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

#[cfg(test)]
mod tests {
    use axum::body::Body;
    use futures::{FutureExt as _, StreamExt as _, stream};

    use super::*;

    /// A file whose end never comes.
    fn endless() -> Request {
        let first = stream::once(async { Ok::<_, std::io::Error>(Bytes::from_static(b"{")) });
        Request::new(Body::from_stream(first.chain(stream::pending())))
    }

    fn small() -> Request {
        Request::new(Body::from("{}"))
    }

    #[tokio::test]
    async fn a_file_that_does_not_end_gives_its_place_back() {
        for _ in 0..4 {
            let refused = Upload::within(Duration::from_millis(10), 7, endless()).await.unwrap_err();
            assert!(matches!(refused, ApiError::BodyTimedOut), "{refused}");
        }
        Upload::receive(7, small()).await.unwrap();
    }

    #[tokio::test]
    async fn a_file_is_refused_unread_while_others_come_in() {
        let mut coming = [Upload::receive(7, endless()).boxed(), Upload::receive(8, endless()).boxed()];
        for upload in &mut coming {
            assert!(upload.now_or_never().is_none());
        }
        let refused = Upload::receive(9, endless()).now_or_never();
        assert!(matches!(refused, Some(Err(ApiError::Overloaded))), "{refused:?}");
        drop(coming);
        Upload::receive(7, small()).await.unwrap();
    }
}
