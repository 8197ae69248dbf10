//! A raffle as the programme file declares it.

use jiff::{SignedDuration, Timestamp};

use crate::{
    calendar::Per,
    programme::{Conditions, Grant, Versions},
};

/// How long after a raffle closed its list is frozen: longer than any function may run, so that what was accepted before the
/// close has been written, or never will be.
pub const GRACE: SignedDuration = SignedDuration::from_mins(5);

/// The least time from a raffle's close to its draw: the grace, and time to freeze and publish the list before the beacon's round.
pub const CLOSE_TO_DRAW_MIN: SignedDuration = SignedDuration::from_mins(15);

/// A raffle.
#[derive(Debug, Clone, PartialEq)]
pub struct Raffle {
    /// Its id.
    pub id: String,
    /// Its name, shown to members.
    pub name: String,
    /// Entries are taken from this instant, in whole seconds.
    pub opens: Timestamp,
    /// Until this instant, in whole seconds.
    pub closes: Timestamp,
    /// When it is drawn, in whole seconds: the beacon's round is the first at or after it.
    pub draws: Timestamp,
    /// The prizes, in the order in which they are drawn.
    pub prizes: Vec<RafflePrize>,
    /// How many alternates are drawn after them.
    pub alternates: u64,
    /// Whether the draw waits for a public beacon; without one its record says that it is weaker.
    pub beacon: bool,
    /// Who may enter: tier and `when`.
    pub conditions: Conditions,
    /// The points that one entry costs, if entries can be bought.
    pub price_points: Option<i64>,
    /// How members enter for nothing.
    pub free: FreeRoute,
    /// The most entries of one member that count; `None` is no limit.
    pub limit: Option<i64>,
}

/// A kind of prize.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RafflePrize {
    /// Its id.
    pub id: String,
    /// Its name, shown to everybody.
    pub name: String,
    /// How many are drawn.
    pub count: u64,
    /// What the winner's account is given; nothing for a prize that is handed over by other means.
    pub gives: Vec<Grant>,
}

/// How members enter for nothing. Every entry has the same odds, whatever it was got for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum FreeRoute {
    /// So many entries in each period.
    Entries {
        /// Entries.
        entries: i64,
        /// In each.
        per: Per,
    },
    /// There is none, and why: shown to members.
    None {
        /// Why.
        reason: String,
    },
}

impl Raffle {
    /// Whether entries are taken at an instant.
    pub fn is_open(&self, at: Timestamp) -> bool {
        self.opens <= at && at < self.closes
    }

    /// When its list is frozen.
    pub fn freezes(&self) -> Timestamp {
        self.closes.saturating_add(GRACE).unwrap_or(Timestamp::MAX)
    }

    /// How many prizes there are.
    pub fn prize_count(&self) -> u64 {
        self.prizes.iter().fold(0, |sum, prize| sum.saturating_add(prize.count))
    }

    /// The tickets of a member with so many entries.
    pub fn tickets(&self, entries: i64) -> i64 {
        entries.max(0).min(self.limit.unwrap_or(i64::MAX))
    }
}

impl Versions {
    /// A raffle, by the version in force at an instant.
    pub fn raffle(&self, id: &str, at: Timestamp) -> Option<&Raffle> {
        self.at(at).programme.raffle(id)
    }
}
