//! What people may write: which characters are kept, how long a text may be.

use crate::error::ApiError;

const NAME_CHARS: usize = 255;
const PERSON_CHARS: usize = 100;

/// The name of a habit: one line of 1 to 255 characters.
///
/// White space around it is dropped, and so are control characters and overrides of the writing direction.
///
/// # Errors
///
/// Refuses a name that is empty or too long after that.
pub fn habit_name(text: &str) -> Result<String, ApiError> {
    let name = one_line(within("name", text, NAME_CHARS)?);
    if name.is_empty() {
        return Err(ApiError::invalid_field("name", "the name of a habit is empty; write 1 to 255 characters"));
    }
    Ok(name)
}

/// The description of a habit: lines and tabs are kept; an empty one is none.
pub fn description(text: &str) -> Option<String> {
    let kept: String = text.chars().filter(|c| matches!(c, '\n' | '\t') || !is_unwanted(*c)).collect();
    Some(kept.trim()).filter(|text| !text.is_empty()).map(str::to_owned)
}

/// A name of a person in `field`: one line of at most 100 characters; an empty one is none.
///
/// # Errors
///
/// Refuses a longer one.
pub fn person_name(field: &'static str, text: Option<&str>) -> Result<Option<String>, ApiError> {
    let text = text.map(|text| within(field, text, PERSON_CHARS)).transpose()?;
    Ok(text.map(one_line).filter(|name| !name.is_empty()))
}

/// The text as it was sent, when it is not too long: what is dropped of it counts too, as the document says.
fn within<'a>(field: &'static str, text: &'a str, max_chars: usize) -> Result<&'a str, ApiError> {
    let chars = text.chars().count();
    if chars > max_chars {
        let message = format!("{field} has {chars} characters; at most {max_chars} are allowed");
        return Err(ApiError::invalid_field(field, message));
    }
    Ok(text)
}

/// One line, without what shows nothing good.
pub fn one_line(text: &str) -> String {
    let spaced = text.chars().map(|c| if c.is_whitespace() { ' ' } else { c });
    let kept: String = spaced.filter(|c| !is_unwanted(*c)).collect();
    kept.trim().to_owned()
}

/// Control characters, NUL among them, and the overrides and isolates of Unicode's bidirectional algorithm (UAX 9).
fn is_unwanted(c: char) -> bool {
    c.is_control() || matches!(c, '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}')
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
    fn an_empty_name_is_refused(#[case] text: &str) {
        assert!(habit_name(text).is_err());
    }

    #[test]
    fn a_name_is_counted_in_characters_and_not_in_bytes() {
        assert!(habit_name(&"ж".repeat(255)).is_ok());
        assert!(habit_name(&"ж".repeat(256)).is_err());
    }

    #[test]
    fn a_description_keeps_its_lines() {
        assert_eq!(description("a\n\tb\r\u{7}"), Some("a\n\tb".to_owned()));
        assert_eq!(description(" \n"), None);
    }
}
