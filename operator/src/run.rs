//! `operator run`: the control plane. All replicas serve probes and metrics, the holder of the Lease reconciles.
use std::sync::Arc;

use process::{Clock, Probes, Readiness, Shutdown, Tasks, probes::ProbesConfig};
use prometheus::Registry;

use crate::{
    cluster,
    habit_tracker::controller,
    leadership::{self, Candidate},
    loops::LoopMetrics,
    metrics::ReconcileMetrics,
};

/// Everything `operator run` reads from its environment.
#[derive(Clone, Debug, clap::Args)]
pub struct Config {
    /// The only namespace whose resources are looked after; all of the cluster without it
    #[arg(long, env = "WATCH_NAMESPACE")]
    pub namespace: Option<String>,

    /// Namespace of the Lease that replicas compete for
    #[arg(long, env = "POD_NAMESPACE", default_value = "default")]
    pub lease_namespace: String,

    /// Name of that Lease
    #[arg(long, env = "LEASE_NAME", default_value = "habit-tracker-operator")]
    pub lease_name: String,

    /// Who this replica is: the name of its pod
    #[arg(long, env = "HOSTNAME", default_value = "operator")]
    pub identity: String,

    #[command(flatten)]
    pub probes: ProbesConfig,
}

/// Runs the control plane until shutdown.
///
/// # Errors
/// There is no way to an API server, the probes' port is taken, or a task dies.
pub async fn run(config: Config, shutdown: Shutdown) -> anyhow::Result<()> {
    let client = cluster::client().await?;
    let registry = Registry::new();
    let metrics = ReconcileMetrics::register(&registry)?;
    let loop_metrics = LoopMetrics::register(&registry)?;
    let readiness = Readiness::of(&[leadership::DEPENDENCY]);
    let probes = Probes::bind(&config.probes, readiness.clone(), registry, shutdown.clone()).await?;
    let candidate = Candidate {
        client: client.clone(),
        namespace: config.lease_namespace,
        lease: config.lease_name,
        identity: config.identity.clone(),
        clock: Clock::system(),
        readiness,
        leading: metrics.leader.clone(),
    };
    let control_plane = Arc::new(controller::ControlPlane {
        client,
        namespace: config.namespace,
        identity: config.identity,
        clock: Clock::system(),
        metrics,
        loop_metrics,
    });
    let mut tasks = Tasks::new(shutdown.clone());
    tasks.spawn("probes", probes.serve(shutdown.clone()));
    let work = move |term| {
        let control_plane = Arc::clone(&control_plane);
        async move { control_plane.run(term).await }
    };
    tasks.spawn("leadership", leadership::lead(candidate, shutdown, work));
    tasks.join().await
}
