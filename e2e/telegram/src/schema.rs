//! The Bot API's own description of methods and types, and the check of calls against it.
//!
//! Telegram ignores parameters it does not know; the simulator does not, because they are mistakes of our programs.

use std::{collections::BTreeMap, sync::LazyLock};

use serde::Deserialize;
use serde_json::{Map, Value};

/// Made from the machine-readable Bot API by `bot-api.jq`.
const DOCUMENT: &str = include_str!("../bot-api.json");

static SCHEMA: LazyLock<Schema> = LazyLock::new(|| match serde_json::from_str(DOCUMENT) {
    Ok(schema) => schema,
    Err(error) => {
        // Embedded at build time and parsed by a test of this file.
        tracing::error!(%error, "bot-api.json does not parse");
        Schema::default()
    }
});

#[derive(Debug, Default, Deserialize)]
struct Schema {
    methods: BTreeMap<String, Fields>,
    types: BTreeMap<String, Fields>,
    unions: BTreeMap<String, Vec<String>>,
}

type Fields = BTreeMap<String, Field>;

#[derive(Debug, Deserialize)]
struct Field {
    types: Vec<String>,
    required: bool,
    #[serde(default)]
    constraints: Constraints,
}

#[derive(Debug, Default, Deserialize)]
struct Constraints {
    min: Option<i64>,
    max: Option<i64>,
    min_length: Option<usize>,
    max_length: Option<usize>,
    max_items: Option<usize>,
    /// The length is checked by the method itself, after its entities were parsed.
    #[serde(default)]
    after_entities_parsing: bool,
}

/// A method's name as Telegram spells it; names are taken in any case.
pub(crate) fn method_name(name: &str) -> Option<&'static str> {
    SCHEMA.methods.keys().find(|known| known.eq_ignore_ascii_case(name)).map(String::as_str)
}

/// Brings the parameters of a known method into their types and gives every mistake. `uploads` are files sent under a
/// parameter's own name.
pub(crate) fn check(method: &str, params: &mut Map<String, Value>, uploads: &[&str]) -> Vec<String> {
    let Some(fields) = SCHEMA.methods.get(method) else {
        return vec![format!("the method {method} is unknown")];
    };
    let mut mistakes = Vec::new();
    for upload in uploads.iter().filter(|name| fields.get(**name).is_some_and(|field| field.types[0] == "InputFile")) {
        params.entry(*upload).or_insert_with(|| Value::String(format!("attach://{upload}")));
    }
    check_fields(fields, params, method, &mut mistakes);
    mistakes
}

fn check_fields(fields: &Fields, values: &mut Map<String, Value>, owner: &str, mistakes: &mut Vec<String>) {
    for (name, value) in values.iter_mut() {
        let Some(field) = fields.get(name) else {
            mistakes.push(format!("{owner} has no parameter \"{name}\""));
            continue;
        };
        match convert(value, &field.types) {
            Ok(converted) => {
                mistakes.extend(
                    broken_constraint(&field.constraints, &converted)
                        .map(|what| format!("\"{name}\" of {owner} {what}")),
                );
                *value = converted;
            }
            Err(mistake) => mistakes.push(format!("\"{name}\" of {owner} {mistake}")),
        }
    }
    let missing = fields.iter().filter(|(name, field)| field.required && !values.contains_key(*name));
    mistakes.extend(missing.map(|(name, _)| format!("{owner} lacks \"{name}\"")));
}

/// The value in the first of the types that it fits.
fn convert(value: &Value, types: &[String]) -> Result<Value, String> {
    if value.is_null() {
        return Err("is null: leave it out".to_owned());
    }
    let mut reason = None;
    for kind in types {
        match convert_to(value.clone(), kind) {
            Ok(converted) => return Ok(converted),
            Err(mistake) => reason = reason.or(mistake),
        }
    }
    Err(reason.unwrap_or_else(|| format!("is not of type {}", types.join(" or "))))
}

/// `Err(None)` when the value has another shape altogether.
fn convert_to(value: Value, kind: &str) -> Result<Value, Option<String>> {
    match (kind, value) {
        ("Integer", Value::Number(number)) if number.is_i64() => Ok(Value::Number(number)),
        ("Integer", Value::String(text)) => text.parse::<i64>().map(Value::from).map_err(|_| None),
        ("Float", Value::Number(number)) => Ok(Value::Number(number)),
        ("Float", Value::String(text)) => text.parse::<f64>().map(Value::from).map_err(|_| None),
        ("Boolean" | "True", Value::Bool(flag)) => Ok(Value::Bool(flag)),
        ("Boolean" | "True", Value::String(text)) => match text.to_ascii_lowercase().as_str() {
            "true" | "1" | "yes" => Ok(Value::Bool(true)),
            "false" | "0" | "no" => Ok(Value::Bool(false)),
            _ => Err(None),
        },
        ("String" | "InputFile", Value::String(text)) => Ok(Value::String(text)),
        ("String" | "InputFile" | "Integer" | "Float" | "Boolean" | "True", _) => Err(None),
        // A button of a reply keyboard may be its text alone.
        ("KeyboardButton", Value::String(text)) => Ok(serde_json::json!({ "text": text })),
        (kind, Value::String(text)) => match serde_json::from_str(&text) {
            Ok(parsed @ (Value::Array(_) | Value::Object(_))) => convert_to(parsed, kind),
            _ => Err(None),
        },
        (kind, Value::Array(items)) => {
            let item_kind = kind.strip_prefix("Array of ").ok_or(None)?;
            items
                .into_iter()
                .map(|item| convert(&item, &[item_kind.to_owned()]))
                .collect::<Result<_, _>>()
                .map(Value::Array)
                .map_err(Some)
        }
        (kind, Value::Object(fields)) if !kind.starts_with("Array of ") => {
            convert_object(fields, kind).map(Value::Object).map_err(Some)
        }
        _ => Err(None),
    }
}

fn convert_object(fields: Map<String, Value>, kind: &str) -> Result<Map<String, Value>, String> {
    if let Some(members) = SCHEMA.unions.get(kind) {
        let attempts: Vec<_> = members.iter().map(|member| convert_object(fields.clone(), member)).collect();
        let fitting = attempts.iter().position(Result::is_ok).unwrap_or(0);
        return attempts.into_iter().nth(fitting).unwrap_or(Ok(fields));
    }
    let Some(described) = SCHEMA.types.get(kind) else {
        return Ok(fields); // Not used by our programs, hence not described here.
    };
    let mut fields = fields;
    let mut mistakes = Vec::new();
    check_fields(described, &mut fields, kind, &mut mistakes);
    match mistakes.into_iter().next() {
        Some(mistake) => Err(format!("is no {kind}: {mistake}")),
        None => Ok(fields),
    }
}

fn broken_constraint(constraints: &Constraints, value: &Value) -> Option<String> {
    match value {
        Value::Number(number) => {
            let number = number.as_i64()?;
            let (min, max) = (constraints.min.unwrap_or(i64::MIN), constraints.max.unwrap_or(i64::MAX));
            (!(min..=max).contains(&number)).then(|| format!("is {number}, outside {min} to {max}"))
        }
        Value::String(text) if !constraints.after_entities_parsing => {
            let length = text.chars().count();
            let (min, max) = (constraints.min_length.unwrap_or(0), constraints.max_length.unwrap_or(usize::MAX));
            (!(min..=max).contains(&length)).then(|| format!("has {length} characters, outside {min} to {max}"))
        }
        Value::Array(items) => {
            let max = constraints.max_items?;
            (items.len() > max).then(|| format!("has {} items, more than {max}", items.len()))
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn mistakes(method: &str, params: Value) -> Vec<String> {
        let Value::Object(mut params) = params else { panic!("parameters are an object") };
        check(method, &mut params, &[])
    }

    #[test]
    fn the_reduced_description_has_every_method_that_is_answered() {
        assert_eq!(SCHEMA.methods.len(), 27);
        assert_eq!(method_name("SENDMESSAGE"), Some("sendMessage"));
        assert_eq!(method_name("sendAudio"), None);
    }

    #[test]
    fn an_unknown_parameter_is_a_mistake() {
        let found = mistakes("sendMessage", json!({"chat_id": 1, "text": "x", "parse": "HTML"}));
        assert_eq!(found, ["sendMessage has no parameter \"parse\""]);
    }

    #[test]
    fn a_missing_parameter_is_a_mistake() {
        assert_eq!(mistakes("sendMessage", json!({"chat_id": 1})), ["sendMessage lacks \"text\""]);
    }

    #[test]
    fn a_null_is_a_mistake() {
        let found = mistakes("sendMessage", json!({"chat_id": 1, "text": "x", "parse_mode": null}));
        assert_eq!(found, ["\"parse_mode\" of sendMessage is null: leave it out"]);
    }

    #[test]
    fn mistakes_deep_in_a_keyboard_are_found() {
        let keyboard = json!({"inline_keyboard": [[{"text": "Done", "callback": "d"}]]});
        let found = mistakes("sendMessage", json!({"chat_id": 1, "text": "x", "reply_markup": keyboard}));
        assert!(found[0].contains("InlineKeyboardButton has no parameter \"callback\""), "{found:?}");
    }

    #[test]
    fn values_of_a_form_are_brought_into_their_types() {
        let Value::Object(mut params) = json!({"chat_id": "7", "text": "5", "disable_notification": "true",
            "reply_markup": "{\"keyboard\": [[\"Today\"]]}"})
        else {
            unreachable!()
        };
        assert_eq!(check("sendMessage", &mut params, &[]), Vec::<String>::new());
        assert_eq!(
            Value::Object(params),
            json!({"chat_id": 7, "text": "5", "disable_notification": true,
            "reply_markup": {"keyboard": [[{"text": "Today"}]]}})
        );
    }
}
