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
    pub on_tap: OnTap,
}

/// What happens when a button is tapped.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum OnTap {
    /// The bot gets this `callback_data`: an [`Action`], at most 64 bytes.
    Tell(String),
    /// Telegram opens this address. Its host has a dot, else Telegram refuses the whole message.
    Open(String),
}

impl Button {
    pub fn new(label: impl AsRef<str>, action: Action) -> Self {
        Self::labelled(label.as_ref(), OnTap::Tell(action.encode()))
    }

    /// A button that opens an address.
    pub fn link(label: impl AsRef<str>, address: impl Into<String>) -> Self {
        Self::labelled(label.as_ref(), OnTap::Open(address.into()))
    }

    fn labelled(label: &str, on_tap: OnTap) -> Self {
        Self { label: html::shorten(label, LABEL_UNITS).into_owned(), on_tap }
    }

    /// What the button asks the bot for; `None` for a link, and for what this version does not know.
    pub fn action(&self) -> Option<Action> {
        match &self.on_tap {
            OnTap::Tell(data) => Action::decode(data).ok(),
            OnTap::Open(_) => None,
        }
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
