//! A deployment on a real API server. What Kubernetes' own controllers would do is done here.
use std::sync::Arc;

use crds::{HabitTrackerDeployment, HabitTrackerDeploymentStatus};
use e2e::api_server::ApiServer;
use kube::{
    Api, Client, ResourceExt,
    api::{DeleteParams, DynamicObject, ListParams, Patch, PatchParams, PostParams},
    discovery::ApiResource,
};
use operator::{
    habit_tracker::{Context, apply::Applier, backoff::Backoff, embedded_loops::EmbeddedLoops, reconcile},
    loops::LoopMetrics,
    metrics::ReconcileMetrics,
};
use process::Clock;
use prometheus::Registry;
use serde_json::{Value, json};

pub(crate) const NAMESPACE: &str = "habits";
const CLAIM: &str = "data-family-postgres-0";

pub(crate) struct Cluster {
    server: ApiServer,
    context: Arc<Context>,
}

impl Cluster {
    pub(crate) async fn start() -> anyhow::Result<Self> {
        let server = ApiServer::with_custom_resources().await?;
        server.create_restricted_namespace(NAMESPACE).await?;
        let context = context(&server.client)?;
        Ok(Self { server, context })
    }

    /// The same cluster, with an operator that remembers nothing.
    pub(crate) fn with_operator_restarted(self) -> anyhow::Result<Self> {
        let context = context(&self.server.client)?;
        Ok(Self { context, ..self })
    }

    pub(crate) fn client(&self) -> Client {
        self.server.client.clone()
    }

    async fn create(&self, object: Value) -> anyhow::Result<DynamicObject> {
        let object: DynamicObject = serde_json::from_value(object)?;
        let types = object.types.clone().unwrap_or_default();
        let (group, version) = types.api_version.split_once('/').unwrap_or(("", &types.api_version));
        let plural = format!("{}s", types.kind.to_lowercase());
        Ok(self.api(group, version, &types.kind, &plural).create(&PostParams::default(), &object).await?)
    }

    pub(crate) fn api(&self, group: &str, version: &str, kind: &str, plural: &str) -> Api<DynamicObject> {
        let gvk = kube::core::GroupVersionKind::gvk(group, version, kind);
        Api::namespaced_with(self.client(), NAMESPACE, &ApiResource::from_gvk_with_plural(&gvk, plural))
    }

    pub(crate) async fn create_deployment(&self) -> anyhow::Result<()> {
        self.create_deployment_on(json!({"managed": {"storage": {"size": "1Gi"}}})).await
    }

    pub(crate) async fn create_deployment_on(&self, postgres: Value) -> anyhow::Result<()> {
        self.create(json!({
            "apiVersion": "habittracker.dev/v1alpha1", "kind": "HabitTrackerDeployment",
            "metadata": {"name": "family", "namespace": NAMESPACE},
            "spec": {
                "version": "1.4.2", "telegram": {"tokenSecretRef": {"name": "family-bot"}},
                "postgres": postgres, "redis": {"managed": {}}
            }
        }))
        .await
        .map(|_| ())
    }

    pub(crate) async fn create_token(&self) -> anyhow::Result<()> {
        self.create_secret("family-bot", json!({"token": "1:token"})).await
    }

    pub(crate) async fn create_secret(&self, name: &str, values: Value) -> anyhow::Result<()> {
        self.create(json!({
            "apiVersion": "v1", "kind": "Secret", "metadata": {"name": name, "namespace": NAMESPACE},
            "stringData": values
        }))
        .await
        .map(|_| ())
    }

    /// The claim of the database's volume, as it is made for a `StatefulSet`.
    pub(crate) async fn create_claim(&self) -> anyhow::Result<DynamicObject> {
        self.create(json!({
            "apiVersion": "v1", "kind": "PersistentVolumeClaim",
            "metadata": {"name": CLAIM, "namespace": NAMESPACE, "labels": {"app.kubernetes.io/instance": "family"}},
            "spec": {"accessModes": ["ReadWriteOnce"], "resources": {"requests": {"storage": "1Gi"}}}
        }))
        .await
    }

    /// Removes the claim for good.
    pub(crate) async fn lose_claim(&self) -> anyhow::Result<()> {
        let claims = self.api("", "v1", "PersistentVolumeClaim", "persistentvolumeclaims");
        let unprotected = Patch::Merge(json!({"metadata": {"finalizers": null}}));
        claims.patch(CLAIM, &PatchParams::default(), &unprotected).await?;
        claims.delete(CLAIM, &DeleteParams::default()).await?;
        Ok(())
    }

    /// Changes fields of the spec, as `kubectl patch` does.
    pub(crate) async fn edit(&self, spec: Value) -> anyhow::Result<()> {
        let api: Api<HabitTrackerDeployment> = Api::namespaced(self.client(), NAMESPACE);
        api.patch("family", &PatchParams::default(), &Patch::Merge(json!({"spec": spec}))).await?;
        Ok(())
    }

    /// One pass, and the status after it.
    pub(crate) async fn pass(&self) -> anyhow::Result<HabitTrackerDeploymentStatus> {
        let api: Api<HabitTrackerDeployment> = Api::namespaced(self.client(), NAMESPACE);
        reconcile(Arc::new(api.get("family").await?), Arc::clone(&self.context)).await?;
        Ok(api.get("family").await?.status.unwrap_or_default())
    }

    /// Passes with all controllers at work in between, until the deployment is ready.
    pub(crate) async fn pass_until_ready(&self) -> anyhow::Result<HabitTrackerDeploymentStatus> {
        for _ in 0..10 {
            let status = self.pass().await?;
            if condition(&status, "Ready").0 == "True" {
                return Ok(status);
            }
            self.controllers().await?;
        }
        anyhow::bail!("not ready after ten passes: {:#?}", self.pass().await?)
    }

    /// What the controllers of Kubernetes do.
    pub(crate) async fn controllers(&self) -> anyhow::Result<()> {
        for (kind, plural) in [("Deployment", "deployments"), ("StatefulSet", "statefulsets")] {
            let api = self.api("apps", "v1", kind, plural);
            for child in api.list(&ListParams::default()).await? {
                let replicas = &child.data["spec"]["replicas"];
                let counts = json!({"status": {
                    "observedGeneration": child.metadata.generation, "replicas": replicas,
                    "updatedReplicas": replicas, "readyReplicas": replicas, "availableReplicas": replicas
                }});
                api.patch_status(&child.name_any(), &PatchParams::default(), &Patch::Merge(counts)).await?;
            }
        }
        let jobs = self.api("batch", "v1", "Job", "jobs");
        for job in jobs.list(&ListParams::default()).await? {
            self.succeed(&jobs, &job).await?;
        }
        Ok(())
    }

    /// Ends a Job as a failure.
    pub(crate) async fn fail(&self, job: &str) -> anyhow::Result<()> {
        let now = "2026-11-22T12:00:00Z";
        let failed = |type_| json!({"type": type_, "status": "True", "lastTransitionTime": now, "lastProbeTime": now});
        let status = json!({"status": {
            "failed": 1, "startTime": now, "conditions": [failed("FailureTarget"), failed("Failed")]
        }});
        let jobs = self.api("batch", "v1", "Job", "jobs");
        jobs.patch_status(job, &PatchParams::default(), &Patch::Merge(status)).await?;
        Ok(())
    }

    async fn succeed(&self, jobs: &Api<DynamicObject>, job: &DynamicObject) -> anyhow::Result<()> {
        if job.data["status"]["succeeded"] == json!(1) {
            return Ok(());
        }
        let pods = self.api("", "v1", "Pod", "pods");
        if pods.get_opt(&job.name_any()).await?.is_none() {
            self.create(pod_of(&job.data["spec"]["template"], &job.name_any())).await?;
        }
        let message = json!({"status": {"phase": "Succeeded", "containerStatuses": [{
            "name": "migrate", "image": "i", "imageID": "", "ready": false, "restartCount": 0,
            "state": {"terminated": {"exitCode": 0, "message": "{\"schemaVersion\":41}"}}
        }]}});
        pods.patch_status(&job.name_any(), &PatchParams::default(), &Patch::Merge(message)).await?;
        let now = "2026-11-22T12:00:00Z";
        let complete =
            |type_| json!({"type": type_, "status": "True", "lastTransitionTime": now, "lastProbeTime": now});
        let done = json!({"status": {
            "succeeded": 1, "startTime": now, "completionTime": now,
            "conditions": [complete("SuccessCriteriaMet"), complete("Complete")]
        }});
        jobs.patch_status(&job.name_any(), &PatchParams::default(), &Patch::Merge(done)).await?;
        Ok(())
    }

    /// Kind, name and resource version of everything in the namespace.
    pub(crate) async fn versions(&self) -> anyhow::Result<Vec<String>> {
        let kinds = [
            ("habittracker.dev", "v1alpha1", "HabitTrackerDeployment", "habittrackerdeployments"),
            ("apps", "v1", "Deployment", "deployments"),
            ("apps", "v1", "StatefulSet", "statefulsets"),
            ("batch", "v1", "Job", "jobs"),
            ("", "v1", "Service", "services"),
            ("", "v1", "ServiceAccount", "serviceaccounts"),
            ("", "v1", "Secret", "secrets"),
            ("rbac.authorization.k8s.io", "v1", "RoleBinding", "rolebindings"),
        ];
        let mut versions = Vec::new();
        for (group, version, kind, plural) in kinds {
            for object in self.api(group, version, kind, plural).list(&ListParams::default()).await? {
                let revision = object.resource_version().unwrap_or_default();
                versions.push(format!("{kind} {} {revision}", object.name_any()));
            }
        }
        Ok(versions)
    }

    pub(crate) async fn names(&self, kind: &str, plural: &str) -> anyhow::Result<Vec<String>> {
        let group = if kind == "Job" { "batch" } else { "apps" };
        let list = self.api(group, "v1", kind, plural).list(&ListParams::default()).await?;
        Ok(list.iter().map(ResourceExt::name_any).collect())
    }
}

fn context(client: &Client) -> anyhow::Result<Arc<Context>> {
    let registry = Registry::new();
    Ok(Arc::new(Context {
        client: client.clone(),
        clock: Clock::system(),
        applier: Applier::default(),
        backoff: Backoff::default(),
        embedded_loops: EmbeddedLoops::new("test".to_owned(), LoopMetrics::register(&registry)?),
        metrics: ReconcileMetrics::register(&registry)?,
    }))
}

pub(crate) fn pod_of(template: &Value, name: &str) -> Value {
    let mut metadata = template["metadata"].clone();
    metadata["name"] = json!(name);
    metadata["namespace"] = json!(NAMESPACE);
    json!({"apiVersion": "v1", "kind": "Pod", "metadata": metadata, "spec": template["spec"]})
}

pub(crate) fn condition<'a>(status: &'a HabitTrackerDeploymentStatus, type_: &str) -> (&'a str, &'a str) {
    let found = status.conditions.iter().find(|each| each.type_ == type_);
    found.map_or(("", ""), |condition| (&condition.status, &condition.reason))
}
