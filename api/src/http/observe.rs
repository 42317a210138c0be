//! The layers around every handler: an id, a span and numbers of each request, a bound on its time, an answer to a panic.

use std::{
    any::Any,
    time::{Duration, Instant},
};

use axum::{
    extract::{MatchedPath, Request, State},
    http::{HeaderMap, HeaderName, HeaderValue},
    middleware::Next,
    response::{IntoResponse as _, Response},
};
use tracing::Instrument as _;
use uuid::Uuid;

use crate::{App, error::ApiError};

const REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");
const TRACE_PARENT: HeaderName = HeaderName::from_static("traceparent");

/// Longer ids are replaced: they end up in logs.
const REQUEST_ID_BYTES: usize = 128;

/// The id of a request, for the layers within [`named`].
#[derive(Debug, Clone)]
struct RequestId(HeaderValue);

/// Gives a request its id, the caller's or a new one, and the answer the same.
pub async fn named(mut request: Request, next: Next) -> Response {
    let id = request_id(request.headers());
    request.extensions_mut().insert(RequestId(id.clone()));
    let mut response = next.run(request).await;
    response.headers_mut().insert(REQUEST_ID, id);
    response
}

/// Puts a request into a span with its ids, and counts its answer.
pub async fn observe(State(app): State<App>, request: Request, next: Next) -> Response {
    let started = Instant::now();
    let method = request.method().clone();
    let matched = request.extensions().get::<MatchedPath>().cloned();
    let route = matched.as_ref().map_or("none", MatchedPath::as_str);
    let request_id = request.extensions().get::<RequestId>().and_then(|RequestId(id)| id.to_str().ok());
    let span = tracing::info_span!(
        "request",
        request_id = request_id.unwrap_or_default(),
        trace_id = trace_id(request.headers()),
        %method,
        route,
        user_id = tracing::field::Empty,
    );
    let response = async {
        let response = next.run(request).await;
        tracing::debug!(status = response.status().as_u16(), took_us = started.elapsed().as_micros(), "answered");
        response
    }
    .instrument(span)
    .await;
    app.metrics.answered(route, &method, response.status(), started.elapsed());
    response
}

/// Ends a request that takes longer than `time`.
pub async fn bounded_in_time(time: Duration, request: Request, next: Next) -> Response {
    tokio::time::timeout(time, next.run(request)).await.unwrap_or_else(|_| ApiError::TimedOut.into_response())
}

/// The answer to a request whose handler panicked.
pub fn panicked(panic: &(dyn Any + Send)) -> Response {
    let text = panic.downcast_ref::<&str>().map(|text| (*text).to_owned());
    let text = text.or_else(|| panic.downcast_ref::<String>().cloned()).unwrap_or_default();
    ApiError::Internal(anyhow::anyhow!("a handler panicked: {text}")).into_response()
}

/// The caller's id of the request, or a new one.
fn request_id(headers: &HeaderMap) -> HeaderValue {
    let given = headers
        .get(&REQUEST_ID)
        .filter(|id| !id.is_empty() && id.len() <= REQUEST_ID_BYTES && id.as_bytes().iter().all(u8::is_ascii_graphic));
    let new = || HeaderValue::from_str(&Uuid::now_v7().to_string()).unwrap_or(HeaderValue::from_static("none"));
    given.cloned().unwrap_or_else(new)
}

/// The trace id of a `traceparent` header (W3C Trace Context, section 3.2).
fn trace_id(headers: &HeaderMap) -> Option<&str> {
    let mut parts = headers.get(&TRACE_PARENT)?.to_str().ok()?.split('-');
    let id = parts.nth(1)?;
    (id.len() == 32 && id.bytes().all(|byte| byte.is_ascii_hexdigit())).then_some(id)
}

#[cfg(test)]
mod tests {
    use axum::{Router, body::Body, http::StatusCode, middleware, routing::get};
    use rstest::rstest;
    use tower::ServiceExt as _;

    use super::*;

    #[tokio::test]
    async fn a_request_that_takes_too_long_is_ended() {
        let bounded = |request, next| bounded_in_time(Duration::from_millis(10), request, next);
        let router = Router::new()
            .route("/", get(async || std::future::pending::<()>().await))
            .layer(middleware::from_fn(bounded));
        let response = router.oneshot(Request::new(Body::empty())).await.unwrap();
        assert_eq!(response.status(), StatusCode::GATEWAY_TIMEOUT);
    }

    #[test]
    fn a_panic_is_answered_with_a_failure() {
        let panic = std::panic::catch_unwind(|| panic!("lost")).unwrap_err();
        assert_eq!(panicked(&*panic).status(), StatusCode::INTERNAL_SERVER_ERROR);
    }

    #[rstest]
    #[case("00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01", Some("4bf92f3577b34da6a3ce929d0e0e4736"))]
    #[case("00-4bf92f35-00f067aa0ba902b7-01", None)]
    #[case("nonsense", None)]
    fn the_trace_of_the_caller_is_kept(#[case] parent: &'static str, #[case] id: Option<&str>) {
        let headers = HeaderMap::from_iter([(TRACE_PARENT, HeaderValue::from_static(parent))]);
        assert_eq!(trace_id(&headers), id);
    }
}
