//! Every bound that the OpenAPI document tells of a field or of a parameter: what lies on it is taken, what lies beyond
//! it is refused with its place, and nothing of it is written. A new field is checked by itself.

use axum::http::Method;
use serde_json::{Value, json};
use sqlx::PgPool;

use super::{INVALID, Refused, written};

/// One field somewhere in a body, and its schema.
struct Field {
    /// From the top of the body.
    path: Vec<String>,
    schema: Value,
}

/// Values of a field that its schema allows, at its ends, and others just beyond them.
#[derive(Debug, Default)]
struct Ends {
    good: Vec<Value>,
    bad: Vec<Value>,
}

fn document() -> Value {
    serde_json::to_value(api::openapi()).unwrap()
}

/// Every operation of a person that takes JSON, with the body that the document shows for it.
pub(super) fn bodies(refused: &Refused) -> Vec<(Method, String, Value)> {
    let document = document();
    operations(&document, refused).into_iter().map(|(method, path, _, body)| (method, path, body)).collect()
}

fn operations<'a>(document: &'a Value, refused: &Refused) -> Vec<(Method, String, &'a Value, Value)> {
    let mut found = Vec::new();
    for (path, item) in document["paths"].as_object().unwrap() {
        for (method, operation) in item.as_object().unwrap() {
            let media = &operation["requestBody"]["content"]["application/json"];
            let schema = resolved(document, &media["schema"]);
            let example = media.get("example").or_else(|| schema.get("example"));
            // The archive of an import may be larger, and is held to its bounds by its own tests.
            if operation["security"][0]["bot_key"].is_array() || path.ends_with("/import") || media.is_null() {
                continue;
            }
            let habit = refused.habit.rsplit('/').next().unwrap();
            let path = path.trim_start_matches("/api/v1").replace("{habit_id}", habit);
            let path = path.replace("{webhook_id}", "1").replace("{code}", &"0".repeat(32));
            found.push((method.to_uppercase().parse().unwrap(), path, schema, example.unwrap().clone()));
        }
    }
    assert!(found.len() > 8, "{} operations take JSON", found.len());
    found
}

/// The schema itself, past a reference and past a choice between it and null.
fn resolved<'a>(document: &'a Value, schema: &'a Value) -> &'a Value {
    if let Some(name) = schema["$ref"].as_str() {
        return resolved(document, document.pointer(name.trim_start_matches('#')).unwrap());
    }
    match schema["oneOf"].as_array().map(Vec::as_slice) {
        Some([one, null] | [null, one]) if null["type"] == "null" => resolved(document, one),
        _ => schema,
    }
}

/// All fields of a schema, those of a choice among several aside: their tests know which of them go together.
fn fields(document: &Value, schema: &Value, above: &[String]) -> Vec<Field> {
    let mut all = Vec::new();
    for (name, field) in schema["properties"].as_object().into_iter().flatten() {
        let schema = resolved(document, field);
        let path: Vec<_> = above.iter().cloned().chain([name.clone()]).collect();
        all.extend(fields(document, schema, &path));
        all.push(Field { path, schema: schema.clone() });
    }
    all
}

fn ends(document: &Value, schema: &Value) -> Ends {
    let mut ends = Ends::default();
    let is = |kind: &str| {
        schema["type"] == kind || schema["type"].as_array().is_some_and(|kinds| kinds.contains(&json!(kind)))
    };
    if is("string") && schema.get("pattern").is_none() {
        let (least, most) = (schema["minLength"].as_u64(), schema["maxLength"].as_u64());
        let text = |length: u64| Value::String("ж".repeat(usize::try_from(length).unwrap()));
        ends.good.extend(least.map(text).into_iter().chain(most.map(text)));
        ends.bad.extend(least.map(|least| text(least - 1)).into_iter().chain(most.map(|most| text(most + 1))));
    }
    if is("array") {
        let of = |length: u64| Value::Array((0..length).map(|n| nth(document, &schema["items"], n)).collect());
        let (least, most) = (schema["minItems"].as_u64(), schema["maxItems"].as_u64());
        ends.good.extend(least.map(of).into_iter().chain(most.map(of)));
        ends.bad.extend(least.map(|least| of(least - 1)).into_iter().chain(most.map(|most| of(most + 1))));
    }
    if is("integer") {
        let least = schema["minimum"].as_i64().or(schema["exclusiveMinimum"].as_i64().map(|above| above + 1));
        let most = schema["maximum"].as_i64();
        ends.good.extend(least.into_iter().chain(most).map(Value::from));
        ends.bad.extend(least.map(|least| json!(least - 1)).into_iter().chain(most.map(|most| json!(most + 1))));
        ends.bad.push(if schema["format"] == "int32" { json!(i64::from(i32::MAX) + 1) } else { json!(u64::MAX) });
    }
    if is("number") {
        let (least, most) = (schema["minimum"].as_f64(), schema["maximum"].as_f64());
        ends.good.extend(least.into_iter().chain(most).map(Value::from));
        ends.bad.extend(least.map(|least| json!(least - 0.001)).into_iter().chain(most.map(|most| json!(most + 1.0))));
    }
    if ["string", "integer", "number", "boolean", "array"].into_iter().any(is) {
        ends.bad.push(json!({}));
    }
    ends
}

/// One of the values of a list, each another.
fn nth(document: &Value, schema: &Value, n: u64) -> Value {
    let schema = resolved(document, schema);
    match schema["enum"].as_array() {
        Some(all) => all[usize::try_from(n).unwrap() % all.len()].clone(),
        None => json!(format!("{:02}:00:00", n + 1)),
    }
}

fn with(body: &Value, path: &[String], value: &Value) -> Value {
    let mut body = body.clone();
    let mut place = &mut body;
    for (name, above) in path.iter().zip(0..) {
        if place.is_null() && above > 0 {
            *place = whole(path);
        }
        place = &mut place[name.as_str()];
    }
    *place = value.clone();
    body
}

/// What an inner field stands in where the document shows nothing.
fn whole(path: &[String]) -> Value {
    match path[0].as_str() {
        "goal" => json!({"direction": "at_least", "amount": 20, "unit": "pages"}),
        "quiet_hours" => json!({"from": "22:00:00", "to": "08:00:00"}),
        other => panic!("say here what a good {other} is"),
    }
}

/// The id of a webhook of the person's, the first one.
async fn webhook(refused: &Refused) -> String {
    let webhook = json!({"url": "https://example.org/", "events": ["habit.deleted"]});
    refused.person().post("/webhooks", webhook).await.ok(201)["id"].to_string()
}

/// Fields of which the length is not all there is to say: no text of letters is good.
const OF_A_FORM: [&str; 2] = ["timezone", "url"];

/// What is wrong with the answers to the ends of one field.
async fn wrong_with(refused: &Refused, sent: &(Method, String, Value), field: &Field, ends: Ends) -> Vec<String> {
    let (method, path, body) = sent;
    let name = &field.path[0];
    let before = written(&refused.pool).await;
    let mut wrong = Vec::new();
    for (value, is_bad) in ends.bad.iter().map(|bad| (bad, true)).chain(ends.good.iter().map(|good| (good, false))) {
        let reply = refused.send(method.clone(), path, with(body, &field.path, value).to_string()).await;
        let detail = &reply.body["detail"];
        // An id that nothing can have names nothing.
        let is_nothing = reply.status == 404 && name.ends_with("_id");
        let is_refused = (reply.status == 422 || is_nothing) && detail["loc"][1] == *name;
        let is_right = if is_bad { is_refused && written(&refused.pool).await == before } else { !is_refused };
        if !is_right && (is_bad || !OF_A_FORM.contains(&name.as_str())) {
            let value: String = value.to_string().chars().take(80).collect();
            wrong.push(format!("{method} {path} {:?} of {value}: {} {}", field.path, reply.status, detail["loc"]));
        }
    }
    wrong
}

#[sqlx::test(migrations = "../migrations")]
async fn what_is_beyond_a_bound_of_a_field_is_refused_and_what_is_on_it_is_not(pool: PgPool) {
    let refused = Refused::new(pool).await;
    webhook(&refused).await;
    let (document, mut number, mut wrong) = (document(), 0, Vec::new());
    for (method, path, schema, body) in operations(&document, &refused) {
        // Amounts are for a habit that has a goal.
        refused.person().patch(&refused.habit, json!({"goal": whole(&["goal".to_owned()])})).await.ok(200);
        let sent = (method, path, body);
        for field in fields(&document, schema, &[]) {
            let ends = ends(&document, &field.schema);
            number += ends.good.len() + ends.bad.len();
            wrong.extend(wrong_with(&refused, &sent, &field, ends).await);
        }
    }
    assert!(number > 80, "{number} values");
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[sqlx::test(migrations = "../migrations")]
async fn what_is_beyond_a_bound_of_a_parameter_is_refused_and_what_is_on_it_is_not(pool: PgPool) {
    let refused = Refused::new(pool).await;
    let webhook = webhook(&refused).await;
    let (document, mut number) = (document(), 0);
    for (path, item) in document["paths"].as_object().unwrap() {
        let habit = refused.habit.rsplit('/').next().unwrap();
        let path = path.trim_start_matches("/api/v1").replace("{habit_id}", habit).replace("{webhook_id}", &webhook);
        for parameter in item["get"]["parameters"].as_array().into_iter().flatten() {
            if parameter["in"] != "query" {
                continue;
            }
            let name = parameter["name"].as_str().unwrap();
            let value = |value: Value| value.as_str().map_or_else(|| value.to_string(), str::to_owned);
            let ends = ends(&document, &parameter["schema"]);
            number += ends.bad.len();
            for bad in ends.bad.into_iter().filter(|bad| !bad.is_object()) {
                let reply = refused.person().get(&format!("{path}?{name}={}", value(bad))).await;
                assert_eq!(reply.error(), (422, INVALID), "{path} {name}");
                assert_eq!(reply.body["detail"]["loc"], json!(["query", name]), "{path}");
            }
            for good in ends.good {
                let reply = refused.person().get(&format!("{path}?{name}={}", value(good))).await;
                // A page after a thing that is not there has no beginning.
                assert!(reply.status == 200 || name == "after", "{path} {name}: {}", reply.body);
            }
        }
    }
    assert!(number > 10, "{number} values");
}
