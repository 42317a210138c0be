//! Which replica of the control plane works: the holder of a Lease.
//!
//! Every write of the Lease names the version it was read at, so that of several candidates one wins. Whether a holder is
//! gone is judged by the time that has passed here since the Lease changed last: clocks of other machines are not asked.
use std::time::{Duration, Instant};

use anyhow::Context as _;
use chrono::{DateTime, Utc};
use k8s_openapi::{
    api::coordination::v1::{Lease, LeaseSpec},
    apimachinery::pkg::apis::meta::v1::MicroTime,
    jiff::Timestamp,
};
use kube::{
    Api, Client,
    api::{ObjectMeta, PostParams},
};
use process::{Clock, Readiness, Shutdown};
use prometheus::IntGauge;
use tokio::time::{sleep, timeout};

/// What a replica has to reach before it is ready.
pub const DEPENDENCY: &str = "kubernetes";

/// After so long without a change, a holder counts as gone.
const LEASE_DURATION: Duration = Duration::from_secs(15);
/// After so long without a renewal, a leader stops by itself: before anybody else begins.
const RENEW_DEADLINE: Duration = Duration::from_secs(10);
/// Between two looks at the Lease.
const PERIOD: Duration = Duration::from_secs(2);
/// One request.
const REQUEST_LIMIT: Duration = Duration::from_secs(5);

/// One replica that wants to lead.
pub struct Candidate {
    pub client: Client,
    pub namespace: String,
    pub lease: String,
    pub identity: String,
    pub clock: Clock,
    pub readiness: Readiness,
    pub leading: IntGauge,
}

/// What to do about the Lease.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Decision {
    /// There is none yet.
    Create,
    /// Nobody holds it, or its holder is gone.
    Take,
    /// It is ours.
    Renew,
    /// Somebody else holds it.
    Wait,
}

/// `unchanged_for` is how long the Lease has been seen here as it is.
fn decide(lease: Option<&Lease>, me: &str, unchanged_for: Duration) -> Decision {
    let Some(lease) = lease else {
        return Decision::Create;
    };
    match lease.spec.as_ref().and_then(|spec| spec.holder_identity.as_deref()) {
        None | Some("") => Decision::Take,
        Some(holder) if holder == me => Decision::Renew,
        Some(_) if unchanged_for >= LEASE_DURATION => Decision::Take,
        Some(_) => Decision::Wait,
    }
}

/// The Lease as it was seen last, and since when it is so.
#[derive(Default)]
struct Seen {
    version: Option<String>,
    since: Option<Instant>,
}

impl Seen {
    fn note(&mut self, lease: Option<&Lease>, now: Instant) -> Duration {
        let version = lease.and_then(|lease| lease.metadata.resource_version.clone());
        if self.version != version || self.since.is_none() {
            *self = Self { version, since: Some(now) };
        }
        self.since.map_or(Duration::ZERO, |since| now.duration_since(since))
    }
}

/// Waits to lead, runs `work` while leading, and gives the Lease back when told to stop. A term that is lost ends the work
/// and the wait begins anew.
///
/// # Errors
/// The work fails.
pub async fn lead<W>(candidate: Candidate, shutdown: Shutdown, work: impl Fn(Shutdown) -> W) -> anyhow::Result<()>
where
    W: Future<Output = anyhow::Result<()>> + Send,
{
    while candidate.acquire(&shutdown).await {
        tracing::info!(identity = candidate.identity, "leading");
        candidate.leading.set(1);
        let term = shutdown.child();
        let (worked, ()) = tokio::join!(work(term.clone()), candidate.hold(&term));
        candidate.leading.set(0);
        if let Err(error) = worked {
            candidate.release().await;
            return Err(error);
        }
        tracing::info!(identity = candidate.identity, "not leading any more");
    }
    candidate.release().await;
    Ok(())
}

impl Candidate {
    fn api(&self) -> Api<Lease> {
        Api::namespaced(self.client.clone(), &self.namespace)
    }

    /// Waits until the Lease is ours; false when told to stop.
    async fn acquire(&self, shutdown: &Shutdown) -> bool {
        let mut seen = Seen::default();
        while !shutdown.is_stopped() {
            match self.attempt(&mut seen).await {
                Ok(true) => return true,
                Ok(false) => {}
                Err(error) => tracing::warn!(error = format!("{error:#}"), "failed to ask for the Lease"),
            }
            tokio::select! {
                () = sleep(PERIOD) => {}
                () = shutdown.stopped() => {}
            }
        }
        false
    }

    /// Renews the Lease until the term ends, and ends the term when that did not succeed for too long.
    async fn hold(&self, term: &Shutdown) {
        let mut seen = Seen::default();
        let mut renewed = Instant::now();
        loop {
            tokio::select! {
                () = sleep(PERIOD) => {}
                () = term.stopped() => return,
            }
            match self.attempt(&mut seen).await {
                Ok(true) => renewed = Instant::now(),
                Ok(false) => return self.lose(term, "another replica holds the Lease"),
                Err(_) if renewed.elapsed() >= RENEW_DEADLINE => return self.lose(term, "the Lease ran out"),
                Err(error) => tracing::warn!(error = format!("{error:#}"), "failed to renew the Lease"),
            }
        }
    }

    fn lose(&self, term: &Shutdown, why: &str) {
        tracing::warn!(identity = self.identity, why, "lost the lead");
        term.stop_now();
    }

    /// Looks at the Lease and does what [`decide`] says; whether it is ours afterwards.
    async fn attempt(&self, seen: &mut Seen) -> anyhow::Result<bool> {
        let result =
            timeout(REQUEST_LIMIT, self.try_lease(seen)).await.context("the API server did not answer in time");
        let result = result.flatten();
        self.readiness.set(DEPENDENCY, result.as_ref().map(|_| ()).map_err(|error| format!("{error:#}")));
        result
    }

    async fn try_lease(&self, seen: &mut Seen) -> anyhow::Result<bool> {
        let lease = self.api().get_opt(&self.lease).await.context("failed to read the Lease")?;
        let decision = decide(lease.as_ref(), &self.identity, seen.note(lease.as_ref(), Instant::now()));
        let spec = self.spec(lease.as_ref().and_then(|lease| lease.spec.as_ref()), decision, self.clock.now());
        let written = match (decision, lease) {
            (Decision::Wait, _) => return Ok(false),
            (Decision::Create, _) | (_, None) => {
                let metadata = ObjectMeta { name: Some(self.lease.clone()), ..ObjectMeta::default() };
                self.api().create(&PostParams::default(), &Lease { metadata, spec: Some(spec) }).await
            }
            (Decision::Take | Decision::Renew, Some(lease)) => {
                // The metadata carries the version that was read: somebody else's write in between makes this one fail.
                let lease = Lease { spec: Some(spec), ..lease };
                self.api().replace(&self.lease, &PostParams::default(), &lease).await
            }
        };
        match written {
            Ok(_) => Ok(true),
            Err(kube::Error::Api(status)) if status.code == 409 && decision != Decision::Renew => Ok(false),
            Err(error) => Err(error).context("failed to write the Lease"),
        }
    }

    fn spec(&self, before: Option<&LeaseSpec>, decision: Decision, now: DateTime<Utc>) -> LeaseSpec {
        let before = before.cloned().unwrap_or_default();
        let now = micro_time(now);
        let is_ours = decision == Decision::Renew;
        LeaseSpec {
            holder_identity: Some(self.identity.clone()),
            lease_duration_seconds: i32::try_from(LEASE_DURATION.as_secs()).ok(),
            acquire_time: if is_ours { before.acquire_time.clone() } else { Some(now.clone()) },
            renew_time: Some(now),
            lease_transitions: Some(before.lease_transitions.unwrap_or_default() + i32::from(!is_ours)),
            ..before
        }
    }

    /// Lets the next replica begin at once.
    async fn release(&self) {
        let released = timeout(REQUEST_LIMIT, async {
            let Some(lease) = self.api().get_opt(&self.lease).await? else { return Ok(()) };
            let spec = lease.spec.clone().unwrap_or_default();
            if spec.holder_identity.as_deref() != Some(&self.identity) {
                return Ok(());
            }
            let lease = Lease { spec: Some(LeaseSpec { holder_identity: None, ..spec }), ..lease };
            self.api().replace(&self.lease, &PostParams::default(), &lease).await.map(|_| ())
        });
        match released.await {
            Ok(Ok(())) => {}
            Ok(Err(error)) => tracing::warn!(%error, "failed to give the Lease back; it runs out by itself"),
            Err(_) => tracing::warn!("failed to give the Lease back in time; it runs out by itself"),
        }
    }
}

fn micro_time(now: DateTime<Utc>) -> MicroTime {
    MicroTime(Timestamp::from_microsecond(now.timestamp_micros()).unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use super::*;

    const LONG_AGO: Duration = LEASE_DURATION;
    const JUST_NOW: Duration = Duration::from_secs(1);

    fn held_by(holder: Option<&str>) -> Lease {
        let spec = LeaseSpec { holder_identity: holder.map(str::to_owned), ..LeaseSpec::default() };
        Lease { spec: Some(spec), ..Lease::default() }
    }

    #[test]
    fn the_first_candidate_makes_the_lease() {
        assert_eq!(decide(None, "me", JUST_NOW), Decision::Create);
    }

    #[test]
    fn a_lease_that_was_given_back_is_taken_at_once() {
        assert_eq!(decide(Some(&held_by(None)), "me", JUST_NOW), Decision::Take);
        assert_eq!(decide(Some(&held_by(Some(""))), "me", JUST_NOW), Decision::Take);
    }

    #[test]
    fn a_holder_renews_however_long_it_slept() {
        assert_eq!(decide(Some(&held_by(Some("me"))), "me", LONG_AGO), Decision::Renew);
    }

    #[test]
    fn a_lease_that_others_renew_is_left_alone() {
        assert_eq!(decide(Some(&held_by(Some("other"))), "me", JUST_NOW), Decision::Wait);
    }

    #[test]
    fn a_lease_that_nobody_renewed_is_taken() {
        assert_eq!(decide(Some(&held_by(Some("other"))), "me", LONG_AGO), Decision::Take);
    }

    #[test]
    fn a_change_of_the_lease_starts_the_wait_anew() {
        let lease = |version: &str| Lease {
            metadata: ObjectMeta { resource_version: Some(version.to_owned()), ..ObjectMeta::default() },
            spec: None,
        };
        let start = Instant::now();
        let mut seen = Seen::default();
        seen.note(Some(&lease("1")), start);
        assert_eq!(seen.note(Some(&lease("1")), start + LONG_AGO), LONG_AGO);
        assert_eq!(seen.note(Some(&lease("2")), start + LONG_AGO), Duration::ZERO);
    }

    #[test]
    fn a_leader_stops_before_another_may_begin() {
        assert!(RENEW_DEADLINE + REQUEST_LIMIT <= LEASE_DURATION);
    }
}
