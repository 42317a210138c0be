//! Long lists, page by page.

use crate::{Action, Button};

/// One page of a list.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Page<'a, T> {
    pub(crate) rows: &'a [T],
    /// The first is 0.
    pub(crate) number: u8,
    last: u8,
}

impl<'a, T> Page<'a, T> {
    /// The page of `rows` with this number, `size` rows long; one beyond the last is the last.
    pub(crate) fn of(rows: &'a [T], size: usize, number: u8) -> Self {
        let last = u8::try_from(rows.len().saturating_sub(1) / size).unwrap_or(u8::MAX);
        let number = number.min(last);
        let first = usize::from(number) * size;
        Self { rows: &rows[first..rows.len().min(first + size)], number, last }
    }

    /// The buttons to the pages beside it, if there are any.
    pub(crate) fn turn(&self, to: impl Fn(u8) -> Action) -> Option<Vec<Button>> {
        let back = self.number.checked_sub(1).map(|page| Button::new("⬅️", to(page)));
        let on = (self.number < self.last).then(|| Button::new("➡️", to(self.number + 1)));
        (self.last > 0).then(|| back.into_iter().chain(on).collect())
    }
}
