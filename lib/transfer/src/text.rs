//! Texts out of files.

/// A text on one line, each run of white space one space, without what cannot be seen.
pub(crate) fn one_line(text: &str) -> Option<String> {
    let words: Vec<String> = text.split_whitespace().map(seen).filter(|word| !word.is_empty()).collect();
    Some(words.join(" ")).filter(|text| !text.is_empty())
}

/// A text that keeps its lines and tabs; `None` when nothing is left.
pub(crate) fn lines(text: &str) -> Option<String> {
    let text = seen(&text.replace("\r\n", "\n"));
    Some(text.trim()).filter(|text| !text.is_empty()).map(str::to_owned)
}

/// The first characters of a text, and whether there were more.
pub(crate) fn cut(text: &str, max_chars: usize) -> (String, bool) {
    match text.char_indices().nth(max_chars) {
        Some((end, _)) => (text[..end].trim_end().to_owned(), true),
        None => (text.to_owned(), false),
    }
}

/// Without control characters and overrides of the writing direction (UAX 9).
fn seen(text: &str) -> String {
    let is_unwanted = |c: char| {
        (c.is_control() && !matches!(c, '\n' | '\t'))
            || matches!(c, '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}' | '\u{FEFF}')
    };
    text.chars().filter(|c| !is_unwanted(*c)).collect()
}
