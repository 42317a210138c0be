//! A message with its buttons.

use std::borrow::Cow;

use crate::{Action, Locale, html, problem::Problem};

/// Units of UTF-16 that a button shows on a phone before its label is cut anyway.
const LABEL_UNITS: usize = 40;

/// An inline button.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Button {
    /// Plain text, the status emoji first.
    pub label: String,
    /// `callback_data`: an [`Action`], at most 64 bytes.
    pub data: String,
}

impl Button {
    pub fn new(label: impl AsRef<str>, action: Action) -> Self {
        Self { label: html::shorten(label.as_ref(), LABEL_UNITS).into_owned(), data: action.encode() }
    }
}

/// One message of the bot, ready to be sent or to replace another.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Screen {
    /// Telegram's HTML, at most 4096 UTF-16 units after its entities are read; what people wrote is escaped.
    pub text: String,
    /// Rows of inline buttons; empty for a message without any.
    pub keyboard: Vec<Vec<Button>>,
}

impl Screen {
    pub fn new(text: impl Into<String>, keyboard: Vec<Vec<Button>>) -> Self {
        Self { text: text.into(), keyboard }
    }

    /// The text without markup, for when Telegram cannot parse it.
    pub fn plain(&self) -> String {
        html::to_plain(&self.text)
    }

    /// The same screen after what was wrong with the last answer, if anything.
    #[must_use]
    pub(crate) fn after(self, locale: Locale, problem: Option<Problem>) -> Self {
        match problem {
            Some(problem) => self.below(&problem.text(locale)),
            None => self,
        }
    }

    /// The same screen with a line of its own above.
    #[must_use]
    pub fn below(self, line: &str) -> Self {
        Self { text: format!("{line}\n\n{}", self.text), keyboard: self.keyboard }
    }
}

/// A person's text for use in a [`Screen`]: shortened to `units` of UTF-16, escaped.
pub(crate) fn quoted(text: &str, units: usize) -> String {
    let short: Cow<'_, str> = html::shorten(text, units);
    html::escape(&short).into_owned()
}
