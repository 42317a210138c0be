//! What people do: write, press buttons, block bots, form groups.

use serde::{Deserialize, Serialize};

use crate::{
    bot::{Bot, Press},
    chat::{Chat, ChatKind},
    file::{SAMPLE_PICTURE, picture},
    html, links,
    message::{Author, Button, Content, Message},
    objects,
    world::{Refusal, World},
};

/// Something a person sends.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case", deny_unknown_fields)]
pub enum Sending {
    /// 1 to 4096 UTF-16 code units; a command is a text that begins with `/`.
    Text {
        text: String,
    },
    /// A sample picture.
    Photo {
        #[serde(default)]
        caption: String,
    },
    Sticker {
        emoji: String,
    },
    Voice {
        duration_s: u32,
    },
    /// Degrees, north and east positive.
    Location {
        latitude: f64,
        longitude: f64,
    },
}

/// What became of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Sent {
    pub message_id: i64,
    /// Absent when the bot did not ask for messages.
    pub update_id: Option<i64>,
}

/// Which button of which message to press.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Pressing {
    pub message_id: i64,
    /// Where the message is; the private chat if absent.
    #[serde(default)]
    pub chat_id: Option<i64>,
    #[serde(flatten)]
    pub button: ButtonChoice,
    /// Also find buttons that an edit has taken away since, as on a screen that lags behind.
    #[serde(default)]
    pub stale: bool,
}

/// A button by what it shows or by what it sends.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ButtonChoice {
    Text(String),
    Data(String),
}

/// A pressed button.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Pressed {
    pub callback_query_id: String,
    /// Absent when the bot did not ask for callback queries.
    pub update_id: Option<i64>,
}

impl World {
    /// Puts what the person sends into the chat and into the bot's queue.
    pub(crate) fn send_as(
        &mut self,
        bot_id: i64,
        person_id: i64,
        chat_id: Option<i64>,
        sending: Sending,
    ) -> Result<Sent, Refusal> {
        let chat_id = self.enter(bot_id, person_id, chat_id)?;
        let (content, text) = self.content_of(bot_id, sending)?;
        let bounds = self.options.bounds.clone();
        let now_ms = self.clock.now_ms();
        let bot = self.bots.get_mut(&bot_id).ok_or_else(no_bot)?;
        let message_id = bot.take_message_id();
        let message = written(message_id, chat_id, Author::Person(person_id), content, text, now_ms);
        let chat = bot.chats.get_mut(&chat_id).ok_or_else(no_chat)?;
        chat.push(message, bounds.messages_per_chat);
        if chat.reply_keyboard.as_ref().is_some_and(|keyboard| keyboard.one_time_keyboard) {
            chat.reply_keyboard = None;
        }
        let update_id = self.push_message_update(bot_id, chat_id, message_id);
        Ok(Sent { message_id, update_id })
    }

    /// Presses a button; the bot gets a callback query.
    pub(crate) fn press_as(&mut self, bot_id: i64, person_id: i64, pressing: &Pressing) -> Result<Pressed, Refusal> {
        let chat_id = self.enter(bot_id, person_id, pressing.chat_id)?;
        let now_ms = self.clock.now_ms();
        let id = self.take_press_id();
        let (bot, chat, person) = self.scene(bot_id, chat_id, person_id)?;
        let message = chat
            .message(pressing.message_id)
            .ok_or_else(|| Refusal::NotFound(format!("no message {} in chat {chat_id}", pressing.message_id)))?;
        let data = callback_data(message, pressing)?;
        let query = serde_json::json!({
            "id": id,
            "from": objects::user(person),
            "message": objects::message(self, bot, chat, message),
            "chat_instance": chat_id.to_string(),
            "data": data,
        });
        let update_id = self.push_update(bot_id, "callback_query", &query);
        let press = Press { id: id.clone(), chat_id, pressed_at_ms: now_ms, answer: None };
        let bounds = self.options.bounds.clone();
        self.bots.get_mut(&bot_id).ok_or_else(no_bot)?.push_press(press, &bounds);
        Ok(Pressed { callback_query_id: id, update_id })
    }

    /// Blocks the bot in the person's private chat, or takes the block back; gives the update's id.
    pub(crate) fn set_blocked(&mut self, bot_id: i64, person_id: i64, blocked: bool) -> Result<Option<i64>, Refusal> {
        self.person(person_id)?;
        let now_ms = self.clock.now_ms();
        let bot = self.bots.get_mut(&bot_id).ok_or_else(no_bot)?;
        let chat = bot.chats.entry(person_id).or_insert_with(|| Chat::new(person_id, ChatKind::Private));
        if chat.blocked == blocked {
            return Ok(None);
        }
        chat.blocked = blocked;
        let (bot, chat, person) = self.scene(bot_id, person_id, person_id)?;
        let member = objects::my_chat_member(self, bot, chat, person, blocked, now_ms);
        self.chat_changed(bot_id, person_id);
        Ok(self.push_update(bot_id, "my_chat_member", &member))
    }

    /// Deletes the person's account.
    pub(crate) fn deactivate(&mut self, person_id: i64) -> Result<(), Refusal> {
        self.person(person_id)?;
        if let Some(person) = self.people.get_mut(&person_id) {
            person.deactivated = true;
        }
        Ok(())
    }

    /// A group with the bot in it.
    pub(crate) fn create_group(&mut self, bot_id: i64, title: &str, members: Vec<i64>) -> Result<i64, Refusal> {
        members.iter().try_for_each(|member| self.person(*member).map(drop))?;
        let chat_id = self.take_group_id(false);
        let bot = self.bots.get_mut(&bot_id).ok_or_else(no_bot)?;
        let kind = ChatKind::Group { title: title.to_owned(), members };
        bot.chats.insert(chat_id, Chat::new(chat_id, kind));
        Ok(chat_id)
    }

    /// Makes a group a supergroup with a new chat id, which it gives back.
    pub(crate) fn migrate_group(&mut self, bot_id: i64, old_id: i64) -> Result<i64, Refusal> {
        let chat = self.chat(bot_id, old_id).ok_or_else(no_chat)?;
        let ChatKind::Group { title, members } = chat.kind.clone() else {
            return Err(Refusal::Conflict(format!("chat {old_id} is no group")));
        };
        if chat.migrated_to.is_some() {
            return Err(Refusal::Conflict(format!("group {old_id} has migrated already")));
        }
        let author = Author::Person(members.first().copied().unwrap_or_default());
        let new_id = self.take_group_id(true);
        let bot = self.bots.get_mut(&bot_id).ok_or_else(no_bot)?;
        bot.chats.insert(new_id, Chat::new(new_id, ChatKind::Supergroup { title, members }));
        self.push_service_message(bot_id, old_id, author, Content::MigratedTo { chat_id: new_id })?;
        self.push_service_message(bot_id, new_id, author, Content::MigratedFrom { chat_id: old_id })?;
        if let Some(old) = self.chat_mut(bot_id, old_id) {
            old.migrated_to = Some(new_id);
        }
        Ok(new_id)
    }

    fn push_service_message(
        &mut self,
        bot_id: i64,
        chat_id: i64,
        author: Author,
        content: Content,
    ) -> Result<(), Refusal> {
        let now_ms = self.clock.now_ms();
        let bound = self.options.bounds.messages_per_chat;
        let bot = self.bots.get_mut(&bot_id).ok_or_else(no_bot)?;
        let message_id = bot.take_message_id();
        let chat = bot.chats.get_mut(&chat_id).ok_or_else(no_chat)?;
        chat.push(written(message_id, chat_id, author, content, String::new(), now_ms), bound);
        self.push_message_update(bot_id, chat_id, message_id);
        Ok(())
    }

    /// Checks that the person may act in the chat, opens a private chat at the first act, and gives its id.
    fn enter(&mut self, bot_id: i64, person_id: i64, chat_id: Option<i64>) -> Result<i64, Refusal> {
        let person = self.person(person_id)?;
        if person.deactivated {
            return Err(Refusal::Conflict(format!("person {person_id} has no account any more")));
        }
        let chat_id = chat_id.unwrap_or(person_id);
        let bound = self.options.bounds.people;
        let bot = self.bots.get_mut(&bot_id).ok_or_else(no_bot)?;
        if chat_id == person_id && !bot.chats.contains_key(&chat_id) {
            if bot.chats.len() >= bound {
                return Err(Refusal::Conflict(format!("there are {bound} chats already")));
            }
            bot.chats.insert(chat_id, Chat::new(chat_id, ChatKind::Private));
        }
        let chat = bot.chats.get(&chat_id).ok_or_else(no_chat)?;
        match &chat.kind {
            _ if chat.blocked => Err(Refusal::Conflict(format!("person {person_id} has blocked the bot"))),
            _ if chat.migrated_to.is_some() => Err(Refusal::Conflict(format!("group {chat_id} has migrated"))),
            ChatKind::Private if chat_id != person_id => {
                Err(Refusal::Conflict("this is someone else's private chat".to_owned()))
            }
            ChatKind::Group { members, .. } | ChatKind::Supergroup { members, .. } if !members.contains(&person_id) => {
                Err(Refusal::Conflict(format!("person {person_id} is not in group {chat_id}")))
            }
            _ => Ok(chat_id),
        }
    }

    fn content_of(&mut self, bot_id: i64, sending: Sending) -> Result<(Content, String), Refusal> {
        Ok(match sending {
            Sending::Text { text } if (1..=4096).contains(&html::utf16_len(text.trim())) => {
                (Content::Text, text.trim().to_owned())
            }
            Sending::Text { .. } => return Err(Refusal::Conflict("a text has 1 to 4096 UTF-16 code units".to_owned())),
            Sending::Photo { caption } => {
                let bound = self.options.bounds.file_bytes;
                let files = &mut self.bots.get_mut(&bot_id).ok_or_else(no_bot)?.files;
                let (mime_type, width, height) = picture(SAMPLE_PICTURE).unwrap_or(("image/png", 0, 0));
                let file_id = files.keep("photo.png", mime_type, SAMPLE_PICTURE.to_vec(), bound);
                (Content::Photo { file_id, width, height }, caption)
            }
            Sending::Sticker { emoji } => (Content::Sticker { emoji }, String::new()),
            Sending::Voice { duration_s } => (Content::Voice { duration_s }, String::new()),
            Sending::Location { latitude, longitude } => (Content::Location { latitude, longitude }, String::new()),
        })
    }

    fn scene(
        &self,
        bot_id: i64,
        chat_id: i64,
        person_id: i64,
    ) -> Result<(&Bot, &Chat, &crate::person::Person), Refusal> {
        let bot = self.bots.get(&bot_id).ok_or_else(no_bot)?;
        Ok((bot, bot.chats.get(&chat_id).ok_or_else(no_chat)?, self.person(person_id)?))
    }

    fn push_message_update(&mut self, bot_id: i64, chat_id: i64, message_id: i64) -> Option<i64> {
        let bot = self.bots.get(&bot_id)?;
        let chat = bot.chats.get(&chat_id)?;
        let message = objects::message(self, bot, chat, chat.message(message_id)?);
        self.chat_changed(bot_id, chat_id);
        self.push_update(bot_id, "message", &message)
    }

    fn push_update(&mut self, bot_id: i64, kind: &str, payload: &serde_json::Value) -> Option<i64> {
        let bound = self.options.bounds.updates_per_bot;
        self.bots.get_mut(&bot_id)?.updates.push(kind, payload, bound)
    }
}

fn callback_data(message: &Message, pressing: &Pressing) -> Result<String, Refusal> {
    let is_chosen = |button: &&Button| match &pressing.button {
        ButtonChoice::Text(text) => button.text == *text,
        ButtonChoice::Data(data) => button.callback_data.as_ref() == Some(data),
    };
    let earlier =
        message.history.iter().rev().filter(|_| pressing.stale).flat_map(|version| version.keyboard.iter().flatten());
    let button = message.keyboard.iter().flatten().chain(earlier).find(is_chosen).ok_or_else(|| {
        let shown = message.button_texts();
        Refusal::NotFound(format!(
            "message {} has no button {:?}; it shows {shown:?}",
            message.message_id, pressing.button
        ))
    })?;
    button
        .callback_data
        .clone()
        .ok_or_else(|| Refusal::Conflict(format!("the button {:?} sends nothing to the bot", button.text)))
}

/// A message as it is just after it was written.
pub(crate) fn written(
    message_id: i64,
    chat_id: i64,
    from: Author,
    content: Content,
    text: String,
    now_ms: i64,
) -> Message {
    let entities = links::find(&text);
    Message {
        message_id,
        chat_id,
        from,
        html: html::render(&text, &entities),
        text,
        entities,
        content,
        keyboard: Vec::new(),
        carried_reply_markup: false,
        reply_to: None,
        silent: false,
        sent_at_ms: now_ms,
        edited_at_ms: None,
        edits: 0,
        history: Vec::new(),
    }
}

fn no_bot() -> Refusal {
    Refusal::NotFound("no such bot".to_owned())
}

fn no_chat() -> Refusal {
    Refusal::NotFound("no such chat".to_owned())
}
