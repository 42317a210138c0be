//! A person with one of each thing that an operation may name.

use std::{collections::BTreeMap, net::SocketAddr};

use axum::{
    body::Body,
    extract::ConnectInfo,
    http::{Request, header},
};
use serde_json::{Value, json};

use super::operation::Operation;
use crate::server::{BOT_KEY, Server};

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Caller {
    Nobody,
    Bot,
    Revoked,
    Other,
    Read,
    Write,
    Owner,
}

pub(crate) const CALLERS: [Caller; 7] =
    [Caller::Nobody, Caller::Bot, Caller::Revoked, Caller::Other, Caller::Read, Caller::Write, Caller::Owner];

/// A person with one of each thing, his tokens, and somebody else.
pub(crate) struct World {
    /// What the name of a parameter or of a field stands for.
    pub(crate) things: BTreeMap<&'static str, String>,
    pub(crate) tokens: BTreeMap<&'static str, String>,
}

impl World {
    /// `number` is another for each world.
    pub(crate) async fn new(server: &Server, number: i64) -> Self {
        let owner = server.person(number * 10 + 1, "UTC").await;
        let (friend, other) =
            (server.person(number * 10 + 2, "UTC").await, server.person(number * 10 + 3, "UTC").await);
        other.habit("swim", "07:00:00").await;
        let habit = owner.habit("read", "21:00:00").await;
        let invite = owner.post(&format!("/habits/{habit}/invites"), json!({"uses": 5})).await.ok(201);
        let code = invite["code"].as_str().unwrap().to_owned();
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

    pub(crate) fn request(&self, operation: &Operation, caller: Caller, from: SocketAddr) -> Request<Body> {
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
