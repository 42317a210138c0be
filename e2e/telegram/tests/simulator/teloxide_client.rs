//! The client library that the programs use understands every reply.

use std::time::Duration;

use telegram_simulator::{SAMPLE_TOKEN, Sending};
use teloxide::{
    ApiError, Bot, RequestError,
    net::Download as _,
    payloads::{
        AnswerCallbackQuerySetters as _, EditMessageTextSetters as _, GetMyCommandsSetters as _,
        GetUpdatesSetters as _, SendMessageSetters as _, SendPhotoSetters as _, SetMyCommandsSetters as _,
        SetMyDescriptionSetters as _,
    },
    requests::Requester as _,
    types::{
        AllowedUpdate, BotCommand, BotCommandScope, ButtonRequest, ChatAction, ChatId, InlineKeyboardButton,
        InlineKeyboardMarkup, InputFile, KeyboardButton, KeyboardMarkup, MessageId, ParseMode, ReplyMarkup, UpdateKind,
    },
};

use crate::telegram::{ANNA, Telegram};

const CHAT: ChatId = ChatId(ANNA);
const PICTURE: &[u8] = include_bytes!("../../src/page/sample.png");

fn bot(telegram: &Telegram) -> Bot {
    Bot::new(SAMPLE_TOKEN).set_api_url(telegram.simulator.url().parse().unwrap())
}

fn done_button() -> InlineKeyboardMarkup {
    InlineKeyboardMarkup::new([[InlineKeyboardButton::callback("Done", "d:1")]])
}

#[tokio::test]
async fn me_and_chats_are_understood() {
    let telegram = Telegram::started().await;
    let bot = bot(&telegram);
    assert_eq!(bot.get_me().await.unwrap().username(), "habit_tracker_7000001_bot");
    assert_eq!(bot.get_chat(CHAT).await.unwrap().first_name(), Some("Anna"));
    let group = telegram.control.create_group("Runners", &[ANNA]).await.unwrap();
    assert_eq!(bot.get_chat(ChatId(group)).await.unwrap().title(), Some("Runners"));
    let supergroup = telegram.control.migrate_group(group).await.unwrap();
    let error = bot.send_message(ChatId(group), "x").await.unwrap_err();
    assert!(matches!(error, RequestError::MigrateToChatId(id) if id == ChatId(supergroup)), "{error:?}");
    assert_eq!(bot.get_chat(ChatId(supergroup)).await.unwrap().title(), Some("Runners"));
}

#[tokio::test]
async fn messages_with_every_kind_of_keyboard_are_understood() {
    let telegram = Telegram::started().await;
    let bot = bot(&telegram);
    let message = bot
        .send_message(CHAT, "<b>Read</b> &lt;3")
        .parse_mode(ParseMode::Html)
        .reply_markup(done_button())
        .await
        .unwrap();
    assert_eq!(message.text(), Some("Read <3"));
    assert_eq!(message.reply_markup().unwrap().inline_keyboard[0][0].text, "Done");

    let location = KeyboardButton::new("Where I am").request(ButtonRequest::Location);
    let keyboard = KeyboardMarkup::new([[location]]).resize_keyboard();
    bot.send_message(CHAT, "Menu").reply_markup(keyboard).disable_notification(true).await.unwrap();
    bot.send_message(CHAT, "Gone").reply_markup(ReplyMarkup::kb_remove()).await.unwrap();
    bot.send_chat_action(CHAT, ChatAction::Typing).await.unwrap();

    let edited = bot.edit_message_text(CHAT, message.id, "Read").reply_markup(done_button()).await.unwrap();
    assert!(edited.edit_date().is_some());
    bot.edit_message_reply_markup(CHAT, message.id).await.unwrap();
    bot.delete_message(CHAT, message.id).await.unwrap();
    assert!(telegram.control.violations().await.unwrap().is_empty());
}

#[tokio::test]
async fn photos_and_documents_are_understood_and_can_be_fetched() {
    let telegram = Telegram::started().await;
    let bot = bot(&telegram);
    let photo =
        bot.send_photo(CHAT, InputFile::memory(PICTURE).file_name("year.png")).caption("Your year").await.unwrap();
    assert_eq!((photo.caption(), photo.photo().unwrap()[0].width), (Some("Your year"), 480));
    let again = InputFile::file_id(photo.photo().unwrap()[0].file.id.clone());
    bot.send_photo(CHAT, again).await.unwrap();
    let document = bot.send_document(CHAT, InputFile::memory("a,b\n").file_name("habits.csv")).await.unwrap();
    let document = document.document().unwrap();
    assert_eq!(document.file_name.as_deref(), Some("habits.csv"));

    let file = bot.get_file(document.file.id.clone()).await.unwrap();
    let mut bytes = Vec::new();
    bot.download_file(&file.path, &mut bytes).await.unwrap();
    assert_eq!(bytes, b"a,b\n");
}

#[tokio::test]
async fn updates_of_every_kind_are_understood() {
    let telegram = Telegram::started().await;
    let bot = bot(&telegram);
    let message = bot.send_message(CHAT, "Read?").reply_markup(done_button()).await.unwrap();
    let pressed = telegram.control.press_text(ANNA, i64::from(message.id.0), "Done").await.unwrap();
    for sending in [
        Sending::Location { latitude: 27.7, longitude: 85.3 },
        Sending::Photo { caption: String::new() },
        Sending::Sticker { emoji: "👍".to_owned() },
        Sending::Voice { duration_s: 3 },
    ] {
        telegram.control.send(ANNA, &sending).await.unwrap();
    }
    let group = telegram.control.create_group("Runners", &[ANNA]).await.unwrap();
    telegram.control.migrate_group(group).await.unwrap();
    telegram.control.block(ANNA).await.unwrap();
    telegram.control.unblock(ANNA).await.unwrap();

    let updates = bot
        .get_updates()
        .allowed_updates([AllowedUpdate::Message, AllowedUpdate::CallbackQuery])
        .timeout(1)
        .await
        .unwrap();
    let unknown: Vec<_> = updates.iter().filter(|update| matches!(update.kind, UpdateKind::Error(_))).collect();
    assert!(unknown.is_empty(), "{unknown:?}");
    assert_eq!(updates.len(), 10);
    let query = updates
        .iter()
        .find_map(|update| if let UpdateKind::CallbackQuery(query) = &update.kind { Some(query) } else { None })
        .unwrap();
    assert_eq!(
        (query.data.as_deref(), query.regular_message().map(|message| message.id)),
        (Some("d:1"), Some(message.id))
    );
    bot.answer_callback_query(query.id.clone()).text("12 days").await.unwrap();
    let answer = telegram.control.answer(&pressed, Duration::from_secs(5)).await.unwrap();
    assert_eq!(answer.text.as_deref(), Some("12 days"));
}

#[tokio::test]
async fn commands_and_descriptions_are_understood() {
    let telegram = Telegram::started().await;
    let bot = bot(&telegram);
    let commands = vec![BotCommand::new("today", "что сегодня")];
    bot.set_my_commands(commands.clone()).scope(BotCommandScope::AllPrivateChats).language_code("ru").await.unwrap();
    let read = bot.get_my_commands().scope(BotCommandScope::AllPrivateChats).language_code("ru").await.unwrap();
    assert_eq!(read, commands);
    bot.delete_my_commands().await.unwrap();
    bot.set_my_description().description("Habits").await.unwrap();
    assert_eq!(bot.get_my_description().await.unwrap().description, "Habits");
    assert_eq!(bot.get_my_short_description().await.unwrap().short_description, "");
    bot.set_chat_menu_button().await.unwrap();
    bot.get_chat_menu_button().await.unwrap();
}

#[tokio::test]
async fn webhooks_are_understood() {
    let telegram = Telegram::started().await;
    let bot = bot(&telegram);
    bot.set_webhook("http://127.0.0.1:9/hook".parse().unwrap()).await.unwrap();
    assert_eq!(bot.get_webhook_info().await.unwrap().url.unwrap().path(), "/hook");
    bot.delete_webhook().await.unwrap();
    assert_eq!(bot.get_webhook_info().await.unwrap().url, None);
}

#[tokio::test]
async fn refusals_are_recognized() {
    let telegram = Telegram::started().await;
    let bot = bot(&telegram);
    let api_error = |error: RequestError| match error {
        RequestError::Api(error) => error,
        other => panic!("{other:?}"),
    };
    let message = bot.send_message(CHAT, "x").await.unwrap();
    assert_eq!(
        api_error(bot.edit_message_text(CHAT, message.id, "x").await.unwrap_err()),
        ApiError::MessageNotModified
    );
    assert_eq!(
        api_error(bot.edit_message_text(CHAT, MessageId(999), "x").await.unwrap_err()),
        ApiError::MessageToEditNotFound
    );
    assert_eq!(api_error(bot.send_message(ChatId(5), "x").await.unwrap_err()), ApiError::ChatNotFound);
    let parse = bot.send_message(CHAT, "<3>").parse_mode(ParseMode::Html).await.unwrap_err();
    assert!(matches!(api_error(parse), ApiError::CantParseEntities(_)));
    telegram.control.block(ANNA).await.unwrap();
    assert_eq!(api_error(bot.send_message(CHAT, "x").await.unwrap_err()), ApiError::BotBlocked);
    telegram.control.deactivate(ANNA).await.unwrap();
    assert_eq!(api_error(bot.send_message(CHAT, "x").await.unwrap_err()), ApiError::UserDeactivated);
    let stranger =
        Bot::new("5:AAE-another_telegram_bot_token_0001").set_api_url(telegram.simulator.url().parse().unwrap());
    assert_eq!(api_error(stranger.get_me().await.unwrap_err()), ApiError::InvalidToken);
}
