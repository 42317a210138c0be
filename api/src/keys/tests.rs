use rstest::rstest;
use serde_json::{Map, json};

use super::*;

const NOW: DateTime<Utc> = DateTime::from_timestamp(1_795_000_000, 0).unwrap();

fn keys(bot: &str, jwt: &str) -> Keys {
    Keys::new(bot.to_owned().into(), &jwt.to_owned().into())
}

fn signed(header: &Header, claims: &Value) -> String {
    jsonwebtoken::encode(header, claims, &EncodingKey::from_secret(b"secret")).unwrap()
}

/// Claims that are good for an hour, with these in addition or in place.
fn claims(others: &Value) -> Value {
    let mut claims = Map::from_iter([("user_id".to_owned(), json!(7)), ("exp".to_owned(), json!(in_s(3600)))]);
    claims.extend(others.as_object().unwrap().clone());
    claims.into()
}

fn in_s(seconds: i64) -> i64 {
    NOW.timestamp() + seconds
}

/// What becomes of a token with these claims, signed as ours are.
fn outcome(claims: &Value) -> Result<i64, String> {
    verified(&signed(&Header::new(Algorithm::HS256), claims))
}

fn verified(token: &str) -> Result<i64, String> {
    keys("bot", "secret").verify(token, NOW).map_err(|error| error.kind().to_owned())
}

/// A part of a token: base64url of this JSON, as another signs it.
fn encoded(part: &Value) -> String {
    // The first part of any token is what is encoded; this one's claims are the part.
    signed(&Header::default(), part).split('.').nth(1).unwrap().to_owned()
}

#[test]
fn a_token_is_good_for_30_minutes() {
    let keys = keys("bot", "secret");
    let token = keys.issue(7, NOW).unwrap();
    assert_eq!(keys.verify(&token, NOW + TimeDelta::minutes(29)).unwrap(), 7);
    let late = keys.verify(&token, NOW + TimeDelta::minutes(30)).unwrap_err();
    assert_eq!(late.kind(), "token_expired");
}

#[rstest]
#[case::only_user_and_end(json!({}))]
#[case::our_issuer(json!({"iss": "habit-tracker"}))]
#[case::end_in_a_fraction(json!({"exp": 1_795_000_000.5}))]
#[case::end_at_the_bound(json!({"exp": in_s(24 * 3600)}))]
#[case::issued_by_a_clock_ahead(json!({"iat": in_s(60), "nbf": in_s(60)}))]
#[case::unknown_claims(json!({"sub": "anybody", "admin": true}))]
fn these_tokens_are_good(#[case] others: Value) {
    assert_eq!(outcome(&claims(&others)), Ok(7));
}

#[rstest]
#[case::no_end(json!({"user_id": 7}), "invalid_token")]
#[case::end_is_now(claims(&json!({"exp": in_s(0)})), "token_expired")]
#[case::end_long_ago(claims(&json!({"exp": -1})), "token_expired")]
#[case::end_too_far_ahead(claims(&json!({"exp": in_s(24 * 3600 + 1)})), "invalid_token")]
#[case::end_beyond_all_times(claims(&json!({"exp": 1e300})), "invalid_token")]
#[case::end_as_text(claims(&json!({"exp": in_s(60).to_string()})), "invalid_token")]
#[case::end_of_null(claims(&json!({"exp": null})), "invalid_token")]
#[case::not_yet_good(claims(&json!({"nbf": in_s(61)})), "invalid_token")]
#[case::start_as_text(claims(&json!({"nbf": "0"})), "invalid_token")]
#[case::issued_in_the_future(claims(&json!({"iat": in_s(61)})), "invalid_token")]
#[case::issued_at_a_list(claims(&json!({"iat": [1]})), "invalid_token")]
#[case::another_issuer(claims(&json!({"iss": "elsewhere"})), "invalid_token")]
#[case::issuers_in_a_list(claims(&json!({"iss": ["habit-tracker"]})), "invalid_token")]
#[case::issuer_of_null(claims(&json!({"iss": null})), "invalid_token")]
#[case::for_another_audience(claims(&json!({"aud": "elsewhere"})), "invalid_token")]
#[case::names_nobody(json!({"exp": in_s(60)}), "invalid_token_payload")]
#[case::user_as_text(claims(&json!({"user_id": "7"})), "invalid_token_payload")]
#[case::user_of_null(claims(&json!({"user_id": null})), "invalid_token_payload")]
#[case::user_in_a_fraction(claims(&json!({"user_id": 7.0})), "invalid_token_payload")]
#[case::user_0(claims(&json!({"user_id": 0})), "invalid_token_payload")]
#[case::user_beyond_all_ids(claims(&json!({"user_id": u64::MAX})), "invalid_token_payload")]
#[case::claims_in_a_list(json!([7]), "invalid_token")]
fn these_tokens_are_refused(#[case] claims: Value, #[case] kind: &str) {
    assert_eq!(outcome(&claims), Err(kind.to_owned()));
}

#[rstest]
#[case(Algorithm::HS384)]
#[case(Algorithm::HS512)]
fn a_longer_hash_by_the_same_secret_is_refused(#[case] algorithm: Algorithm) {
    assert_eq!(verified(&signed(&Header::new(algorithm), &claims(&json!({})))), Err("invalid_token".to_owned()));
}

#[rstest]
#[case(json!({"alg": "RS256", "typ": "JWT"}))]
#[case(json!({"alg": "ES256", "typ": "JWT"}))]
#[case(json!({"alg": "EdDSA", "typ": "JWT"}))]
#[case(json!({"alg": "none", "typ": "JWT"}))]
#[case(json!({"alg": "None"}))]
#[case(json!({"alg": "hs256"}))]
#[case(json!({"typ": "JWT"}))]
fn a_header_that_names_another_algorithm_over_our_signature_is_refused(#[case] header: Value) {
    let good = signed(&Header::new(Algorithm::HS256), &claims(&json!({})));
    let parts: Vec<_> = good.split('.').collect();
    for signature in [parts[2], ""] {
        let token = format!("{}.{}.{signature}", encoded(&header), parts[1]);
        assert_eq!(verified(&token), Err("invalid_token".to_owned()));
    }
}

#[rstest]
#[case::key_id(Header { kid: Some("theirs".to_owned()), ..Header::default() })]
#[case::key_id_of_a_file(Header { kid: Some("../../dev/null".to_owned()), ..Header::default() })]
#[case::address_of_keys(Header { jku: Some("https://example.com/keys".to_owned()), ..Header::default() })]
#[case::address_of_a_certificate(Header { x5u: Some("https://example.com/x5".to_owned()), ..Header::default() })]
fn a_header_that_names_a_key_is_refused_even_over_our_signature(#[case] header: Header) {
    assert_eq!(verified(&signed(&header, &claims(&json!({})))), Err("invalid_token".to_owned()));
}

#[test]
fn a_token_that_was_changed_is_refused() {
    let good = signed(&Header::default(), &claims(&json!({})));
    assert_eq!(verified(&good), Ok(7));
    let parts: Vec<_> = good.split('.').collect();
    let changed = encoded(&claims(&json!({"user_id": 8})));
    let mut tampered = vec![format!("{}.{changed}.{}", parts[0], parts[2]), format!("{good}A"), format!("{good}.")];
    // Any other letter anywhere; the last letter of a part may hold bits that nobody reads.
    for place in 0..good.len() {
        let mut letters: Vec<char> = good.chars().collect();
        letters[place] = if letters[place] == 'A' { 'B' } else { 'A' };
        tampered.push(letters.into_iter().collect());
    }
    for token in tampered {
        assert_eq!(verified(&token), Err("invalid_token".to_owned()), "{token}");
    }
}

#[rstest]
#[case("")]
#[case(".")]
#[case("..")]
#[case("...")]
#[case("a.b.c")]
#[case("\u{0}.\u{0}.\u{0}")]
#[case("ключ.ключ.ключ")]
fn what_is_no_token_at_all_is_refused(#[case] token: &str) {
    assert_eq!(verified(token), Err("invalid_token".to_owned()));
}

#[test]
fn during_a_rotation_both_secrets_and_both_keys_are_good() {
    let old = keys("old-bot", "old-secret");
    let new = keys("new-bot", "new-secret")
        .or_bot_key("old-bot".to_owned().into())
        .or_jwt_secret(&"old-secret".to_owned().into());
    assert_eq!(new.verify(&old.issue(7, NOW).unwrap(), NOW).unwrap(), 7);
    assert_eq!(new.verify(&new.issue(8, NOW).unwrap(), NOW).unwrap(), 8);
    assert!(new.is_bot_key(b"old-bot") && new.is_bot_key(b"new-bot"));
    assert!(old.verify(&new.issue(8, NOW).unwrap(), NOW).is_err());
    let after = keys("new-bot", "new-secret");
    assert!(after.verify(&old.issue(7, NOW).unwrap(), NOW).is_err() && !after.is_bot_key(b"old-bot"));
}

#[test]
fn the_same_keys_read_again_are_no_others() {
    let ring = KeyRing::new(keys("bot", "secret"));
    assert!(!ring.exchange(keys("bot", "secret")));
    assert!(ring.exchange(keys("bot", "secret").or_jwt_secret(&"previous".to_owned().into())));
    assert!(ring.exchange(keys("bot", "other")));
}

#[test]
fn a_part_of_the_key_is_not_the_key() {
    let keys = keys("bot-key", "secret");
    assert!(keys.is_bot_key(b"bot-key"));
    for wrong in [&b""[..], b"bot", b"bot-kex", b"bot-key2"] {
        assert!(!keys.is_bot_key(wrong));
    }
}
