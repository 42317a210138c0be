//! The connections: what one may send and how long it may take, and how they end.
//!
//! axum's own `serve` has no say over a connection's limits; this is its loop over hyper's HTTP/1 server with them.

use std::{
    net::SocketAddr,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};

use anyhow::Context as _;
use axum::{Router, extract::ConnectInfo, http::Request};
use hyper::{body::Incoming, server::conn::http1};
use hyper_util::{
    rt::{TokioIo, TokioTimer},
    server::graceful::{GracefulConnection, GracefulShutdown},
    service::TowerToHyperService,
};
use process::Shutdown;
use tokio::{
    net::{TcpListener, TcpStream},
    sync::{OwnedSemaphorePermit, Semaphore},
    task::JoinSet,
};
use tower::ServiceExt as _;

use crate::{App, router};

mod places;
mod unread;

use places::{Addresses, Place};
use unread::EndsUnread;

/// For what is in hand at shutdown: a little more than a request may take.
const IN_HAND: Duration = Duration::from_secs(12);

/// For the head of the first request: who connects has something to say.
const FIRST_HEAD_TIME: Duration = Duration::from_secs(5);
/// For the head of a further request, from the end of the one before: a client that sends slowly, or nothing, is let go.
const HEAD_TIME: Duration = Duration::from_secs(30);
/// More than a router lets through, so that nearly every refusal has the one shape of errors.
const MAX_HEAD_BYTES: usize = 64 * 1024;
/// Later ones wait in the listener's queue, whose length the system bounds.
const MAX_CONNECTIONS: usize = 2_048;
/// For the client to take something of a reply that waits.
const UNREAD_TIME: Duration = Duration::from_secs(30);
/// After the system had no file or memory for a connection.
const ACCEPT_PAUSE: Duration = Duration::from_millis(100);

/// Serves the api on `listener` until shutdown, then finishes what is in hand.
///
/// # Errors
///
/// None today; what one connection suffers is its own.
pub async fn serve(app: App, listener: TcpListener, shutdown: Shutdown) -> anyhow::Result<()> {
    let addresses = Addresses::new(app.connections_per_address);
    let service = router(app);
    let places = Arc::new(Semaphore::new(MAX_CONNECTIONS));
    let graceful = GracefulShutdown::new();
    let mut connections = JoinSet::new();
    loop {
        tokio::select! {
            biased;
            () = shutdown.stopped() => break,
            Some(_) = connections.join_next() => {}
            accepted = accept(&listener, &places, &addresses) => {
                let (stream, from, place) = accepted?;
                let has_asked = Arc::new(AtomicBool::new(false));
                let watched = graceful.watch(connection(stream, from, service.clone(), has_asked.clone()));
                connections.spawn(async move {
                    if let Err(error) = first_asks(watched, &has_asked).await {
                        tracing::debug!(error = format!("{error:#}"), "a connection ended");
                    }
                    drop(place);
                });
            }
        }
    }
    drop(listener);
    if tokio::time::timeout(IN_HAND, graceful.shutdown()).await.is_err() {
        // A client that never ends its request shall not keep the program.
        tracing::warn!(connections = connections.len(), "left connections that were still open");
    }
    Ok(())
}

/// The next connection, once there is a place for it. Those from an address that has its share are closed at once.
async fn accept(
    listener: &TcpListener,
    places: &Arc<Semaphore>,
    addresses: &Arc<Addresses>,
) -> anyhow::Result<(TcpStream, SocketAddr, (OwnedSemaphorePermit, Place))> {
    let place = places.clone().acquire_owned().await.context("the places for connections are gone")?;
    loop {
        match listener.accept().await {
            Ok((stream, from)) => {
                if let Some(of_address) = addresses.take(from.ip()) {
                    return Ok((stream, from, (place, of_address)));
                }
                tracing::debug!(%from, "an address has too many connections");
            }
            Err(error) => {
                tracing::warn!(%error, "failed to accept a connection");
                tokio::time::sleep(ACCEPT_PAUSE).await;
            }
        }
    }
}

/// Ends a connection that has not asked for anything in time.
async fn first_asks(
    connection: impl Future<Output = Result<(), hyper::Error>>,
    has_asked: &AtomicBool,
) -> anyhow::Result<()> {
    let mut connection = std::pin::pin!(connection);
    tokio::select! {
        ended = &mut connection => return ended.map_err(Into::into),
        () = tokio::time::sleep(FIRST_HEAD_TIME) => {}
    }
    if !has_asked.load(Ordering::Relaxed) {
        anyhow::bail!("nothing was asked within {} s", FIRST_HEAD_TIME.as_secs());
    }
    connection.await.map_err(Into::into)
}

fn connection(
    stream: TcpStream,
    from: SocketAddr,
    service: Router,
    has_asked: Arc<AtomicBool>,
) -> impl GracefulConnection<Error = hyper::Error> + Send + 'static {
    // Replies are small and complete: waiting for more to send only delays them.
    if let Err(error) = stream.set_nodelay(true) {
        tracing::debug!(%error, "a connection stays with delays");
    }
    let service = service.map_request(move |mut request: Request<Incoming>| {
        has_asked.store(true, Ordering::Relaxed);
        request.extensions_mut().insert(ConnectInfo(from));
        request
    });
    http1::Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(HEAD_TIME)
        .max_buf_size(MAX_HEAD_BYTES)
        .serve_connection(TokioIo::new(EndsUnread::new(stream, UNREAD_TIME)), TowerToHyperService::new(service))
}
