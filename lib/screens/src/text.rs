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

/// A message without arguments.
pub(crate) fn text(locale: Locale, id: &str) -> String {
    MESSAGES.lookup(locale.identifier(), id)
}

/// A message with arguments. What people wrote has to be escaped before, unless it goes to a button.
pub(crate) fn text_with<const N: usize>(
    locale: Locale,
    id: &str,
    arguments: [(&'static str, FluentValue<'_>); N],
) -> String {
    let arguments: HashMap<Cow<'static, str>, FluentValue<'_>> =
        arguments.into_iter().map(|(name, value)| (Cow::Borrowed(name), value)).collect();
    MESSAGES.lookup_with_args(locale.identifier(), id, &arguments)
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    fn keys(source: &str) -> BTreeSet<&str> {
        let starts_message = |line: &&str| line.starts_with(|first: char| first.is_ascii_alphabetic());
        source.lines().filter(starts_message).filter_map(|line| Some(line.split_once('=')?.0.trim())).collect()
    }

    #[test]
    fn both_languages_have_the_same_messages() {
        let english = keys(include_str!("../locales/en/bot.ftl"));
        let russian = keys(include_str!("../locales/ru/bot.ftl"));
        assert!(english.len() > 40, "{english:?}");
        assert_eq!(english, russian);
    }
}
