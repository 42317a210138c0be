//! Texts and captions: markup, lengths, emptiness.

use serde_json::Value;

use super::{error::ApiError, request::Params};
use crate::{html, links, message::Entity};

/// In UTF-16 code units after the markup was parsed: <https://core.telegram.org/bots/api#sendmessage>.
const MAX_TEXT: usize = 4096;
const MAX_CAPTION: usize = 1024;

/// A text with its entities.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(crate) struct Formatted {
    pub(crate) text: String,
    pub(crate) entities: Vec<Entity>,
}

impl Formatted {
    pub(crate) fn html(&self) -> String {
        html::render(&self.text, &self.entities)
    }
}

/// `text` with `parse_mode` or `entities`.
pub(crate) fn text(params: &Params) -> Result<Formatted, ApiError> {
    let Some(source) = params.text("text").filter(|text| !text.is_empty()) else {
        return Err(ApiError::violation("message text is empty"));
    };
    let formatted = formatted(params, source, "entities")?;
    match html::utf16_len(&formatted.text) {
        0 => Err(ApiError::violation("text must be non-empty")),
        1..=MAX_TEXT => Ok(formatted),
        _ => Err(ApiError::violation("message is too long")),
    }
}

/// `caption` with `parse_mode` or `caption_entities`; empty without one.
pub(crate) fn caption(params: &Params) -> Result<Formatted, ApiError> {
    let formatted = formatted(params, params.text("caption").unwrap_or_default(), "caption_entities")?;
    if html::utf16_len(&formatted.text) > MAX_CAPTION {
        return Err(ApiError::violation("message caption is too long"));
    }
    Ok(formatted)
}

fn formatted(params: &Params, source: &str, entities: &str) -> Result<Formatted, ApiError> {
    let (text, entities) = match params.text("parse_mode") {
        Some(mode) if mode.eq_ignore_ascii_case("HTML") => {
            html::parse(source).map_err(|what| ApiError::violation(&format!("can't parse entities: {what}")))?
        }
        Some(mode) if !mode.is_empty() => {
            return Err(ApiError::violation(&format!(
                "unsupported parse_mode \"{mode}\": the programs use HTML alone"
            )));
        }
        _ => (source.to_owned(), given(params.value(entities))?),
    };
    let (text, entities) = trimmed(&text, entities);
    Ok(Formatted { entities: links::add(&text, entities), text })
}

fn given(entities: Option<&Value>) -> Result<Vec<Entity>, ApiError> {
    let Some(entities) = entities else { return Ok(Vec::new()) };
    serde_json::from_value(entities.clone())
        .map_err(|error| ApiError::violation(&format!("can't parse MessageEntity: {error}")))
}

/// Telegram takes white space off both ends.
fn trimmed(text: &str, entities: Vec<Entity>) -> (String, Vec<Entity>) {
    let kept = text.trim();
    let before = html::utf16_len(text) - html::utf16_len(text.trim_start());
    let length = html::utf16_len(kept);
    let shifted = entities.into_iter().filter_map(|entity| {
        let start = entity.offset.saturating_sub(before);
        let end = (entity.offset + entity.length).saturating_sub(before).min(length);
        (end > start).then_some(Entity { offset: start, length: end - start, ..entity })
    });
    (kept.to_owned(), shifted.collect())
}
