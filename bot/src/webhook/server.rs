//! The webhook's connections. axum's own `serve` has no say over how long one may take for its head.

use std::{sync::Arc, time::Duration};

use anyhow::Context as _;
use axum::Router;
use hyper::server::conn::http1;
use hyper_util::{
    rt::{TokioIo, TokioTimer},
    server::graceful::GracefulShutdown,
    service::TowerToHyperService,
};
use process::Shutdown;
use tokio::{
    net::{TcpListener, TcpStream},
    sync::{OwnedSemaphorePermit, Semaphore},
    task::JoinSet,
    time::{sleep, timeout},
};

/// For what is in hand at shutdown: a little more than the wait for a turn and the work after it.
const IN_HAND: Duration = Duration::from_secs(22);
/// For the head of a request, from the end of the one before: above the time that an Ingress keeps an idle connection, so
/// that no request goes into one that is about to be closed.
const HEAD_TIME: Duration = Duration::from_secs(75);
const MAX_HEAD_BYTES: usize = 16 * 1024;
/// Later ones wait in the listener's queue, whose length the system bounds.
const MAX_CONNECTIONS: usize = 1_024;
/// After the system had no file or memory for a connection.
const ACCEPT_PAUSE: Duration = Duration::from_millis(100);

/// Serves until shutdown, then finishes what is in hand.
///
/// # Errors
///
/// None today; what one connection suffers is its own.
pub(super) async fn serve(router: Router, listener: TcpListener, shutdown: Shutdown) -> anyhow::Result<()> {
    let places = Arc::new(Semaphore::new(MAX_CONNECTIONS));
    let graceful = GracefulShutdown::new();
    let mut connections = JoinSet::new();
    loop {
        tokio::select! {
            biased;
            () = shutdown.stopped() => break,
            Some(_) = connections.join_next() => {}
            accepted = accept(&listener, &places) => {
                let (stream, place) = accepted?;
                let connection = http1::Builder::new()
                    .timer(TokioTimer::new())
                    .header_read_timeout(HEAD_TIME)
                    .max_buf_size(MAX_HEAD_BYTES)
                    .serve_connection(TokioIo::new(stream), TowerToHyperService::new(router.clone()));
                let connection = graceful.watch(connection);
                connections.spawn(async move {
                    if let Err(error) = connection.await {
                        tracing::debug!(%error, "a connection ended");
                    }
                    drop(place);
                });
            }
        }
    }
    drop(listener);
    if timeout(IN_HAND, graceful.shutdown()).await.is_err() {
        tracing::warn!(connections = connections.len(), "left connections that were still open");
    }
    Ok(())
}

/// The next connection, once there is a place for it.
async fn accept(listener: &TcpListener, places: &Arc<Semaphore>) -> anyhow::Result<(TcpStream, OwnedSemaphorePermit)> {
    let place = places.clone().acquire_owned().await.context("the places for connections are gone")?;
    loop {
        match listener.accept().await {
            Ok((stream, _)) => {
                if let Err(error) = stream.set_nodelay(true) {
                    tracing::debug!(%error, "a connection stays with delays");
                }
                return Ok((stream, place));
            }
            Err(error) => {
                tracing::warn!(%error, "failed to accept a connection");
                sleep(ACCEPT_PAUSE).await;
            }
        }
    }
}
