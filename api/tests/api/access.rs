//! Who may call what: every operation of the OpenAPI document × everybody who may try, by rule.

use std::net::SocketAddr;

use axum::{
    body::{Body, to_bytes},
    http::{Request, StatusCode},
};
use serde_json::Value;
use sqlx::PgPool;

use crate::{
    server::Server,
    walk::{Access, CALLERS, CAPABILITIES, Caller, Operation, World, operations},
};

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
    let loc = said["detail"]["loc"].as_array().into_iter().flatten();
    let loc = loc.map(|part| part.as_str().unwrap().to_owned()).collect();
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
