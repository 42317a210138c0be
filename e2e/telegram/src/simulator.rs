//! A running simulator.

use std::{net::SocketAddr, sync::Arc, time::Duration};

use axum::{Router, routing::get};
use tokio::net::TcpListener;

use crate::{bot_api, client::Control, control, options::Options, page, shared::Shared, world::World};

/// Open connections get this long to finish.
const SHUTDOWN: Duration = Duration::from_secs(5);

/// Bot API, chat page and control API on one port. Stops when it is dropped.
#[derive(Debug)]
pub struct Simulator {
    address: SocketAddr,
    shared: Arc<Shared>,
}

impl Simulator {
    /// Starts on a free port of 127.0.0.1; errors when none can be had.
    pub async fn start(options: Options) -> std::io::Result<Self> {
        let listener = TcpListener::bind(("127.0.0.1", 0)).await?;
        Self::serve(options, listener)
    }

    /// Starts on a listener of the caller's.
    pub fn serve(options: Options, listener: TcpListener) -> std::io::Result<Self> {
        let address = listener.local_addr()?;
        let shared = Arc::new(Shared::new(World::new(options)));
        let shutdown = shared.shutdown.clone().cancelled_owned();
        let server = axum::serve(listener, router(Arc::clone(&shared))).with_graceful_shutdown(shutdown);
        shared.tasks.spawn(async move {
            if let Err(error) = server.await {
                tracing::error!(%error, "the server ended");
            }
        });
        Ok(Self { address, shared })
    }

    /// Base address for `TELEGRAM_API_URL`, without a slash at the end.
    pub fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// A client of the control API.
    pub fn control(&self) -> Control {
        Control::new(self.url())
    }

    /// Ends long polls, deliveries and the server, and waits for them, but no longer than 5 s.
    pub async fn stop(self) {
        self.shared.shutdown.cancel();
        self.shared.tasks.close();
        if tokio::time::timeout(SHUTDOWN, self.shared.tasks.wait()).await.is_err() {
            tracing::warn!("some connections did not end in time");
        }
    }
}

impl Drop for Simulator {
    fn drop(&mut self) {
        self.shared.shutdown.cancel();
    }
}

fn router(shared: Arc<Shared>) -> Router {
    Router::new()
        .route("/livez", get(async || "ok"))
        .route("/readyz", get(async || "ok"))
        .nest("/control", control::routes())
        .merge(page::routes())
        .fallback(bot_api::serve)
        .with_state(shared)
}
