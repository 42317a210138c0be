//! What is refused before a handler sees it, and what every reply carries.

use axum::{
    extract::{Request, State},
    http::{HeaderName, HeaderValue, header},
    middleware::Next,
    response::{IntoResponse as _, Response},
};

use crate::{App, error::ApiError};

/// Longer request lines are no request of ours: the longest path and query have some hundred bytes.
const MAX_URI_BYTES: usize = 8 * 1024;
/// Names and values of all headers together; a token has some hundred bytes.
const MAX_HEADERS_BYTES: usize = 16 * 1024;
const MAX_HEADERS: usize = 64;

/// Replies are data: nothing in them may be loaded, run or framed.
const DATA_POLICY: HeaderValue = HeaderValue::from_static("default-src 'none'; frame-ancestors 'none'");

/// What every reply carries unless its handler said otherwise. Whatever is asked for here is somebody's own.
const DEFAULTS: [(HeaderName, HeaderValue); 4] = [
    (header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff")),
    (header::CACHE_CONTROL, HeaderValue::from_static("no-store")),
    (header::REFERRER_POLICY, HeaderValue::from_static("no-referrer")),
    (header::CONTENT_SECURITY_POLICY, DATA_POLICY),
];

/// Refuses at once what comes while too many requests are in hand: a queue would only make all of them late.
pub async fn shed(State(app): State<App>, request: Request, next: Next) -> Response {
    match app.in_flight.try_acquire() {
        Ok(_in_hand) => next.run(request).await,
        Err(_) => ApiError::Overloaded.into_response(),
    }
}

/// Refuses a request line or headers that are too long. What is longer still, hyper refuses without a body.
pub async fn bounded_head(request: Request, next: Next) -> Response {
    let uri = request.uri();
    if uri.path().len() + uri.query().map_or(0, str::len) > MAX_URI_BYTES {
        return ApiError::UriTooLong.into_response();
    }
    let headers = request.headers();
    let bytes: usize = headers.iter().map(|(name, value)| name.as_str().len() + value.len()).sum();
    if headers.len() > MAX_HEADERS || bytes > MAX_HEADERS_BYTES {
        return ApiError::HeadersTooLarge.into_response();
    }
    next.run(request).await
}

pub async fn secured(mut response: Response) -> Response {
    for (name, value) in &DEFAULTS {
        response.headers_mut().entry(name).or_insert_with(|| value.clone());
    }
    response
}
