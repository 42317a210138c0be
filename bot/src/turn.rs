//! A person's turn: of all replicas, one handles an update of a person at a time, the lowest that waits first.
//!
//! Kept in Redis, which may be emptied at any moment: then an update may be handled twice, as after a kill, and two at once.

use std::{sync::LazyLock, time::Duration};

use outbound::Keys;
use process::Shutdown;
use redis::{RedisResult, Script, aio::ConnectionManager};
use teloxide::types::UpdateId;
use tokio::time::{Instant, sleep, timeout, timeout_at};

static TAKE: LazyLock<Script> = LazyLock::new(|| Script::new(include_str!("turn/take.lua")));
static DONE: LazyLock<Script> = LazyLock::new(|| Script::new(include_str!("turn/done.lua")));
static LEAVE: LazyLock<Script> = LazyLock::new(|| Script::new(include_str!("turn/leave.lua")));

/// How long a turn is held at most. Work on an update takes up to 16 s, and ends before the lease does, so that nobody acts
/// on a turn that has become another's.
const LEASE: Duration = Duration::from_secs(20);
/// Between the end of the work and that of its lease.
const MARGIN: Duration = Duration::from_secs(2);

/// How long a place among those that wait outlasts the last question: above the longest pause, with a slow Redis, and the
/// time until Telegram brings an update again that was refused.
const PLACE: Duration = Duration::from_secs(3);

/// How long one waits for a turn. With the work, this is below the time that Telegram gives a webhook.
const PATIENCE: Duration = Duration::from_secs(20);
/// The same from the moment that the process ends: with the work, it is below the time for an orderly end.
const PATIENCE_AT_END: Duration = Duration::from_secs(4);

const LEAVE_WITHIN: Duration = Duration::from_secs(1);

const SHORTEST_PAUSE: Duration = Duration::from_millis(10);
const LONGEST_PAUSE: Duration = Duration::from_millis(100);
const PAUSE_WITHOUT_REDIS: Duration = Duration::from_millis(500);

/// For how long a handled update is known.
const SEEN: Duration = Duration::from_hours(24);

/// The turns of all people. Cheap to clone.
#[derive(Clone)]
pub struct Turns {
    redis: ConnectionManager,
    keys: Keys,
    bot_id: String,
}

/// What waiting for a turn came to.
pub enum Taken {
    Mine(Turn),
    /// The update was handled before.
    Seen,
    /// Not in time. Says why, for an admin.
    Late(String),
}

/// One update's turn.
pub struct Turn {
    turns: Turns,
    telegram_id: u64,
    update_id: u32,
    /// Nobody else's.
    token: u64,
    /// By the clock of this process, from before the lease began.
    ends_at: Instant,
}

impl Turns {
    /// `bot_id` tells updates of different bots apart.
    pub fn new(redis: ConnectionManager, keys: Keys, bot_id: String) -> Self {
        Self { redis, keys, bot_id }
    }

    /// Waits until it is this update's turn. A Redis that is away is waited for in the same way.
    pub async fn take(&self, telegram_id: u64, update_id: UpdateId, shutdown: &Shutdown) -> Taken {
        let now = Instant::now();
        let mut turn =
            Turn { turns: self.clone(), telegram_id, update_id: update_id.0, token: rand::random(), ends_at: now };
        let mut late = "others of the person are before it".to_owned();
        let last = async {
            tokio::select! {
                () = sleep(PATIENCE) => {}
                () = async { shutdown.stopped().await; sleep(PATIENCE_AT_END).await } => {}
            }
        };
        let asking = async {
            let mut pause = SHORTEST_PAUSE;
            loop {
                turn.ends_at = Instant::now() + LEASE - MARGIN;
                match turn.ask().await.as_deref() {
                    Ok("mine") => return true,
                    Ok("seen") => return false,
                    Ok(_) => sleep(pause).await,
                    Err(error) => {
                        late = format!("Redis does not answer: {error}");
                        sleep(PAUSE_WITHOUT_REDIS).await;
                    }
                }
                pause = (pause * 2).min(LONGEST_PAUSE);
            }
        };
        let is_mine = tokio::select! {
            biased;
            is_mine = asking => Some(is_mine),
            () = last => None,
        };
        match is_mine {
            Some(true) => Taken::Mine(turn),
            Some(false) => Taken::Seen,
            None => {
                // The last question may have brought the turn all the same.
                if let Ok(Err(error)) = timeout(LEAVE_WITHIN, turn.leave()).await {
                    tracing::debug!(%error, "a turn may stay taken until its lease ends");
                }
                Taken::Late(late)
            }
        }
    }
}

impl Turn {
    /// What `work` comes to, unless the turn ends before.
    pub async fn hold<T>(&self, work: impl Future<Output = T>) -> Option<T> {
        timeout_at(self.ends_at, work).await.ok()
    }

    /// Notes that the update is handled, and gives the turn on.
    ///
    /// # Errors
    ///
    /// Fails when Redis does; the turn then ends with its lease.
    pub async fn done(self) -> RedisResult<()> {
        let Turns { mut redis, keys, bot_id } = self.turns;
        DONE.key(keys.turn(self.telegram_id))
            .key(keys.seen_update(&bot_id, self.update_id))
            .arg(self.token)
            .arg(millis(SEEN))
            .invoke_async(&mut redis)
            .await
    }

    /// Gives the turn back for an update that is not handled: it is the next again when it comes again soon.
    ///
    /// # Errors
    ///
    /// Fails when Redis does; the turn then ends with its lease.
    pub async fn leave(self) -> RedisResult<()> {
        let Turns { mut redis, keys, .. } = self.turns;
        LEAVE
            .key(keys.turn(self.telegram_id))
            .key(keys.turn_waiting(self.telegram_id))
            .arg(self.update_id)
            .arg(self.token)
            .arg(millis(PLACE))
            .invoke_async(&mut redis)
            .await
    }

    async fn ask(&self) -> RedisResult<String> {
        let Turns { redis, keys, bot_id } = &self.turns;
        TAKE.key(keys.turn(self.telegram_id))
            .key(keys.turn_waiting(self.telegram_id))
            .key(keys.seen_update(bot_id, self.update_id))
            .arg(self.update_id)
            .arg(self.token)
            .arg(millis(LEASE))
            .arg(millis(PLACE))
            .invoke_async(&mut redis.clone())
            .await
    }
}

fn millis(duration: Duration) -> u64 {
    u64::try_from(duration.as_millis()).unwrap_or(u64::MAX)
}
