//! What an update is to the bot.

use screens::{Action, Button, OnTap};
use teloxide::types::{
    CallbackQuery, CallbackQueryId, ChatId, InlineKeyboardButton, InlineKeyboardButtonKind, MaybeInaccessibleMessage,
    Message, MessageId, Update, UpdateKind, User,
};

use super::group;
use crate::command::Command;

/// An update that the bot answers: something a person did in a private chat, or said to the bot in a group.
#[derive(Debug)]
pub(super) struct Event {
    pub(super) update_id: i64,
    pub(super) from: User,
    pub(super) chat: ChatId,
    pub(super) what: What,
}

#[derive(Debug)]
pub(super) enum What {
    Command(Command),
    Text(String),
    /// A picture, a sticker, a voice message and the like.
    NoText,
    Tap(Tap),
    /// The person blocked the bot, or took that back.
    Blocked(bool),
    /// Somebody spoke to the bot in a group, in this message.
    InGroup(MessageId),
    /// A tap on a button in a group.
    TapInGroup(CallbackQueryId),
}

/// A tap on a button of a message.
#[derive(Debug)]
pub(super) struct Tap {
    pub(super) query: CallbackQueryId,
    pub(super) message: MessageId,
    /// What the button carries.
    pub(super) data: String,
    /// The rows of buttons; empty when Telegram does not tell any more.
    pub(super) keyboard: Vec<Vec<Button>>,
    /// The message is a picture, which can never become a text.
    pub(super) is_picture: bool,
}

impl Tap {
    /// What the buttons of the message ask for.
    pub(super) fn actions(&self) -> impl Iterator<Item = Action> {
        self.keyboard.iter().flatten().filter_map(Button::action)
    }
}

impl Event {
    /// `None` for what the bot of this username does not answer.
    pub(super) fn of(update: Update, username: Option<&str>) -> Option<Self> {
        let update_id = i64::from(update.id.0);
        let (from, chat, what) = match update.kind {
            UpdateKind::Message(message) if message.chat.is_private() => {
                let what = written(&message);
                (message.from?, message.chat.id, what)
            }
            UpdateKind::Message(message) => {
                let is_addressed = username.is_some_and(|username| group::is_addressed(&message, username));
                (message.from.filter(|_| is_addressed)?, message.chat.id, What::InGroup(message.id))
            }
            UpdateKind::CallbackQuery(query) => {
                let chat = query.message.as_ref().map(MaybeInaccessibleMessage::chat)?;
                let (from, id, is_private) = (query.from.clone(), chat.id, chat.is_private());
                (from, id, if is_private { What::Tap(tapped(query)?) } else { What::TapInGroup(query.id) })
            }
            UpdateKind::MyChatMember(member) if member.chat.is_private() => {
                let blocked = member.new_chat_member.is_banned();
                (member.from, member.chat.id, What::Blocked(blocked))
            }
            UpdateKind::Error(_) => {
                // What is in it may be private.
                tracing::warn!(update_id, "an update of an unknown shape is passed over");
                return None;
            }
            _ => return None,
        };
        Some(Self { update_id, from, chat, what })
    }

    /// For metrics and logs.
    pub(super) fn kind(&self) -> &'static str {
        match self.what {
            What::Command(_) => "command",
            What::Text(_) => "text",
            What::NoText => "no_text",
            What::Tap(_) => "tap",
            What::Blocked(_) => "blocked",
            What::InGroup(_) => "in_group",
            What::TapInGroup(_) => "tap_in_group",
        }
    }
}

fn written(message: &Message) -> What {
    match message.text() {
        Some(text) => Command::of(text).map_or_else(|| What::Text(text.to_owned()), What::Command),
        None => What::NoText,
    }
}

fn tapped(query: CallbackQuery) -> Option<Tap> {
    let message = query.message?;
    let is_picture = message.regular_message().is_some_and(|message| message.photo().is_some());
    let markup = message.regular_message().and_then(|message| message.reply_markup());
    let rows = markup.into_iter().flat_map(|markup| &markup.inline_keyboard);
    let carried = |button: &InlineKeyboardButton| {
        let on_tap = match &button.kind {
            InlineKeyboardButtonKind::CallbackData(data) => OnTap::Tell(data.clone()),
            InlineKeyboardButtonKind::Url(url) => OnTap::Open(url.to_string()),
            _ => return None,
        };
        Some(Button { label: button.text.clone(), on_tap })
    };
    let keyboard = rows.map(|row| row.iter().filter_map(carried).collect()).collect();
    // A query without data comes from a game, which the bot has none of: no button of ours.
    Some(Tap { query: query.id, message: message.id(), data: query.data.unwrap_or_default(), keyboard, is_picture })
}
