//! Habits that their owners let others see: invites, partners, and what partners see.
//!
//! A partnership is one row: this person sees that habit. Two people who see each other's have a row each, and each row
//! names the habit that its partner shows in return.

pub mod invite;
pub mod partner;
pub mod shared;

#[cfg(test)]
mod tests;
