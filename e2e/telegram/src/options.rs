//! What a simulator is started with.

use serde::{Deserialize, Serialize};

/// How one simulator behaves. `Options::default()` has Telegram's own limits and knows no token and no person.
#[derive(Debug, Clone)]
pub struct Options {
    /// Tokens Telegram knows; every other well-formed token is answered with 401.
    pub tokens: Vec<String>,
    /// Take every well-formed token for a known one.
    pub accept_any_token: bool,
    /// Tokens that are answered with 401 although any other is accepted.
    pub revoked_tokens: Vec<String>,
    /// First name of every bot.
    pub bot_name: String,
    /// Limits that are answered with 429.
    pub limits: Limits,
    /// Create Anna (English) and Мария (Russian) at the start and after a reset. Bots may write to them from the first moment.
    pub sample_people: bool,
    /// Where ids of updates and messages begin; by default above those of every earlier run.
    pub first_id: Option<i64>,
    /// Seed of the faults that strike by chance.
    pub seed: u64,
    /// How much is kept in memory.
    pub bounds: Bounds,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            tokens: Vec::new(),
            accept_any_token: false,
            revoked_tokens: Vec::new(),
            bot_name: "HabitTracker".to_owned(),
            limits: Limits::default(),
            sample_people: false,
            first_id: None,
            seed: 1,
            bounds: Bounds::default(),
        }
    }
}

impl Options {
    /// A simulator that knows `token`, with Telegram's limits.
    pub fn with_token(token: impl Into<String>) -> Self {
        Self { tokens: vec![token.into()], ..Self::default() }
    }

    /// The same without any limit: for tests that act faster than a person.
    #[must_use]
    pub fn without_limits(mut self) -> Self {
        self.limits = Limits::off();
        self
    }
}

/// Limits in the words of <https://core.telegram.org/bots/faq#my-bot-is-hitting-limits-how-do-i-avoid-this>. `None` is no limit.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Limits {
    /// New messages of one token in any second.
    pub token_per_second: Option<u32>,
    /// Mean distance of messages and edits in one chat, in milliseconds.
    pub chat_interval_ms: Option<u32>,
    /// Messages and edits that one chat takes at once after a rest.
    pub chat_burst: u32,
    /// New messages to one group in any minute.
    pub group_per_minute: Option<u32>,
}

impl Default for Limits {
    fn default() -> Self {
        Self { token_per_second: Some(30), chat_interval_ms: Some(1000), chat_burst: 5, group_per_minute: Some(20) }
    }
}

impl Limits {
    /// No limit at all.
    pub fn off() -> Self {
        Self { token_per_second: None, chat_interval_ms: None, chat_burst: 1, group_per_minute: None }
    }
}

/// How much of each thing is kept; the oldest goes first.
#[derive(Debug, Clone)]
pub struct Bounds {
    /// Bots, when any token is accepted.
    pub bots: usize,
    /// People, and chats of one bot.
    pub people: usize,
    /// Messages of one chat.
    pub messages_per_chat: usize,
    /// Earlier versions of one message.
    pub versions_per_message: usize,
    /// Updates of one bot that it has not confirmed.
    pub updates_per_bot: usize,
    /// Button presses of one bot.
    pub presses_per_bot: usize,
    /// Calls in the log.
    pub calls: usize,
    /// Faults switched on at once.
    pub faults: usize,
    /// Bytes of all files of one bot.
    pub file_bytes: usize,
}

impl Default for Bounds {
    fn default() -> Self {
        Self {
            bots: 32,
            people: 100_000,
            messages_per_chat: 500,
            versions_per_message: 20,
            updates_per_bot: 20_000,
            presses_per_bot: 10_000,
            calls: 10_000,
            faults: 100,
            file_bytes: 64 << 20,
        }
    }
}
