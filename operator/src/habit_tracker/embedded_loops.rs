//! Loops that run within the operator, for deployments that ask for it.
//!
//! Passes say what is wanted; the supervisor starts and stops. Loops that die are started again, the later the more often
//! they died in a row. Two operators that overlap do no harm: the database says which loops lead.
use std::{
    collections::HashMap,
    num::NonZeroU32,
    panic::AssertUnwindSafe,
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use crds::HabitTrackerDeployment;
use futures::FutureExt as _;
use kube::{ResourceExt as _, runtime::reflector::Store};
use process::{DatabaseConfig, Readiness, RedisConfig, Shutdown};
use tokio::{
    task::JoinSet,
    time::{Instant, sleep},
};

use super::{apply::Applied, backoff::Backoff, gather::Gathered, names::hex, validate::Valid};
use crate::loops::{self, LoopMetrics, TenantConfig};

/// Between two looks at what is wanted.
const PERIOD: Duration = Duration::from_secs(1);
const MESSAGES_PER_SECOND: NonZeroU32 = NonZeroU32::new(30).unwrap();

/// What the status says about loops that run here.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum LoopsState {
    Waiting(&'static str),
    Running,
    Failing(String),
}

/// Loops that are wanted, by the deployment's uid. Cheap to clone.
#[derive(Clone)]
pub struct EmbeddedLoops {
    identity: String,
    metrics: LoopMetrics,
    wanted: Arc<Mutex<HashMap<String, Wanted>>>,
}

#[derive(Clone)]
struct Wanted {
    config: TenantConfig,
    /// Of the configuration: another one means a new start.
    fingerprint: String,
    readiness: Readiness,
    died_of: Option<String>,
}

impl EmbeddedLoops {
    pub fn new(identity: String, metrics: LoopMetrics) -> Self {
        Self { identity, metrics, wanted: Arc::default() }
    }

    /// Notes whether a deployment's loops shall run here, and says how they are; `None` if they have pods of their own.
    pub fn arrange(&self, valid: &Valid, gathered: &Gathered, applied: &Applied) -> Option<LoopsState> {
        let mut wanted = self.wanted.lock().unwrap_or_else(PoisonError::into_inner);
        let uid = &valid.owner.uid;
        if valid.loops.is_some() {
            wanted.remove(uid);
            return None;
        }
        if !wanted.contains_key(uid) && !applied.api_has_been_rolled_out() {
            return Some(LoopsState::Waiting("waits until the api serves this version"));
        }
        let (Some(database), Some(redis)) = (gathered.secrets.database_url.text(), gathered.secrets.redis_url.text())
        else {
            return Some(LoopsState::Waiting("waits for the Secrets of the data stores"));
        };
        let fingerprint = hex(format!("{database} {redis} {}", valid.reminders.expire_after_seconds).as_bytes());
        let entry = wanted.entry(uid.clone()).or_insert_with(|| Wanted::new(self.config(valid), String::new()));
        if entry.fingerprint != fingerprint {
            let database = DatabaseConfig { database_url: Some(database.into()), database_url_file: None };
            let redis = RedisConfig { redis_url: Some(redis.into()), redis_url_file: None };
            *entry = Wanted::new(TenantConfig { database, redis, ..self.config(valid) }, fingerprint);
        }
        Some(entry.state())
    }

    fn config(&self, valid: &Valid) -> TenantConfig {
        TenantConfig {
            database: DatabaseConfig::default(),
            redis: RedisConfig::default(),
            expire_after_seconds: valid.reminders.expire_after_seconds.unsigned_abs(),
            messages_per_second: MESSAGES_PER_SECOND,
            habit_namespace: Some(valid.namespace.clone()),
            habit_deployment: Some(valid.name.clone()),
            holder: self.identity.clone(),
        }
    }

    /// Starts and stops loops until the term ends, and then ends all.
    pub async fn supervise(&self, deployments: Store<HabitTrackerDeployment>, term: Shutdown) {
        let mut supervisor = Supervisor::default();
        while !term.is_stopped() {
            self.forget_deleted(&deployments);
            supervisor.arrange(self, &term);
            tokio::select! {
                () = sleep(PERIOD) => {}
                () = term.stopped() => {}
                Some(ended) = supervisor.tasks.join_next() => supervisor.ended(self, ended),
            }
        }
        while supervisor.tasks.join_next().await.is_some() {}
    }

    /// A deletion causes no pass.
    fn forget_deleted(&self, deployments: &Store<HabitTrackerDeployment>) {
        let mut wanted = self.wanted.lock().unwrap_or_else(PoisonError::into_inner);
        if !wanted.is_empty() {
            let uids: Vec<_> = deployments.state().iter().filter_map(|each| each.uid()).collect();
            wanted.retain(|uid, _| uids.contains(uid));
        }
    }

    fn wanted(&self) -> HashMap<String, Wanted> {
        self.wanted.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    fn note_death(&self, uid: &str, why: String) {
        if let Some(wanted) = self.wanted.lock().unwrap_or_else(PoisonError::into_inner).get_mut(uid) {
            wanted.died_of = Some(why);
            // The old one holds what the dead task saw last, which may be that all is well.
            wanted.readiness = Readiness::of(&loops::DEPENDENCIES);
        }
    }

    fn note_start(&self, uid: &str) {
        if let Some(wanted) = self.wanted.lock().unwrap_or_else(PoisonError::into_inner).get_mut(uid) {
            wanted.died_of = None;
        }
    }
}

impl Wanted {
    fn new(config: TenantConfig, fingerprint: String) -> Self {
        Self { config, fingerprint, readiness: Readiness::of(&loops::DEPENDENCIES), died_of: None }
    }

    fn state(&self) -> LoopsState {
        let missing = self.readiness.missing();
        match &self.died_of {
            _ if missing.is_empty() => LoopsState::Running,
            Some(why) => LoopsState::Failing(format!("{why}; they are started again")),
            None => LoopsState::Failing(missing.join("; ")),
        }
    }
}

/// What runs.
#[derive(Default)]
struct Supervisor {
    running: HashMap<String, Running>,
    tasks: JoinSet<(String, anyhow::Result<()>)>,
    backoff: Backoff,
    not_before: HashMap<String, Instant>,
}

struct Running {
    fingerprint: String,
    shutdown: Shutdown,
}

type Ended = Result<(String, anyhow::Result<()>), tokio::task::JoinError>;

impl Supervisor {
    fn arrange(&mut self, embedded: &EmbeddedLoops, term: &Shutdown) {
        let wanted = embedded.wanted();
        for (uid, running) in &self.running {
            if wanted.get(uid).is_none_or(|wanted| wanted.fingerprint != running.fingerprint) {
                running.shutdown.stop_now();
            }
        }
        self.not_before.retain(|uid, _| wanted.contains_key(uid));
        self.backoff.keep(|uid| wanted.contains_key(uid));
        for (uid, wanted) in wanted {
            let is_early = self.not_before.get(&uid).is_some_and(|start| *start > Instant::now());
            if !is_early && !self.running.contains_key(&uid) {
                embedded.note_start(&uid);
                self.start(uid, wanted, embedded.metrics.clone(), term.child());
            }
        }
    }

    fn start(&mut self, uid: String, wanted: Wanted, metrics: LoopMetrics, shutdown: Shutdown) {
        tracing::info!(deployment = wanted.config.habit_deployment, "starting loops within the operator");
        let running = Running { fingerprint: wanted.fingerprint, shutdown: shutdown.clone() };
        self.running.insert(uid.clone(), running);
        self.tasks.spawn(async move {
            let tenant = loops::run_tenant(wanted.config, metrics, wanted.readiness, shutdown);
            // A panic of one deployment's loops must not lose its name, nor end the others.
            let result = AssertUnwindSafe(tenant).catch_unwind().await;
            (uid, result.unwrap_or_else(|_| Err(anyhow::anyhow!("the loops panicked"))))
        });
    }

    fn ended(&mut self, embedded: &EmbeddedLoops, ended: Ended) {
        let Ok((uid, result)) = ended else {
            return;
        };
        self.running.remove(&uid);
        match result {
            Ok(()) => self.backoff.succeeded(&uid),
            Err(error) => {
                let why = format!("{error:#}");
                let delay = self.backoff.failed(&uid);
                tracing::error!(error = why, retry_seconds = delay.as_secs(), "loops within the operator died");
                self.not_before.insert(uid.clone(), Instant::now() + delay);
                embedded.note_death(&uid, why);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use prometheus::Registry;

    use super::*;
    use crate::habit_tracker::fixture;

    const UID: &str = "uid-of-family";

    /// Loops that are wanted and run well.
    fn running() -> EmbeddedLoops {
        let loops = EmbeddedLoops::new("test".to_owned(), LoopMetrics::register(&Registry::new()).unwrap());
        let wanted = Wanted::new(loops.config(&fixture::valid(&fixture::deployment())), String::new());
        for dependency in loops::DEPENDENCIES {
            wanted.readiness.set(dependency, Ok(()));
        }
        loops.wanted.lock().unwrap().insert(UID.to_owned(), wanted);
        loops
    }

    fn state(loops: &EmbeddedLoops) -> LoopsState {
        loops.wanted()[UID].state()
    }

    #[test]
    fn loops_that_died_are_not_told_to_run() {
        let loops = running();
        assert_eq!(state(&loops), LoopsState::Running);
        Supervisor::default().ended(&loops, Ok((UID.to_owned(), Err(anyhow::anyhow!("a task panicked")))));
        assert_eq!(state(&loops), LoopsState::Failing("a task panicked; they are started again".to_owned()));
        loops.note_start(UID);
        assert!(matches!(state(&loops), LoopsState::Failing(why) if why.contains("not reached yet")));
    }

    #[tokio::test]
    async fn loops_that_are_not_wanted_any_more_are_forgotten() {
        let loops = running();
        let mut supervisor = Supervisor::default();
        supervisor.ended(&loops, Ok((UID.to_owned(), Err(anyhow::anyhow!("a task panicked")))));
        loops.wanted.lock().unwrap().clear();
        supervisor.arrange(&loops, &Shutdown::new());
        assert!(supervisor.not_before.is_empty());
    }
}
