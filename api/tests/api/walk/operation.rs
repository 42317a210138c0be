//! The operations of the OpenAPI document, and what each takes.

use serde_json::{Value, json};

/// Whoever has an invite's code may see it: it is a key, and names nothing that has to be one's own.
pub(crate) const CAPABILITIES: [&str; 1] = ["code"];

/// Whole numbers of the query that name nothing: `before` says where a page begins, and looks for nothing there.
const NUMBERS: [&str; 4] = ["skip", "limit", "before", "executions"];

/// Ids that Telegram gives: they name nothing of anybody's here.
const TELEGRAMS: [&str; 1] = ["message_id"];

/// What the document wants of the caller.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Access {
    Anybody,
    Bot,
    /// The person, by any token of his.
    Token,
    /// The person himself.
    Session,
}

/// One operation of the document.
#[derive(Debug)]
pub(crate) struct Operation {
    pub(crate) method: String,
    pub(crate) path: String,
    pub(crate) access: Access,
    /// Parameters that it needs, or that may name a thing: name and place.
    pub(crate) parameters: Vec<(String, String)>,
    pub(crate) body: Option<Value>,
    /// The fields of its body that name things.
    pub(crate) body_ids: Vec<String>,
    /// Whether its reply can be asked for with `If-None-Match`.
    pub(crate) is_conditional: bool,
}

impl Operation {
    pub(crate) fn names_a_thing_in_its_path(&self) -> bool {
        self.parameters.iter().any(|(name, place)| place == "path" && !CAPABILITIES.contains(&name.as_str()))
    }

    /// Whether it names something of the owner's anywhere.
    pub(crate) fn names_a_thing(&self) -> bool {
        !self.ids().is_empty()
    }

    /// All that it names, wherever it names it.
    pub(crate) fn ids(&self) -> Vec<&str> {
        let parameters = self.parameters.iter().map(|(name, _)| name.as_str());
        let parameters = parameters.filter(|name| !CAPABILITIES.contains(name));
        parameters.chain(self.body_ids.iter().map(String::as_str)).collect()
    }

    pub(crate) fn reads(&self) -> bool {
        self.method == "get"
    }
}

pub(crate) fn operations(document: &Value) -> Vec<Operation> {
    let mut operations = Vec::new();
    for (path, item) in document["paths"].as_object().unwrap() {
        for (method, operation) in item.as_object().unwrap() {
            operations.push(Operation {
                method: method.clone(),
                path: path.clone(),
                access: access(operation),
                parameters: parameters(operation),
                body: body(document, operation),
                body_ids: body_ids(document, operation),
                is_conditional: operation["responses"].get("304").is_some(),
            });
        }
    }
    operations
}

fn access(operation: &Value) -> Access {
    match operation["security"].get(0).and_then(Value::as_object).and_then(|scheme| scheme.keys().next()) {
        None => Access::Anybody,
        Some(scheme) => match scheme.as_str() {
            "bot_key" => Access::Bot,
            "token" => Access::Token,
            "session" => Access::Session,
            other => panic!("say here what the scheme {other} lets in"),
        },
    }
}

fn parameters(operation: &Value) -> Vec<(String, String)> {
    let all = operation["parameters"].as_array().into_iter().flatten();
    let is_number = |parameter: &Value| parameter["in"] == "query" && parameter["schema"]["format"] == "int64";
    let names = |parameter: &Value| is_number(parameter) && !NUMBERS.iter().any(|name| parameter["name"] == *name);
    let asked = all.filter(|parameter| parameter["required"] == true || names(parameter));
    asked.map(|parameter| (text(&parameter["name"]), text(&parameter["in"]))).collect()
}

fn text(value: &Value) -> String {
    value.as_str().unwrap().to_owned()
}

/// A body with all fields that the schema needs, and `null` for things to be named: see `World::filled`.
fn body(document: &Value, operation: &Value) -> Option<Value> {
    let media = operation["requestBody"]["content"].get("application/json")?;
    let mut body = media.get("example").cloned().unwrap_or_else(|| example(document, &media["schema"]));
    for id in body_ids(document, operation) {
        body.as_object_mut().unwrap().entry(id).or_insert(Value::Null);
    }
    Some(body)
}

/// The fields called `…_id` of its body.
fn body_ids(document: &Value, operation: &Value) -> Vec<String> {
    let mut ids = Vec::new();
    let mut schemas = vec![(0, &operation["requestBody"]["content"]["application/json"]["schema"])];
    while let Some((depth, schema)) = schemas.pop() {
        if let Some(reference) = schema["$ref"].as_str() {
            schemas.push((depth, document.pointer(reference.trim_start_matches('#')).unwrap()));
        }
        let choices = ["oneOf", "anyOf", "allOf"].iter().filter_map(|choice| schema[choice].as_array()).flatten();
        schemas.extend(choices.map(|choice| (depth, choice)));
        schemas.extend(schema.get("items").map(|items| (depth + 1, items)));
        for (name, field) in schema["properties"].as_object().into_iter().flatten() {
            schemas.push((depth + 1, field));
            if (name.ends_with("_id") || name.ends_with("_ids")) && !TELEGRAMS.contains(&name.as_str()) {
                assert!(depth == 0 && name.ends_with("_id"), "teach World::filled to find {name}");
                ids.push(name.clone());
            }
        }
    }
    ids
}

fn example(document: &Value, schema: &Value) -> Value {
    if let Some(reference) = schema["$ref"].as_str() {
        return example(document, document.pointer(reference.trim_start_matches('#')).unwrap());
    }
    if let Some(value) = schema.get("example").or_else(|| schema["enum"].get(0)).or_else(|| schema.get("const")) {
        return value.clone();
    }
    for choice in ["oneOf", "anyOf", "allOf"] {
        let is_null = |schema: &&Value| schema["type"] == "null";
        if let Some(first) = schema[choice].as_array().and_then(|all| all.iter().find(|one| !is_null(one))) {
            return example(document, first);
        }
    }
    let kind = schema["type"].as_str().or_else(|| schema["type"].get(0).and_then(Value::as_str));
    match (kind, schema["format"].as_str()) {
        (Some("object"), _) => object(document, schema),
        (Some("array"), _) => json!([example(document, &schema["items"])]),
        (Some("integer" | "number"), _) => schema.get("minimum").cloned().unwrap_or(json!(1)),
        (Some("boolean"), _) => json!(true),
        (_, Some("time")) => json!("21:00:00"),
        (_, Some("date")) => json!("2026-11-22"),
        (_, Some("date-time")) => json!("2027-01-01T00:00:00Z"),
        (_, Some("uri")) => json!("https://example.com/hook"),
        _ => json!("a"),
    }
}

fn object(document: &Value, schema: &Value) -> Value {
    let needed: Vec<_> = schema["required"].as_array().into_iter().flatten().map(text).collect();
    let fields = schema["properties"].as_object().into_iter().flatten();
    let fields = fields.filter_map(|(name, field)| {
        if needed.contains(name) {
            return Some((name.clone(), example(document, field)));
        }
        // Where no single field is needed one of some is: a choice among words is good by itself.
        if needed.is_empty() && is_choice(document, field) {
            return Some((name.clone(), example(document, field)));
        }
        None
    });
    Value::Object(fields.collect())
}

fn is_choice(document: &Value, field: &Value) -> bool {
    let reference = field["oneOf"].get(0).unwrap_or(field)["$ref"].as_str();
    let named = reference.and_then(|reference| document.pointer(reference.trim_start_matches('#')));
    named.unwrap_or(field).get("enum").is_some()
}
