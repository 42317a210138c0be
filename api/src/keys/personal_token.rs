//! The tokens that people make for their own programs.

use std::fmt::Write as _;

use secrecy::{ExposeSecret as _, SecretString};
use sha2::{Digest as _, Sha256};

/// What each begins with: by it programs that look for leaked secrets know one, and a JWT never begins so.
const PREFIX: &str = "hbt_";
const RANDOM_BYTES: usize = 32;
const LAST: usize = 4;

/// A new token that nobody can guess: the prefix and 256 random bits in hexadecimal.
pub fn new() -> SecretString {
    let random: [u8; RANDOM_BYTES] = rand::random();
    let token = random.iter().fold(PREFIX.to_owned(), |mut token, byte| {
        // Writing to a string cannot fail.
        let _ = write!(token, "{byte:02x}");
        token
    });
    token.into()
}

/// Whether this looks like a personal token and not like a JWT.
pub fn is_personal(token: &str) -> bool {
    token.starts_with(PREFIX)
}

/// Whether [`new`] could have made it. What it could not is refused before anybody looks for it.
pub fn is_well_formed(token: &str) -> bool {
    let is_digit = |byte: u8| matches!(byte, b'0'..=b'9' | b'a'..=b'f');
    token.strip_prefix(PREFIX).is_some_and(|digits| digits.len() == 2 * RANDOM_BYTES && digits.bytes().all(is_digit))
}

/// What is kept of a token: its SHA-256. With 256 random bits in it, a hash made to be slow would add nothing, and
/// finding it by its hash tells nothing of how much of a guess was right.
pub fn hash(token: &str) -> [u8; 32] {
    Sha256::digest(token).into()
}

pub fn last_four(token: &SecretString) -> &str {
    let token = token.expose_secret();
    token.get(token.len().saturating_sub(LAST)..).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_token_has_a_prefix_and_256_random_bits() {
        let (one, other) = (new(), new());
        let digits = one.expose_secret().strip_prefix("hbt_").unwrap();
        assert!(digits.len() == 64 && digits.bytes().all(|digit| digit.is_ascii_hexdigit()));
        assert!(is_well_formed(one.expose_secret()));
        assert_ne!(one.expose_secret(), other.expose_secret());
        assert!(digits.ends_with(last_four(&one)) && last_four(&one).len() == 4);
    }
}
