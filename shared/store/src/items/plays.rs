//! What the raffle table holds of instant wins: counters, and moments that were taken.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::{FORM, corrupt, millisecond};
use crate::{StoreError, keys::Key};

/// A counter of a game.
#[derive(Debug, PartialEq, Serialize, Deserialize)]
pub(crate) struct CounterItem {
    #[serde(flatten)]
    key: Key,
    f: u32,
    /// Plays that it has accepted.
    pub(crate) plays: u64,
}

impl CounterItem {
    pub(crate) fn new(game: &str, counter: u64, plays: u64) -> Self {
        Self { key: Key::counter(game, counter), f: FORM, plays }
    }
}

/// A winning moment that was taken.
#[derive(Debug, PartialEq, Serialize, Deserialize)]
pub(crate) struct MomentItem {
    #[serde(flatten)]
    key: Key,
    f: u32,
    taken: i64,
}

impl MomentItem {
    pub(crate) fn new(game: &str, moment: u64, taken: Timestamp) -> Self {
        Self { key: Key::moment(game, moment), f: FORM, taken: taken.as_millisecond() }
    }

    /// Its place among the game's moments, from 1.
    pub(crate) fn moment(&self) -> Result<u64, StoreError> {
        self.key.sk.parse().map_err(|_| corrupt::<Self>("sk"))
    }

    /// When it was taken.
    pub(crate) fn taken(&self) -> Result<Timestamp, StoreError> {
        millisecond(self.taken).ok_or_else(|| corrupt::<Self>("taken"))
    }
}
