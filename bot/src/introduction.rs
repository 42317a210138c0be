//! What people see of the bot before they write to it: the slash menus of private chats and of groups, and the
//! descriptions, in each language.

use process::Shutdown;
use screens::{Locale, about, group, menu};
use teloxide::{RequestError, types::BotCommandScope};

use crate::{
    backoff::Backoff,
    telegram::{self, Telegram},
};

/// One thing that Telegram shows.
#[derive(Debug, Clone, Copy)]
enum Part {
    Menu,
    MenuInGroups,
    Description,
    ShortDescription,
}

/// Sets all of it, each part again and again until Telegram has taken or refused it. Nobody waits for it.
pub async fn introduce(telegram: &Telegram, shutdown: &Shutdown) {
    for locale in Locale::ALL {
        for part in [Part::Menu, Part::MenuInGroups, Part::Description, Part::ShortDescription] {
            insist(telegram, part, locale, shutdown).await;
        }
    }
}

async fn insist(telegram: &Telegram, part: Part, locale: Locale, shutdown: &Shutdown) {
    let mut backoff = Backoff::default();
    while !shutdown.is_stopped() {
        match set(telegram, part, locale).await {
            Ok(()) => return,
            Err(error) if telegram::is_transient(&error) => backoff.wait(shutdown, &error).await,
            Err(error) => {
                let error = telegram::reason(&error);
                return tracing::warn!(error, ?part, "Telegram does not take what the bot says of itself");
            }
        }
    }
}

async fn set(telegram: &Telegram, part: Part, locale: Locale) -> Result<(), RequestError> {
    match part {
        Part::Menu => telegram.set_menu(BotCommandScope::AllPrivateChats, locale, &menu::commands(locale)).await,
        Part::MenuInGroups => telegram.set_menu(BotCommandScope::AllGroupChats, locale, &group::commands(locale)).await,
        Part::Description => describe(telegram, locale).await,
        Part::ShortDescription => describe_shortly(telegram, locale).await,
    }
}

/// Describes the bot, unless whoever runs it has described it in words of his own.
async fn describe(telegram: &Telegram, locale: Locale) -> Result<(), RequestError> {
    let shown = telegram.description(locale).await?;
    if is_ours(&shown, locale, about::description) {
        telegram.set_description(locale, &about::description(locale)).await?;
    }
    Ok(())
}

/// The same in a few words.
async fn describe_shortly(telegram: &Telegram, locale: Locale) -> Result<(), RequestError> {
    let shown = telegram.short_description(locale).await?;
    if is_ours(&shown, locale, about::short) {
        telegram.set_short_description(locale, &about::short(locale)).await?;
    }
    Ok(())
}

/// Whether what Telegram shows may be replaced: it is nothing, or our text of a language that stands for this one. What is
/// right already is left alone, since Telegram takes few changes a day.
fn is_ours(shown: &str, locale: Locale, text: fn(Locale) -> String) -> bool {
    shown.is_empty() || Locale::ALL.into_iter().any(|other| other != locale && text(other) == shown)
}
