//! Texts out of files: how long they may be. Which characters are kept is in [`habits::text`].

/// The first characters of a text, and whether there were more.
pub(crate) fn cut(text: &str, max_chars: usize) -> (String, bool) {
    match text.char_indices().nth(max_chars) {
        Some((end, _)) => (text[..end].trim_end().to_owned(), true),
        None => (text.to_owned(), false),
    }
}
