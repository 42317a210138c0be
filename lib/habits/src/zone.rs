//! Names of time zones: which are accepted, and how they are stored.

use chrono_tz::{TZ_VARIANTS, Tz};

use alias::ALIASES;

mod alias;

/// A name that is no place's time zone.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0:?} is not a known time zone; write it like Europe/Berlin or Asia/Kathmandu")]
pub struct UnknownZone(pub String);

/// Finds a zone of the IANA time zone database by its name, whatever the case of its letters.
///
/// Accepted are `UTC`, names of places (`Area/City`) and their aliases: an older name or spelling of the same place, such
/// as `Asia/Calcutta` or `US/Pacific`, means the name of today, which is returned. A few names that the database gave up
/// mean a place with the same clock: `Antarctica/South_Pole` that of Auckland. A place whose clocks agree with
/// another's since 1970 keeps its own name although the database links the two: `Europe/Stockholm` is no alias of
/// `Europe/Berlin`, and people there would not look for it.
///
/// # Errors
///
/// Refuses everything else: `EST` and the like stand for an offset and know no summer time.
pub fn parse(name: &str) -> Result<Tz, UnknownZone> {
    let name = name.trim();
    let is_meant = |known: &str| known.eq_ignore_ascii_case(name);
    let place = TZ_VARIANTS.iter().find(|zone| is_meant(zone.name()) && is_place(zone.name()));
    let zone = ALIASES.iter().find_map(|(alias, zone)| is_meant(alias).then_some(zone)).or(place);
    zone.copied().ok_or_else(|| UnknownZone(name.chars().take(60).collect()))
}

/// The zone under the name that is stored: another one for an alias only.
pub fn canonical(zone: Tz) -> Tz {
    ALIASES.iter().find_map(|(alias, canonical)| (*alias == zone.name()).then_some(*canonical)).unwrap_or(zone)
}

fn is_place(name: &str) -> bool {
    name == "UTC" || (name.contains('/') && !name.starts_with("Etc/") && !name.starts_with("SystemV/"))
}

#[cfg(test)]
mod tests {
    use chrono::{DateTime, Offset as _, TimeDelta, TimeZone as _};
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
    #[case("Asia/Calcutta", "Asia/Kolkata")]
    #[case("europe/kiev", "Europe/Kyiv")]
    #[case("US/Pacific", "America/Los_Angeles")]
    #[case("america/buenos_aires", "America/Argentina/Buenos_Aires")]
    #[case("Japan", "Asia/Tokyo")]
    #[case("Iceland", "Atlantic/Reykjavik")]
    #[case("Etc/UTC", "UTC")]
    #[case("zulu", "UTC")]
    fn an_alias_is_accepted_and_stored_canonical(#[case] name: &str, #[case] stored: &str) {
        assert_eq!(parse(name).unwrap().name(), stored);
    }

    #[test]
    fn a_place_keeps_its_name_beside_one_with_the_same_clocks() {
        assert_eq!(parse("Europe/Stockholm").unwrap().name(), "Europe/Stockholm");
    }

    /// At the solstices of many years, so that another rule of summer time shows.
    #[test]
    fn an_alias_and_its_zone_show_the_same_time() {
        for (alias, zone) in ALIASES {
            let aliased: Tz = alias.parse().unwrap();
            for days in (0..25_000).step_by(91) {
                let at = (DateTime::UNIX_EPOCH + TimeDelta::days(days)).naive_utc();
                let offset_s = |zone: Tz| zone.offset_from_utc_datetime(&at).fix().local_minus_utc();
                assert_eq!(offset_s(aliased), offset_s(*zone), "{alias} at {at}");
            }
        }
    }

    #[test]
    fn every_zone_is_a_place_or_an_alias_of_one_or_refused() {
        let refused = [
            "CET",
            "CST6CDT",
            "EET",
            "EST",
            "EST5EDT",
            "GMT",
            "GMT+0",
            "GMT-0",
            "GMT0",
            "Greenwich",
            "HST",
            "MET",
            "MST",
            "MST7MDT",
            "PST8PDT",
            "WET",
        ];
        for zone in TZ_VARIANTS {
            let name = zone.name();
            if let Ok(found) = parse(name) {
                assert_eq!(parse(found.name()), Ok(found), "{name}: what is stored is its own canonical name");
                assert_eq!(canonical(zone), found, "{name}");
                assert!(is_place(found.name()), "{name}");
            } else {
                let is_offset = name.starts_with("Etc/GMT") || name == "Etc/Greenwich";
                assert!(is_offset || refused.contains(&name), "{name}");
            }
        }
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
