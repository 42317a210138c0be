//! Why a file is not taken.

/// A file that is not taken, and where it is wrong.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{}: {reason}", self.place())]
pub struct Refused {
    /// The file within the upload, such as `001 Read/Checkmarks.csv`.
    pub file: String,
    /// Counted from 1; `None` where lines mean nothing.
    pub line: Option<u64>,
    pub reason: String,
}

/// More of a text that came with a file is not repeated.
const SHOWN_CHARS: usize = 60;

impl Refused {
    pub(crate) fn new(file: impl Into<String>, reason: impl Into<String>) -> Self {
        Self { file: shown(&file.into()), line: None, reason: reason.into() }
    }

    pub(crate) fn at(file: &str, line: u64, reason: impl Into<String>) -> Self {
        Self { line: Some(line), ..Self::new(file, reason) }
    }

    fn place(&self) -> String {
        self.line.map_or_else(|| self.file.clone(), |line| format!("{}, line {line}", self.file))
    }
}

/// A text out of a file, fit to be repeated in a sentence.
pub(crate) fn shown(text: &str) -> String {
    let mut kept: String = text.chars().map(|c| if c.is_control() { ' ' } else { c }).take(SHOWN_CHARS).collect();
    if text.chars().nth(SHOWN_CHARS).is_some() {
        kept.push('…');
    }
    kept
}
