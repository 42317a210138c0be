//! Replies that a client need not be sent again (RFC 9110, sections 8.8.3 and 13.1.2).

use axum::{
    body::Body,
    extract::Request,
    http::{HeaderMap, HeaderValue, Method, StatusCode, header},
    middleware::Next,
    response::{IntoResponse, Response},
};
use serde::Serialize;
use xxhash_rust::xxh3::xxh3_64;

use crate::error::ApiError;

/// Most replies fit, so that they are written without growing.
const USUAL_BYTES: usize = 2 * 1024;

/// The client may keep the reply for itself, but asks each time whether it is still right.
const REVALIDATE: HeaderValue = HeaderValue::from_static("private, no-cache");

/// A JSON reply with a strong `ETag`: its bytes, hashed.
///
/// The work behind the reply is done all the same; what is saved is its way to the client.
#[derive(Debug, Clone, Copy)]
pub struct Tagged<T>(pub T);

impl<T: Serialize> IntoResponse for Tagged<T> {
    fn into_response(self) -> Response {
        let mut bytes = Vec::with_capacity(USUAL_BYTES);
        if let Err(error) = serde_json::to_writer(&mut bytes, &self.0) {
            return ApiError::Internal(anyhow::Error::new(error).context("a reply is no JSON")).into_response();
        }
        let tag = HeaderValue::from_str(&format!("\"{:016x}\"", xxh3_64(&bytes)));
        let mut response = Response::new(Body::from(bytes));
        let headers = response.headers_mut();
        headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/json"));
        headers.insert(header::CACHE_CONTROL, REVALIDATE);
        headers.extend(tag.ok().map(|tag| (header::ETAG, tag)));
        response
    }
}

/// Answers 304 in place of a tagged reply that the client has already.
pub async fn answer_unchanged(request: Request, next: Next) -> Response {
    let reads = matches!(*request.method(), Method::GET | Method::HEAD);
    if !reads || !request.headers().contains_key(header::IF_NONE_MATCH) {
        return next.run(request).await;
    }
    let known = request.headers().clone();
    let mut response = next.run(request).await;
    let tag = response.headers().get(header::ETAG);
    if response.status() == StatusCode::OK && tag.is_some_and(|tag| matches(&known, tag)) {
        *response.status_mut() = StatusCode::NOT_MODIFIED;
        *response.body_mut() = Body::empty();
        response.headers_mut().remove(header::CONTENT_TYPE);
        response.headers_mut().remove(header::CONTENT_LENGTH);
    }
    response
}

/// Whether `If-None-Match` names this tag, by the weak comparison that it asks for, or is `*`.
fn matches(headers: &HeaderMap, tag: &HeaderValue) -> bool {
    let lines = headers.get_all(header::IF_NONE_MATCH).iter();
    lines.into_iter().any(|line| line.as_bytes().trim_ascii() == b"*" || names(line.as_bytes(), tag.as_bytes()))
}

/// Whether a list of entity tags has `tag`. A tag may contain commas; what follows something that is no tag is not read.
fn names(mut list: &[u8], tag: &[u8]) -> bool {
    loop {
        list = list.trim_ascii_start();
        if let Some(rest) = list.strip_prefix(b",") {
            list = rest;
            continue;
        }
        list = list.strip_prefix(b"W/").unwrap_or(list);
        let Some(end) = list.strip_prefix(b"\"").and_then(|rest| rest.iter().position(|byte| *byte == b'"')) else {
            return false;
        };
        let (one, rest) = list.split_at(end + 2);
        if one == tag {
            return true;
        }
        list = rest;
    }
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;

    #[rstest]
    #[case::itself(r#""ab""#, true)]
    #[case::weak(r#"W/"ab""#, true)]
    #[case::in_a_list(r#""x", W/"y" ,"ab""#, true)]
    #[case::after_a_comma_in_a_tag(r#""x,\"","ab""#, false)]
    #[case::after_a_tag_with_a_comma(r#""x,y","ab""#, true)]
    #[case::empty_members(r#", ,"ab","#, true)]
    #[case::any("*", true)]
    #[case::any_with_space(" * ", true)]
    #[case::another(r#""a""#, false)]
    #[case::part_of_a_tag(r#""x"ab""#, false)]
    #[case::no_tag("ab", false)]
    #[case::not_ended(r#""ab"#, false)]
    #[case::empty("", false)]
    #[case::star_among_tags(r#""x", *"#, false)]
    fn a_list_of_tags_is_read_as_rfc_9110_says(#[case] list: &'static str, #[case] is_known: bool) {
        let headers = HeaderMap::from_iter([(header::IF_NONE_MATCH, HeaderValue::from_static(list))]);
        assert_eq!(matches(&headers, &HeaderValue::from_static(r#""ab""#)), is_known);
    }

    #[test]
    fn several_lines_are_one_list() {
        let lines = [r#""x""#, r#""ab""#].map(|line| (header::IF_NONE_MATCH, HeaderValue::from_static(line)));
        let mut headers = HeaderMap::new();
        for (name, value) in lines {
            headers.append(name, value);
        }
        assert!(matches(&headers, &HeaderValue::from_static(r#""ab""#)));
    }
}
