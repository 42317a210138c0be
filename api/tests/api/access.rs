//! Who may call what: every operation of the OpenAPI document × everybody who may try, by rule. A new operation is
//! checked by itself; one with a new kind of parameter fails until [`World`] has such a thing.

use std::{collections::BTreeMap, net::SocketAddr};

use axum::{
    body::{Body, to_bytes},
    extract::ConnectInfo,
    http::{Request, StatusCode, header},
};
use serde_json::{Value, json};
use sqlx::PgPool;

use crate::server::{BOT_KEY, Server};

/// Whoever has an invite's code may see it: it is a key, and names nothing that has to be one's own.
const CAPABILITIES: [&str; 1] = ["code"];

/// Whole numbers of the query that name nothing: `before` says where a page begins, and looks for nothing there.
const NUMBERS: [&str; 3] = ["skip", "limit", "before"];

/// What the document wants of the caller.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Access {
    Anybody,
    Bot,
    /// The person, by any token of his.
    Token,
    /// The person himself.
    Session,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Caller {
    Nobody,
    Bot,
    Revoked,
    Other,
    Read,
    Write,
    Owner,
}

const CALLERS: [Caller; 7] =
    [Caller::Nobody, Caller::Bot, Caller::Revoked, Caller::Other, Caller::Read, Caller::Write, Caller::Owner];

/// One operation of the document.
#[derive(Debug)]
struct Operation {
    method: String,
    path: String,
    access: Access,
    /// Parameters that it needs, or that may name a thing: name and place.
    parameters: Vec<(String, String)>,
    body: Option<Value>,
    /// The fields of its body that name things.
    body_ids: Vec<String>,
}

impl Operation {
    fn names_a_thing_in_its_path(&self) -> bool {
        self.parameters.iter().any(|(name, place)| place == "path" && !CAPABILITIES.contains(&name.as_str()))
    }

    /// Whether it names something of the owner's anywhere.
    fn names_a_thing(&self) -> bool {
        !self.ids().is_empty()
    }

    /// All that it names, wherever it names it.
    fn ids(&self) -> Vec<&str> {
        let parameters = self.parameters.iter().map(|(name, _)| name.as_str());
        let parameters = parameters.filter(|name| !CAPABILITIES.contains(name));
        parameters.chain(self.body_ids.iter().map(String::as_str)).collect()
    }

    fn reads(&self) -> bool {
        self.method == "get"
    }
}

fn operations(document: &Value) -> Vec<Operation> {
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

/// A body with all fields that the schema needs, and `null` for things to be named: see [`World::filled`].
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
            if name.ends_with("_id") || name.ends_with("_ids") {
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

/// A person with one of each thing, his tokens, and somebody else.
struct World {
    /// What the name of a parameter or of a field stands for.
    things: BTreeMap<&'static str, String>,
    tokens: BTreeMap<&'static str, String>,
}

impl World {
    /// `number` is another for each world.
    async fn new(server: &Server, number: i64) -> Self {
        let owner = server.person(number * 10 + 1, "UTC").await;
        let (friend, other) =
            (server.person(number * 10 + 2, "UTC").await, server.person(number * 10 + 3, "UTC").await);
        other.habit("swim", "07:00:00").await;
        let habit = owner.habit("read", "21:00:00").await;
        let invite = owner.post(&format!("/habits/{habit}/invites"), json!({"uses": 5})).await.ok(201);
        let code = text(&invite["code"]);
        friend.post(&format!("/invites/{code}/accept"), json!({})).await.ok(200);
        let friend_id = friend.get("/users/me").await.ok(200)["id"].clone();
        let pause = owner.post("/pauses", json!({"habit_id": habit})).await.ok(201);
        let webhook = json!({"url": "https://example.com/hook", "events": ["execution.set"]});
        let webhook = owner.post("/webhooks", webhook).await.ok(201);
        let (token_id, _) = owner.personal_token("read").await;
        let (revoked_id, revoked) = owner.personal_token("write").await;
        owner.delete(&format!("/users/me/tokens/{revoked_id}")).await.ok(204);
        let things = BTreeMap::from([
            ("habit_id", habit.to_string()),
            ("after", habit.to_string()),
            ("pause_id", pause["id"].to_string()),
            ("invite_id", invite["id"].to_string()),
            ("user_id", friend_id.to_string()),
            ("webhook_id", webhook["id"].to_string()),
            ("token_id", token_id.to_string()),
            ("code", code),
            ("telegram_id", (number * 10 + 1).to_string()),
        ]);
        let tokens = BTreeMap::from([
            ("revoked", revoked),
            ("other", other.token.clone()),
            ("read", owner.personal_token("read").await.1),
            ("write", owner.personal_token("write").await.1),
            ("owner", owner.token.clone()),
        ]);
        Self { things, tokens }
    }

    fn request(&self, operation: &Operation, caller: Caller, from: SocketAddr) -> Request<Body> {
        let request = Request::builder().method(operation.method.to_uppercase().as_str()).uri(self.uri(operation));
        let request = request.extension(ConnectInfo(from)).header(header::CONTENT_TYPE, "application/json");
        let request = match caller {
            Caller::Nobody => request,
            Caller::Bot => request.header(wire::BOT_KEY_HEADER, BOT_KEY),
            person => {
                let name = format!("{person:?}").to_lowercase();
                request.header(header::AUTHORIZATION, format!("Bearer {}", self.tokens[name.as_str()]))
            }
        };
        let body = operation.body.as_ref().map_or_else(Body::empty, |body| Body::from(self.filled(body).to_string()));
        request.body(body).unwrap()
    }

    fn uri(&self, operation: &Operation) -> String {
        let mut uri = operation.path.clone();
        let mut separator = '?';
        for (name, place) in &operation.parameters {
            let thing = self.things.get(name.as_str());
            let thing = thing.unwrap_or_else(|| panic!("{} needs a {name}: make one in World", operation.path));
            if place == "path" {
                uri = uri.replace(&format!("{{{name}}}"), thing);
            } else if place == "query" {
                uri = format!("{uri}{separator}{name}={thing}");
                separator = '&';
            }
        }
        uri
    }

    fn filled(&self, body: &Value) -> Value {
        let Some(fields) = body.as_object() else { return body.clone() };
        let fields = fields.iter().map(|(name, value)| {
            let thing = self.things.get(name.as_str()).and_then(|thing| thing.parse::<i64>().ok());
            (name.clone(), thing.map_or_else(|| value.clone(), Value::from))
        });
        fields.collect()
    }
}

#[derive(Debug)]
struct Answer {
    status: u16,
    /// The `type` of an error.
    kind: String,
    /// Where it is.
    loc: Vec<String>,
}

async fn ask(server: &Server, request: Request<Body>) -> Answer {
    let response = server.answer(request).await;
    let status = response.status();
    let body = to_bytes(response.into_body(), usize::MAX).await.unwrap();
    let said: Value =
        if status == StatusCode::OK { Value::Null } else { serde_json::from_slice(&body).unwrap_or_default() };
    let kind = said["detail"]["type"].as_str().unwrap_or_default().to_owned();
    let loc = said["detail"]["loc"].as_array().into_iter().flatten().map(text).collect();
    Answer { status: status.as_u16(), kind, loc }
}

/// Somebody else's thing is not there, or not to be touched, or no value of the field that names it.
fn is_refused(answer: &Answer) -> bool {
    match answer.status {
        403 | 404 => true,
        409 => answer.kind == "wrong_person",
        422 => answer.loc.len() == 2,
        _ => false,
    }
}

/// Let in: whatever is said is about the request, and not about the caller.
fn is_let_in(answer: &Answer) -> bool {
    answer.status < 500 && ![401, 403, 405, 429].contains(&answer.status) && answer.kind != "not_found"
}

/// The owner reaches the thing. `…/me` names the caller as a partner, which an owner is not.
fn reaches(operation: &Operation, answer: &Answer) -> bool {
    let is_found = answer.status != 404 || operation.path.ends_with("/me");
    let is_read = !operation.reads() || answer.status == 200;
    is_let_in(answer) && is_found && is_read && answer.status != 422
}

fn is_as_it_should(operation: &Operation, caller: Caller, answer: &Answer) -> bool {
    let is = |status: u16, kind: &str| answer.status == status && answer.kind == kind;
    let only_reads = caller == Caller::Read && !operation.reads();
    match (operation.access, caller) {
        (Access::Anybody, _) | (Access::Bot, Caller::Bot) => is_let_in(answer),
        (Access::Bot, _) => is(403, "bot_api_key_missing"),
        (_, Caller::Nobody | Caller::Bot) => is(401, "authentication_required"),
        (_, Caller::Revoked) => is(401, "invalid_token"),
        (_, Caller::Read) if only_reads => is(403, "token_read_only"),
        (Access::Session, Caller::Read | Caller::Write) => is(403, "session_required"),
        (_, Caller::Other) if operation.names_a_thing_in_its_path() => [403, 404].contains(&answer.status),
        (_, Caller::Other) if operation.names_a_thing() => is_refused(answer),
        (_, Caller::Other) => is_let_in(answer),
        (_, Caller::Read | Caller::Write | Caller::Owner) if operation.path.ends_with("/accept") => {
            // Nobody accepts an invite of his own.
            is_let_in(answer)
        }
        (_, Caller::Read | Caller::Write | Caller::Owner) => reaches(operation, answer),
    }
}

/// All that a person has.
async fn belongings(server: &Server, world: &World) -> Vec<Value> {
    let person = server.bearer(&world.tokens["owner"]);
    let habit = &world.things["habit_id"];
    let mut all = Vec::new();
    for path in ["/users/me", "/users/me/export", "/users/me/tokens", "/webhooks", "/pauses"] {
        all.push(person.get(path).await.ok(200));
    }
    for of_habit in ["", "/invites", "/partners"] {
        all.push(person.get(&format!("/habits/{habit}{of_habit}")).await.ok(200));
    }
    all
}

/// Each id by itself: the others, in path, query and body, are the caller's own.
#[sqlx::test(migrations = "../migrations")]
async fn no_id_of_somebody_else_gets_through_among_ids_of_ones_own(pool: PgPool) {
    let server = Server::new(pool);
    let document = serde_json::to_value(api::openapi()).unwrap();
    let operations = operations(&document);
    let of_people = operations.iter().filter(|operation| operation.access != Access::Bot);
    let (mut number, mut wrong) = (0, Vec::new());
    for (operation, id) in of_people.flat_map(|operation| operation.ids().into_iter().map(move |id| (operation, id))) {
        number += 2;
        let (theirs, mut mine) = (World::new(&server, number).await, World::new(&server, number + 1).await);
        for name in CAPABILITIES.into_iter().chain([id]) {
            *mine.things.get_mut(name).unwrap_or_else(|| panic!("make a {name} in World")) =
                theirs.things[name].clone();
        }
        let before = belongings(&server, &theirs).await;
        let answer =
            ask(&server, mine.request(operation, Caller::Owner, SocketAddr::from(([192, 0, 2, 1], 40_000)))).await;
        if !is_refused(&answer) || belongings(&server, &theirs).await != before {
            wrong.push(format!("{id} in {} {}: {answer:?}", operation.method, operation.path));
        }
    }
    assert!(number > 40, "only {} ids", number / 2);
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[sqlx::test(migrations = "../migrations")]
async fn every_operation_lets_in_whom_it_should_and_nobody_else(pool: PgPool) {
    let server = Server::new(pool);
    let document = serde_json::to_value(api::openapi()).unwrap();
    let operations = operations(&document);
    assert!(operations.len() > 20, "only {} operations", operations.len());
    let mut wrong = Vec::new();
    for (number, operation) in (1..).zip(&operations) {
        // An address each: wrong tokens of one are limited.
        let from = SocketAddr::from(([192, 0, 2, u8::try_from(number).unwrap()], 40_000));
        // The last two change things: each finds them as they were.
        for (world, callers) in (0..).zip([&CALLERS[..6], &CALLERS[6..]]) {
            let world = World::new(&server, number * 2 + world).await;
            for caller in callers {
                let answer = ask(&server, world.request(operation, *caller, from)).await;
                if !is_as_it_should(operation, *caller, &answer) {
                    wrong.push(format!("{} {} for {caller:?}: {answer:?}", operation.method, operation.path));
                }
            }
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}
