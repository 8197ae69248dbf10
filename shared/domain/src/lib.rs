//! The loyalty rules: what a member may earn and redeem, and what follows from it.
//!
//! Everything here is a value or a pure function. Time, identifiers and randomness arrive as arguments; nothing is read
//! from or written to the outside world.
#![warn(clippy::arithmetic_side_effects)]

pub mod account;
mod address;
pub mod adjust;
pub mod auction;
pub mod book;
pub mod calendar;
pub mod chance;
pub mod condition;
pub mod decision;
pub mod draw;
pub mod earn;
pub mod entry;
pub mod event;
pub mod id;
pub mod leaders;
pub mod money;
pub mod mystery;
pub mod offer;
pub mod order;
pub mod pay;
pub mod planted;
pub mod play;
pub mod profile;
pub mod programme;
pub mod raffle;
pub mod redeem;
pub mod rejection;
pub mod settle;
pub mod spelling;
pub mod statement;
pub mod tier;

/// Whether a number is left out of what is stored or shown: serde asks.
pub fn is_zero(number: &i64) -> bool {
    *number == 0
}
