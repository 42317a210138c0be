//! The URL of a webhook.

use std::net::IpAddr;

use url::{Host, Url};

use super::address::is_public;
use crate::error::ApiError;

const MAX_CHARS: usize = 2_048;

/// Why a URL is not one for a webhook.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub(super) enum TargetError {
    #[error("the URL has more than {MAX_CHARS} characters")]
    TooLong,
    #[error("this is no URL with a host")]
    NoUrl,
    #[error("the URL has to begin with https://")]
    NotHttps,
    #[error("a user or a password in the URL is not allowed")]
    UserInfo,
    #[error("a fragment in the URL is not allowed: it would never be sent")]
    Fragment,
    #[error("the URL leads to a private address")]
    PrivateAddress,
}

impl From<TargetError> for ApiError {
    fn from(error: TargetError) -> Self {
        let kind = match error {
            TargetError::PrivateAddress => "private_address",
            _ => "validation_error",
        };
        Self::Invalid { kind, loc: vec!["body".to_owned(), "url".to_owned()], msg: error.to_string() }
    }
}

/// The URL in its normal form. Names are not resolved here: an address that counts is the one that is connected to.
pub(super) fn parse(text: &str, allow_private: bool) -> Result<Url, TargetError> {
    if text.chars().count() > MAX_CHARS {
        return Err(TargetError::TooLong);
    }
    let url = Url::parse(text).map_err(|_| TargetError::NoUrl)?;
    match url.scheme() {
        "https" => {}
        "http" if allow_private => {}
        _ => return Err(TargetError::NotHttps),
    }
    if !url.username().is_empty() || url.password().is_some() {
        return Err(TargetError::UserInfo);
    }
    if url.fragment().is_some() {
        return Err(TargetError::Fragment);
    }
    let is_private = match url.host().ok_or(TargetError::NoUrl)? {
        Host::Ipv4(address) => !is_public(IpAddr::V4(address)),
        Host::Ipv6(address) => !is_public(IpAddr::V6(address)),
        Host::Domain(name) => is_localhost(name),
    };
    if is_private && !allow_private {
        return Err(TargetError::PrivateAddress);
    }
    // What is not ASCII grew by its percent-encoding.
    if url.as_str().len() > MAX_CHARS { Err(TargetError::TooLong) } else { Ok(url) }
}

/// Names that mean this very machine (RFC 6761, section 6.3).
fn is_localhost(name: &str) -> bool {
    let name = name.strip_suffix('.').unwrap_or(name);
    name == "localhost" || name.ends_with(".localhost")
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;

    #[rstest]
    #[case("", TargetError::NoUrl)]
    #[case("example.org/hook", TargetError::NoUrl)]
    #[case("https://", TargetError::NoUrl)]
    #[case("http://example.org/", TargetError::NotHttps)]
    #[case("ftp://example.org/", TargetError::NotHttps)]
    #[case("file:///etc/passwd", TargetError::NotHttps)]
    #[case("https://ada@example.org/", TargetError::UserInfo)]
    #[case("https://:secret@example.org/", TargetError::UserInfo)]
    #[case("https://example.org/#part", TargetError::Fragment)]
    #[case("https://127.0.0.1/", TargetError::PrivateAddress)]
    #[case::number("https://2130706433/", TargetError::PrivateAddress)]
    #[case::hexadecimal("https://0x7f.1/", TargetError::PrivateAddress)]
    #[case("https://[::ffff:10.0.0.1]:8443/", TargetError::PrivateAddress)]
    #[case("https://localhost./", TargetError::PrivateAddress)]
    #[case("https://api.LOCALHOST/", TargetError::PrivateAddress)]
    fn a_url_that_is_none_of_a_webhook_is_refused(#[case] url: &str, #[case] error: TargetError) {
        assert_eq!(parse(url, false), Err(error));
    }

    #[rstest]
    #[case("http://127.0.0.1:8080/hook")]
    #[case("https://localhost/")]
    fn private_addresses_can_be_allowed(#[case] url: &str) {
        assert_eq!(parse(url, true).unwrap().as_str(), url);
    }

    #[test]
    fn the_length_has_a_bound_before_and_after_its_encoding() {
        let long = |letter: &str, times| format!("https://example.org/{}", letter.repeat(times));
        assert!(parse(&long("x", 2_028), false).is_ok());
        assert_eq!(parse(&long("x", 2_029), false), Err(TargetError::TooLong));
        assert_eq!(parse(&long("ж", 2_000), false), Err(TargetError::TooLong));
    }
}
