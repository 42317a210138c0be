//! Commands, mentions and addresses, which Telegram finds in plain text by itself.

use crate::{html::utf16_len, message::Entity};

/// `bot_command`, `mention` and `url` entities of a text.
pub(crate) fn find(text: &str) -> Vec<Entity> {
    let mut entities = Vec::new();
    let mut offset = 0;
    for piece in text.split_inclusive(char::is_whitespace) {
        let word = piece.trim_end().trim_end_matches(['.', ',', ';', ':', '!', '?', ')']);
        if let Some(kind) = kind_of(word) {
            entities.push(Entity { kind: kind.to_owned(), offset, length: utf16_len(word), url: None, language: None });
        }
        offset += utf16_len(piece);
    }
    entities
}

/// The entities of a formatted text together with what is found between them.
pub(crate) fn add(text: &str, mut entities: Vec<Entity>) -> Vec<Entity> {
    let apart = |found: &Entity| {
        entities
            .iter()
            .all(|entity| entity.offset >= found.offset + found.length || found.offset >= entity.offset + entity.length)
    };
    let found: Vec<Entity> = find(text).into_iter().filter(apart).collect();
    entities.extend(found);
    entities.sort_by_key(|entity| (entity.offset, usize::MAX - entity.length));
    entities
}

fn kind_of(word: &str) -> Option<&'static str> {
    let is_name = |name: &str, longest: usize| {
        (1..=longest).contains(&name.len()) && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_')
    };
    if let Some(command) = word.strip_prefix('/') {
        let (command, bot) = command.split_once('@').unwrap_or((command, "bot"));
        return (is_name(command, 32) && is_name(bot, 32)).then_some("bot_command");
    }
    if let Some(name) = word.strip_prefix('@') {
        return (name.len() >= 3 && is_name(name, 32)).then_some("mention");
    }
    let address = word.strip_prefix("https://").or_else(|| word.strip_prefix("http://"))?;
    address.contains('.').then_some("url")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn commands_mentions_and_addresses_are_found() {
        let found = find("🔥 /today@habit_bot, @anna https://example.org/a. /не");
        let spans: Vec<_> = found.iter().map(|entity| (entity.kind.as_str(), entity.offset, entity.length)).collect();
        assert_eq!(spans, [("bot_command", 3, 16), ("mention", 21, 5), ("url", 27, 21)]);
    }
}
