//! How fast reminders may go to Telegram: one pace for all senders of a token, kept in Redis.
//!
//! Telegram's limits (<https://core.telegram.org/bots/faq#my-bot-is-hitting-limits-how-do-i-avoid-this>): about 30
//! messages a second for a token, 1 a second in a chat, 20 a minute in a group.

use std::{num::NonZeroU32, sync::LazyLock, time::Duration};

use redis::{RedisResult, Script, aio::ConnectionManager};

use crate::Keys;

static TAKE: LazyLock<Script> = LazyLock::new(|| Script::new(include_str!("pace/take.lua")));
static PREPARE: LazyLock<Script> = LazyLock::new(|| Script::new(include_str!("pace/prepare.lua")));
static PAUSE: LazyLock<Script> = LazyLock::new(|| Script::new(include_str!("pace/pause.lua")));

/// So many throttled chats within 10 s mean that it is the token that is too fast.
const SEVERAL_CHATS: u32 = 3;
const CHAT_INTERVAL: Duration = Duration::from_secs(1);
/// Group ids are negative.
const GROUP_INTERVAL: Duration = Duration::from_secs(3);

/// Whether a message may go.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Permit {
    /// Now; its room is taken.
    Go,
    /// No message of this token before this time has passed; nothing is taken.
    TokenWaits(Duration),
    /// No message to this chat before this time has passed; nothing is taken.
    ChatWaits(Duration),
}

/// The pace of reminders: 5/6 of what the token may send; the rest is for answers to people. Cheap to clone.
#[derive(Clone)]
pub struct Pace {
    redis: ConnectionManager,
    keys: Keys,
    token_interval: Duration,
}

/// How many reminders go out in a second, of `messages_per_second` that the token may send.
pub fn reminders_per_second(messages_per_second: NonZeroU32) -> f64 {
    f64::from(messages_per_second.get()) * 5.0 / 6.0
}

impl Pace {
    /// `messages_per_second` is Telegram's limit for the token, over all its senders together.
    pub fn of_reminders(redis: ConnectionManager, keys: Keys, messages_per_second: NonZeroU32) -> Self {
        let token_interval = Duration::from_secs_f64(1.0 / reminders_per_second(messages_per_second));
        Self { redis, keys, token_interval }
    }

    /// Asks for one message to `chat_id`.
    ///
    /// # Errors
    ///
    /// Fails when Redis does: nobody knows then how fast the others send, so nothing may go.
    pub async fn take(&mut self, chat_id: i64) -> RedisResult<Permit> {
        let chat_interval = if chat_id < 0 { GROUP_INTERVAL } else { CHAT_INTERVAL };
        let (token_us, chat_us): (u64, u64) = TAKE
            .key(self.keys.token_pace())
            .key(self.keys.chat_pace(chat_id))
            .arg(micros(self.token_interval))
            .arg(micros(chat_interval))
            .invoke_async(&mut self.redis)
            .await?;
        Ok(match (token_us, chat_us) {
            (0, 0) => Permit::Go,
            (_, 0) => Permit::TokenWaits(Duration::from_micros(token_us)),
            _ => Permit::ChatWaits(Duration::from_micros(chat_us)),
        })
    }

    /// Pauses a chat that Telegram throttled, and the token when several chats are. Returns whether the token pauses.
    ///
    /// # Errors
    ///
    /// Fails when Redis does.
    pub async fn pause(&mut self, chat_id: i64, retry_after: Duration) -> RedisResult<bool> {
        let paused: u8 = PAUSE
            .key(self.keys.token_pace())
            .key(self.keys.chat_pace(chat_id))
            .key(self.keys.throttled_chats())
            .arg(micros(retry_after))
            .arg(chat_id)
            .arg(SEVERAL_CHATS)
            .invoke_async(&mut self.redis)
            .await?;
        Ok(paused == 1)
    }

    /// Begins the second of waiting that a wiped Redis asks for, before there is something to send.
    ///
    /// # Errors
    ///
    /// Fails when Redis does.
    pub async fn prepare(&mut self) -> RedisResult<()> {
        let _: () = PREPARE.key(self.keys.token_pace()).invoke_async(&mut self.redis).await?;
        Ok(())
    }
}

fn micros(duration: Duration) -> u64 {
    u64::try_from(duration.as_micros()).unwrap_or(u64::MAX)
}

#[cfg(test)]
mod tests {
    use redis::AsyncCommands as _;

    use super::*;
    use crate::testing;

    fn pace(keys: &Keys, messages_per_second: u32) -> Pace {
        Pace::of_reminders(testing::redis(), keys.clone(), NonZeroU32::new(messages_per_second).unwrap())
    }

    /// As if the token had been idle for long.
    async fn idle(keys: &Keys) {
        let _: () = testing::redis().set(keys.token_pace(), 1).await.unwrap();
    }

    fn wait(permit: Permit) -> Duration {
        match permit {
            Permit::Go => Duration::ZERO,
            Permit::TokenWaits(wait) | Permit::ChatWaits(wait) => wait,
        }
    }

    #[tokio::test]
    async fn a_wiped_redis_waits_a_second() {
        let keys = testing::keys();
        let mut pace = pace(&keys, 30);
        for _ in 0..2 {
            let wait = wait(pace.take(7).await.unwrap());
            assert!(wait > Duration::from_millis(500) && wait <= Duration::from_secs(1), "{wait:?}");
        }
    }

    #[tokio::test]
    async fn preparing_does_not_slow_down_who_is_under_way() {
        let keys = testing::keys();
        idle(&keys).await;
        let mut pace = pace(&keys, 30);
        pace.prepare().await.unwrap();
        assert_eq!(pace.take(7).await.unwrap(), Permit::Go);
    }

    #[tokio::test]
    async fn reminders_run_at_five_sixths_of_the_tokens_limit() {
        let keys = testing::keys();
        idle(&keys).await;
        // One reminder in 60 s, so that the test's own time does not matter.
        let mut pace = Pace { token_interval: Duration::from_mins(1), ..pace(&keys, 30) };
        assert_eq!(pace.take(7).await.unwrap(), Permit::Go);
        assert!(wait(pace.take(8).await.unwrap()) > Duration::from_secs(50));
        assert!((reminders_per_second(NonZeroU32::new(30).unwrap()) - 25.0).abs() < f64::EPSILON);
    }

    #[tokio::test]
    async fn two_senders_share_the_limit_of_their_token() {
        let keys = testing::keys();
        idle(&keys).await;
        let sender = || Pace { token_interval: Duration::from_mins(1), ..pace(&keys, 30) };
        assert_eq!(sender().take(7).await.unwrap(), Permit::Go);
        assert!(wait(sender().take(8).await.unwrap()) > Duration::from_secs(50));
    }

    #[tokio::test]
    async fn a_chat_waits_alone_and_takes_nothing_from_the_token() {
        let keys = testing::keys();
        idle(&keys).await;
        let mut pace = Pace { token_interval: Duration::from_nanos(1), ..pace(&keys, 30) };
        pace.pause(7, Duration::from_mins(1)).await.unwrap();
        assert!(wait(pace.take(7).await.unwrap()) > Duration::from_secs(50));
        assert_eq!(pace.take(8).await.unwrap(), Permit::Go);
        let second = pace.take(8).await.unwrap();
        assert!(matches!(second, Permit::ChatWaits(wait) if wait > Duration::from_millis(100)), "a second between two");
    }

    #[tokio::test]
    async fn several_throttled_chats_pause_the_token() {
        let keys = testing::keys();
        idle(&keys).await;
        let mut pace = pace(&keys, 30);
        let minute = Duration::from_mins(1);
        assert!(!pace.pause(1, minute).await.unwrap());
        assert!(!pace.pause(1, minute).await.unwrap(), "the same chat twice is one");
        assert!(!pace.pause(2, minute).await.unwrap());
        assert!(pace.pause(3, minute).await.unwrap());
        assert!(wait(pace.take(9).await.unwrap()) > Duration::from_secs(50));
    }
}
