//! The cities that the bot offers as time zones. Each language has a choice of its own, from west to east.

use chrono_tz::{America, Asia, Australia, Europe, Tz};

use crate::Locale;

/// A zone and the city that people know it by.
pub type City = (Tz, &'static str);

const ENGLISH: [City; 12] = [
    (America::Los_Angeles, "Los Angeles"),
    (America::Chicago, "Chicago"),
    (America::New_York, "New York"),
    (America::Sao_Paulo, "São Paulo"),
    (Europe::London, "London"),
    (Europe::Berlin, "Berlin"),
    (Europe::Istanbul, "Istanbul"),
    (Asia::Kolkata, "Delhi"),
    (Asia::Kathmandu, "Kathmandu"),
    (Asia::Singapore, "Singapore"),
    (Asia::Tokyo, "Tokyo"),
    (Australia::Sydney, "Sydney"),
];

const RUSSIAN: [City; 12] = [
    (Europe::Berlin, "Берлин"),
    (Europe::Kaliningrad, "Калининград"),
    (Europe::Moscow, "Москва"),
    (Europe::Minsk, "Минск"),
    (Asia::Tbilisi, "Тбилиси"),
    (Europe::Samara, "Самара"),
    (Asia::Almaty, "Алматы"),
    (Asia::Yekaterinburg, "Екатеринбург"),
    (Asia::Omsk, "Омск"),
    (Asia::Novosibirsk, "Новосибирск"),
    (Asia::Irkutsk, "Иркутск"),
    (Asia::Vladivostok, "Владивосток"),
];

/// The cities to choose from.
pub fn offered(locale: Locale) -> &'static [City] {
    match locale {
        Locale::En => &ENGLISH,
        Locale::Ru => &RUSSIAN,
    }
}

/// The zone of a city as people type it: `kathmandu`, `New York`, `Москва`, or the IANA name's last part.
pub fn zone_of(typed: &str) -> Option<Tz> {
    let wanted = typed.trim().to_lowercase();
    let offered = ENGLISH.iter().chain(&RUSSIAN).find(|(_, name)| name.to_lowercase() == wanted);
    offered.map(|(zone, _)| *zone).or_else(|| {
        let wanted = wanted.replace(' ', "_");
        let is_wanted = |zone: &&Tz| {
            zone.name().rsplit_once('/').is_some_and(|(area, city)| area != "Etc" && city.eq_ignore_ascii_case(&wanted))
        };
        chrono_tz::TZ_VARIANTS.iter().find(is_wanted).copied()
    })
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;

    #[rstest]
    #[case("kathmandu", Some(Asia::Kathmandu))]
    #[case(" New York ", Some(America::New_York))]
    #[case("москва", Some(Europe::Moscow))]
    #[case("Delhi", Some(Asia::Kolkata))]
    #[case("Lisbon", Some(Europe::Lisbon))]
    #[case("GMT+5", None)]
    #[case("", None)]
    #[case("Atlantis", None)]
    fn a_city_is_found_by_its_name(#[case] typed: &str, #[case] zone: Option<Tz>) {
        assert_eq!(zone_of(typed), zone);
    }
}
