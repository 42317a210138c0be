//! Groups: the bot hears what is said to it, and shows the way to its private chat. People's habits are nobody's business
//! there.

use screens::{Locale, group};
use teloxide::types::{Message, MessageEntityKind, MessageEntityRef, MessageId};

use super::{error::HandleError, event::Event};
use crate::{command::Command, telegram::Telegram};

/// Whether a message of a group is for the bot of this username: a command of its own, or one that names it, or a mention.
pub(super) fn is_addressed(message: &Message, username: &str) -> bool {
    let entities = message.parse_entities().or_else(|| message.parse_caption_entities()).unwrap_or_default();
    entities.iter().any(|entity| match entity.kind() {
        MessageEntityKind::BotCommand => entity.start() == 0 && is_our_command(entity, username),
        MessageEntityKind::Mention => is_name(entity.text().trim_start_matches('@'), username),
        _ => false,
    })
}

fn is_our_command(entity: &MessageEntityRef<'_>, username: &str) -> bool {
    match entity.text().split_once('@') {
        Some((_, name)) => is_name(name, username),
        // What no bot is named for is for whoever knows it.
        None => Command::of(entity.text()).is_some_and(|command| command != Command::Unknown),
    }
}

fn is_name(name: &str, username: &str) -> bool {
    name.eq_ignore_ascii_case(username)
}

/// Answers what was said to the bot.
pub(super) async fn answer(
    telegram: &Telegram,
    event: &Event,
    message: MessageId,
    locale: Locale,
) -> Result<(), HandleError> {
    let Some(username) = telegram.username() else {
        return Ok(());
    };
    Ok(telegram.reply(event.chat, message, &group::hello(locale, username)).await?)
}
