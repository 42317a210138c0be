//! Looks up messages in `locales/`.

use std::{borrow::Cow, collections::HashMap};

use fluent_templates::{Loader as _, fluent_bundle::FluentValue, static_loader};

use crate::Locale;

static_loader! {
    static MESSAGES = {
        locales: "./locales",
        fallback_language: "en",
        // Marks around arguments would show up in names that people copy, and both languages run left to right.
        customise: |bundle| bundle.set_use_isolating(false),
    };
}

/// A message and the names of its arguments. There is a constant in [`key`] for each.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Key<const N: usize> {
    id: &'static str,
    arguments: [&'static str; N],
}

/// The messages, as `build.rs` finds them in `locales/`. One that is left unused fails the build.
#[deny(dead_code)]
pub(crate) mod key {
    use super::Key;

    include!(concat!(env!("OUT_DIR"), "/key.rs"));
}

/// A message without arguments.
pub(crate) fn text(locale: Locale, key: Key<0>) -> String {
    MESSAGES.lookup(locale.identifier(), key.id)
}

/// A message with arguments. What people wrote has to be escaped before, unless it goes to a button.
pub(crate) fn text_with<const N: usize>(
    locale: Locale,
    key: Key<N>,
    arguments: [(&'static str, FluentValue<'_>); N],
) -> String {
    let is_known = |(name, _): &(&str, FluentValue<'_>)| key.arguments.contains(name);
    debug_assert!(arguments.iter().all(is_known), "{} takes {:?}", key.id, key.arguments);
    let arguments: HashMap<Cow<'static, str>, FluentValue<'_>> =
        arguments.into_iter().map(|(name, value)| (Cow::Borrowed(name), value)).collect();
    MESSAGES.lookup_with_args(locale.identifier(), key.id, &arguments)
}
