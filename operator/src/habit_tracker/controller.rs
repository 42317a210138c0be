//! Which events cause a pass: edits of a deployment, and every change of its children.
use std::{collections::HashSet, fmt, sync::Arc, time::Duration};

use crds::HabitTrackerDeployment;
use futures::{Stream, StreamExt as _, stream};
use k8s_openapi::api::{
    apps::v1::{Deployment, StatefulSet},
    batch::v1::Job,
};
use kube::{
    Api, Client, Resource, ResourceExt as _,
    core::{NamespaceResourceScope, PartialObjectMeta},
    runtime::{
        PredicateConfig, WatchStreamExt as _, applier,
        controller::{self, ReconcileRequest, trigger_owners, trigger_self},
        predicates,
        reflector::{self, Store},
        watcher::{self, watcher},
    },
};
use process::{Clock, Shutdown};
use serde::de::DeserializeOwned;

use super::{
    Context, apply::Applier, backoff::Backoff, embedded_loops::EmbeddedLoops, error_policy, labels, reconcile,
};
use crate::{loops::LoopMetrics, metrics::ReconcileMetrics};

/// A watch that says nothing for so long is asked for anew: a connection may be half open.
const WATCH_SECONDS: u32 = 25;
/// Objects that are worked on at once.
const CONCURRENCY: u16 = 8;
/// Changes that come together cause one pass.
const DEBOUNCE: Duration = Duration::from_millis(200);
/// Between two looks at which objects are gone.
const FORGETTING: Duration = Duration::from_mins(1);

/// What the control plane needs for a term.
pub struct ControlPlane {
    pub client: Client,
    /// All namespaces without one.
    pub namespace: Option<String>,
    /// Who leads loops that run within this process.
    pub identity: String,
    pub clock: Clock,
    pub metrics: ReconcileMetrics,
    pub loop_metrics: LoopMetrics,
}

impl ControlPlane {
    /// Reconciles until the term ends.
    ///
    /// # Errors
    /// Never; what fails is tried again.
    pub async fn run(&self, term: Shutdown) -> anyhow::Result<()> {
        let (reader, writer) = reflector::store();
        let embedded_loops = EmbeddedLoops::new(self.identity.clone(), self.loop_metrics.clone());
        let context = Arc::new(Context {
            client: self.client.clone(),
            clock: self.clock.clone(),
            applier: Applier::default(),
            backoff: Backoff::default(),
            embedded_loops: embedded_loops.clone(),
            metrics: self.metrics.clone(),
        });
        let requests = self.requests(writer).take_until(term.token().cancelled_owned());
        let passes = applier(
            |deployment, context| Box::pin(reconcile(deployment, context)),
            |deployment, error, context| error_policy(&deployment, error, &context),
            Arc::clone(&context),
            reader.clone(),
            requests,
            controller::Config::default().concurrency(CONCURRENCY).debounce(DEBOUNCE),
        )
        // Failures were logged where they happened; an object that is gone meanwhile is none.
        .for_each(async |_| ());
        let forgetting = forget_gone(&reader, &context, &term);
        tokio::join!(passes, embedded_loops.supervise(reader.clone(), term.clone()), forgetting);
        Ok(())
    }

    /// Every stream fails and comes back by itself.
    fn requests(
        &self,
        writer: reflector::store::Writer<HabitTrackerDeployment>,
    ) -> impl Stream<Item = Result<ReconcileRequest<HabitTrackerDeployment>, watcher::Error>> + use<> {
        let config = watcher::Config::default().timeout(WATCH_SECONDS);
        let deployments = watcher(self.api::<HabitTrackerDeployment>(), config)
            .default_backoff()
            .modify(|deployment| deployment.managed_fields_mut().clear())
            .reflect(writer)
            .applied_objects()
            // Our own writes of the status are no reason for a pass.
            .predicate_filter(predicates::generation, PredicateConfig::default());
        let edits = trigger_self(deployments, ());
        stream::select_all([
            only_successes(edits),
            self.children::<Deployment>(),
            self.children::<StatefulSet>(),
            self.children::<Job>(),
        ])
    }

    /// Metadata is enough to know whose child changed.
    fn children<K>(&self) -> Requests
    where
        K: Resource<Scope = NamespaceResourceScope, DynamicType = ()>,
        K: Clone + fmt::Debug + DeserializeOwned + Send + Sync + 'static,
    {
        let config = watcher::Config::default().timeout(WATCH_SECONDS).labels(&labels::managed_selector());
        let children = watcher(self.api::<PartialObjectMeta<K>>(), config).default_backoff().touched_objects();
        only_successes(trigger_owners::<HabitTrackerDeployment, _>(children, (), ()))
    }

    fn api<K>(&self) -> Api<K>
    where
        K: Resource<Scope = NamespaceResourceScope, DynamicType = ()>,
    {
        match &self.namespace {
            Some(namespace) => Api::namespaced(self.client.clone(), namespace),
            None => Api::all(self.client.clone()),
        }
    }
}

/// Drops what is remembered of deployments that are gone, until the term ends: a deletion causes no pass.
async fn forget_gone(deployments: &Store<HabitTrackerDeployment>, context: &Context, term: &Shutdown) {
    while !term.is_stopped() {
        tokio::select! {
            () = tokio::time::sleep(FORGETTING) => {}
            () = term.stopped() => {}
        }
        let there: HashSet<_> = deployments.state().iter().map(|deployment| super::key(deployment)).collect();
        context.applier.keep(|deployment| there.contains(deployment));
        context.backoff.keep(|deployment| there.contains(deployment));
    }
}

type Requests = stream::BoxStream<'static, Result<ReconcileRequest<HabitTrackerDeployment>, watcher::Error>>;

/// Logs what fails: the stream goes on by itself, and must not disturb the others.
fn only_successes(
    requests: impl Stream<Item = Result<ReconcileRequest<HabitTrackerDeployment>, watcher::Error>> + Send + 'static,
) -> Requests {
    requests
        .filter_map(async |request| {
            request.inspect_err(|error| tracing::warn!(error = super::chain(error), "a watch failed")).ok().map(Ok)
        })
        .boxed()
}
