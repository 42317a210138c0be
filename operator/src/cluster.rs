//! The way to the API server, the same for the control plane and for the loops that read Habits.
use std::time::Duration;

use anyhow::Context as _;
use kube::Client;

/// No answer for longer than a watch lasts is a connection that is half open.
const READ_TIMEOUT: Duration = Duration::from_secs(40);
const CONNECT_TIMEOUT: Duration = Duration::from_secs(10);

/// A client for the cluster this runs in, or that the kubeconfig names.
pub(crate) async fn client() -> anyhow::Result<Client> {
    let mut config = kube::Config::infer().await.context("found neither a cluster nor a kubeconfig")?;
    config.connect_timeout = Some(CONNECT_TIMEOUT);
    config.read_timeout = Some(READ_TIMEOUT);
    Client::try_from(config).context("failed to make a client from the configuration")
}
