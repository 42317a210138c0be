//! Faults a test switches on: what Telegram, or the network before it, does wrong.

use serde::{Deserialize, Serialize};

/// Strikes calls that match, by chance or a number of times.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Fault {
    /// Bot API method, in any case; every method if absent.
    #[serde(default)]
    pub method: Option<String>,
    /// Chat of the call; every chat if absent.
    #[serde(default)]
    pub chat_id: Option<i64>,
    /// 0.0 to 1.0; the same seed strikes the same calls.
    #[serde(default = "always")]
    pub probability: f64,
    /// How many calls it strikes before it ends; no end if absent.
    #[serde(default)]
    pub times: Option<u32>,
    pub effect: Effect,
}

/// What a fault does to a call. `accepted` says whether the call takes effect although its caller never learns of it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case", deny_unknown_fields)]
pub enum Effect {
    /// 429 with `parameters.retry_after`.
    TooManyRequests { retry_after_s: u32 },
    /// An error of this HTTP status, such as 500 or 502.
    ServerError { status: u16 },
    /// Any error of the Bot API in its own words.
    Error { code: u16, description: String },
    /// No answer for this long, then the connection ends. At most 600 s.
    Hang { seconds: u32, accepted: bool },
    /// The connection ends without an answer.
    Drop { accepted: bool },
    /// The right answer, but late. At most 600 s.
    Delay { ms: u32 },
}

fn always() -> f64 {
    1.0
}

impl Fault {
    /// Strikes every call of `method`.
    pub fn on(method: &str, effect: Effect) -> Self {
        Self { method: Some(method.to_owned()), chat_id: None, probability: 1.0, times: None, effect }
    }

    /// Strikes every call of every method.
    pub fn everywhere(effect: Effect) -> Self {
        Self { method: None, chat_id: None, probability: 1.0, times: None, effect }
    }

    /// Only calls for this chat.
    #[must_use]
    pub fn in_chat(mut self, chat_id: i64) -> Self {
        self.chat_id = Some(chat_id);
        self
    }

    /// Only the next `times` calls.
    #[must_use]
    pub fn times(mut self, times: u32) -> Self {
        self.times = Some(times);
        self
    }

    /// Only this share of the calls, 0.0 to 1.0.
    #[must_use]
    pub fn with_probability(mut self, probability: f64) -> Self {
        self.probability = probability;
        self
    }

    fn matches(&self, method: &str, chat_id: Option<i64>) -> bool {
        self.method.as_ref().is_none_or(|wanted| wanted.eq_ignore_ascii_case(method))
            && (self.chat_id.is_none() || self.chat_id == chat_id)
    }
}

impl Effect {
    /// Whether the call is carried out.
    pub(crate) fn is_accepted(&self) -> bool {
        match self {
            Self::Hang { accepted, .. } | Self::Drop { accepted } => *accepted,
            Self::Delay { .. } => true,
            Self::TooManyRequests { .. } | Self::ServerError { .. } | Self::Error { .. } => false,
        }
    }
}

/// The faults that are on, in the order they were switched on; the first that strikes wins.
#[derive(Debug)]
pub(crate) struct Faults {
    on: Vec<Fault>,
    chance: Chance,
    seed: u64,
}

impl Faults {
    pub(crate) fn new(seed: u64) -> Self {
        Self { on: Vec::new(), chance: Chance(seed), seed }
    }

    pub(crate) fn all(&self) -> &[Fault] {
        &self.on
    }

    pub(crate) fn switch_on(&mut self, fault: Fault) {
        self.on.push(fault);
    }

    /// Switches all off and starts the sequence of chances anew.
    pub(crate) fn clear(&mut self) {
        *self = Self::new(self.seed);
    }

    /// The fault that strikes this call, if any.
    pub(crate) fn strike(&mut self, method: &str, chat_id: Option<i64>) -> Option<Effect> {
        let Self { on, chance, .. } = self;
        let struck = on.iter().position(|fault| {
            fault.matches(method, chat_id) && fault.times != Some(0) && chance.comes_true(fault.probability)
        })?;
        let fault = &mut on[struck];
        let effect = fault.effect.clone();
        if let Some(times) = &mut fault.times {
            *times -= 1;
        }
        on.retain(|fault| fault.times != Some(0));
        Some(effect)
    }
}

/// `SplitMix64`: <https://prng.di.unimi.it/splitmix64.c>.
#[derive(Debug)]
struct Chance(u64);

impl Chance {
    fn comes_true(&mut self, probability: f64) -> bool {
        if probability >= 1.0 {
            return true;
        }
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        let upper = u32::try_from((z ^ (z >> 31)) >> 32).unwrap_or(0);
        f64::from(upper) / (f64::from(u32::MAX) + 1.0) < probability
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_fault_of_chance_strikes_the_same_calls_for_the_same_seed() {
        let strikes = |seed| {
            let mut faults = Faults::new(seed);
            faults.switch_on(Fault::everywhere(Effect::ServerError { status: 500 }).with_probability(0.5));
            (0..64).map(|_| faults.strike("sendMessage", None).is_some()).collect::<Vec<_>>()
        };
        assert_eq!(strikes(7), strikes(7));
        assert_ne!(strikes(7), strikes(8));
        assert!((16..48).contains(&strikes(7).iter().filter(|struck| **struck).count()));
    }

    #[test]
    fn a_fault_ends_after_its_number_of_times() {
        let mut faults = Faults::new(1);
        faults.switch_on(Fault::on("sendMessage", Effect::Drop { accepted: true }).times(2).in_chat(7));
        assert_eq!(faults.strike("sendMessage", Some(8)), None);
        assert!(faults.strike("SendMessage", Some(7)).is_some());
        assert!(faults.strike("sendMessage", Some(7)).is_some());
        assert_eq!(faults.strike("sendMessage", Some(7)), None);
    }
}
