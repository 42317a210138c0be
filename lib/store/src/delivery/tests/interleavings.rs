//! Loops, senders, crashes and a clock in any order: what holds of each delivery whatever happens.

use std::collections::BTreeMap;

use proptest::{
    collection::vec,
    prelude::*,
    strategy::ValueTree as _,
    test_runner::{Config, TestRunner},
};

use super::*;

const SEQUENCES: u32 = 24;
const STEPS: usize = 200;
const PEOPLE: i64 = 2;

/// One thing that happens. An index picks among what is there, if there is something.
#[derive(Debug, Clone, Copy)]
enum Step {
    Wait(TimeDelta),
    NewHabit {
        person: i64,
        minute: i64,
    },
    MakeDue,
    /// `lost`: the loops die before the stream takes what is queued.
    QueueDue {
        lost: bool,
    },
    RequeueExpiredLeases,
    WipeRedis,
    /// `again`: the entry stays in the stream, as if its acknowledgement were lost.
    Claim {
        entry: usize,
        again: bool,
    },
    GiveBack {
        entry: usize,
    },
    Postpone {
        entry: usize,
    },
    /// Telegram takes the message.
    Send {
        held: usize,
    },
    /// The sender notes that.
    MarkSent {
        sent: usize,
    },
    Retry {
        held: usize,
    },
    Throttled {
        held: usize,
    },
    /// The sender dies before or after it called Telegram.
    Die {
        held: usize,
    },
}

fn step() -> impl Strategy<Value = Step> {
    let index = 0..64_usize;
    prop_oneof![
        3 => (1..8_i64).prop_map(|s| Step::Wait(TimeDelta::seconds(s))),
        1 => Just(Step::Wait(LEASE + TimeDelta::seconds(1))),
        1 => (1..=PEOPLE, 0..2_i64).prop_map(|(person, minute)| Step::NewHabit { person, minute }),
        2 => Just(Step::MakeDue),
        6 => prop::bool::weighted(0.2).prop_map(|lost| Step::QueueDue { lost }),
        3 => Just(Step::RequeueExpiredLeases),
        1 => Just(Step::WipeRedis),
        8 => (index.clone(), any::<bool>()).prop_map(|(entry, again)| Step::Claim { entry, again }),
        1 => index.clone().prop_map(|entry| Step::GiveBack { entry }),
        1 => index.clone().prop_map(|entry| Step::Postpone { entry }),
        1 => index.clone().prop_map(|held| Step::Send { held }),
        1 => index.clone().prop_map(|sent| Step::MarkSent { sent }),
        2 => index.clone().prop_map(|held| Step::Retry { held }),
        2 => index.clone().prop_map(|held| Step::Throttled { held }),
        1 => index.prop_map(|held| Step::Die { held }),
    ]
}

/// Everything outside of the database.
struct World<'a> {
    db: &'a PgPool,
    now: DateTime<Utc>,
    people: BTreeMap<i64, i64>,
    habits: usize,
    stream: Vec<Key>,
    /// Leases of senders that have not called Telegram.
    held: Vec<Lease>,
    /// Leases of senders that have, and did not note it yet.
    sent: Vec<Lease>,
    /// All leases that a message was sent under, with whether that was noted.
    arrived: BTreeMap<Key, Vec<(Lease, bool)>>,
}

fn take<T>(from: &mut Vec<T>, index: usize) -> Option<T> {
    if from.is_empty() { None } else { Some(from.remove(index % from.len())) }
}

impl<'a> World<'a> {
    async fn new(db: &'a PgPool) -> Self {
        sqlx::query("truncate users cascade").execute(db).await.unwrap();
        let mut people = BTreeMap::new();
        for person in 1..=PEOPLE {
            people.insert(person, user(db, person, "UTC").await);
        }
        let (stream, held, sent) = (Vec::new(), Vec::new(), Vec::new());
        let mut world = Self { db, now: noon(), people, habits: 0, stream, held, sent, arrived: BTreeMap::new() };
        for person in 1..=PEOPLE {
            world.new_habit(person, 0).await;
        }
        world
    }

    async fn new_habit(&mut self, person: i64, minute: i64) {
        self.habits += 1;
        let name = format!("Habit {}", self.habits);
        habit(self.db, self.people[&person], &name, noon() + TimeDelta::minutes(minute)).await;
    }

    async fn happen(&mut self, step: Step) {
        let mut conn = self.db.acquire().await.unwrap();
        match step {
            Step::Wait(time) => self.now += time,
            Step::NewHabit { person, minute } => self.new_habit(person, minute).await,
            Step::MakeDue => drop(make(self.db, self.now).await),
            Step::QueueDue { lost } => {
                let keys = queue_due(&mut conn, self.now, LEASE, 2).await.unwrap().keys;
                self.stream.extend(keys.into_iter().filter(|_| !lost));
            }
            Step::RequeueExpiredLeases => drop(requeue_expired_leases(&mut conn, self.now, 2).await.unwrap()),
            Step::WipeRedis => {
                self.stream.clear();
                requeue_all_queued(&mut conn).await.unwrap();
            }
            Step::Claim { entry, again } => {
                let Some(key) = take(&mut self.stream, entry) else { return };
                self.claim(&mut conn, key).await;
                self.stream.extend(again.then_some(key));
            }
            Step::GiveBack { entry } => {
                let keys: Vec<Key> = take(&mut self.stream, entry).into_iter().collect();
                give_back(&mut conn, &keys).await.unwrap();
            }
            Step::Postpone { entry } => {
                let Some(key) = take(&mut self.stream, entry) else { return };
                postpone(&mut conn, key, self.now + TimeDelta::seconds(3)).await.unwrap();
            }
            other => self.happen_to_a_sender(&mut conn, other).await,
        }
    }

    async fn happen_to_a_sender(&mut self, conn: &mut sqlx::PgConnection, step: Step) {
        let later = self.now + TimeDelta::seconds(1);
        match step {
            Step::Send { held } => self.send(held),
            Step::MarkSent { sent } => self.mark_sent(conn, sent).await,
            Step::Retry { held } => {
                let Some(lease) = take(&mut self.held, held) else { return };
                retry(conn, lease, later, "no answer").await.unwrap();
            }
            Step::Throttled { held } => {
                let Some(lease) = take(&mut self.held, held) else { return };
                throttled(conn, lease, later).await.unwrap();
            }
            Step::Die { held } => drop(take(&mut self.held, held).or_else(|| take(&mut self.sent, held))),
            _ => unreachable!("what a sender does not do"),
        }
    }

    /// The heart: nobody gets what another may send, nor what is known to be sent.
    async fn claim(&mut self, conn: &mut sqlx::PgConnection, key: Key) {
        let Some(claimed) = claim(conn, key, self.now, LEASE).await.unwrap() else { return };
        for lease in self.held.iter().chain(&self.sent).filter(|lease| lease.key == key) {
            assert!(lease.until < self.now, "{key:?} is claimed at {} under {lease:?}", self.now);
        }
        for (lease, noted) in self.arrived.get(&key).into_iter().flatten() {
            assert!(!noted, "{key:?} is claimed although it is known to be sent");
            assert!(lease.until < self.now, "{key:?} is claimed at {} though sent under {lease:?}", self.now);
        }
        self.held.push(claimed.lease);
    }

    /// A sender whose lease ran out does not call.
    fn send(&mut self, held: usize) {
        let Some(lease) = take(&mut self.held, held) else { return };
        if self.now <= lease.until {
            self.arrived.entry(lease.key).or_default().push((lease, false));
            self.sent.push(lease);
        }
    }

    async fn mark_sent(&mut self, conn: &mut sqlx::PgConnection, sent: usize) {
        let Some(lease) = take(&mut self.sent, sent) else { return };
        mark_sent(conn, lease.key, 1, self.now).await.unwrap();
        for (_, noted) in self.arrived.get_mut(&lease.key).into_iter().flatten() {
            *noted = true;
        }
    }

    /// Everybody works and nobody dies any more: whatever is not sent yet is.
    async fn settle(&mut self) {
        for _ in 0..100 {
            self.happen(Step::Wait(LEASE + TimeDelta::seconds(1))).await;
            for step in [Step::RequeueExpiredLeases, Step::MakeDue, Step::QueueDue { lost: false }] {
                self.happen(step).await;
            }
            while !self.stream.is_empty() {
                self.happen(Step::Claim { entry: 0, again: false }).await;
            }
            while !self.held.is_empty() {
                self.happen(Step::Send { held: 0 }).await;
            }
            while !self.sent.is_empty() {
                self.happen(Step::MarkSent { sent: 0 }).await;
            }
            let open = "select count(*) from deliveries where state <> 'sent'";
            let open: i64 = sqlx::query_scalar(open).fetch_one(self.db).await.unwrap();
            if open == 0 {
                return;
            }
        }
        panic!("never settled: {:?}", deliveries(self.db).await);
    }

    async fn assert_nothing_is_lost(&self) {
        let made = deliveries(self.db).await;
        assert_eq!(made.len(), self.arrived.len(), "each delivery arrived");
        let items: i64 = made.iter().map(|(_, items)| items).sum();
        assert_eq!(usize::try_from(items).unwrap(), self.habits, "each habit is in one message");
    }
}

#[sqlx::test(migrations = "../../migrations")]
async fn no_order_of_events_loses_a_delivery_or_sends_it_twice_within_its_lease(db: PgPool) {
    let mut runner = TestRunner::new_with_rng(
        Config::default(),
        prop::test_runner::TestRng::deterministic_rng(prop::test_runner::RngAlgorithm::ChaCha),
    );
    for _ in 0..SEQUENCES {
        let steps = vec(step(), STEPS).new_tree(&mut runner).unwrap().current();
        let mut world = World::new(&db).await;
        for step in steps {
            world.happen(step).await;
        }
        world.settle().await;
        world.assert_nothing_is_lost().await;
    }
}
