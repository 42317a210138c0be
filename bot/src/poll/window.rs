//! The updates that Telegram shows: at most 100 from the first that is not confirmed.

use std::collections::BTreeMap;

use teloxide::types::UpdateId;

/// What became of updates that Telegram goes on giving, because the first of them is not handled yet.
#[derive(Debug, Default)]
pub(super) struct Window {
    known: BTreeMap<u32, State>,
    /// Zero asks for the first update that is not confirmed.
    offset: i32,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum State {
    /// Telegram gives it again.
    Waiting,
    InHand,
    Handled,
}

impl Window {
    /// Where to ask from: the first update that is not handled. What is before it counts as confirmed by the question.
    pub(super) fn offset(&self) -> i32 {
        let open = self.known.iter().find(|(_, state)| **state != State::Handled);
        match (open, self.known.last_key_value()) {
            (Some((id, _)), _) => signed(*id),
            (None, Some((last, _))) => signed(*last).saturating_add(1),
            (None, None) => self.offset,
        }
    }

    /// Notes what Telegram gave to a question from `asked` on.
    ///
    /// What was handled between question and answer is in the answer all the same, so it is remembered until then. Ids can
    /// begin anew below `asked`: Telegram does so after a week without updates.
    pub(super) fn note(&mut self, asked: i32, given: impl IntoIterator<Item = UpdateId>) {
        self.offset = asked;
        self.known.retain(|id, state| signed(*id) >= asked && *state != State::Waiting);
        for id in given {
            self.known.entry(id.0).or_insert(State::Waiting);
        }
    }

    /// Whether nobody has begun this update.
    pub(super) fn is_waiting(&self, id: UpdateId) -> bool {
        self.known.get(&id.0) == Some(&State::Waiting)
    }

    pub(super) fn begin(&mut self, id: UpdateId) {
        self.known.insert(id.0, State::InHand);
    }

    pub(super) fn handled(&mut self, id: UpdateId) {
        self.known.insert(id.0, State::Handled);
    }
}

fn signed(id: u32) -> i32 {
    i32::try_from(id).unwrap_or(i32::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn window(asked: i32, ids: impl IntoIterator<Item = u32>) -> Window {
        let mut window = Window::default();
        window.note(asked, ids.into_iter().map(UpdateId));
        window
    }

    #[test]
    fn the_offset_never_moves_past_an_update_that_is_not_handled() {
        let mut window = window(0, [5, 6, 8]);
        for id in [5, 6, 8] {
            window.begin(UpdateId(id));
        }
        window.handled(UpdateId(6));
        window.handled(UpdateId(8));
        assert_eq!(window.offset(), 5);
        window.handled(UpdateId(5));
        assert_eq!(window.offset(), 9);
    }

    #[test]
    fn an_update_that_was_not_begun_holds_the_offset() {
        let mut window = window(5, [5, 6, 7]);
        for id in [5, 7] {
            window.begin(UpdateId(id));
            window.handled(UpdateId(id));
        }
        assert_eq!(window.offset(), 6);
        assert!(window.is_waiting(UpdateId(6)));
    }

    #[test]
    fn what_is_handled_while_the_answer_is_under_way_is_not_new() {
        let mut window = window(0, [5]);
        window.begin(UpdateId(5));
        let asked = window.offset();
        window.handled(UpdateId(5));
        window.note(asked, [UpdateId(5), UpdateId(6)]);
        assert!(!window.is_waiting(UpdateId(5)));
        assert_eq!(window.offset(), 6);
    }

    #[test]
    fn what_is_confirmed_is_forgotten() {
        let mut window = window(0, 1..=100);
        for id in 1..=100 {
            window.begin(UpdateId(id));
            window.handled(UpdateId(id));
        }
        window.note(window.offset(), []);
        assert_eq!((window.known.len(), window.offset()), (0, 101));
    }

    #[test]
    fn an_update_that_telegram_gave_up_holds_nothing() {
        let mut window = window(5, [5, 6]);
        window.begin(UpdateId(6));
        window.handled(UpdateId(6));
        window.note(5, [UpdateId(6)]);
        assert_eq!(window.offset(), 7);
    }

    #[test]
    fn ids_that_begin_anew_are_new() {
        let mut window = window(900, [900]);
        window.begin(UpdateId(900));
        window.handled(UpdateId(900));
        window.note(901, [UpdateId(17)]);
        assert!(window.is_waiting(UpdateId(17)));
        assert_eq!(window.offset(), 17);
    }
}
