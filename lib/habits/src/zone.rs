//! Names of time zones: which are accepted, and how they are stored.

use chrono_tz::{TZ_VARIANTS, Tz};

/// A name that is no place's time zone.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0:?} is not a known time zone; write it like Europe/Berlin or Asia/Kathmandu")]
pub struct UnknownZone(pub String);

/// Finds a zone of the IANA time zone database by its name, whatever the case of its letters.
///
/// Accepted are `UTC` and names of places (`Area/City`), aliases such as `Asia/Calcutta` included.
///
/// # Errors
///
/// Refuses everything else: `EST` and the like stand for an offset and know no summer time.
pub fn parse(name: &str) -> Result<Tz, UnknownZone> {
    let name = name.trim();
    TZ_VARIANTS
        .iter()
        .find(|zone| zone.name().eq_ignore_ascii_case(name) && is_place(zone.name()))
        .copied()
        .ok_or_else(|| UnknownZone(name.chars().take(60).collect()))
}

fn is_place(name: &str) -> bool {
    name == "UTC" || (name.contains('/') && !name.starts_with("Etc/") && !name.starts_with("SystemV/"))
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;

    #[rstest]
    #[case("UTC", "UTC")]
    #[case("utc", "UTC")]
    #[case("Asia/Kathmandu", "Asia/Kathmandu")]
    #[case("europe/moscow", "Europe/Moscow")]
    #[case(" America/Argentina/Buenos_Aires ", "America/Argentina/Buenos_Aires")]
    fn a_place_is_accepted(#[case] name: &str, #[case] stored: &str) {
        assert_eq!(parse(name).unwrap().name(), stored);
    }

    #[rstest]
    #[case("")]
    #[case("Europe/")]
    #[case("localtime")]
    #[case("posixrules")]
    #[case("Factory")]
    #[case("right/UTC")]
    #[case("posix/Europe/Berlin")]
    #[case("EST")]
    #[case("Etc/GMT+5")]
    #[case("Mars/Olympus")]
    fn what_is_no_place_is_refused(#[case] name: &str) {
        assert!(parse(name).is_err());
    }
}
