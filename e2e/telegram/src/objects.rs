//! Telegram's objects as bots get them: <https://core.telegram.org/bots/api#available-types>.

use serde_json::{Map, Value, json};

use crate::{
    bot::{Bot, ProfileField},
    chat::{Chat, ChatKind},
    message::{Author, Content, Message},
    person::Person,
    world::World,
};

pub(crate) fn user(person: &Person) -> Value {
    let mut user = json!({ "id": person.id, "is_bot": false, "first_name": person.first_name });
    put(&mut user, "last_name", person.last_name.as_ref());
    put(&mut user, "username", person.username.as_ref());
    put(&mut user, "language_code", person.language_code.as_ref());
    user
}

pub(crate) fn bot_user(bot: &Bot) -> Value {
    json!({ "id": bot.id, "is_bot": true, "first_name": bot.profile(ProfileField::Name, ""), "username": bot.username })
}

pub(crate) fn chat(world: &World, chat: &Chat) -> Value {
    match &chat.kind {
        ChatKind::Private => {
            let mut object = json!({ "id": chat.id, "type": "private" });
            if let Some(person) = world.people.get(&chat.id) {
                put(&mut object, "first_name", Some(&person.first_name));
                put(&mut object, "last_name", person.last_name.as_ref());
                put(&mut object, "username", person.username.as_ref());
            }
            object
        }
        ChatKind::Group { title, .. } => {
            json!({ "id": chat.id, "type": "group", "title": title, "all_members_are_administrators": true })
        }
        ChatKind::Supergroup { title, .. } => json!({ "id": chat.id, "type": "supergroup", "title": title }),
    }
}

pub(crate) fn message(world: &World, bot: &Bot, in_chat: &Chat, message: &Message) -> Value {
    let mut object = json!({
        "message_id": message.message_id,
        "date": message.sent_at_ms / 1_000,
        "chat": chat(world, in_chat),
        "from": author(world, bot, message.from),
    });
    put(&mut object, "edit_date", message.edited_at_ms.map(|ms| ms / 1_000));
    put_content(&mut object, bot, message);
    if !message.keyboard.is_empty() {
        put(&mut object, "reply_markup", Some(json!({ "inline_keyboard": message.keyboard })));
    }
    if let Some(answered) = message.reply_to.and_then(|id| in_chat.message(id)) {
        let answered = Message { reply_to: None, ..answered.clone() };
        put(&mut object, "reply_to_message", Some(self::message(world, bot, in_chat, &answered)));
    }
    object
}

fn author(world: &World, bot: &Bot, author: Author) -> Value {
    match author {
        Author::Bot => bot_user(bot),
        Author::Person(id) => {
            world.people.get(&id).map_or_else(|| json!({ "id": id, "is_bot": false, "first_name": "" }), user)
        }
    }
}

fn put_content(object: &mut Value, bot: &Bot, message: &Message) {
    let (text, entities) = match message.content {
        Content::Text => ("text", "entities"),
        _ => ("caption", "caption_entities"),
    };
    put(object, text, Some(&message.text).filter(|text| !text.is_empty()));
    put(object, entities, Some(json!(message.entities)).filter(|_| !message.entities.is_empty()));
    let (field, value) = match &message.content {
        Content::Text => return,
        Content::Photo { file_id, width, height } => {
            let mut size = file(bot, file_id);
            put(&mut size, "width", Some(*width));
            put(&mut size, "height", Some(*height));
            ("photo", json!([size]))
        }
        Content::Document { file_id, file_name, mime_type } => {
            let mut document = file(bot, file_id);
            put(&mut document, "file_name", Some(file_name));
            put(&mut document, "mime_type", Some(mime_type));
            ("document", document)
        }
        Content::Sticker { emoji } => ("sticker", sticker(emoji)),
        Content::Voice { duration_s } => (
            "voice",
            json!({ "file_id": "voice", "file_unique_id": "voice", "duration": duration_s, "mime_type": "audio/ogg", "file_size": 1_024 }),
        ),
        Content::Location { latitude, longitude } => {
            ("location", json!({ "latitude": latitude, "longitude": longitude }))
        }
        Content::MigratedTo { chat_id } => ("migrate_to_chat_id", json!(chat_id)),
        Content::MigratedFrom { chat_id } => ("migrate_from_chat_id", json!(chat_id)),
    };
    put(object, field, Some(value));
}

fn sticker(emoji: &str) -> Value {
    json!({
        "file_id": "sticker", "file_unique_id": "sticker", "type": "regular", "width": 512, "height": 512,
        "is_animated": false, "is_video": false, "emoji": emoji, "file_size": 1_024,
    })
}

/// Id and size of a file; its path is where `/file/bot<token>/<path>` has it.
pub(crate) fn file(bot: &Bot, file_id: &str) -> Value {
    let bytes = bot.files.get(file_id).map_or(0, |file| file.bytes.len());
    json!({ "file_id": file_id, "file_unique_id": format!("unique-{file_id}"), "file_size": bytes })
}

/// `ChatFullInfo` of `getChat`.
pub(crate) fn full_chat(world: &World, in_chat: &Chat) -> Value {
    let mut object = chat(world, in_chat);
    put(&mut object, "accent_color_id", Some(0));
    put(&mut object, "max_reaction_count", Some(11));
    let gifts = json!({
        "unlimited_gifts": true, "limited_gifts": true, "unique_gifts": true, "premium_subscription": true, "gifts_from_channels": true,
    });
    put(&mut object, "accepted_gift_types", Some(gifts));
    object
}

/// Sets a field unless there is nothing to set: Telegram leaves out what is absent.
pub(crate) fn put(object: &mut Value, field: &str, value: Option<impl serde::Serialize>) {
    if let (Some(value), Some(fields)) = (value, object.as_object_mut()) {
        fields.insert(field.to_owned(), json!(value));
    }
}

/// An update's `my_chat_member` when a person blocks or unblocks the bot.
pub(crate) fn my_chat_member(
    world: &World,
    bot: &Bot,
    in_chat: &Chat,
    person: &Person,
    blocked: bool,
    now_ms: i64,
) -> Value {
    let member = |kicked: bool| {
        let mut member = Map::from_iter([("user".to_owned(), bot_user(bot))]);
        member.insert("status".to_owned(), json!(if kicked { "kicked" } else { "member" }));
        if kicked {
            member.insert("until_date".to_owned(), json!(0));
        }
        member
    };
    json!({
        "chat": chat(world, in_chat),
        "from": user(person),
        "date": now_ms / 1_000,
        "old_chat_member": member(!blocked),
        "new_chat_member": member(blocked),
    })
}
