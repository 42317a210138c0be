//! Telegram's HTML (<https://core.telegram.org/bots/api#html-style>).

use std::borrow::Cow;

use unicode_segmentation::UnicodeSegmentation as _;

/// Makes plain text safe inside Telegram's HTML.
pub fn escape(text: &str) -> Cow<'_, str> {
    if !text.contains(['&', '<', '>']) {
        return Cow::Borrowed(text);
    }
    Cow::Owned(text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;"))
}

/// Text as it reads once its tags and entities are gone. Meant for our own HTML, which is well formed.
pub fn to_plain(html: &str) -> String {
    let mut plain = String::with_capacity(html.len());
    let mut in_tag = false;
    for letter in html.chars() {
        match letter {
            '<' => in_tag = true,
            '>' if in_tag => in_tag = false,
            _ if in_tag => {}
            _ => plain.push(letter),
        }
    }
    plain.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")
}

/// The start of `text`, at most `units` UTF-16 code units long, which is how Telegram counts; cut between graphemes.
pub fn shorten(text: &str, units: usize) -> Cow<'_, str> {
    let length = |part: &str| part.encode_utf16().count();
    if length(text) <= units {
        return Cow::Borrowed(text);
    }
    let mut left = units.saturating_sub(1);
    let fits = |grapheme: &&str| {
        let used = length(grapheme);
        let fits = used <= left;
        left = left.saturating_sub(used);
        fits
    };
    let mut short: String = text.graphemes(true).take_while(fits).collect();
    short.truncate(short.trim_end().len());
    short.push('…');
    Cow::Owned(short)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn a_habit_named_with_a_heart_is_escaped() {
        assert_eq!(escape("<3 & more"), "&lt;3 &amp; more");
    }

    #[test]
    fn a_long_text_is_cut_between_graphemes() {
        assert_eq!(shorten("👨‍👩‍👧 walks", 5), "…");
        assert_eq!(shorten("👨‍👩‍👧 walks", 11), "👨‍👩‍👧 w…");
        assert_eq!(shorten("short", 5), "short");
    }

    proptest! {
        #[test]
        fn escaping_and_reading_gives_the_text_back(text in ".*") {
            prop_assert_eq!(to_plain(&format!("<b>{}</b>", escape(&text))), text);
        }

        #[test]
        fn a_shortened_text_keeps_to_its_length(text in ".*", units in 1_usize..40) {
            prop_assert!(shorten(&text, units).encode_utf16().count() <= units);
        }
    }
}
