//! One delivery: claimed, checked again, given to Telegram, and its outcome noted.

use std::time::{Duration, Instant};

use chrono::{DateTime, TimeDelta, Utc};
use outbound::Pace;
use screens::{Locale, ReminderRow, Screen};
use sqlx::PgPool;
use store::{
    delivery::{self, Claimed, Item, Key, Next, Waiting},
    pool,
};

use crate::{
    dependencies::token_rejected,
    metrics::{Outcome, SenderMetrics},
    telegram::{Answer, REQUEST_TIMEOUT, Telegram},
};

/// How long a delivery is one sender's: two calls, HTML and plain, and some room.
const LEASE: TimeDelta = TimeDelta::seconds(20);
const RETRY_BASE: Duration = Duration::from_secs(1);
const RETRY_MAX: Duration = Duration::from_mins(1);
/// How often an outcome is tried to be noted, and in which steps. An outcome that is not noted becomes a duplicate.
const NOTE_ATTEMPTS: u32 = 40;
const NOTE_PAUSE: Duration = Duration::from_millis(250);

/// Sends deliveries. Cheap to clone.
#[derive(Clone)]
pub(crate) struct Sender {
    db: PgPool,
    telegram: Telegram,
    pace: Pace,
    metrics: SenderMetrics,
}

/// A delivery with everything that its message says.
struct Ready {
    claimed: Claimed,
    screen: Screen,
    claimed_at: Instant,
}

impl Sender {
    pub(crate) fn new(db: PgPool, telegram: Telegram, pace: Pace, metrics: SenderMetrics) -> Self {
        Self { db, telegram, pace, metrics }
    }

    /// Those of `keys` that are to be sent.
    pub(crate) async fn waiting(&self, keys: &[Key]) -> sqlx::Result<Vec<Waiting>> {
        let mut conn = self.db.acquire().await?;
        let now = pool::now(&mut conn).await?;
        delivery::waiting(&mut conn, keys, now).await
    }

    /// Puts a delivery off.
    pub(crate) async fn postpone(&self, key: Key, wait: TimeDelta) -> sqlx::Result<()> {
        let mut conn = self.db.acquire().await?;
        let now = pool::now(&mut conn).await?;
        delivery::postpone(&mut conn, key, now + wait).await
    }

    /// Makes deliveries due again whose turn did not come.
    pub(crate) async fn give_back(&self, keys: &[Key]) -> sqlx::Result<()> {
        delivery::give_back(&mut *self.db.acquire().await?, keys).await
    }

    /// Sends one delivery, unless there is nothing to send any more.
    ///
    /// # Errors
    ///
    /// Fatal when Telegram rejects the token. Everything else is noted, or left to the lease.
    pub(crate) async fn send(&self, waiting: Waiting) -> anyhow::Result<()> {
        self.metrics.in_flight.inc();
        let sent = self.attempt(waiting).await;
        self.metrics.in_flight.dec();
        sent
    }

    async fn attempt(&self, waiting: Waiting) -> anyhow::Result<()> {
        let ready = match self.claim(waiting.key).await {
            Ok(Some(ready)) => ready,
            Ok(None) => return Ok(()),
            Err(error) => {
                tracing::warn!(error = &error as &dyn std::error::Error, "failed to claim a delivery");
                return Ok(());
            }
        };
        let Some((answer, is_plain)) = self.call(&ready).await else { return Ok(()) };
        if let Answer::Throttled(wait) = answer
            && let Err(error) = self.pace.clone().pause(ready.claimed.chat_id, wait).await
        {
            tracing::warn!(error = &error as &dyn std::error::Error, "failed to pause a chat");
        }
        self.note_for_sure(&ready, &answer, is_plain).await;
        if answer == Answer::TokenRejected { Err(token_rejected()) } else { Ok(()) }
    }

    /// Takes the delivery and looks again at what it says; `None` when it is not to be sent.
    async fn claim(&self, key: Key) -> sqlx::Result<Option<Ready>> {
        let claimed_at = Instant::now();
        let mut tx = self.db.begin().await?;
        let now = pool::now(&mut tx).await?;
        let Some(claimed) = delivery::claim(&mut tx, key, now, LEASE).await? else { return Ok(None) };
        let items = delivery::items_to_send(&mut tx, key).await?;
        let ended = if items.is_empty() {
            delivery::cancel(&mut tx, claimed.lease).await?;
            Some(Outcome::Cancelled)
        } else if claimed.expires_at <= now {
            delivery::expire(&mut tx, claimed.lease).await?;
            Some(Outcome::Expired)
        } else {
            None
        };
        tx.commit().await?;
        if let Some(ended) = ended {
            self.metrics.ended(ended);
            return Ok(None);
        }
        let screen = screen(&claimed, &items);
        Ok(Some(Ready { claimed, screen, claimed_at }))
    }

    /// Calls Telegram while the lease outlasts the call. A message that Telegram cannot parse goes without its markup.
    async fn call(&self, ready: &Ready) -> Option<(Answer, bool)> {
        let chat_id = ready.claimed.chat_id;
        if !ready.lease_outlasts_a_call() {
            return None;
        }
        let answer = self.telegram.send(chat_id, &ready.screen, ready.claimed.is_silent).await;
        let Answer::Unparsable(why) = &answer else { return Some((answer, false)) };
        tracing::error!(error = why, "Telegram cannot parse a message; sending it without markup");
        if !ready.lease_outlasts_a_call() {
            return None;
        }
        Some((self.telegram.send_plain(chat_id, &ready.screen, ready.claimed.is_silent).await, true))
    }

    async fn note_for_sure(&self, ready: &Ready, answer: &Answer, is_plain: bool) {
        for _ in 0..NOTE_ATTEMPTS {
            match self.note(&ready.claimed, answer, is_plain).await {
                Ok(outcome) => return self.metrics.ended(outcome),
                Err(error) => {
                    tracing::warn!(error = &error as &dyn std::error::Error, ?answer, "failed to note an outcome");
                }
            }
            tokio::time::sleep(NOTE_PAUSE).await;
        }
        tracing::error!(?answer, "an outcome was not noted: the delivery will be sent again");
    }

    async fn note(&self, claimed: &Claimed, answer: &Answer, is_plain: bool) -> sqlx::Result<Outcome> {
        let mut tx = self.db.begin().await?;
        let now = pool::now(&mut tx).await?;
        let lease = claimed.lease;
        let outcome = match answer {
            Answer::Sent { message_id } => {
                delivery::mark_sent(&mut tx, lease.key, *message_id, now).await?;
                self.metrics.sent((now - lease.key.scheduled_at).to_std().unwrap_or_default());
                if is_plain { Outcome::SentPlain } else { Outcome::Sent }
            }
            Answer::Throttled(wait) => {
                let next = delivery::throttled(&mut tx, lease, later(now, *wait)).await?;
                unless_expired(next, Outcome::Throttled)
            }
            Answer::None(why) => {
                let next = delivery::retry(&mut tx, lease, later(now, backoff(claimed.attempts)), why).await?;
                unless_expired(next, Outcome::Retried)
            }
            Answer::TokenRejected => {
                let at = later(now, RETRY_BASE);
                let next = delivery::retry(&mut tx, lease, at, "the bot token was rejected").await?;
                unless_expired(next, Outcome::Retried)
            }
            Answer::Moved(chat_id) => {
                delivery::move_chat(&mut tx, lease, *chat_id, now).await?;
                Outcome::Retried
            }
            Answer::Unreachable(reason) => {
                delivery::block_user(&mut tx, claimed.user_id, *reason, now).await?;
                Outcome::Unreachable
            }
            Answer::Refused(why) | Answer::Unparsable(why) => {
                tracing::error!(error = why, "Telegram refuses a message");
                delivery::fail(&mut tx, lease, why).await?;
                Outcome::Failed
            }
        };
        tx.commit().await?;
        Ok(outcome)
    }
}

impl Ready {
    fn lease_outlasts_a_call(&self) -> bool {
        let lease = LEASE.to_std().unwrap_or_default();
        self.claimed_at.elapsed() + REQUEST_TIMEOUT < lease
    }
}

fn unless_expired(next: Next, outcome: Outcome) -> Outcome {
    match next {
        Next::Attempt => outcome,
        Next::Expired => Outcome::Expired,
    }
}

fn screen(claimed: &Claimed, items: &[Item]) -> Screen {
    let locale = Locale::from_code(claimed.language.as_deref().unwrap_or_default());
    let rows: Vec<ReminderRow> = items
        .iter()
        .map(|item| ReminderRow {
            habit_id: item.habit_id,
            name: item.name.clone(),
            current_streak: u32::try_from(item.current_streak).unwrap_or_default(),
            date: item.date,
        })
        .collect();
    screens::reminder(locale, &rows)
}

/// Doubles with each attempt up to a minute, with jitter so that a crowd does not come back at once.
fn backoff(attempts: i32) -> Duration {
    let doublings = u32::try_from(attempts - 1).unwrap_or_default().min(6);
    RETRY_BASE.saturating_mul(1 << doublings).min(RETRY_MAX).mul_f64(rand::random_range(0.5..=1.0))
}

fn later(now: DateTime<Utc>, wait: Duration) -> DateTime<Utc> {
    TimeDelta::from_std(wait).ok().and_then(|wait| now.checked_add_signed(wait)).unwrap_or(DateTime::<Utc>::MAX_UTC)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_pause_between_attempts_doubles_up_to_a_minute() {
        for (attempts, most_s) in [(1, 1), (2, 2), (5, 16), (7, 60), (i32::MAX, 60)] {
            let pause = backoff(attempts);
            let most = Duration::from_secs(most_s);
            assert!(pause <= most && pause >= most / 2, "{attempts}: {pause:?}");
        }
    }
}
