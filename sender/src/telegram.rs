//! Calls of the Bot API, and what its answers mean for a delivery.

use std::time::Duration;

use process::fatal;
use screens::{OnTap, Screen};
use secrecy::{ExposeSecret as _, SecretString};
use store::delivery::BlockedReason;
use teloxide::{
    ApiError, Bot, RequestError,
    payloads::SendMessageSetters as _,
    prelude::Requester as _,
    types::{ChatId, InlineKeyboardButton, InlineKeyboardMarkup, ParseMode},
};
use url::Url;

/// How long a call may take. Below the 10 s that teloxide sleeps within a request after any 5xx, so that the sleep never
/// counts: such an answer looks like none.
pub(crate) const REQUEST_TIMEOUT: Duration = Duration::from_secs(8);

/// What Telegram said to a message.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Answer {
    Sent {
        message_id: i32,
    },
    /// Not before this time has passed.
    Throttled(Duration),
    /// This person gets nothing from us any more.
    Unreachable(BlockedReason),
    /// The markup is wrong.
    Unparsable(String),
    /// The group goes on under another id.
    Moved(i64),
    /// The bot's token is none.
    TokenRejected,
    /// Nobody knows whether it arrived; trying again may help.
    None(&'static str),
    /// Trying again cannot help.
    Refused(String),
}

/// One bot at one Bot API server. Cheap to clone.
#[derive(Debug, Clone)]
pub(crate) struct Telegram {
    bot: Bot,
}

impl Telegram {
    pub(crate) fn new(token: &SecretString, api_url: &Url) -> anyhow::Result<Self> {
        if !matches!(api_url.scheme(), "http" | "https") {
            let message = format!("TELEGRAM_API_URL is {api_url}; set it to an address that begins with https://");
            return Err(fatal("TelegramUrlInvalid", message));
        }
        let client = teloxide::net::default_reqwest_settings().timeout(REQUEST_TIMEOUT).build()?;
        Ok(Self { bot: Bot::with_client(token.expose_secret(), client).set_api_url(api_url.clone()) })
    }

    /// Asks who we are: whether the server answers and knows the token.
    pub(crate) async fn check(&self) -> Result<String, Answer> {
        match tokio::time::timeout(REQUEST_TIMEOUT, self.bot.get_me()).await {
            Ok(Ok(me)) => Ok(me.username().to_owned()),
            Ok(Err(error)) => Err(answer(error)),
            Err(_) => Err(Answer::None("no answer in time")),
        }
    }

    /// Sends a screen as Telegram's HTML, with a sound or without.
    pub(crate) async fn send(&self, chat_id: i64, screen: &Screen, is_silent: bool) -> Answer {
        let message = self.bot.send_message(ChatId(chat_id), &screen.text).parse_mode(ParseMode::Html);
        self.complete(message, screen, is_silent).await
    }

    /// Sends a screen without its markup.
    pub(crate) async fn send_plain(&self, chat_id: i64, screen: &Screen, is_silent: bool) -> Answer {
        self.complete(self.bot.send_message(ChatId(chat_id), screen.plain()), screen, is_silent).await
    }

    async fn complete(
        &self,
        message: teloxide::requests::JsonRequest<teloxide::payloads::SendMessage>,
        screen: &Screen,
        is_silent: bool,
    ) -> Answer {
        let message = if is_silent { message.disable_notification(true) } else { message };
        let message = if screen.keyboard.is_empty() { message } else { message.reply_markup(keyboard(screen)) };
        match tokio::time::timeout(REQUEST_TIMEOUT, message.into_future()).await {
            Ok(Ok(sent)) => Answer::Sent { message_id: sent.id.0 },
            Ok(Err(error)) => answer(error),
            Err(_) => Answer::None("no answer in time"),
        }
    }
}

fn keyboard(screen: &Screen) -> InlineKeyboardMarkup {
    let button = |button: &screens::Button| match &button.on_tap {
        OnTap::Tell(data) => Some(InlineKeyboardButton::callback(button.label.clone(), data.clone())),
        // What the sender draws has no links.
        OnTap::Open(_) => None,
    };
    InlineKeyboardMarkup::new(screen.keyboard.iter().map(|row| row.iter().filter_map(button)))
}

fn answer(error: RequestError) -> Answer {
    match error {
        RequestError::RetryAfter(wait) => Answer::Throttled(wait.duration()),
        RequestError::MigrateToChatId(ChatId(chat_id)) => Answer::Moved(chat_id),
        RequestError::Network(error) if error.is_timeout() => Answer::None("no answer in time"),
        RequestError::Network(error) if error.is_connect() => Answer::None("no connection"),
        RequestError::Network(_) | RequestError::Io(_) => Answer::None("the connection broke"),
        RequestError::InvalidJson { raw, .. } => unread(&raw),
        RequestError::Api(error) => refusal(error),
    }
}

/// Telegram may have taken a message although we cannot read all of its answer.
fn unread(raw: &str) -> Answer {
    let answer: serde_json::Value = serde_json::from_str(raw).unwrap_or_default();
    let message_id = answer["result"]["message_id"].as_i64().and_then(|id| i32::try_from(id).ok());
    match message_id {
        Some(message_id) if answer["ok"] == true => Answer::Sent { message_id },
        _ => Answer::None("an answer that is none of the Bot API"),
    }
}

/// The texts are those of the Bot API server: <https://core.telegram.org/bots/api#making-requests> promises no codes.
fn refusal(error: ApiError) -> Answer {
    match error {
        ApiError::InvalidToken => Answer::TokenRejected,
        ApiError::BotBlocked | ApiError::CantInitiateConversation => Answer::Unreachable(BlockedReason::Blocked),
        ApiError::UserDeactivated => Answer::Unreachable(BlockedReason::Deactivated),
        ApiError::ChatNotFound => Answer::Unreachable(BlockedReason::ChatNotFound),
        ApiError::CantParseEntities(text) => Answer::Unparsable(text),
        ApiError::Unknown(text) if text.starts_with("Forbidden") => Answer::Unreachable(BlockedReason::Blocked),
        ApiError::Unknown(text) if text.starts_with("Bad Request") => Answer::Refused(text),
        ApiError::Unknown(_) => Answer::None("an error of Telegram's own"),
        other => Answer::Refused(other.to_string()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_message_that_arrived_counts_even_when_its_echo_cannot_be_read() {
        let raw = r#"{"ok":true,"result":{"message_id":42,"new_field":[]}}"#;
        assert_eq!(unread(raw), Answer::Sent { message_id: 42 });
        assert!(matches!(unread("<html>502 Bad Gateway</html>"), Answer::None(_)));
        assert!(matches!(unread(r#"{"ok":false}"#), Answer::None(_)));
    }

    #[test]
    fn refusals_of_a_person_and_errors_of_telegram_are_told_apart() {
        let unknown = |text: &str| refusal(ApiError::Unknown(text.to_owned()));
        let blocked = Answer::Unreachable(BlockedReason::Blocked);
        assert_eq!(unknown("Forbidden: bot can't initiate conversation with a user"), blocked);
        assert!(matches!(unknown("Internal Server Error"), Answer::None(_)));
        assert!(matches!(unknown("Bad Request: message is too long"), Answer::Refused(_)));
    }
}
