//! The languages that the texts are written in.

use fluent_templates::{LanguageIdentifier, langid};

static ENGLISH: LanguageIdentifier = langid!("en");
static RUSSIAN: LanguageIdentifier = langid!("ru");

/// Language of the texts a person gets.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Locale {
    #[default]
    En,
    Ru,
}

impl Locale {
    pub const ALL: [Self; 2] = [Self::En, Self::Ru];

    /// The locale for a language tag, such as Telegram's `language_code`; English for one that has no texts.
    pub fn from_code(code: &str) -> Self {
        match code.split(['-', '_']).next() {
            Some(language) if language.eq_ignore_ascii_case("ru") => Self::Ru,
            _ => Self::En,
        }
    }

    /// Two letters, as in ISO 639-1.
    pub fn code(self) -> &'static str {
        match self {
            Self::En => "en",
            Self::Ru => "ru",
        }
    }

    /// What the language calls itself.
    pub fn own_name(self) -> &'static str {
        match self {
            Self::En => "English",
            Self::Ru => "Русский",
        }
    }

    pub(crate) fn identifier(self) -> &'static LanguageIdentifier {
        match self {
            Self::En => &ENGLISH,
            Self::Ru => &RUSSIAN,
        }
    }
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;

    #[rstest]
    #[case("ru", Locale::Ru)]
    #[case("ru-RU", Locale::Ru)]
    #[case("RU_ru", Locale::Ru)]
    #[case("en-GB", Locale::En)]
    #[case("run", Locale::En)]
    #[case("", Locale::En)]
    fn a_language_tag_chooses_the_texts(#[case] code: &str, #[case] locale: Locale) {
        assert_eq!(Locale::from_code(code), locale);
    }
}
