//! `/livez`, `/readyz` and `/metrics` on a port of their own.

use std::{
    collections::BTreeMap,
    net::SocketAddr,
    sync::{Arc, Mutex, PoisonError},
};

use anyhow::Context as _;
use axum::{Router, extract::State, http::StatusCode, routing::get};
use prometheus::{Registry, TextEncoder};
use tokio::net::TcpListener;

use crate::Shutdown;

/// The flag and variable of the probes' address that every program has.
#[derive(Debug, Clone, clap::Args)]
pub struct ProbesConfig {
    /// Where /livez, /readyz and /metrics are served
    #[arg(long, env = "PROBE_ADDRESS", default_value = "0.0.0.0:9090")]
    pub probe_address: SocketAddr,
}

/// What a program waits for before it can do its work. Cheap to clone.
///
/// Each dependency starts unready; the program is ready when all are and it is not leaving.
#[derive(Debug, Clone, Default)]
pub struct Readiness(Arc<Mutex<BTreeMap<&'static str, Result<(), String>>>>);

impl Readiness {
    /// Everything in `dependencies` has to become ready.
    pub fn of(dependencies: &[&'static str]) -> Self {
        let unseen = |name: &&'static str| (*name, Err("not reached yet".to_owned()));
        Self(Arc::new(Mutex::new(dependencies.iter().map(unseen).collect())))
    }

    /// Notes how a dependency is, and logs when that changed.
    pub fn set(&self, dependency: &'static str, state: Result<(), String>) {
        let mut states = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if states.get(dependency) == Some(&state) {
            return;
        }
        match &state {
            Ok(()) => tracing::info!(dependency, "ready"),
            Err(reason) => tracing::warn!(dependency, reason, "not ready"),
        }
        states.insert(dependency, state);
    }

    /// What is not ready, with the reason; empty when all is.
    pub fn missing(&self) -> Vec<String> {
        let states = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let missing = |(name, state): (&&'static str, &Result<(), String>)| {
            state.as_ref().err().map(|reason| format!("{name}: {reason}"))
        };
        states.iter().filter_map(missing).collect()
    }
}

/// The server of the probes.
#[derive(Debug)]
pub struct Probes {
    listener: TcpListener,
    router: Router,
}

#[derive(Clone)]
struct Shared {
    readiness: Readiness,
    shutdown: Shutdown,
    registry: Registry,
}

impl Probes {
    /// Binds the port.
    ///
    /// # Errors
    ///
    /// Fails when the address is taken.
    pub async fn bind(
        config: &ProbesConfig,
        readiness: Readiness,
        registry: Registry,
        shutdown: Shutdown,
    ) -> anyhow::Result<Self> {
        let address = config.probe_address;
        let listener =
            TcpListener::bind(address).await.with_context(|| format!("failed to listen on {address} for probes"))?;
        let router = Router::new()
            .route("/livez", get(async || "ok"))
            .route("/readyz", get(readyz))
            .route("/metrics", get(metrics))
            .with_state(Shared { readiness, shutdown, registry });
        Ok(Self { listener, router })
    }

    /// Where it listens, which tells the port when 0 was asked for.
    ///
    /// # Errors
    ///
    /// Fails when the system does not tell.
    pub fn address(&self) -> std::io::Result<SocketAddr> {
        self.listener.local_addr()
    }

    /// Serves until shutdown.
    ///
    /// # Errors
    ///
    /// Fails when the listener does.
    pub async fn serve(self, shutdown: Shutdown) -> anyhow::Result<()> {
        let stopped = async move { shutdown.stopped().await };
        axum::serve(self.listener, self.router)
            .with_graceful_shutdown(stopped)
            .await
            .context("the probes' server failed")
    }
}

async fn readyz(State(shared): State<Shared>) -> (StatusCode, String) {
    let missing = shared.readiness.missing();
    if shared.shutdown.is_leaving() {
        (StatusCode::SERVICE_UNAVAILABLE, "leaving".to_owned())
    } else if missing.is_empty() {
        (StatusCode::OK, "ok".to_owned())
    } else {
        (StatusCode::SERVICE_UNAVAILABLE, missing.join("\n"))
    }
}

async fn metrics(State(shared): State<Shared>) -> Result<String, StatusCode> {
    TextEncoder::new().encode_to_string(&shared.registry.gather()).map_err(|_| StatusCode::INTERNAL_SERVER_ERROR)
}
