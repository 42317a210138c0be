//! The calls of the Bot API that the bot makes (<https://core.telegram.org/bots/api>).

use std::{
    sync::{Arc, OnceLock},
    time::Duration,
};

use screens::{Locale, OnTap, Screen};
use secrecy::{ExposeSecret as _, SecretString};
use teloxide::{
    ApiError, RequestError,
    payloads::{
        AnswerCallbackQuery, AnswerCallbackQuerySetters as _, DeleteMessage, DeleteWebhook, DeleteWebhookSetters as _,
        EditMessageReplyMarkup, EditMessageReplyMarkupSetters as _, EditMessageText, EditMessageTextSetters as _,
        GetMe, GetMyDescription, GetMyShortDescription, GetUpdates, GetUpdatesSetters as _, SendMessage,
        SendMessageSetters as _, SendPhoto, SendPhotoSetters as _, SetMyCommands, SetMyCommandsSetters as _,
        SetMyDescription, SetMyDescriptionSetters as _, SetMyShortDescription, SetMyShortDescriptionSetters as _,
        SetWebhook, SetWebhookSetters as _,
    },
    types::{
        AllowedUpdate, BotCommand, BotCommandScope, CallbackQueryId, ChatId, FileId, InlineKeyboardButton,
        InlineKeyboardMarkup, InputFile, Me, Message, MessageId, ParseMode, ReplyParameters, Update,
    },
};
use url::Url;

mod call;

use call::{Caller, FILE_PART};

/// How long Telegram holds a request for updates while there are none.
pub const POLL_SECONDS: u32 = 25;

/// A call that takes longer has failed.
const CALL_TIMEOUT: Duration = Duration::from_secs(10);
const POLL_TIMEOUT: Duration = Duration::from_secs(POLL_SECONDS as u64 + 10);

/// Requests that Telegram may make of a webhook at once, the most it allows.
const WEBHOOK_CONNECTIONS: u8 = 100;

/// What the bot answers; Telegram keeps the rest to itself.
const WANTED: [AllowedUpdate; 3] = [AllowedUpdate::Message, AllowedUpdate::CallbackQuery, AllowedUpdate::MyChatMember];

/// Updates taken at once, the most that Telegram gives.
pub const BATCH_UPDATES: u8 = 100;

/// What a person sees who saves a picture.
const PICTURE_NAME: &str = "year.png";

/// Refusals that teloxide has no name for.
const WRONG_FILE: &str = "Bad Request: wrong ";
const NO_TEXT: &str = "Bad Request: there is no text in the message to edit";

/// One bot at one Bot API server. Cheap to clone.
#[derive(Debug, Clone)]
pub struct Telegram {
    /// For what a person waits for.
    calls: Caller,
    /// For long polling.
    polls: Caller,
    username: Arc<OnceLock<String>>,
}

impl Telegram {
    /// # Errors
    ///
    /// Fails when no TLS backend is there.
    pub fn new(token: &SecretString, url: &Url) -> anyhow::Result<Self> {
        let caller = |timeout| Caller::new(token.clone(), url.clone(), timeout);
        Ok(Self { calls: caller(CALL_TIMEOUT)?, polls: caller(POLL_TIMEOUT)?, username: Arc::default() })
    }

    pub async fn me(&self) -> Result<Me, RequestError> {
        let me: Me = self.calls.call(&GetMe::new()).await?;
        // It stays the same for as long as the token does.
        self.username.get_or_init(|| me.username().to_owned());
        Ok(me)
    }

    /// The bot's name in links and mentions, without the `@`; `None` before [`Self::me`] was answered.
    pub fn username(&self) -> Option<&str> {
        self.username.get().map(String::as_str)
    }

    /// Sets the slash menu of such chats in one language.
    pub async fn set_menu(
        &self,
        scope: BotCommandScope,
        locale: Locale,
        commands: &[(&str, String)],
    ) -> Result<(), RequestError> {
        let commands = commands.iter().map(|(name, description)| BotCommand::new(*name, description));
        let request = SetMyCommands::new(commands).scope(scope);
        let request = match language(locale) {
            Some(code) => request.language_code(code),
            None => request,
        };
        self.calls.call(&request).await.map(drop)
    }

    /// What the bot says of itself in an empty chat.
    pub async fn description(&self, locale: Locale) -> Result<String, RequestError> {
        let mut request = GetMyDescription::new();
        request.language_code = language(locale);
        Ok(self.calls.call(&request).await?.description)
    }

    pub async fn set_description(&self, locale: Locale, text: &str) -> Result<(), RequestError> {
        let mut request = SetMyDescription::new().description(text);
        request.language_code = language(locale);
        self.calls.call(&request).await.map(drop)
    }

    /// What the bot's profile says.
    pub async fn short_description(&self, locale: Locale) -> Result<String, RequestError> {
        let mut request = GetMyShortDescription::new();
        request.language_code = language(locale);
        Ok(self.calls.call(&request).await?.short_description)
    }

    pub async fn set_short_description(&self, locale: Locale, text: &str) -> Result<(), RequestError> {
        let mut request = SetMyShortDescription::new().short_description(text);
        request.language_code = language(locale);
        self.calls.call(&request).await.map(drop)
    }

    /// Has Telegram bring updates to `url`, with `secret` in a header; those that wait come too.
    pub async fn set_webhook(&self, url: &Url, secret: &SecretString) -> Result<(), RequestError> {
        let request = SetWebhook::new(url.clone())
            .secret_token(secret.expose_secret())
            .allowed_updates(WANTED)
            .max_connections(WEBHOOK_CONNECTIONS)
            .drop_pending_updates(false);
        self.calls.call(&request).await.map(drop)
    }

    /// Has Telegram bring nothing any more, so that updates can be polled; those that wait stay.
    pub async fn delete_webhook(&self) -> Result<(), RequestError> {
        self.calls.call(&DeleteWebhook::new().drop_pending_updates(false)).await.map(drop)
    }

    /// Takes updates from `offset` on, and waits up to [`POLL_SECONDS`] for the first; those before it are confirmed.
    pub async fn updates(&self, offset: i32, wait_seconds: u32) -> Result<Vec<Update>, RequestError> {
        let request =
            GetUpdates::new().offset(offset).limit(BATCH_UPDATES).timeout(wait_seconds).allowed_updates(WANTED);
        self.polls.call(&request).await
    }

    /// Confirms all updates before `offset`, and takes none.
    pub async fn confirm(&self, offset: i32) -> Result<(), RequestError> {
        self.calls.call(&GetUpdates::new().offset(offset).limit(1).timeout(0)).await.map(drop)
    }

    /// A new message. Text whose markup Telegram cannot read goes out plain.
    pub async fn send(&self, chat: ChatId, screen: &Screen) -> Result<MessageId, RequestError> {
        let request = SendMessage::new(chat, &screen.text).parse_mode(ParseMode::Html);
        let sent = match self.calls.call(&with_keyboard(request, screen)).await {
            Err(RequestError::Api(ApiError::CantParseEntities(problem))) => {
                tracing::error!(problem, "a screen's markup was refused; sending it plain");
                self.calls.call(&with_keyboard(SendMessage::new(chat, screen.plain()), screen)).await
            }
            sent => sent,
        };
        sent.map(|message| message.id)
    }

    /// A new message that answers another, also in a topic of a group.
    pub async fn reply(&self, chat: ChatId, to: MessageId, screen: &Screen) -> Result<(), RequestError> {
        let request = SendMessage::new(chat, &screen.text).parse_mode(ParseMode::Html);
        let request = request.reply_parameters(ReplyParameters::new(to).allow_sending_without_reply());
        self.calls.call(&with_keyboard(request, screen)).await.map(drop)
    }

    /// A new picture with the screen's text as its caption, at most 1024 units. Gives the file that Telegram keeps of it.
    pub async fn send_picture(
        &self,
        chat: ChatId,
        png: Vec<u8>,
        caption: &Screen,
    ) -> Result<(MessageId, Option<FileId>), RequestError> {
        let request = photo(chat, attached(), caption);
        let sent: Message = self.calls.upload(&request, PICTURE_NAME, png).await?;
        let largest = sent.photo().and_then(|sizes| sizes.last());
        Ok((sent.id, largest.map(|size| size.file.id.clone())))
    }

    /// The same of a picture that Telegram has; `None` when it does not have it any more.
    pub async fn send_picture_again(
        &self,
        chat: ChatId,
        file: FileId,
        caption: &Screen,
    ) -> Result<Option<MessageId>, RequestError> {
        match self.calls.call(&photo(chat, file, caption)).await {
            Ok(sent) => Ok(Some(sent.id)),
            Err(RequestError::Api(ApiError::WrongFileId | ApiError::WrongFileIdOrUrl)) => Ok(None),
            Err(RequestError::Api(ApiError::Unknown(text))) if text.starts_with(WRONG_FILE) => Ok(None),
            Err(error) => Err(error),
        }
    }

    /// Replaces a message in place; sends anew what can no longer be edited, and then gives the new message.
    pub async fn replace(
        &self,
        chat: ChatId,
        message: MessageId,
        screen: &Screen,
    ) -> Result<Option<MessageId>, RequestError> {
        let request = EditMessageText::new(chat, message, &screen.text).parse_mode(ParseMode::Html);
        // Editing the text without a keyboard takes the keyboard away.
        let request = match keyboard(screen) {
            Some(keyboard) => request.reply_markup(keyboard),
            None => request,
        };
        match self.calls.call(&request).await {
            Ok(_) | Err(RequestError::Api(ApiError::MessageNotModified)) => Ok(None),
            Err(RequestError::Api(
                ApiError::MessageToEditNotFound
                | ApiError::MessageCantBeEdited
                | ApiError::MessageIdInvalid
                | ApiError::CantParseEntities(_),
            )) => self.send(chat, screen).await.map(Some),
            // A picture, of which Telegram did not tell that it is one any more.
            Err(RequestError::Api(ApiError::Unknown(text))) if text == NO_TEXT => {
                self.send(chat, screen).await.map(Some)
            }
            Err(error) => Err(error),
        }
    }

    /// Changes the buttons of a message alone; one that is gone is no error.
    pub async fn set_keyboard(
        &self,
        chat: ChatId,
        message: MessageId,
        rows: &[Vec<screens::Button>],
    ) -> Result<(), RequestError> {
        let request = EditMessageReplyMarkup::new(chat, message).reply_markup(markup(rows));
        match self.calls.call(&request).await {
            Ok(_)
            | Err(RequestError::Api(
                ApiError::MessageNotModified
                | ApiError::MessageToEditNotFound
                | ApiError::MessageCantBeEdited
                | ApiError::MessageIdInvalid,
            )) => Ok(()),
            Err(error) => Err(error),
        }
    }

    /// Takes a message away, or at least its buttons; one that is gone already is no error.
    pub async fn take_away(&self, chat: ChatId, message: MessageId) -> Result<(), RequestError> {
        match self.calls.call(&DeleteMessage::new(chat, message)).await {
            Ok(_) | Err(RequestError::Api(ApiError::MessageToDeleteNotFound | ApiError::MessageIdInvalid)) => Ok(()),
            // Two days old.
            Err(RequestError::Api(_)) => match self.calls.call(&EditMessageReplyMarkup::new(chat, message)).await {
                Ok(_) | Err(RequestError::Api(_)) => Ok(()),
                Err(error) => Err(error),
            },
            Err(error) => Err(error),
        }
    }

    /// Answers a tap: its button stops waiting, and `toast` is shown if there is one.
    pub async fn answer(&self, query: &CallbackQueryId, toast: Option<&str>) -> Result<(), RequestError> {
        let request = AnswerCallbackQuery::new(query.clone());
        let request = match toast {
            Some(toast) => request.text(toast),
            None => request,
        };
        match self.calls.call(&request).await {
            // Telegram has given the tap up: there is nobody left to answer.
            Ok(_) | Err(RequestError::Api(ApiError::InvalidQueryId)) => Ok(()),
            Err(error) => Err(error),
        }
    }
}

/// The bot's id, which its token begins with.
pub fn bot_id(token: &SecretString) -> &str {
    token.expose_secret().split(':').next().unwrap_or_default()
}

/// The language of a call about what the bot says of itself; English is for everybody whose language has none.
fn language(locale: Locale) -> Option<String> {
    match locale {
        Locale::En => None,
        Locale::Ru => Some(locale.code().to_owned()),
    }
}

fn with_keyboard(request: SendMessage, screen: &Screen) -> SendMessage {
    match keyboard(screen) {
        Some(keyboard) => request.reply_markup(keyboard),
        None => request,
    }
}

fn photo(chat: ChatId, file: FileId, caption: &Screen) -> SendPhoto {
    let request = SendPhoto::new(chat, InputFile::file_id(file)).caption(&caption.text).parse_mode(ParseMode::Html);
    match keyboard(caption) {
        Some(keyboard) => request.reply_markup(keyboard),
        None => request,
    }
}

/// The name of a file that comes with the call.
fn attached() -> FileId {
    FileId(format!("attach://{FILE_PART}"))
}

fn keyboard(screen: &Screen) -> Option<InlineKeyboardMarkup> {
    (!screen.keyboard.is_empty()).then(|| markup(&screen.keyboard))
}

fn markup(rows: &[Vec<screens::Button>]) -> InlineKeyboardMarkup {
    let button = |button: &screens::Button| match &button.on_tap {
        OnTap::Tell(data) => Some(InlineKeyboardButton::callback(&button.label, data)),
        OnTap::Open(address) => {
            let address = address.parse().inspect_err(|error| tracing::error!(%error, "a link leads nowhere"));
            Some(InlineKeyboardButton::url(&button.label, address.ok()?))
        }
    };
    InlineKeyboardMarkup::new(rows.iter().map(|row| row.iter().filter_map(button).collect::<Vec<_>>()))
}

/// Whether trying again can help.
pub fn is_transient(error: &RequestError) -> bool {
    match error {
        RequestError::Network(_)
        | RequestError::Io(_)
        | RequestError::InvalidJson { .. }
        | RequestError::RetryAfter(_) => true,
        // What teloxide has no name for and is no refusal is a failure of Telegram's, such as "Internal Server Error".
        RequestError::Api(ApiError::Unknown(text)) => {
            !text.starts_with("Bad Request") && !text.starts_with("Forbidden")
        }
        RequestError::Api(_) | RequestError::MigrateToChatId(_) => false,
    }
}

/// What an admin may read about a failed call. Never holds the token.
pub fn reason(error: &RequestError) -> String {
    match error {
        RequestError::Network(error) if error.is_timeout() => "Telegram does not answer in time".to_owned(),
        RequestError::Network(_) => "Telegram cannot be reached".to_owned(),
        RequestError::InvalidJson { .. } => "Telegram answers with something that is no JSON".to_owned(),
        error => error.to_string(),
    }
}
