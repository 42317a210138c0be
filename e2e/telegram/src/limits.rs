//! Who may send now, and who waits how long.

use std::collections::VecDeque;

use crate::options::Limits;

/// At most `limit` events in any stretch of `span_ms`.
#[derive(Debug, Default)]
pub(crate) struct SlidingWindow {
    at_ms: VecDeque<i64>,
}

impl SlidingWindow {
    /// Milliseconds until one more event is allowed; 0 = now.
    pub(crate) fn wait_ms(&mut self, now_ms: i64, span_ms: i64, limit: u32) -> i64 {
        while self.at_ms.front().is_some_and(|at| *at <= now_ms - span_ms) {
            self.at_ms.pop_front();
        }
        let limit = usize::try_from(limit).unwrap_or(usize::MAX);
        if limit > 0 && self.at_ms.len() < limit {
            return 0;
        }
        self.at_ms.front().map_or(span_ms, |oldest| oldest + span_ms - now_ms)
    }

    /// Only after `wait_ms` said 0, which bounds the queue by the limit.
    pub(crate) fn take(&mut self, now_ms: i64) {
        self.at_ms.push_back(now_ms);
    }
}

/// One event per interval in the mean, with a burst after a rest (GCRA).
#[derive(Debug, Default)]
pub(crate) struct Interval {
    /// When the bucket is full again.
    full_at_ms: i64,
}

impl Interval {
    pub(crate) fn wait_ms(&self, now_ms: i64, interval_ms: u32, burst: u32) -> i64 {
        let tolerance_ms = i64::from(interval_ms) * i64::from(burst.saturating_sub(1));
        (self.full_at_ms - tolerance_ms - now_ms).max(0)
    }

    pub(crate) fn take(&mut self, now_ms: i64, interval_ms: u32) {
        self.full_at_ms = self.full_at_ms.max(now_ms) + i64::from(interval_ms);
    }
}

/// What a call costs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Cost {
    /// A new message: counts for the token, the chat and the group.
    Message,
    /// An edit: counts for the chat alone.
    Edit,
}

/// What one chat has used of its limits.
#[derive(Debug, Default)]
pub(crate) struct ChatUse {
    interval: Interval,
    group: SlidingWindow,
}

/// Takes one call out of the limits, or says after how many seconds to try again and takes nothing.
pub(crate) fn admit(
    limits: &Limits,
    token: &mut SlidingWindow,
    chat: &mut ChatUse,
    is_group: bool,
    cost: Cost,
    now_ms: i64,
) -> Result<(), i64> {
    let per_token = limits.token_per_second.filter(|_| cost == Cost::Message);
    let per_group = limits.group_per_minute.filter(|_| is_group && cost == Cost::Message);
    let waits = [
        per_token.map_or(0, |limit| token.wait_ms(now_ms, 1_000, limit)),
        per_group.map_or(0, |limit| chat.group.wait_ms(now_ms, 60_000, limit)),
        limits.chat_interval_ms.map_or(0, |interval| chat.interval.wait_ms(now_ms, interval, limits.chat_burst)),
    ];
    let wait_ms = waits.into_iter().max().unwrap_or(0);
    if wait_ms > 0 {
        return Err((wait_ms + 999) / 1_000);
    }
    if per_token.is_some() {
        token.take(now_ms);
    }
    if per_group.is_some() {
        chat.group.take(now_ms);
    }
    if let Some(interval) = limits.chat_interval_ms {
        chat.interval.take(now_ms, interval);
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn send(token: &mut SlidingWindow, chat: &mut ChatUse, is_group: bool, now_ms: i64) -> Result<(), i64> {
        admit(&Limits::default(), token, chat, is_group, Cost::Message, now_ms)
    }

    #[test]
    fn thirty_messages_fit_into_any_second_of_a_token() {
        let mut token = SlidingWindow::default();
        for sent in 0..30 {
            assert_eq!(send(&mut token, &mut ChatUse::default(), false, 500 + sent), Ok(()));
        }
        assert_eq!(send(&mut token, &mut ChatUse::default(), false, 1_499), Err(1));
        assert_eq!(send(&mut token, &mut ChatUse::default(), false, 1_500), Ok(()));
    }

    #[test]
    fn a_chat_takes_a_burst_and_then_one_message_a_second() {
        let (mut token, mut chat) = (SlidingWindow::default(), ChatUse::default());
        for _ in 0..5 {
            assert_eq!(send(&mut token, &mut chat, false, 10_000), Ok(()));
        }
        assert_eq!(send(&mut token, &mut chat, false, 10_000), Err(1));
        assert_eq!(send(&mut token, &mut chat, false, 11_000), Ok(()));
        assert_eq!(send(&mut token, &mut chat, false, 11_000), Err(1));
    }

    #[test]
    fn a_group_takes_twenty_messages_a_minute() {
        let (mut token, mut chat) = (SlidingWindow::default(), ChatUse::default());
        for sent in 0..20 {
            assert_eq!(send(&mut token, &mut chat, true, sent * 1_000), Ok(()));
        }
        assert_eq!(send(&mut token, &mut chat, true, 20_000), Err(40));
    }

    #[test]
    fn edits_are_outside_the_limit_of_the_token() {
        let mut token = SlidingWindow::default();
        for _ in 0..100 {
            assert_eq!(admit(&Limits::default(), &mut token, &mut ChatUse::default(), false, Cost::Edit, 0), Ok(()));
        }
    }
}
