//! The words of a line, as they were typed and as they are compared.

/// What may stand before a word without being part of it.
const OPENING: [char; 9] = ['(', '[', '"', '«', '“', '„', '|', '•', '…'];

/// What may stand after a word without being part of it.
const CLOSING: [char; 13] = [')', ']', '"', '»', '”', '“', '|', ',', ';', ':', '.', '!', '?'];

/// Words that belong to what follows: what follows them is no part of its own, and no name ends with one.
const BINDING: &[&str] = &[
    "a",
    "about",
    "after",
    "an",
    "and",
    "around",
    "at",
    "before",
    "between",
    "by",
    "each",
    "every",
    "for",
    "from",
    "in",
    "last",
    "least",
    "most",
    "my",
    "next",
    "of",
    "on",
    "or",
    "per",
    "since",
    "than",
    "the",
    "this",
    "till",
    "to",
    "until",
    "with",
    "within",
    "without",
    "&",
    "+",
    "@",
    "а",
    "без",
    "более",
    "больше",
    "бы",
    "в",
    "во",
    "для",
    "до",
    "за",
    "и",
    "из",
    "или",
    "к",
    "каждое",
    "каждую",
    "каждые",
    "каждый",
    "ко",
    "максимум",
    "менее",
    "меньше",
    "минимум",
    "на",
    "о",
    "об",
    "около",
    "от",
    "перед",
    "по",
    "после",
    "при",
    "про",
    "раз",
    "с",
    "со",
    "спустя",
    "течение",
    "у",
    "чем",
    "через",
];

const CONNECTING: &[&str] = &["and", "&", "+", "и"];

/// A word between spaces.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Word {
    /// As it was typed.
    pub(super) text: String,
    /// What it is compared by: lower case, `е` for `ё`, without punctuation around it. `-` for a dash of any length;
    /// empty for a word of punctuation.
    pub(super) key: String,
}

impl Word {
    pub(super) fn new(text: &str) -> Self {
        let is_dash = !text.is_empty() && text.chars().all(|letter| matches!(letter, '-' | '–' | '—' | '−'));
        let key = if is_dash {
            "-".to_owned()
        } else {
            plain(text).to_lowercase().replace('ё', "е").replace('’', "'").replace(['–', '—', '−', '‑'], "-")
        };
        Self { text: text.to_owned(), key }
    }

    /// In lower case and without punctuation around it.
    pub(super) fn lower(&self) -> String {
        plain(&self.text).to_lowercase()
    }

    /// Whether it only sets other words apart.
    pub(super) fn separates(&self) -> bool {
        self.key.is_empty() || self.key == "-"
    }
}

/// A word without punctuation around it.
pub(super) fn plain(text: &str) -> &str {
    text.trim_start_matches(OPENING).trim_end_matches(CLOSING)
}

pub(super) fn words(line: &str) -> Vec<Word> {
    line.split_whitespace().map(Word::new).collect()
}

/// The keys of words, without those of punctuation.
pub(super) fn keys(words: &[Word]) -> Vec<&str> {
    words.iter().map(|word| word.key.as_str()).filter(|key| !key.is_empty()).collect()
}

/// The words as they were typed, without what set them apart from others.
pub(super) fn join(words: &[Word]) -> String {
    let texts: Vec<&str> = words.iter().map(|word| word.text.as_str()).collect();
    texts.join(" ").trim_end_matches([',', ';', ':', '.', '|']).to_owned()
}

pub(super) fn binds(key: &str) -> bool {
    BINDING.contains(&key)
}

pub(super) fn connects(key: &str) -> bool {
    CONNECTING.contains(&key)
}

/// Digits of ASCII, `shortest` to `longest` of them, as a number.
pub(super) fn digits(key: &str, shortest: usize, longest: usize) -> Option<u32> {
    let is_number = (shortest..=longest).contains(&key.len()) && key.bytes().all(|byte| byte.is_ascii_digit());
    is_number.then(|| key.parse().ok()).flatten()
}

/// A count of days or times: `3`, `three`, «три», `3rd`, «третий».
pub(super) fn count(key: &str) -> Option<u32> {
    let ordinal = ["st", "nd", "rd", "th", "-й", "-ю"].iter().find_map(|end| key.strip_suffix(end));
    digits(ordinal.unwrap_or(key), 1, 4).or_else(|| {
        Some(match key {
            "one" | "один" | "одну" => 1,
            "two" | "second" | "два" | "две" | "второй" => 2,
            "three" | "third" | "три" | "третий" => 3,
            "four" | "fourth" | "четыре" | "четвертый" => 4,
            "five" | "fifth" | "пять" | "пятый" => 5,
            "six" | "sixth" | "шесть" | "шестой" => 6,
            "seven" | "seventh" | "семь" | "седьмой" => 7,
            "ten" | "tenth" | "десять" | "десятый" => 10,
            _ => return None,
        })
    })
}
