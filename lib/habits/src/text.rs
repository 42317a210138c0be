//! What people write, as it is stored and shown.
//!
//! A text is NFC (UAX #15) and free of what cannot be seen but changes how the rest is seen. What is left may still show
//! nothing: then there is no text.

use unicode_normalization::{UnicodeNormalization as _, char::is_combining_mark};
use unicode_segmentation::UnicodeSegmentation as _;

/// A text on one line, each run of white space one space. `None` when it shows nothing.
pub fn one_line(text: &str) -> Option<String> {
    let words: Vec<String> = text.split_whitespace().map(cleaned).filter(|word| !word.is_empty()).collect();
    shown(&words.join(" "))
}

/// A text that keeps its lines and tabs. `None` when it shows nothing.
pub fn lines(text: &str) -> Option<String> {
    let text = text.replace("\r\n", "\n");
    let lines: Vec<String> = text.split(is_line_end).map(cleaned).collect();
    shown(lines.join("\n").trim())
}

/// The longest name of a habit.
pub const HABIT_NAME_CHARS: usize = 255;

/// The longest description of a habit: what one message of Telegram's holds.
pub const DESCRIPTION_CHARS: usize = 4_096;

/// The name of a habit: one line of at most [`HABIT_NAME_CHARS`] characters. `None` for one that is longer or shows nothing.
pub fn habit_name(name: &str) -> Option<String> {
    one_line(name).filter(|name| name.chars().count() <= HABIT_NAME_CHARS)
}

/// How many characters people would count: an emoji of several parts is one (UAX #29, grapheme clusters).
pub fn graphemes(text: &str) -> usize {
    text.graphemes(true).count()
}

fn is_line_end(letter: char) -> bool {
    matches!(letter, '\n' | '\r' | '\u{85}' | '\u{2028}' | '\u{2029}')
}

fn cleaned(text: &str) -> String {
    text.chars().filter(|letter| !is_unwanted(*letter)).nfc().collect()
}

fn shown(text: &str) -> Option<String> {
    (!text.chars().all(is_blank)).then(|| text.to_owned())
}

/// Control characters, NUL among them; marks, embeddings, overrides and isolates of the writing direction (UAX #9);
/// deprecated format characters, byte order marks, annotations and noncharacters.
fn is_unwanted(letter: char) -> bool {
    let is_noncharacter = u32::from(letter) & 0xfffe == 0xfffe || matches!(letter, '\u{fdd0}'..='\u{fdef}');
    let is_control = letter.is_control() && letter != '\t';
    is_control
        || is_noncharacter
        || matches!(
            letter,
            '\u{61c}' | '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{206f}' | '\u{feff}'
                | '\u{fff9}'..='\u{fffb}'
        )
}

/// Whether a character shows nothing by itself: white space, what joins or marks other characters, and fillers. Some of
/// these belong into a text, as the joiners of an emoji do.
fn is_blank(letter: char) -> bool {
    letter.is_whitespace()
        || is_combining_mark(letter)
        || matches!(
            letter,
            '\u{ad}' | '\u{115f}' | '\u{1160}' | '\u{180e}' | '\u{200b}'..='\u{200d}' | '\u{2060}'..='\u{2065}'
                | '\u{2800}' | '\u{3164}' | '\u{ffa0}' | '\u{e0000}'..='\u{e0fff}'
        )
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use rstest::rstest;
    use unicode_normalization::is_nfc;

    use super::*;

    #[rstest]
    #[case::trimmed("  Read\n20\u{a0}pages ", "Read 20 pages")]
    #[case::collapsed("Read \t\r\n\u{2028} books", "Read books")]
    #[case::markup("<3", "<3")]
    #[case::composed("e\u{301}te\u{301}", "été")]
    #[case::bidi_override("safe\u{202e}gnp.exe", "safegnp.exe")]
    #[case::bidi_isolate("a\u{2067}b\u{2069}", "ab")]
    #[case::control("bell\u{7}, nul\0, delete\u{7f}, c1\u{9b}", "bell, nul, delete, c1")]
    #[case::byte_order_mark("\u{feff}Read", "Read")]
    #[case::noncharacter("Re\u{fdd0}ad\u{1ffff}", "Read")]
    #[case::hebrew("לקרוא ספר", "לקרוא ספר")]
    #[case::joined_emoji("👨‍👩‍👧", "👨‍👩‍👧")]
    #[case::persian_with_a_non_joiner("می\u{200c}خوانم", "می\u{200c}خوانم")]
    #[case::control_between_a_letter_and_its_mark("e\0\u{301}", "é")]
    fn a_line_keeps_what_can_be_shown(#[case] text: &str, #[case] kept: &str) {
        assert_eq!(one_line(text).as_deref(), Some(kept));
    }

    #[rstest]
    #[case::empty("")]
    #[case::spaces(" \n\0 ")]
    #[case::zero_width("\u{200b}\u{200d}")]
    #[case::hangul_filler("\u{3164}")]
    #[case::braille_blank("\u{2800}")]
    #[case::only_marks("\u{301}\u{fe0f}")]
    #[case::only_overrides("\u{202e}\u{2066}")]
    fn a_text_that_shows_nothing_is_none(#[case] text: &str) {
        assert_eq!(one_line(text), None);
        assert_eq!(lines(text), None);
    }

    #[test]
    fn lines_and_tabs_are_kept_where_lines_are() {
        assert_eq!(lines("one\r\n\ttwo\rthree\u{2028}four\u{7}\n").as_deref(), Some("one\n\ttwo\nthree\nfour"));
    }

    #[test]
    fn a_name_is_as_long_as_a_name_may_be() {
        let longest = "ж".repeat(HABIT_NAME_CHARS);
        assert_eq!(habit_name(&format!(" {longest}\0")), Some(longest.clone()));
        assert_eq!(habit_name(&format!("{longest}ж")), None);
        assert_eq!(habit_name("\u{3164}"), None);
    }

    #[test]
    fn an_emoji_of_several_parts_is_one_character() {
        assert_eq!(graphemes("👨‍👩‍👧е\u{308}"), 2);
    }

    proptest! {
        #[test]
        fn a_cleaned_text_is_clean(text in "\\PC{0,20}|[\\x00-\\u{ffff}]{0,20}") {
            for kept in [one_line(&text), lines(&text)].into_iter().flatten() {
                prop_assert!(is_nfc(&kept) && !kept.chars().all(is_blank));
                prop_assert!(!kept.chars().any(|letter| is_unwanted(letter) && letter != '\n'));
            }
            let line = one_line(&text);
            prop_assert_eq!(line.as_deref().and_then(one_line), line.clone());
            prop_assert!(!line.is_some_and(|line| line.contains('\n') || line.contains("  ")));
        }
    }
}
