//! Keyboards: <https://core.telegram.org/bots/api#inlinekeyboardmarkup>, <https://core.telegram.org/bots/api#replykeyboardmarkup>.

use serde_json::Value;

use super::{error::ApiError, request::Params};
use crate::message::{Button, ReplyKeyboard};

const MAX_BUTTONS: usize = 100;
const MAX_BUTTONS_IN_ROW: usize = 8;
const MAX_CALLBACK_DATA_BYTES: usize = 64;

/// `reply_markup` of a call.
#[derive(Debug, Clone, PartialEq, Default)]
pub(crate) enum ReplyMarkup {
    #[default]
    Absent,
    Inline(Vec<Vec<Button>>),
    Reply(ReplyKeyboard),
    Remove,
    ForceReply,
}

/// Reads and checks `reply_markup`.
pub(crate) fn reply_markup(params: &Params) -> Result<ReplyMarkup, ApiError> {
    let Some(markup) = params.value("reply_markup") else {
        return Ok(ReplyMarkup::Absent);
    };
    if let Some(rows) = markup.get("inline_keyboard") {
        let rows: Vec<Vec<Button>> = parse(rows, "InlineKeyboardMarkup")?;
        check_size(&rows)?;
        rows.iter().flatten().try_for_each(check_inline)?;
        return Ok(ReplyMarkup::Inline(rows.into_iter().filter(|row| !row.is_empty()).collect()));
    }
    if markup.get("keyboard").is_some() {
        let keyboard: ReplyKeyboard = parse(markup, "ReplyKeyboardMarkup")?;
        check_size(&keyboard.keyboard)?;
        if keyboard.keyboard.iter().flatten().any(|button| button.text.is_empty()) {
            return Err(ApiError::violation("can't parse keyboard button: text must be non-empty"));
        }
        return Ok(ReplyMarkup::Reply(keyboard));
    }
    if markup.get("remove_keyboard").is_some() {
        return Ok(ReplyMarkup::Remove);
    }
    Ok(ReplyMarkup::ForceReply)
}

fn parse<T: serde::de::DeserializeOwned>(value: &Value, what: &str) -> Result<T, ApiError> {
    serde_json::from_value(value.clone()).map_err(|error| ApiError::violation(&format!("can't parse {what}: {error}")))
}

fn check_size<T>(rows: &[Vec<T>]) -> Result<(), ApiError> {
    if rows.iter().map(Vec::len).sum::<usize>() > MAX_BUTTONS {
        return Err(ApiError::bad_request("REPLY_MARKUP_TOO_LONG")
            .violating(format!("a keyboard has over {MAX_BUTTONS} buttons")));
    }
    if rows.iter().any(|row| row.len() > MAX_BUTTONS_IN_ROW) {
        let what = format!("a row of a keyboard has over {MAX_BUTTONS_IN_ROW} buttons");
        return Err(ApiError::bad_request("REPLY_MARKUP_TOO_LONG").violating(what));
    }
    Ok(())
}

fn check_inline(button: &Button) -> Result<(), ApiError> {
    if button.text.trim().is_empty() {
        return Err(ApiError::violation("can't parse inline keyboard button: text must be non-empty"));
    }
    let actions = usize::from(button.callback_data.is_some())
        + usize::from(button.url.is_some())
        + button.other.keys().filter(|key| !["icon_custom_emoji_id", "style"].contains(&key.as_str())).count();
    match actions {
        0 => {
            return Err(ApiError::violation(
                "can't parse inline keyboard button: Text buttons are unallowed in the inline keyboard",
            ));
        }
        1 => {}
        _ => {
            return Err(ApiError::violation(
                "can't parse inline keyboard button: exactly one of its optional fields must be used",
            ));
        }
    }
    if let Some(data) = &button.callback_data
        && !(1..=MAX_CALLBACK_DATA_BYTES).contains(&data.len())
    {
        let what = format!("callback_data of the button {:?} has {} bytes", button.text, data.len());
        return Err(ApiError::bad_request("BUTTON_DATA_INVALID").violating(what));
    }
    button.url.as_deref().map_or(Ok(()), check_url)
}

/// Telegram takes web addresses with a dot in the host, and its own `tg://` ones.
fn check_url(address: &str) -> Result<(), ApiError> {
    let allowed = url::Url::parse(address).is_ok_and(|url| match url.scheme() {
        "http" | "https" => url.host_str().is_some_and(|host| host.contains('.')),
        scheme => scheme == "tg",
    });
    if allowed {
        return Ok(());
    }
    Err(ApiError::violation(&format!("inline keyboard button URL '{address}' is invalid: Wrong HTTP URL")))
}
