//! The cluster as an admin has it: kubectl and helm.

use std::{path::PathBuf, process::Stdio, time::Duration};

use anyhow::{Context as _, ensure};
use serde_json::Value;
use tokio::{
    io::AsyncWriteExt as _,
    process::Command,
    time::{Instant, sleep, timeout},
};

/// Where the journey happens; gone and made anew at its start.
pub(crate) const NAMESPACE: &str = "journey";

/// No call of kubectl or helm takes longer.
const COMMAND_LIMIT: Duration = Duration::from_mins(5);

/// How often a condition is looked at.
const LOOK_EVERY: Duration = Duration::from_millis(200);

/// Registry of the local cluster's images.
const REGISTRY: &str = "localhost/habit-tracker";

/// Runs kubectl in the journey's namespace and gives what it printed.
pub(crate) async fn kubectl(args: &[&str]) -> anyhow::Result<String> {
    let mut all = vec!["--namespace", NAMESPACE];
    all.extend(args);
    run("kubectl", &all, None).await
}

/// Applies a manifest of this folder.
pub(crate) async fn apply(manifest: &str) -> anyhow::Result<()> {
    let manifest = manifest.replace("@VERSION@", &version()).replace("@REGISTRY@", REGISTRY);
    run("kubectl", &["--namespace", NAMESPACE, "apply", "-f", "-"], Some(&manifest)).await.map(drop)
}

/// Installs the operator, or brings it to this version.
pub(crate) async fn install_chart() -> anyhow::Result<()> {
    let chart = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../charts/habit-tracker");
    let image = format!("image.registry={REGISTRY},image.tag={}", version());
    let args =
        ["upgrade", "--install", "habit-tracker", &chart.to_string_lossy(), "--namespace", "habit-tracker-system"];
    let options = ["--create-namespace", "--set", &image, "--wait", "--timeout", "120s"];
    run("helm", &[&args[..], &options[..]].concat(), None).await.map(drop)
}

/// An empty namespace that admits restricted pods only.
pub(crate) async fn fresh_namespace() -> anyhow::Result<()> {
    kubectl(&["delete", "namespace", NAMESPACE, "--ignore-not-found", "--wait", "--timeout=120s"]).await?;
    kubectl(&["create", "namespace", NAMESPACE]).await?;
    kubectl(&["label", "namespace", NAMESPACE, "pod-security.kubernetes.io/enforce=restricted"]).await.map(drop)
}

/// A resource as the API server has it; `None` when it is not there.
pub(crate) async fn get(resource: &str) -> anyhow::Result<Option<Value>> {
    let text = kubectl(&["get", resource, "--ignore-not-found", "-o", "json"]).await?;
    Ok(if text.trim().is_empty() { None } else { Some(serde_json::from_str(&text)?) })
}

/// The pods of one component of the deployment, or of all.
pub(crate) async fn pods(component: Option<&str>) -> anyhow::Result<Vec<Value>> {
    let mut selector = "app.kubernetes.io/instance=family".to_owned();
    if let Some(component) = component {
        selector = format!("{selector},app.kubernetes.io/component={component}");
    }
    let text = kubectl(&["get", "pods", "-l", &selector, "-o", "json"]).await?;
    let mut list: Value = serde_json::from_str(&text)?;
    Ok(list["items"].as_array_mut().map(std::mem::take).unwrap_or_default())
}

/// Waits until the API server says Ready about the generation of now.
pub(crate) async fn wait_ready(resource: &str) -> anyhow::Result<()> {
    kubectl(&["wait", "--for=condition=Ready", resource, "--timeout=240s"]).await.map(drop)?;
    let object = get(resource).await?.context("it is there")?;
    let ready = condition(&object, "Ready").context("it has the condition")?;
    ensure!(
        ready["observedGeneration"] == object["metadata"]["generation"],
        "Ready speaks of another generation: {ready}"
    );
    Ok(())
}

/// A condition of a resource.
pub(crate) fn condition<'a>(object: &'a Value, kind: &str) -> Option<&'a Value> {
    object["status"]["conditions"].as_array()?.iter().find(|condition| condition["type"] == kind)
}

/// The address at which this machine reaches a Service's node port.
pub(crate) async fn address_of(service: &str) -> anyhow::Result<String> {
    let port = kubectl(&["get", "service", service, "-o", "jsonpath={.spec.ports[0].nodePort}"]).await?;
    let internal = r#"jsonpath={.items[0].status.addresses[?(@.type=="InternalIP")].address}"#;
    let node = kubectl(&["get", "nodes", "-o", internal]).await?;
    Ok(format!("http://{}:{}", node.trim(), port.trim()))
}

/// Looks until `done` gives something, at most `limit`.
pub(crate) async fn until<T>(
    what: &str,
    limit: Duration,
    mut done: impl AsyncFnMut() -> anyhow::Result<Option<T>>,
) -> anyhow::Result<T> {
    let end = Instant::now() + limit;
    loop {
        if let Some(found) = done().await? {
            return Ok(found);
        }
        ensure!(Instant::now() < end, "waited {} s in vain: {what}", limit.as_secs());
        sleep(LOOK_EVERY).await;
    }
}

async fn run(program: &str, args: &[&str], input: Option<&str>) -> anyhow::Result<String> {
    let mut command = Command::new(path_of(program));
    command.args(args).stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).kill_on_drop(true);
    let mut child = command.spawn().with_context(|| format!("{program} does not start; run `make tools`"))?;
    let mut stdin = child.stdin.take().context("stdin is piped")?;
    stdin.write_all(input.unwrap_or_default().as_bytes()).await?;
    drop(stdin);
    let output =
        timeout(COMMAND_LIMIT, child.wait_with_output()).await.with_context(|| format!("{program} hangs"))??;
    let failure = String::from_utf8_lossy(&output.stderr);
    ensure!(output.status.success(), "{program} {}: {failure}", args.join(" "));
    Ok(String::from_utf8(output.stdout)?)
}

/// The version of the images: that of the build at hand, else of the release.
fn version() -> String {
    let built = std::env::var_os("HABIT_VERSION").and_then(|version| version.into_string().ok());
    built.unwrap_or_else(|| env!("CARGO_PKG_VERSION").to_owned())
}

/// The pinned program of the local cluster, else the one of this machine.
fn path_of(program: &str) -> PathBuf {
    let pinned = std::env::var_os("KUBEBUILDER_ASSETS").map(|assets| PathBuf::from(assets).join(program));
    pinned.filter(|path| path.is_file()).unwrap_or_else(|| PathBuf::from(program))
}
