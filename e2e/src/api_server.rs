//! A Kubernetes API server without a cluster: etcd and kube-apiserver on free ports of the loopback interface.
//!
//! Enough for admission rules, server-side apply and watches; nothing schedules pods or runs controllers.
use std::{
    net::{Ipv4Addr, TcpListener},
    path::{Path, PathBuf},
    process::Stdio,
    time::Duration,
};

use anyhow::{Context as _, bail, ensure};
use k8s_openapi::{
    api::core::v1::Namespace, apiextensions_apiserver::pkg::apis::apiextensions::v1::CustomResourceDefinition,
};
use kube::{
    Api, Client, Config,
    api::{ObjectMeta, PostParams},
    config::AuthInfo,
    runtime::wait::{await_condition, conditions::is_crd_established},
};
use tempfile::TempDir;
use tokio::{
    process::{Child, Command},
    time::{Instant, sleep, timeout},
};

const TOKEN: &str = "test-of-the-api-server";
const START_LIMIT: Duration = Duration::from_mins(1);

/// A running API server that accepts everything of an admin. It ends when this is dropped, and its data with it.
pub struct ApiServer {
    /// An admin's client.
    pub client: Client,
    _etcd: Child,
    _apiserver: Child,
    _folder: TempDir,
}

impl ApiServer {
    /// Starts the two programs of `$KUBEBUILDER_ASSETS` and waits until they answer.
    ///
    /// # Errors
    /// The programs are absent, or do not answer within a minute.
    pub async fn start() -> anyhow::Result<Self> {
        let assets = assets()?;
        let folder = TempDir::new()?;
        let (etcd_port, peer_port, port) = (free_port()?, free_port()?, free_port()?);
        write_credentials(folder.path()).await?;
        let mut etcd = start(&assets.join("etcd"), &etcd_flags(folder.path(), etcd_port, peer_port), "etcd", &folder)?;
        let mut apiserver = start(
            &assets.join("kube-apiserver"),
            &apiserver_flags(folder.path(), etcd_port, port),
            "kube-apiserver",
            &folder,
        )?;
        let client = admin(port)?;
        wait_until_ready(&client, &mut etcd, &mut apiserver, folder.path()).await?;
        Ok(Self { client, _etcd: etcd, _apiserver: apiserver, _folder: folder })
    }

    /// Starts a server that knows our custom resources.
    ///
    /// # Errors
    /// As [`Self::start`], or a definition is refused.
    pub async fn with_custom_resources() -> anyhow::Result<Self> {
        let server = Self::start().await?;
        let api: Api<CustomResourceDefinition> = Api::all(server.client.clone());
        for definition in crds::manifest::definitions()? {
            let created = api.create(&PostParams::default(), &definition).await?;
            let name = created.metadata.name.unwrap_or_default();
            timeout(START_LIMIT, await_condition(api.clone(), &name, is_crd_established())).await??;
        }
        Ok(server)
    }

    /// Makes a namespace in which only `restricted` pods are admitted.
    ///
    /// # Errors
    /// The server refuses it.
    pub async fn create_restricted_namespace(&self, name: &str) -> anyhow::Result<()> {
        let namespace = Namespace {
            metadata: ObjectMeta {
                name: Some(name.to_owned()),
                labels: Some([("pod-security.kubernetes.io/enforce".to_owned(), "restricted".to_owned())].into()),
                ..ObjectMeta::default()
            },
            ..Namespace::default()
        };
        Api::<Namespace>::all(self.client.clone()).create(&PostParams::default(), &namespace).await?;
        Ok(())
    }
}

/// Where the Kubernetes programs lie, by envtest's convention.
fn assets() -> anyhow::Result<PathBuf> {
    let folder = match std::env::var_os("KUBEBUILDER_ASSETS") {
        Some(folder) => PathBuf::from(folder),
        None => PathBuf::from(std::env::var_os("HOME").context("HOME is not set")?).join(".cache/habit-tracker/kube"),
    };
    for program in ["etcd", "kube-apiserver"] {
        ensure!(
            folder.join(program).is_file(),
            "{program} is not in {}: run e2e/cluster/build-tools.sh or set KUBEBUILDER_ASSETS",
            folder.display()
        );
    }
    Ok(folder)
}

fn free_port() -> anyhow::Result<u16> {
    Ok(TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?.local_addr()?.port())
}

/// The admin's token, and the key that signs tokens of service accounts.
async fn write_credentials(folder: &Path) -> anyhow::Result<()> {
    std::fs::write(folder.join("tokens.csv"), format!("{TOKEN},admin,admin,system:masters\n"))?;
    let made = Command::new("openssl")
        .args(["genrsa", "-out"])
        .arg(folder.join("sa.key"))
        .stderr(Stdio::null())
        .status()
        .await
        .context("openssl is needed to make a key: apt-get install openssl")?;
    ensure!(made.success(), "openssl made no key");
    Ok(())
}

fn etcd_flags(folder: &Path, port: u16, peer_port: u16) -> Vec<String> {
    let client = format!("http://127.0.0.1:{port}");
    let peer = format!("http://127.0.0.1:{peer_port}");
    vec![
        format!("--data-dir={}", folder.join("etcd").display()),
        format!("--listen-client-urls={client}"),
        format!("--advertise-client-urls={client}"),
        format!("--listen-peer-urls={peer}"),
        format!("--initial-advertise-peer-urls={peer}"),
        format!("--initial-cluster=default={peer}"),
        "--unsafe-no-fsync".to_owned(),
    ]
}

fn apiserver_flags(folder: &Path, etcd_port: u16, port: u16) -> Vec<String> {
    let key = folder.join("sa.key").display().to_string();
    vec![
        format!("--etcd-servers=http://127.0.0.1:{etcd_port}"),
        "--bind-address=127.0.0.1".to_owned(),
        format!("--secure-port={port}"),
        format!("--cert-dir={}", folder.join("certificates").display()),
        format!("--token-auth-file={}", folder.join("tokens.csv").display()),
        "--authorization-mode=RBAC".to_owned(),
        "--service-cluster-ip-range=10.0.0.0/24".to_owned(),
        "--service-account-issuer=https://kubernetes.default.svc".to_owned(),
        format!("--service-account-key-file={key}"),
        format!("--service-account-signing-key-file={key}"),
        // No controller makes the default ServiceAccount that this plugin waits for.
        "--disable-admission-plugins=ServiceAccount".to_owned(),
    ]
}

fn start(program: &Path, flags: &[String], name: &str, folder: &TempDir) -> anyhow::Result<Child> {
    let log = std::fs::File::create(log_path(folder.path(), name))?;
    Command::new(program)
        .args(flags)
        .stdout(log.try_clone()?)
        .stderr(log)
        .stdin(Stdio::null())
        .kill_on_drop(true)
        .spawn()
        .with_context(|| format!("failed to start {}", program.display()))
}

fn log_path(folder: &Path, name: &str) -> PathBuf {
    folder.join(format!("{name}.log"))
}

/// The certificate is one the server made for itself a second ago.
fn admin(port: u16) -> anyhow::Result<Client> {
    let mut config = Config::new(format!("https://127.0.0.1:{port}").parse()?);
    config.accept_invalid_certs = true;
    config.auth_info = AuthInfo { token: Some(TOKEN.to_owned().into()), ..AuthInfo::default() };
    Ok(Client::try_from(config)?)
}

async fn wait_until_ready(
    client: &Client,
    etcd: &mut Child,
    apiserver: &mut Child,
    folder: &Path,
) -> anyhow::Result<()> {
    let end = Instant::now() + START_LIMIT;
    let namespaces: Api<Namespace> = Api::all(client.clone());
    while namespaces.get("default").await.is_err() {
        for (name, child) in [("etcd", &mut *etcd), ("kube-apiserver", &mut *apiserver)] {
            if let Some(status) = child.try_wait()? {
                bail!("{name} ended with {status}:\n{}", last_lines(&log_path(folder, name)));
            }
        }
        ensure!(Instant::now() < end, "the API server did not answer within {} s", START_LIMIT.as_secs());
        sleep(Duration::from_millis(50)).await;
    }
    Ok(())
}

fn last_lines(log: &Path) -> String {
    let text = std::fs::read_to_string(log).unwrap_or_default();
    let lines: Vec<&str> = text.lines().collect();
    lines[lines.len().saturating_sub(10)..].join("\n")
}
