//! How long what people write may be. Which characters are kept is in [`habits::text`].

use habits::text;

use crate::error::ApiError;

const NAME_CHARS: usize = text::HABIT_NAME_CHARS;
const PERSON_CHARS: usize = 100;
const TOKEN_CHARS: usize = 100;
const NOTE_CHARS: usize = 500;
const UNIT_CHARS: usize = 30;

/// The name of a habit: one line of 1 to 255 characters that shows something.
///
/// # Errors
///
/// Refuses a name that shows nothing, or is too long as it was sent or once it is cleaned.
pub fn habit_name(name: &str) -> Result<String, ApiError> {
    within("name", name, NAME_CHARS)?;
    let name = text::one_line(name).ok_or_else(|| {
        ApiError::invalid_field("name", "the name of a habit is empty or shows nothing; write 1 to 255 characters")
    })?;
    within("name", &name, NAME_CHARS)?;
    Ok(name)
}

/// The description of a habit: lines and tabs are kept; one that shows nothing is none.
///
/// # Errors
///
/// Refuses one of more than 4,096 characters, as it was sent or once it is cleaned: a reply may have 500 of them.
pub fn description(description: &str) -> Result<Option<String>, ApiError> {
    within("description", description, text::DESCRIPTION_CHARS)?;
    let cleaned = text::lines(description);
    within("description", cleaned.as_deref().unwrap_or_default(), text::DESCRIPTION_CHARS)?;
    Ok(cleaned)
}

/// The note of a day: lines and tabs are kept; one that shows nothing is empty.
///
/// # Errors
///
/// Refuses one of more than 500 characters, as it was sent or once it is cleaned.
pub fn note(note: &str) -> Result<String, ApiError> {
    within("note", note, NOTE_CHARS)?;
    let cleaned = text::lines(note).unwrap_or_default();
    within("note", &cleaned, NOTE_CHARS)?;
    Ok(cleaned)
}

/// What the amounts of a goal count: one line; one that shows nothing is none.
///
/// # Errors
///
/// Refuses one of more than 30 characters, as it was sent or once it is cleaned.
pub fn unit(unit: &str) -> Result<Option<String>, ApiError> {
    let field = &["goal", "unit"];
    within_at(field, unit, UNIT_CHARS)?;
    let cleaned = text::one_line(unit);
    within_at(field, cleaned.as_deref().unwrap_or_default(), UNIT_CHARS)?;
    Ok(cleaned)
}

/// A name of a person in `field`: one line of at most 100 characters; one that shows nothing is none.
///
/// # Errors
///
/// Refuses a longer one.
pub fn person_name(field: &'static str, name: Option<&str>) -> Result<Option<String>, ApiError> {
    let Some(name) = name else {
        return Ok(None);
    };
    within(field, name, PERSON_CHARS)?;
    let cleaned = text::one_line(name);
    within(field, cleaned.as_deref().unwrap_or_default(), PERSON_CHARS)?;
    Ok(cleaned)
}

/// The name of a personal token: one line of 1 to 100 characters that shows something.
///
/// # Errors
///
/// Refuses a name that shows nothing or is too long.
pub fn token_name(name: &str) -> Result<String, ApiError> {
    within("name", name, TOKEN_CHARS)?;
    let cleaned = text::one_line(name).ok_or_else(|| {
        ApiError::invalid_field("name", "the name of a token is empty or shows nothing; write 1 to 100 characters")
    })?;
    within("name", &cleaned, TOKEN_CHARS)?;
    Ok(cleaned)
}

/// What is dropped of a text counts too, as the document says; and cleaning may lengthen one.
fn within(field: &'static str, text: &str, max_chars: usize) -> Result<(), ApiError> {
    within_at(&[field], text, max_chars)
}

/// The same of a field within others: the path to it.
fn within_at(field: &[&'static str], text: &str, max_chars: usize) -> Result<(), ApiError> {
    let chars = text.chars().count();
    if chars <= max_chars {
        return Ok(());
    }
    let msg = format!("{} has {chars} characters; at most {max_chars} are allowed", field.join("."));
    let loc = ["body"].iter().chain(field).map(|part| (*part).to_owned()).collect();
    Err(ApiError::Invalid { kind: "validation_error", loc, msg })
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;

    #[rstest]
    #[case::trimmed("  Read  ", "Read")]
    #[case::one_line("Read\nbooks", "Read books")]
    #[case::nul("Re\0ad", "Read")]
    #[case::bidi("Read\u{202E}koob", "Readkoob")]
    #[case::markup("<3", "<3")]
    fn a_name_keeps_what_can_be_shown(#[case] text: &str, #[case] kept: &str) {
        assert_eq!(habit_name(text).unwrap(), kept);
    }

    #[rstest]
    #[case("")]
    #[case(" \n\u{0} ")]
    #[case("\u{200b}\u{301}")]
    fn an_empty_name_is_refused(#[case] text: &str) {
        assert!(habit_name(text).is_err());
    }

    #[test]
    fn a_name_is_counted_in_characters_and_not_in_bytes() {
        assert!(habit_name(&"ж".repeat(255)).is_ok());
        assert!(habit_name(&"ж".repeat(256)).is_err());
    }

    /// NFC writes U+0958 as two characters.
    #[rstest]
    #[case::name(|text: &str| habit_name(text).map(drop), 255, &["body", "name"])]
    #[case::person(|text: &str| person_name("first_name", Some(text)).map(drop), 100, &["body", "first_name"])]
    #[case::token(|text: &str| token_name(text).map(drop), 100, &["body", "name"])]
    #[case::description(|text: &str| description(text).map(drop), 4_096, &["body", "description"])]
    #[case::note(|text: &str| note(text).map(drop), 500, &["body", "note"])]
    #[case::unit(|text: &str| unit(text).map(drop), 30, &["body", "goal", "unit"])]
    fn what_cleaning_lengthens_is_measured_after_it(
        #[case] check: fn(&str) -> Result<(), ApiError>,
        #[case] chars: usize,
        #[case] at: &[&str],
    ) {
        assert!(check(&"\u{958}".repeat(chars / 2)).is_ok());
        for long in ["\u{958}".repeat(chars / 2 + 1), "x".repeat(chars + 1)] {
            let Err(ApiError::Invalid { kind: "validation_error", loc, .. }) = check(&long) else { panic!("{long}") };
            assert_eq!(loc, at);
        }
    }

    #[test]
    fn the_name_of_a_person_cannot_turn_the_text_around_it() {
        let name = person_name("first_name", Some("\u{202e}ada\u{2067} "));
        assert_eq!(name.unwrap().as_deref(), Some("ada"));
        assert_eq!(person_name("first_name", Some("\u{3164}")).unwrap(), None);
    }

    #[test]
    fn a_description_keeps_its_lines() {
        assert_eq!(description("a\n\tb\r\u{7}").unwrap().as_deref(), Some("a\n\tb"));
        assert_eq!(description(" \n").unwrap(), None);
    }
}
