//! The chat page for people, and the news it lives on.

use std::{convert::Infallible, sync::Arc};

use axum::{
    Router,
    extract::State,
    http::{HeaderName, header},
    response::{
        IntoResponse,
        sse::{Event, KeepAlive, Sse},
    },
    routing::get,
};
use futures::{Stream, StreamExt as _};
use tokio_stream::wrappers::BroadcastStream;

use crate::shared::Shared;

const HTML: &str = include_str!("page/index.html");
const CSS: &str = include_str!("page/page.css");
const BUBBLES: &str = include_str!("page/bubbles.js");
const CHAT: &str = include_str!("page/chat.js");
const SCRIPT: &str = include_str!("page/page.js");

/// The page uses nothing but what is served here.
const POLICY: &str = "default-src 'self'; img-src 'self' data:; style-src 'self'; base-uri 'none'; form-action 'none'";

pub(crate) fn routes() -> Router<Arc<Shared>> {
    Router::new()
        .route("/", get(async || asset("text/html; charset=utf-8", HTML)))
        .route("/page.css", get(async || asset("text/css; charset=utf-8", CSS)))
        .route("/bubbles.js", get(async || asset("text/javascript; charset=utf-8", BUBBLES)))
        .route("/chat.js", get(async || asset("text/javascript; charset=utf-8", CHAT)))
        .route("/page.js", get(async || asset("text/javascript; charset=utf-8", SCRIPT)))
}

fn asset(kind: &'static str, body: &'static str) -> impl IntoResponse {
    let headers: [(HeaderName, &str); 3] =
        [(header::CONTENT_TYPE, kind), (header::CACHE_CONTROL, "no-cache"), (header::CONTENT_SECURITY_POLICY, POLICY)];
    (headers, body)
}

/// `GET /control/events`: server-sent events `{"kind":"chat","bot_id","chat_id"}`, `{"kind":"people"}`, `{"kind":"bots"}`;
/// `{"kind":"lagged"}` tells a reader that fell behind to look at everything again.
pub(crate) async fn events(State(shared): State<Arc<Shared>>) -> Sse<impl Stream<Item = Result<Event, Infallible>>> {
    let news = BroadcastStream::new(shared.events()).map(|event| {
        let data = match event {
            Ok(event) => serde_json::to_string(&event).unwrap_or_default(),
            Err(_) => r#"{"kind":"lagged"}"#.to_owned(),
        };
        Ok(Event::default().data(data))
    });
    let until_shutdown = shared.shutdown.clone().cancelled_owned();
    Sse::new(news.take_until(until_shutdown)).keep_alive(KeepAlive::default())
}
