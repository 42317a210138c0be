//! A receiver of webhooks on a port of its own, and a service that delivers to it.

use std::{
    collections::VecDeque,
    sync::{Arc, Mutex},
    time::Duration,
};

use api::{
    App,
    webhooks::{Deliverer, Metrics, Pace},
};
use axum::{
    Router,
    extract::{Request, State},
    http::{StatusCode, header},
    response::{IntoResponse as _, Response},
};
use base64::{Engine as _, prelude::BASE64_STANDARD};
use hmac::{Hmac, KeyInit as _, Mac as _};
use process::Shutdown;
use prometheus::Registry;
use serde_json::{Value, json};
use sha2::Sha256;
use sqlx::PgPool;
use tokio::{
    net::TcpListener,
    sync::{Mutex as AsyncMutex, mpsc},
    task::JoinSet,
};

use crate::server::{Person, Server};

const PATIENCE: Duration = Duration::from_secs(20);

/// What the receiver does with the next message; with none left it answers 200.
#[derive(Debug, Clone)]
pub(crate) enum Answer {
    Status(u16),
    Redirect(String),
    Never,
}

#[derive(Debug)]
pub(crate) struct Received {
    pub(crate) id: String,
    pub(crate) timestamp: String,
    pub(crate) signatures: Vec<String>,
    pub(crate) body: String,
}

impl Received {
    /// Whether one of the signatures is by this secret, as a receiver tells it.
    pub(crate) fn is_signed_by(&self, secret: &Value) -> bool {
        let key = BASE64_STANDARD.decode(secret.as_str().unwrap().strip_prefix("whsec_").unwrap()).unwrap();
        let mut mac = Hmac::<Sha256>::new_from_slice(&key).unwrap();
        mac.update(format!("{}.{}.{}", self.id, self.timestamp, self.body).as_bytes());
        let expected = format!("v1,{}", BASE64_STANDARD.encode(mac.finalize().into_bytes()));
        self.signatures.contains(&expected)
    }

    pub(crate) fn json(&self) -> Value {
        serde_json::from_str(&self.body).unwrap()
    }
}

#[derive(Clone)]
struct Inbox {
    answers: Arc<Mutex<VecDeque<Answer>>>,
    received: mpsc::UnboundedSender<Received>,
}

pub(crate) struct Receiver {
    pub(crate) server: Server,
    pub(crate) url: String,
    pub(crate) registry: Registry,
    received: AsyncMutex<mpsc::UnboundedReceiver<Received>>,
    /// Ends with the test.
    _tasks: JoinSet<()>,
}

impl Receiver {
    /// A service that may deliver to this machine, and delivers.
    pub(crate) async fn new(pool: PgPool, answers: &[Answer]) -> Self {
        Self::delivering_with(pool, answers, true).await
    }

    /// One whose webhooks were made when private addresses were allowed.
    pub(crate) async fn delivering_with(pool: PgPool, answers: &[Answer], allow_private: bool) -> Self {
        let app = Arc::new(Mutex::new(None));
        let server = Server::with(pool, |made| {
            let made = made.with_private_webhooks(true);
            *app.lock().unwrap() = Some(made.clone());
            made
        });
        let app: App = app.lock().unwrap().take().unwrap();
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://127.0.0.1:{}/hook", listener.local_addr().unwrap().port());
        let (sender, received) = mpsc::unbounded_channel();
        let inbox = Inbox { answers: Arc::new(Mutex::new(answers.iter().cloned().collect())), received: sender };
        let router = Router::new().fallback(take).with_state(inbox);
        let registry = Registry::new();
        let pace = Pace { look_every: Duration::from_millis(10), answer_within: Duration::from_secs(2) };
        let app = app.with_private_webhooks(allow_private);
        let deliverer = Deliverer::new(&app, Metrics::register(&registry).unwrap(), pace).unwrap();
        let mut tasks = JoinSet::new();
        tasks.spawn(async move { axum::serve(listener, router).await.unwrap() });
        tasks.spawn(async move { deliverer.run(Shutdown::new()).await.unwrap() });
        Self { server, url, registry, received: AsyncMutex::new(received), _tasks: tasks }
    }

    pub(crate) async fn create(&self, person: &Person<'_>) -> Value {
        let events = ["habit.created", "habit.deleted", "execution.set"];
        person.post("/webhooks", json!({"url": self.url, "events": events})).await.ok(201)
    }

    pub(crate) async fn next(&self) -> Received {
        tokio::time::timeout(PATIENCE, self.received.lock().await.recv()).await.unwrap().unwrap()
    }

    /// Whether all that came was looked at.
    pub(crate) async fn is_empty(&self) -> bool {
        self.received.lock().await.try_recv().is_err()
    }
}

async fn take(State(inbox): State<Inbox>, request: Request) -> Response {
    let (parts, body) = request.into_parts();
    let body = axum::body::to_bytes(body, usize::MAX).await.unwrap();
    let value = |name| parts.headers[name].to_str().unwrap().to_owned();
    assert_eq!(value("content-type"), "application/json");
    let received = Received {
        id: value("webhook-id"),
        timestamp: value("webhook-timestamp"),
        signatures: value("webhook-signature").split(' ').map(str::to_owned).collect(),
        body: String::from_utf8(body.to_vec()).unwrap(),
    };
    let answer = inbox.answers.lock().unwrap().pop_front();
    inbox.received.send(received).unwrap();
    match answer.unwrap_or(Answer::Status(200)) {
        Answer::Status(status) => StatusCode::from_u16(status).unwrap().into_response(),
        Answer::Redirect(url) => (StatusCode::FOUND, [(header::LOCATION, url)]).into_response(),
        Answer::Never => std::future::pending().await,
    }
}

/// The newest delivery of a webhook, once `is_so` holds for it.
pub(crate) async fn newest(person: &Person<'_>, webhook: &Value, is_so: impl Fn(&Value) -> bool) -> Value {
    let path = format!("/webhooks/{}/deliveries", webhook["id"]);
    let wait = async {
        loop {
            let newest = person.get(&path).await.ok(200)[0].take();
            if is_so(&newest) {
                return newest;
            }
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
    };
    tokio::time::timeout(PATIENCE, wait).await.unwrap()
}
